"""The rep's inbox: what waits for one person, by the clock that presses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.engine.standing import Standing
from common.web.once import once_a_page
from desk.queries.clocks import GROUPS, ClockFace, open_clock_faces, pressing, urgency
from desk.queries.meetings import meeting_words
from desk.queries.queue import MarketingClock, told
from desk.queries.sift import EVERYTHING, Sift
from leads.models import Handoff
from leads.queries import fetch_addresses
from leads.services.acts import cycle_of
from sla.models import Clock

SHOWN = 100
AWAITS_TAKING = Q(status=Handoff.Status.QUALIFIED, passed_at__isnull=False, taken_at__isnull=True)
FIRST_TRY = Q(status=Handoff.Status.ACCEPTED, first_response_at=None, meeting_at=None)
VIEWS = {
    "answer": ("To answer", Q(status=Handoff.Status.OFFERED) | AWAITS_TAKING, ("answer", "take")),
    "first-response": ("First response", FIRST_TRY, ("first_response",)),
    "working": (
        "Working",
        Q(status__in=(Handoff.Status.ACCEPTED, Handoff.Status.QUALIFIED)) & ~FIRST_TRY & ~AWAITS_TAKING,
        ("follow_up", "disposition", "re_response", "meeting"),
    ),
    "returned": ("Returned", Q(status=Handoff.Status.RETURNED), ("rework", "answer")),
}
HELD = ("answer", "first_response")
NEEDED = (
    "lead__company",
    "lead__campaign",
    "trigger__kind",
    "trigger__campaign",
    "qualification",
    "holder",
    "team",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: a handoff, and the clock that presses."""

    handoff: Handoff
    clock: ClockFace | None

    @property
    def shown(self) -> ClockFace | MarketingClock | None:
        return told(self.clock)

    @property
    def is_passed(self) -> bool:
        """Whether a setter gave it and its closer has not taken it yet."""
        return cycle_of(self.handoff).awaits_taking

    @property
    def signal(self) -> str:
        """The meeting that is planned, else the strongest sign of interest: what caused the offer."""
        if self.handoff.meeting_at is not None:
            return f"Meeting {meeting_words(self.handoff.meeting_at)}"
        trigger = self.handoff.trigger
        return (trigger.detail or str(trigger.kind)) if trigger else self.handoff.get_basis_display()

    @property
    def source(self) -> str:
        """Where it came from: the campaign of the trigger, else of the lead, else the lead's source."""
        trigger, lead = self.handoff.trigger, self.handoff.lead
        campaign = (trigger.campaign if trigger else None) or lead.campaign
        return str(campaign) if campaign else lead.source


@dataclass(frozen=True, slots=True)
class Group:
    """The items whose clock is in one state."""

    state: str
    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One view of it. `counts` are of all views; `left_off` were more than a list shows."""

    view: str
    counts: dict[str, int]
    items: tuple[Item, ...]
    sift: Sift = EVERYTHING
    only_reads: bool = False

    @property
    def groups(self) -> list[Group]:
        return grouped(self.items, self.sift)

    @property
    def left_off(self) -> int:
        return max(self.counts[self.view] - len(self.items), 0)

    def etag(self, *more: object) -> str:
        """Changes with whatever the list shows, but not with the seconds, which the page counts itself."""
        known = [
            (i.handoff.pk, i.handoff.status, i.handoff.takeover_at, i.handoff.lead.version, *_mark(i.clock))
            for i in self.items
        ]
        return hashlib.sha256(repr((self.view, self.sift, self.counts, known, more)).encode()).hexdigest()[
            :24
        ]


def _mark(clock: ClockFace | None) -> tuple[object, ...]:
    return (clock.kind, clock.state, clock.due_at, clock.running) if clock else ()


def waiting_for(standing: Standing) -> QuerySet[Handoff]:
    """Open handoffs that are this person's: held, in the pool of a team sold in or open to it, of a team managed;
    to marketing those returned."""
    if standing.is_admin:
        return Handoff.objects.open()
    managed = [team for team in standing.team_ids if standing.manages(team)]
    pools = [team for team in standing.team_ids if standing.sells_in(team)]
    free = Q(holder=None) | Q(takeover_at__isnull=False)
    whose = Q(holder=standing.person) | Q(team__in=managed) | (Q(team__in=pools) & free)
    if standing.is_marketing:
        whose |= Q(status=Handoff.Status.RETURNED)
    return Handoff.objects.open().filter(whose)


def in_view(view: str, standing: Standing) -> QuerySet[Handoff]:
    """Those of one view, in no order."""
    return waiting_for(standing).filter(VIEWS[view][1])


@once_a_page
def counts_for(standing: Standing, sift: Sift = EVERYTHING) -> dict[str, int]:
    """How many handoffs each view holds: one query."""
    counted = {view.replace("-", "_"): Count("pk", filter=wanted) for view, (_, wanted, _) in VIEWS.items()}
    found = sift.narrowed(waiting_for(standing), standing.person).aggregate(**counted)
    return {view: found[view.replace("-", "_")] for view in VIEWS}


def inbox_for(standing: Standing, view: str, *, at: datetime, sift: Sift = EVERYTHING) -> Inbox:
    """The most pressing 100 of one view: a constant number of queries."""
    items = items_in(standing, view, at=at, sift=sift)
    return Inbox(view, counts_for(standing, sift), items, sift, standing.is_read_only)


def items_in(standing: Standing, view: str, *, at: datetime, sift: Sift) -> tuple[Item, ...]:
    """The lines of one view as its list shows them: by the state of their clocks, then in the order asked for."""
    _, _, kinds = VIEWS[view]
    if view == "returned" and not standing.is_marketing:
        kinds = HELD  # rework is marketing's to do: to sales the lead waits
    found = sift.narrowed(in_view(view, standing), standing.person)
    handoffs = list(by_due(found, kinds).select_related(*NEEDED)[:SHOWN])
    groups = grouped(items_of(handoffs, kinds, at=at), sift)
    return tuple(item for group in groups for item in group.items)


def sources_in(standing: Standing, view: str) -> list[str]:
    """Where the leads of one view came from: what its filter offers."""
    said = in_view(view, standing).exclude(lead__source="").values_list("lead__source", flat=True)
    return sorted(set(said.order_by().distinct()), key=str.casefold)


def grouped(items: Iterable[Item], sift: Sift) -> list[Group]:
    """Items by the state of their clocks."""
    by_state: dict[str, list[Item]] = {state: [] for state, _ in GROUPS}
    for item in items:
        state = item.clock.state if item.clock else ""
        by_state[state if state in by_state else ""].append(item)
    if key := sift.key:
        by_state = {state: sorted(rows, key=lambda row: key(row.handoff)) for state, rows in by_state.items()}
    return [Group(state, label, tuple(by_state[state])) for state, label in GROUPS if by_state[state]]


def by_due(handoffs: QuerySet[Handoff], kinds: Iterable[str]) -> QuerySet[Handoff]:
    """Soonest due first by their open clocks of these kinds."""
    owed = Clock.objects.filter(
        handoff=OuterRef("pk"), kind__in=list(kinds), satisfied_at=None, status__in=("running", "breached")
    )
    due = Subquery(owed.order_by("due_at").values("due_at")[:1])
    return handoffs.annotate(pressing_at=due).order_by(
        F("pressing_at").asc(nulls_last=True), "offered_at", "pk"
    )


def items_of(handoffs: Iterable[Handoff], kinds: Iterable[str], *, at: datetime) -> list[Item]:
    """Handoffs with their pressing clocks, the most urgent first."""
    rows, wanted = list(handoffs), tuple(kinds)
    fetch_addresses(row.lead for row in rows)
    faces = open_clock_faces([row.pk for row in rows], wanted, at)
    items = [Item(row, pressing(faces.get(row.pk, ()), wanted)) for row in rows]
    return sorted(items, key=lambda item: urgency(item.clock))
