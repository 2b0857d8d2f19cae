"""The machine: whatever may happen to a lead, in any order, to the product and to the model alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from common.models import Outbox
from common.refusals import DomainError
from leads.models import LeadEvent
from leads.services import leads as lead_services
from leads.services import pauses
from notifications.tasks import relay_outbox
from sla.services import clocks, invariants
from sla.tasks import sweep_clocks
from tests.clock import DatabaseClock
from tests.sla.machine import acts, failpoints, seen
from tests.sla.machine.hours import Hours
from tests.sla.machine.lead import Lead
from tests.sla.machine.product import Product, empty
from tests.sla.machine.race import in_line
from tests.sla.machine.refusals import MARKETING, refuses
from tests.sla.machine.verbs import EVERYBODY, SELLERS, WAYS, WITHOUT_A_CYCLE, Verb, every
from tests.sla.machine.world import HOURS, PROMISES, RAISED_HAND, Version, World

AT_MOST = 2  # leads
SPANS = st.one_of(
    st.timedeltas(timedelta(seconds=1), timedelta(days=3)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
)
JUST_AROUND = st.sampled_from([timedelta(), timedelta(microseconds=1), -timedelta(seconds=1)])
TOGETHER = ("accept", "reject", "claim", "qualify", "take", "withdraw", "recycle")
LEFT_OFF = ("b1", "c1", "a2", "ma")
PARTS = st.sampled_from([0.25, 0.5, 1.5])
OTHER_HOURS = st.builds(
    lambda hours, windows, holidays: replace(hours, windows=windows, holidays=holidays),
    st.sampled_from(list(HOURS.values())),
    st.sampled_from([(("07:30", "12:00"),), (("09:00", "17:00"),), (("10:00", "11:00"), ("14:00", "20:15"))]),
    st.sampled_from([(), ("2026-03-06",), ("2026-03-09", "2026-03-10"), ("2026-03-30",)]),
)


class Lifecycle(RuleBasedStateMachine):
    """Every step is compared; at the end time is published and every invariant asked (R1-R11)."""

    def __init__(self, clock: DatabaseClock) -> None:
        super().__init__()
        empty()
        self.clock, self.world = clock, World()
        self.clock.set(self.world.now)
        self.product, self.leads = Product(self.world), list[Lead]()

    @initialize(kind=st.sampled_from(("webinar", "demo_request", "download")))
    def first(self, kind: str) -> None:
        self.create()
        self._ask(Verb("touch", 0, "marketer", {"kind": kind}))

    @precondition(lambda self: len(self.leads) < AT_MOST)
    @rule()
    def create(self) -> None:
        self.product.add_lead()
        self.leads.append(Lead(self.world))

    @rule(data=st.data())
    def marketing_acts(self, data: st.DataObject) -> None:
        self._act(data, ("marketer",), ("touch", *MARKETING))

    @rule(data=st.data())
    def sales_answers(self, data: st.DataObject) -> None:
        self._act(data, SELLERS, ("claim", "accept", "reject", "redirect", "return", "attempt"))

    @rule(data=st.data())
    def sales_works(self, data: st.DataObject) -> None:
        self._act(data, SELLERS, ("attempt", "qualify", "pass", "take", "send_back", "disqualify", "recycle"))

    @rule(data=st.data())
    def somebody_pauses_or_moves_it(self, data: st.DataObject) -> None:
        self._act(
            data, EVERYBODY, ("pause", "resume", "reassign", "redirect", "return", "resupply", "reopen")
        )

    @rule(data=st.data())
    def anybody_acts(self, data: st.DataObject) -> None:
        self._act(data, EVERYBODY, tuple(WAYS))

    @rule(data=st.data())
    def somebody_tries(self, data: st.DataObject) -> None:
        """Most of it is refused; the model says what."""
        place = data.draw(st.integers(0, len(self.leads) - 1))
        name = data.draw(st.sampled_from(tuple(WAYS) if self.leads[place].cycles else WITHOUT_A_CYCLE))
        said = data.draw(st.sampled_from(WAYS[name]))
        self._ask(Verb(name, place, data.draw(st.sampled_from(self._active(EVERYBODY))), said))

    def _act(self, data: st.DataObject, people: Iterable[str], names: tuple[str, ...]) -> None:
        verb = self._draw(data, people, names)
        if verb:
            self._ask(verb)

    def _draw(self, data: st.DataObject, people: Iterable[str], names: tuple[str, ...]) -> Verb | None:
        """Something that the model allows: first what, then how and by whom."""
        found: dict[str, list[Verb]] = {}
        for place, lead in enumerate(self.leads):
            for verb in every(place, self._active(people), names):
                if not refuses(lead, verb):
                    found.setdefault(verb.name, []).append(verb)
        if not found:
            return None
        return data.draw(st.sampled_from(found[data.draw(st.sampled_from(sorted(found)))]))

    def _active(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in people if self.world.people[name].active)

    def _ask(self, verb: Verb) -> None:
        self._compare(verb, self._refusal(verb))

    def _compare(self, verb: Verb, refusal: str) -> None:
        why = refuses(self.leads[verb.lead], verb)
        assert bool(why) == bool(refusal), f"{verb}: the model says “{why}”, the product “{refusal}”"
        if not why:
            acts.do(self.leads[verb.lead], verb)

    def _refusal(self, verb: Verb) -> str:
        try:
            self.product.do(verb)
        except DomainError as refusal:
            return refusal.message
        return ""

    @rule(data=st.data())
    def two_act_at_once(self, data: st.DataObject) -> None:
        """Whoever has the lead first is served first, and the other by what is then (R4, R5)."""
        pair = [self._draw(data, SELLERS, TOGETHER), self._draw(data, EVERYBODY, TOGETHER)]
        verbs = [verb for verb in pair if verb]
        if len(verbs) < 2 or verbs[0].lead != verbs[1].lead:
            return
        lead = verbs[0].lead
        refusals = in_line(self.product.leads[lead], [partial(self._refusal, verb) for verb in verbs])
        for verb, refusal in zip(verbs, refusals, strict=True):
            self._compare(verb, str(refusal))

    @rule(data=st.data(), place=st.sampled_from(failpoints.PLACES), how=st.sampled_from(failpoints.WAYS))
    def a_verb_crashes(self, data: st.DataObject, place: str, how: str) -> None:
        """Whatever was half done is not done (R13)."""
        verb = self._draw(data, EVERYBODY, tuple(WAYS))
        if verb and not failpoints.dies(lambda: self.product.do(verb), place, how):
            acts.do(self.leads[verb.lead], verb)

    @rule(place=st.sampled_from(("sla_clock", "sla_clockevent", "sla_breach", "common_outbox")))
    def the_sweep_is_killed(self, place: str) -> None:
        if not failpoints.dies(sweep_clocks, place, "kill"):
            self._published()

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self._set_clock(span)

    @rule(data=st.data(), beside=JUST_AROUND)
    def a_clock_falls_due(self, data: st.DataObject, beside: timedelta) -> None:
        """To the very instant, and a microsecond later."""
        due = sorted(
            clock.due + beside - self.world.now
            for lead in self.leads
            for clock in lead.clocks
            if clock.status == "running" and clock.due and clock.due + beside > self.world.now
        )
        if due:
            self._set_clock(data.draw(st.sampled_from(due)))

    def _set_clock(self, span: timedelta) -> None:
        self.world.now += span
        self.clock.set(self.world.now)

    @rule(
        run=st.sampled_from(("sweep", "relay", "wake", "pauses", "rows again", "replay")),
        times=st.integers(1, 2),
    )
    def the_watchers_run(self, run: str, times: int) -> None:
        """Once or twice, which is the same."""
        run_it = {
            "sweep": self._sweep, "relay": self._relay, "wake": self._wake, "pauses": self._end_pauses,
            "rows again": self._apply_again, "replay": self._replay,
        }[run]  # fmt: skip
        for _ in range(times):
            run_it()

    def _sweep(self) -> None:
        sweep_clocks()
        self._published()

    def _published(self) -> None:
        for lead in self.leads:
            lead.pass_due()

    def _relay(self) -> None:
        relay_outbox()
        assert not Outbox.objects.filter(done_at=None, not_before=None).exists()

    def _wake(self) -> None:
        lead_services.wake_due()
        for lead in self.leads:
            if lead.wakes and lead.wakes <= self.world.now:
                acts.wake(lead, None)

    def _end_pauses(self) -> None:
        pauses.end_due()
        for lead in self.leads:
            acts.end_due_pause(lead)

    def _apply_again(self) -> None:
        """The newest journal rows are delivered once more (R2)."""
        for row in self.product.leads:
            events = LeadEvent.objects.filter(lead=row).order_by("-pk")[:4]
            clocks.apply(sorted(events, key=lambda event: event.pk))

    def _replay(self) -> None:
        assert clocks.replay().differs == 0

    @rule(data=st.data(), what=st.sampled_from(("calendar", "correction", "contract", "person")))
    def the_surroundings_change(self, data: st.DataObject, what: str) -> None:
        if what == "calendar":
            self._revise(data.draw(st.sampled_from(sorted(HOURS))), data.draw(OTHER_HOURS))
        elif what == "correction":
            self._revise(data.draw(st.sampled_from(sorted(HOURS))), data.draw(OTHER_HOURS), corrects=True)
        elif what == "contract":
            self._amend(data.draw(st.lists(PARTS, min_size=10, max_size=10)))
        else:
            self._leave(data.draw(st.sampled_from(LEFT_OFF)))

    def _revise(self, name: str, hours: Hours, *, corrects: bool = False) -> None:
        """Running clocks keep their hours, unless these were wrong (rule 10)."""
        self.product.revise(name, hours)
        self.world.revise(name, hours)
        if corrects:
            self.product.correct(name)
            for clock in [clock for lead in self.leads for clock in lead.clocks]:
                clock.correct(self.world.now, self.world.hours[name])

    def _amend(self, parts: list[float]) -> None:
        """For what starts from now on. One version cannot take the place of another at the same instant."""
        if self.world.versions[-1].since == self.world.now:
            return
        told = zip(PROMISES.items(), parts, strict=False)
        promises = {kind: replace(said, target=said.target * part) for (kind, said), part in told}
        raised = replace(RAISED_HAND, target=RAISED_HAND.target * parts[-1])
        version = Version(self.world.now, promises, raised)
        self.product.amend(version)
        self.world.versions.append(version)

    def _leave(self, name: str) -> None:
        if self.world.people[name].active:
            self.product.deactivate(name)
            self.world.people[name].active = False

    @invariant()
    def both_tell_the_same(self) -> None:
        product, model = seen.of_product(self.product), seen.of_model(self.leads)
        differ = {key for key in product.keys() | model.keys() if product.get(key) != model.get(key)}
        assert {key: (product.get(key), model.get(key)) for key in differ} == {}

    def teardown(self) -> None:
        """What is due is published; then every rule of the data holds, and the misses are those of the model."""
        sweep_clocks()
        self._published()
        relay_outbox()
        self.both_tell_the_same()
        assert seen.missed_in_product(self.product) == seen.missed_in_model(self.leads)
        assert invariants.broken() == {}
        assert clocks.replay().differs == 0
