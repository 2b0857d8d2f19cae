"""The promise that recycled leads are looked after: the first nurture touch in time, and awake again on their date.

Read from the journal, so that what happens to a lead later moves no closed period. Neither a hand raise nor what came
after the lead was recycled no longer is a nurture touch. A touch counts by its own time, once it is recorded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from calendars.engine.business_time import add_business_time, subtract_business_time
from common.database.moments import midnight
from dashboards.engine.figures import Rate
from dashboards.engine.recycled import IN_TIME, WAITING, Recycling
from dashboards.engine.results import Measured
from dashboards.kpis.asked import Asked, by_hours, calendar_of
from leads.engine import journey as j
from leads.engine.past import RECYCLES, STAGED, Step, stage_after
from leads.models import Handoff, LeadEvent, Touch
from sla.services.membership import NEEDED, members, takes_everybody

END = (LeadEvent.Kind.MERGED, LeadEvent.Kind.ANONYMISED)
DAY = timedelta(days=1)


def nurtured(asked: Asked) -> Measured:
    """Of the recycled leads whose first touch fell due in the period, those that had it in time."""
    states = [state for _, state in judged(asked)]
    return Measured.of_rate(Rate(states.count(IN_TIME), len(states)))


def judged(asked: Asked) -> list[tuple[Recycling, str]]:
    """Those that count, each with what became of it: five queries, however many."""
    if asked.commitment.target is None:
        return []
    found = ((one, one.state(asked.at)) for one in _due(asked, asked.commitment.target))
    return [(one, state) for one, state in found if state not in ("", WAITING)]


def _due(asked: Asked, target: timedelta) -> list[Recycling]:
    """Every recycling whose touch falls due in the period; where the hours end before, it never does."""
    calendar = calendar_of(asked.commitment, asked.zone)
    events = LeadEvent.objects.filter(
        kind__in=RECYCLES, implied=False, at__lt=asked.period.end, recorded_at__lte=asked.at
    )
    if earliest := by_hours(subtract_business_time, calendar, asked.period.start, target):
        events = events.filter(at__gte=earliest)
    rows = [row for row in _of_segment(asked, events) if _is_recycling(row)]
    reckoned = {row.pk: by_hours(add_business_time, calendar, row.at, target) for row in rows}
    due = {pk: at for pk, at in reckoned.items() if at is not None and at in asked.period}
    return _followed(asked, [row for row in rows if row.pk in due], due)


def _of_segment(asked: Asked, events: QuerySet[LeadEvent]) -> list[LeadEvent]:
    """A segment is one of cycles, judged as of the offer; an MQL that was set aside before any is in none."""
    rows = events.order_by("at", "pk")
    if takes_everybody(asked.commitment):
        return list(rows)
    cycles = Handoff.objects.filter(pk__in=rows.order_by().values("handoff")).select_related(*NEEDED)
    return list(rows.filter(handoff__in=members(asked.commitment, cycles)))


def _is_recycling(row: LeadEvent) -> bool:
    return stage_after("", _step(row)) == j.RECYCLED


def _followed(asked: Asked, rows: Sequence[LeadEvent], due: dict[int, datetime]) -> list[Recycling]:
    """With what came after each: its first touch, and when it was recycled no longer."""
    leads = {row.lead_id for row in rows}
    later, touches = _later(asked, leads), _touches(asked, leads)
    found = []
    for row in rows:
        left_at = _left_at(row, later.get(row.lead_id, ()))
        touched_at = _first_after(row.at, touches.get(row.lead_id, ()), left_at)
        wakes_by = _end_of(row.data.get("until"), asked)
        found.append(Recycling(row.pk, row.lead_id, row.at, due[row.pk], touched_at, wakes_by, left_at))
    return found


def _later(asked: Asked, leads: Iterable[int]) -> dict[int, list[LeadEvent]]:
    """Journal rows of these leads that say their stage, or end them; in order."""
    rows = LeadEvent.objects.filter(lead__in=leads, kind__in=(*STAGED, *END), recorded_at__lte=asked.at)
    found: dict[int, list[LeadEvent]] = {}
    for row in rows.order_by("at", "pk"):
        found.setdefault(row.lead_id, []).append(row)
    return found


def _touches(asked: Asked, leads: Iterable[int]) -> dict[int, list[datetime]]:
    rows = Touch.objects.filter(lead__in=leads, kind__hand_raise=False, recorded_at__lte=asked.at)
    found: dict[int, list[datetime]] = {}
    for lead, at in rows.order_by("at").values_list("lead", "at"):
        found.setdefault(lead, []).append(at)
    return found


def _left_at(row: LeadEvent, later: Iterable[LeadEvent]) -> datetime | None:
    after = (one for one in later if (one.at, one.pk) > (row.at, row.pk))
    ended = (one.at for one in after if one.kind in END or stage_after(j.RECYCLED, _step(one)) != j.RECYCLED)
    return next(ended, None)


def _first_after(at: datetime, touches: Sequence[datetime], left_at: datetime | None) -> datetime | None:
    place = bisect_right(touches, at)
    first = touches[place] if place < len(touches) else None
    return None if first is None or (left_at is not None and first >= left_at) else first


def _end_of(until: str | None, asked: Asked) -> datetime | None:
    """The last moment of the local day on which a lead was to wake; none of the last day that there is."""
    day = date.fromisoformat(until) if until else date.max
    return midnight(day + DAY, asked.zone) if day < date.max else None


def _step(row: LeadEvent) -> Step:
    return Step(row.kind, row.handoff_id, row.data)
