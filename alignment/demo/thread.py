"""The story of one lead: every step is the lifecycle's own decision, so no state can be told that is not legal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from alignment.demo.book import Book
from alignment.demo.campaigns import Running
from alignment.demo.companies import Firm
from alignment.demo.wordings import grade_of
from alignment.demo.world import OSLO, World
from leads.engine import lifecycle
from leads.engine.journey import Act, Decision, Journey, Span
from leads.models import (
    Assignment,
    Attempt,
    AttributeChange,
    Handoff,
    Lead,
    LeadEvent,
    Qualification,
    Touch,
)
from leads.models.qualification import Basis, Motion
from leads.services.acts import COLUMN, CYCLE_FIELDS
from leads.services.attempts import CONTACT_MADE

ABOUT_THE_LEAD = frozenset({"mql", "set_aside", "woken"})


class NotYetError(Exception):
    """This step lies after the moment at which the story ends."""


class Thread:
    """One lead, its newest cycle and what is told of both."""

    def __init__(self, world: World, book: Book, lead: Lead, firm: Firm | None) -> None:
        self.world, self.book, self.lead, self.firm = world, book, lead, firm
        self.journey = Journey()
        self.qualification: Qualification | None = None
        self.handoff: Handoff | None = None
        self.span: Assignment | None = None
        self.last_at = lead.created_at
        self.campaign: Running | None = None

    def touch(self, kind: str, at: datetime, *, campaign: Running | None = None, detail: str = "") -> Touch:
        row = Touch(
            public_id=self.world.chance.uuid(),
            lead_id=self.lead.pk,
            kind_id=self.world.kinds[kind].pk,
            campaign_id=campaign.row.pk if campaign else None,
            at=at,
            recorded_at=at,
            detail=detail,
        )
        return self.book.add(row)

    def mql(
        self, at: datetime, basis: str, *, trigger: Touch | None = None, by: User | None = None
    ) -> Qualification:
        """Qualify the lead, by the version in force then."""
        raises = bool(trigger and trigger.kind_id in self.world.raising)
        expansion = self.firm is not None and self.firm.is_customer(at)
        row = Qualification(
            lead=self.lead,
            version=self.world.mql_version(at) if basis in (Basis.DEFINITION, Basis.HAND_RAISE) else None,
            basis=basis,
            trigger=trigger,
            raised_at=trigger.at if trigger else at,
            hand_raise=raises,
            motion=Motion.EXPANSION if expansion else Motion.NEW,
            grade=grade_of(self.firm.employees if self.firm else None),
            at=at,
            by=by,
        )
        if self.qualification is None:
            self._known_since_creation()
        self.qualification = self.book.add(row)
        data = {
            "basis": basis, "hand_raise": row.hand_raise, "trigger": trigger.pk if trigger else None,
            "version": row.version_id, "raised_at": row.raised_at.isoformat(), "grade": row.grade, "motion": row.motion,
        }  # fmt: skip
        self.do("mql", at, by, data=data)
        return row

    def offer(
        self, at: datetime, team: str, person: User | None, *, by: User | None = None, why: str = ""
    ) -> Handoff:
        """Open a cycle of the newest qualification."""
        known = self.qualification
        if known is None:
            raise ValueError("Only what was qualified can be offered.")
        self._settle()
        place = self.world.teams[team]
        brief = self.campaign.brief_at(known.at) if self.campaign else None
        row = Handoff(
            lead=self.lead, qualification=known, cycle=self.handoff.cycle + 1 if self.handoff else 1, team=place,
            basis=known.basis, motion=known.motion, trigger=known.trigger, raised_at=known.raised_at, brief=brief,
            offered_at=at,
        )  # fmt: skip
        if at >= self.world.at:
            raise NotYetError
        row.public_id = self.world.chance.uuid()
        self.handoff = self.book.add(row)
        data = {
            "raised_at": known.raised_at.isoformat(), "basis": known.basis, "motion": known.motion,
            "hand_raise": known.hand_raise, "grade": known.grade,
        }  # fmt: skip
        whom = person.pk if person else None
        self.do("offer", at, by, team=place.pk, person=whom, hand_raise=known.hand_raise, data=data)
        if self.span is not None:
            self.span.why = why
        return row

    def attempt(self, at: datetime, by: User, channel: str, outcome: str, **told: Any) -> Attempt:
        """One human contact; outbound on an unanswered offer it also accepts."""
        direction = told.pop("direction", "outbound")
        contact = outcome in CONTACT_MADE or direction == "inbound"
        at = self._next(at)
        row = Attempt(
            lead_id=self.lead.pk, handoff=self.handoff, channel=channel, direction=direction, outcome=outcome,
            contact=contact, by_id=by.pk, at=at, recorded_at=at, public_id=self.world.chance.uuid(),
            **told,
        )  # fmt: skip
        self.book.add(row)
        data = {
            "attempt": row.pk, "channel": channel, "direction": direction, "outcome": outcome, "automated": False
        }  # fmt: skip
        outbound = direction == "outbound"
        self.do("attempt", at, by, outbound=outbound, contact=contact, accepts=outbound, data=data)
        return row

    def do(self, verb: str, at: datetime, by: User | None, *, note: str = "", **fields: Any) -> datetime:
        """Decide one act and keep what it changes. Answers when it happened; raises NotYetError."""
        at = self._next(at)
        act = Act(verb, at, by.pk if by else None, **fields)
        decision = lifecycle.decide(self.journey, act)
        if decision.journey.stage != self.journey.stage:
            self.lead.stage, self.lead.stage_at = decision.journey.stage, at
        self.journey, self.last_at = decision.journey, at
        self._keep_span(decision, at)
        self._journal(decision, at, by, note)
        return at

    def close_with(self, verb: str, key: str, at: datetime, by: User | None, **fields: Any) -> datetime:
        """An act that needs a reason."""
        reason = self.world.reasons[verb, key]
        data = {**fields.pop("data", {}), "reason": key}
        done_at = self.do(verb, at, by, data=data, **fields)
        if self.handoff is not None:
            self.handoff.reason = reason
        return done_at

    def sleep_until(self, day: date | None) -> None:
        """A recycled lead wakes on its day, if that has come."""
        if day is None:
            return
        wakes_at = datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC)
        if wakes_at >= self.world.at:
            self.lead.wake_at = wakes_at
        else:
            self.do("wake", wakes_at, None)

    def finish(self) -> None:
        """Give the rows their last state."""
        self._settle()

    def _known_since_creation(self) -> None:
        """What came with the lead, as capturing it would have kept it."""
        told = {"lead.first_name": self.lead.first_name, "lead.title": self.lead.title}
        for fact, value in told.items():
            if value:
                change = AttributeChange(
                    lead_id=self.lead.pk, fact=fact, value=value, at=self.lead.created_at, source="form"
                )
                self.book.add(change)

    def _next(self, at: datetime) -> datetime:
        """Never before what was told last, and not in the future."""
        at = max(at, self.last_at)
        if at >= self.world.at:
            raise NotYetError
        return at

    def _settle(self) -> None:
        cycle = self.journey.cycle
        if self.handoff is None or cycle is None:
            return
        for name in CYCLE_FIELDS:
            setattr(self.handoff, COLUMN.get(name, name), getattr(cycle, name))

    def _keep_span(self, decision: Decision, at: datetime) -> None:
        span, cycle = decision.span, decision.journey.cycle
        if span is None or cycle is None:
            return
        if self.span is not None and self.span.until_at is None:
            self.span.until_at, self.span.ended = at, span.ended or "closed"
        self.span = self._open_span(span, at) if cycle.is_open else None

    def _open_span(self, span: Span, at: datetime) -> Assignment:
        row = Assignment(
            handoff=self.handoff, part=span.part, team_id=span.team, person_id=span.person, from_at=at
        )
        return self.book.add(row)

    def _journal(self, decision: Decision, at: datetime, by: User | None, note: str) -> None:
        told = decision.rows[-1]
        handoff = self.handoff.pk if self.handoff else None
        for row in decision.rows:
            event = LeadEvent(
                kind=row.kind,
                lead_id=self.lead.pk,
                handoff_id=None if row.kind in ABOUT_THE_LEAD else handoff,
                qualification_id=self.qualification.pk if self.qualification else None,
                actor_id=by.pk if by else None,
                at=at,
                recorded_at=at,
                historic=True,
                data=dict(row.data),
            )
            self.book.record(event, note if row is told else "")
