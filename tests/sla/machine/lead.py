"""One lead of the model: its stage, its cycles, and the book of its clocks, kept by the table of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.sla.machine.clock import BY_HAND, FOR_INFO, Clock
from tests.sla.machine.hours import Hours
from tests.sla.machine.table import ON_QUALIFICATION, TABLE
from tests.sla.machine.world import World

OPEN = ("offered", "returned", "accepted", "qualified")


@dataclass
class Cycle:
    number: int
    qualification: int
    hand_raise: bool
    team: str
    holder: str | None
    status: str = "offered"
    setter: tuple[str, str | None] | None = None
    redirects: int = 0
    attempts: int = 0
    contact: bool = False
    passed: bool = False
    taken: bool = False
    paused: bool = False
    pause_ends: datetime | None = None
    raised: bool = False
    before: str = ""  # its status when it was closed

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def stands(self, now: datetime) -> bool:
        """Paused by hand, and the pause is not over."""
        return self.paused and not (self.pause_ends and self.pause_ends <= now)

    def seen(self) -> tuple[object, ...]:
        return (self.status, self.team, self.holder)


@dataclass
class Lead:
    world: World
    stage: str = "inquiry"
    webinars: int = 0
    raises: list[bool] = field(default_factory=list)  # per qualification: was it a hand raise?
    cycles: list[Cycle] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    wakes: datetime | None = None

    @property
    def cycle(self) -> Cycle | None:
        return self.cycles[-1] if self.cycles else None

    @property
    def is_open(self) -> bool:
        return self.cycle is not None and self.cycle.is_open

    def pass_due(self) -> None:
        for clock in self.clocks:
            clock.pass_due(self.world.now)

    def happens(
        self, event: str, *, qualification: int | None = None, raised_at: datetime | None = None
    ) -> None:
        """What an event does to the clocks; everything overdue is missed before (rule 16)."""
        self.pass_due()
        for kind, letter in TABLE[event].items():
            standing = self._standing(kind) if letter == "T" else set()
            starts = self._do(letter, kind, event)
            if starts and kind in ON_QUALIFICATION:
                key = qualification if qualification is not None else self._cycle.qualification
                self._start(kind, ("qualification", key), raised_at if kind == "buyer_wait" else None)
            elif starts:
                self._start(kind, ("cycle", self._cycle.number), standing=standing)

    def _standing(self, kind: str) -> set[str]:
        """What holds the clock that a new round takes the place of."""
        return {hold for clock in self._of(kind) if not clock.ended for hold in clock.holds}

    @property
    def _cycle(self) -> Cycle:
        assert self.cycle
        return self.cycle

    def _do(self, letter: str, kind: str, event: str) -> bool:
        """Answers whether a round starts."""
        now = self.world.now
        concerned = [clock for clock in self._of(kind) if not clock.ended]
        if letter == "T":
            concerned = [clock for clock in concerned if clock.promise.restarts and clock.changes]
            letter = "N" if concerned else "-"
        hold = BY_HAND if event in ("pause", "resume") else FOR_INFO
        for clock in concerned:
            if letter == "E" or (letter == "A" and self._cycle.attempts >= clock.promise.attempts):
                clock.end(now)
            elif letter in "XN":
                clock.cancel(now)
            elif letter == "P":
                clock.pause(now, hold)
            elif letter == "R":
                clock.resume(now, hold)
            elif letter == "C":
                clock.move(now, self._moved_hours(clock))
        return letter in "SN"

    def _of(self, kind: str) -> Iterator[Clock]:
        for clock in self.clocks:
            on_cycle = self.cycle and clock.subject == ("cycle", self.cycle.number)
            if clock.kind == kind and (kind in ON_QUALIFICATION or on_cycle):
                yield clock

    def _moved_hours(self, clock: Clock) -> Hours:
        """Those of the other team; what the contract names by name is as it was when the clock started."""
        named = clock.promise.by == "office"
        return clock.hours if named else self.world.hours_for(clock.promise, clock.kind, self._cycle.team)

    def _start(
        self,
        kind: str,
        subject: tuple[str, int],
        raised_at: datetime | None = None,
        standing: Iterable[str] = (),
    ) -> None:
        rounds = sum(clock.kind == kind and clock.subject == subject for clock in self.clocks)
        if kind == "buyer_wait" and rounds:
            return
        world, cycle = self.world, self.cycle
        promise = world.promise(kind, bool(cycle and cycle.hand_raise))
        hours = world.hours_for(promise, kind, cycle.team if cycle else "press")
        clock = Clock(kind, subject, rounds + 1, promise, hours, raised_at or world.now)
        self.clocks.append(clock)
        for hold in standing:
            clock.pause(world.now, hold)
        clock.pass_due(world.now)
        if kind == "follow_up" and (self._cycle.contact or self._cycle.attempts >= promise.attempts):
            clock.end(world.now)
