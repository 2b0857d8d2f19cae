"""The next acts of one person, by clock: answer, first response, follow up, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, When

from accounts.engine.standing import Standing
from accounts.models import Absence, User
from desk.queries.acts import VERBS, Verb
from desk.queries.clocks import ClockFace, open_clock_faces, pressing, urgency
from desk.queries.inbox import AWAITS_TAKING, FIRST_TRY, NEEDED, SHOWN, Item, by_due
from desk.queries.meetings import meeting_words
from leads.models import BriefVersion, Comment, Handoff, Lead
from leads.queries import fetch_addresses

DAY = timedelta(days=1)
WORKED = Q(status=Handoff.Status.ACCEPTED) & ~FIRST_TRY
KINDS = ("answer", "take", "first_response", "follow_up", "re_response", "meeting", "disposition")
LABELS = ("Answer", "First response", "Follow up", "Meet", "Decide")


@dataclass(frozen=True, slots=True)
class Next:
    """One row: a lead, what to do, why now, and the button that does it."""

    item: Item
    do: str
    why: str
    verb: Verb
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one of the four groups."""

    label: str
    rows: tuple[Next, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """One person's day: what to do, and what stands around it."""

    sections: tuple[Section, ...]
    planned: Sequence[Handoff]
    waiting: Sequence[Handoff]
    mentions: Sequence[Comment]
    briefs: Sequence[BriefVersion]
    absences: Sequence[Absence]

    @property
    def total(self) -> int:
        return sum(len(section.rows) for section in self.sections)

    @property
    def leads(self) -> list[Lead]:
        acts = [row.item.handoff for section in self.sections for row in section.rows]
        cycles = (*acts, *self.planned, *self.waiting)
        return [row.lead for row in cycles] + [comment.lead for comment in self.mentions]


def today_for(person: User, standing: Standing, *, at: datetime) -> Today:
    """A constant number of queries."""
    handoffs = _mine(standing)
    faces = open_clock_faces([row.pk for row in handoffs], KINDS, at)
    groups: dict[str, list[Next]] = {label: [] for label in LABELS}
    for row in handoffs:
        label, kinds = _group(row, faces.get(row.pk, ()))
        groups[label].append(_next(Item(row, pressing(faces.get(row.pk, ()), kinds)), label))
    sections = [
        Section(label, tuple(sorted(rows, key=lambda row: urgency(row.item.clock))))
        for label, rows in groups.items()
    ]
    today = Today(
        sections=tuple(section for section in sections if section.rows),
        planned=_planned(person, at),
        waiting=list(_of(person).filter(status=Handoff.Status.RETURNED).select_related("lead")[:10]),
        mentions=list(
            person.mentioned_in.filter(at__gte=at - DAY).select_related("by", "lead").order_by("-at")[:5]
        ),
        briefs=_new_briefs(person, at),
        absences=list(
            person.absences.filter(until_at__gt=at).select_related("cover").order_by("from_at")[:2]
        ),
    )
    fetch_addresses(today.leads)
    return today


def to_act_on(standing: Standing) -> QuerySet[Handoff]:
    """Cycles whose next act is this person's."""
    pools = [team for team in standing.team_ids if standing.sells_in(team)]
    mine = Q(holder=standing.person) | Q(holder=None, team__in=pools)
    unanswered = Q(status=Handoff.Status.OFFERED) | AWAITS_TAKING
    return Handoff.objects.filter(mine).filter(unanswered | Q(status=Handoff.Status.ACCEPTED))


def _mine(standing: Standing) -> list[Handoff]:
    return list(by_due(to_act_on(standing), KINDS).select_related(*NEEDED)[: 2 * SHOWN])


def _group(row: Handoff, faces: Sequence[ClockFace]) -> tuple[str, tuple[str, ...]]:
    if row.status != Handoff.Status.ACCEPTED:
        return "Answer", ("answer", "take")
    if row.meeting_at is not None:
        return "Meet", ("meeting", "re_response")
    if row.first_response_at is None:
        return "First response", ("first_response",)
    if pressing(faces, ("re_response",)) or (pressing(faces, ("follow_up",)) and not row.contact_made):
        return "Follow up", ("follow_up", "re_response")
    return "Decide", ("disposition",)


def _next(item: Item, label: str) -> Next:
    row, late = item.handoff, item.clock is not None and item.clock.state == "bad"
    if label == "Answer":
        taking = row.status == Handoff.Status.QUALIFIED
        do = "Take or send back" if taking else "Accept or call"
        verb, words = (
            (VERBS["log"], "Call") if late and not taking else (VERBS["take" if taking else "accept"], "")
        )
        return Next(item, do, item.signal, verb, words or verb.label)
    if label == "Meet" and row.meeting_at is not None:
        return Next(
            item, f"Meet {meeting_words(row.meeting_at)}", "Log it as held, or no show", VERBS["log"], "Log"
        )
    if label == "First response":
        return Next(item, "Call", "Accepted, not tried yet", VERBS["log"], "Call")
    if item.clock and item.clock.kind == "re_response":
        return Next(item, "Call", "Raised a hand again", VERBS["log"], "Call")
    if label == "Follow up":
        tried = f"{_attempts(row)}, no contact yet"
        of = (
            f" of {item.clock.attempts}"
            if item.clock and (item.clock.attempts or 0) > row.attempts_count
            else ""
        )
        return Next(item, f"Attempt {row.attempts_count + 1}{of}", tried, VERBS["log"], "Log")
    if row.contact_made:
        return Next(item, "Qualify or recycle", "Contact made", VERBS["qualify"], "Qualify")
    return Next(item, "Recycle or qualify", f"{_attempts(row)}, no contact", VERBS["recycle"], "Recycle")


def _of(person: User) -> QuerySet[Handoff]:
    return Handoff.objects.open().filter(holder=person)


def _planned(person: User, at: datetime) -> list[Handoff]:
    """Next tries of the coming day: those set for it, and leads whose pause by hand ends in it."""
    meant = Q(next_attempt_at__gte=at, next_attempt_at__lt=at + DAY)
    ends = Q(pause_ends_at__gte=at, pause_ends_at__lt=at + DAY)
    soon = _of(person).filter(meant | ends)
    soon = soon.annotate(try_at=Case(When(meant, then="next_attempt_at"), default="pause_ends_at"))
    return list(soon.select_related("lead").order_by("try_at", "pk")[:8])


def _new_briefs(person: User, at: datetime) -> list[BriefVersion]:
    """Briefs published since yesterday of campaigns whose leads this person holds."""
    held = _of(person).values("brief__campaign")
    new = BriefVersion.objects.filter(campaign__in=held, number__gt=1, published_at__gte=at - DAY)
    return list(new.select_related("campaign").order_by("-published_at")[:5])


def _attempts(row: Handoff) -> str:
    return "1 attempt" if row.attempts_count == 1 else f"{row.attempts_count} attempts"
