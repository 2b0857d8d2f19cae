"""Writing what a recompute makes of a batch: clocks, one line each in their logs, misses, excuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from calendars.engine.zones import load_zone
from calendars.models import CalendarVersion
from leads.models import LeadEvent
from sla.engine.entry import Line
from sla.models import Breach, ClockEvent, Excuse, Recompute
from sla.services.chosen import as_change
from sla.services.copying import insert_lines
from sla.services.excuses import JOINT, MARKETING, end_ladders
from sla.services.ledger import write_misses
from sla.services.recompute.changes import Excused, Found
from sla.services.recompute.storing import store

CORRECTED = "Calendar corrected"


def write(recompute: Recompute, found: Found, now: datetime) -> None:
    """In the transaction that holds the leads. `found.excused` keeps those that were excused only now."""
    excused = {one.entry.key for one in found.excused}
    for late in found.late:
        late.breach(now, quiet=late.key in excused)  # nobody is told of what is forgiven at once
    _note(recompute, found)
    changed = [moved.entry for moved in found.moved] + found.late
    store(changed)
    insert_lines(changed)
    write_misses([entry for entry in changed if entry.miss])
    found.excused = _excuse(recompute, found.excused, now)


def _note(recompute: Recompute, found: Found) -> None:
    after = _newest_rows({moved.entry.lead for moved in found.moved})
    for moved in found.moved:
        entry, at = moved.entry, moved.change.at
        data = as_change(
            moved.change, recompute=recompute.pk, after=after.get(entry.lead, 0),
            due_at=(moved.was_due, entry.state.due_at),
        )  # fmt: skip
        entry.lines.append(Line(ClockEvent.Kind.RECOMPUTED, at, at, None, data))
        if moved.is_missed:
            entry.breach(at, quiet=not recompute.notify, by_recalculation=True)


def _newest_rows(leads: set[int]) -> dict[int, int]:
    """The newest journal row of each lead; the leads are locked, so none is being written."""
    found = LeadEvent.objects.filter(lead__in=leads).order_by().values("lead_id")
    return dict(found.annotate(newest=Max("pk")).values_list("lead_id", "newest"))


def _excuse(recompute: Recompute, found: Sequence[Excused], now: datetime) -> list[Excused]:
    """A granted excuse each, or the one that waits is granted. Nobody decides it: the right hours do."""
    _put_off(found)
    breaches = _unexcused([excused.entry.key for excused in found])
    mine = [excused for excused in found if excused.entry.key in breaches]
    waits = {excuse.breach_id: excuse for excuse in _waiting(breaches.values())}
    granted = [_granted(breaches[one.entry.key], one, waits, recompute, now) for one in mine]
    Excuse.objects.bulk_update([one for one in granted if one.pk], ["decision", "decided_at", "lapses_at"])
    Excuse.objects.bulk_create([one for one in granted if not one.pk])
    for one, excuse in zip(mine, granted, strict=True):
        data = {"excuse": excuse.pk, "recompute": recompute.pk}
        one.entry.lines = [Line(ClockEvent.Kind.EXCUSED, now, now, None, data)]
    insert_lines([one.entry for one in mine])
    end_ladders([excuse.breach_id for excuse in granted])
    return mine


def _put_off(found: Sequence[Excused]) -> None:
    """What an earlier correction excused until its due moment is now excused until this one's."""
    due = {one.entry.key: one.due_at for one in found}
    rows = Excuse.objects.filter(
        breach__clock__in=due, decision=Excuse.Decision.GRANTED, lapses_at__isnull=False
    )
    lasting = list(rows.select_related("breach").order_by("pk").select_for_update(no_key=True, of=("self",)))
    for excuse in lasting:
        excuse.lapses_at = due[excuse.breach.clock_id]
    Excuse.objects.bulk_update(lasting, ["lapses_at"])


def _unexcused(clocks: Sequence[int]) -> dict[int, Breach]:
    """Misses by their clock that no recompute made and nobody excused: read once they are locked."""
    rows = Breach.objects.filter(clock__in=clocks, by_recalculation=False).select_related("clock__commitment")
    locked = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))
    granted = Excuse.objects.filter(breach__in=locked, decision=Excuse.Decision.GRANTED)
    excused = set(granted.values_list("breach_id", flat=True))
    return {breach.clock_id: breach for breach in locked if breach.pk not in excused}


def _waiting(breaches: Iterable[Breach]) -> Iterable[Excuse]:
    asked = Excuse.objects.filter(breach__in=list(breaches), decision=Excuse.Decision.WAITING)
    return asked.order_by("pk").select_for_update(no_key=True)


def _granted(
    breach: Breach, one: Excused, waits: Mapping[int, Excuse], recompute: Recompute, now: datetime
) -> Excuse:
    side = breach.clock.commitment.side
    excuse = waits.get(breach.pk) or Excuse(
        breach=breach,
        side=MARKETING if side == JOINT else side,
        asked_at=now,
        reason=CORRECTED,
        evidence=_evidence(recompute.calendar_version, one.due_at),
    )
    excuse.decision, excuse.decided_at = Excuse.Decision.GRANTED, now
    excuse.lapses_at = one.due_at if one.entry.state.is_open else None
    return excuse


def _evidence(version: CalendarVersion | None, due_at: datetime) -> str:
    """By the clock on the wall of the corrected calendar; the sentence is stored, so it names the zone."""
    zone = version.rules["tz"] if version else "UTC"
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"By {version} it was due {due_at.astimezone(load_zone(zone)):%a %-d %b %Y, %H:%M} in {place}."
