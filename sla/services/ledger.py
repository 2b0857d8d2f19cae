"""Opening the book of clocks from the database, and writing back what changed: a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from common.models import Outbox
from common.outbox import leave_many
from leads.models import Handoff, LeadEvent
from sla.engine.book import Book
from sla.engine.entry import Entry, Miss
from sla.engine.reading import ATTEMPTS, Cycle, Place, attempt_of
from sla.models import Breach, Clock, Commitment, ContractVersion
from sla.queries.contracts import agreed_versions
from sla.services import rows
from sla.services.blame import spare_late_holders
from sla.services.causes import propose_causes
from sla.services.choosing import ContractChooser
from sla.services.copying import insert_clocks, insert_lines, insert_misses

BREACHED = "clock.breached"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The book of the leads concerned, the rows it was opened from, and the events not applied yet."""

    book: Book
    rows: dict[int, Clock]
    fresh: Sequence[LeadEvent]


def open_for(events: Sequence[LeadEvent]) -> Ledger:
    """Locks the clocks of the leads concerned; whoever wrote the events has locked the leads."""
    leads = {event.lead_id for event in events}
    clocks = {clock.pk: clock for clock in _locked(leads)}
    versions = agreed_versions()
    commitments = _commitments_of(clocks.values(), versions)
    applied: dict[int, int] = {}
    for clock in clocks.values():
        applied[clock.lead_id] = max(clock.applied, applied.get(clock.lead_id, 0))
    fresh = [event for event in events if event.pk > applied.get(event.lead_id, 0)]
    chooser = ContractChooser(fresh, commitments, versions)
    entries = rows.entries_of(list(clocks.values()), commitments)
    return Ledger(Book(entries, cycles_before(fresh), chooser), clocks, fresh)


def _locked(leads: Iterable[int]) -> Iterable[Clock]:
    return Clock.objects.filter(lead__in=leads).select_for_update(no_key=True).order_by("pk")


def _commitments_of(clocks: Iterable[Clock], versions: Iterable[ContractVersion]) -> dict[int, Commitment]:
    """Almost always those of signed versions, which are known."""
    agreed = {row.pk: row for version in versions for row in version.commitments.all()}
    others = {clock.commitment_id for clock in clocks} - agreed.keys()
    return {**agreed, **(Commitment.objects.in_bulk(others) if others else {})}


def cycles_before(events: Sequence[LeadEvent]) -> dict[int, Cycle]:
    """The handoffs that these events are about, as they were before the first of them."""
    first: dict[int, LeadEvent] = {}
    for event in events:
        if event.handoff_id is not None:
            first.setdefault(event.handoff_id, event)
    if not first:
        return {}
    cycles = {row.pk: _cycle(row, first[row.pk]) for row in handoffs_of(first)}
    _place_before(events, cycles)
    before = LeadEvent.objects.filter(
        handoff__in=first, kind__in=ATTEMPTS, pk__lt=min(event.pk for event in first.values())
    )
    for handoff, kind, at, data in before.order_by("pk").values_list("handoff_id", "kind", "at", "data"):
        cycles[handoff].attempts.append(attempt_of(kind, at, data))
    return cycles


class FoundHandoff(NamedTuple):
    """What clocks need to know of a handoff that stands in the database."""

    pk: int
    qualification_id: int
    team_id: int | None
    holder_id: int | None
    setter_team_id: int | None
    setter_id: int | None
    raised_again_at: datetime | None
    hand_raise: bool
    followed: str | None


_COLUMNS = (*FoundHandoff._fields[:-2], "qualification__hand_raise", "follows__status")


def handoffs_of(pks: Iterable[int]) -> Iterable[FoundHandoff]:
    return map(FoundHandoff._make, Handoff.objects.filter(pk__in=list(pks)).values_list(*_COLUMNS))


def _cycle(row: FoundHandoff, first: LeadEvent) -> Cycle:
    raised_before = row.raised_again_at is not None and row.raised_again_at < first.at
    return Cycle(
        qualification=row.qualification_id,
        place=Place(row.team_id, row.holder_id),
        setter=Place(row.setter_team_id, row.setter_id),
        hand_raise=row.hand_raise or raised_before,
        followed=row.followed or "",
    )


def _place_before(events: Sequence[LeadEvent], cycles: dict[int, Cycle]) -> None:
    """The rows show where the cycles lie now; the first event that moved one tells where it lay before."""
    seen: set[int] = set()
    for event in events:
        if event.handoff_id not in cycles or event.handoff_id in seen:
            continue
        cycle = cycles[event.handoff_id]
        if "from_team" in event.data:
            cycle.place = Place(event.data["from_team"], event.data.get("from_person"))
        elif event.kind == LeadEvent.Kind.PASSED and cycle.setter.team is not None:
            cycle.place = cycle.setter
        elif event.kind == LeadEvent.Kind.CLAIMED:
            cycle.place = Place(cycle.place.team, None)
        else:
            continue
        seen.add(event.handoff_id)


def close(ledger: Ledger) -> None:
    """Write everything that changed: clocks, their log, misses, and what the outbox shall tell."""
    changed = ledger.book.changed()
    if not changed:
        return
    _write_clocks(changed, ledger.rows)
    insert_lines(changed)
    write_misses([entry for entry in changed if entry.miss])


def _write_clocks(changed: Sequence[Entry], known: dict[int, Clock]) -> None:
    rows.update([rows.filled(known[entry.pk], entry) for entry in changed if entry.pk is not None])
    insert_clocks([entry for entry in changed if entry.pk is None])


def write_misses(missed: Sequence[Entry]) -> None:
    """One breach per clock ever (rule 4); quiet ones leave nothing in the outbox."""
    if not missed:
        return
    insert_misses(missed)
    keys = [entry.key for entry in missed]
    propose_causes(keys)
    spare_late_holders(Breach.objects.filter(clock__in=keys))
    loud = [_told(entry, entry.miss) for entry in missed if entry.miss and not entry.miss.quiet]
    if loud:
        leave_many(loud)


def _told(entry: Entry, miss: Miss) -> Outbox:
    payload = {"lead": entry.lead, "handoff": entry.handoff, "kind": entry.kind.value, "rung": 0}
    return Outbox(topic=BREACHED, subject=entry.key, at=miss.at, payload=payload)
