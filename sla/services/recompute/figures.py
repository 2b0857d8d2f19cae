"""The figures of an amendment's page, kept for a minute: of thousands of clocks they take a second to work out.

They are of the version as it reads now, whose fingerprint they are kept by, and say when they were worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from sla.models import Clock, ContractVersion
from sla.queries.contracts import fingerprint
from sla.services.recompute.hindsight import Hindsight, Judged, last_quarter
from sla.services.recompute.preview import Few, Preview, Shift, of_amendment, with_leads

KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the version would do to running clocks and to the last quarter, at this moment."""

    at: datetime
    preview: Preview
    hindsight: Hindsight


def figures_of(version: ContractVersion, now: datetime) -> Figures:
    """Of this moment, or of one less than a minute ago."""
    key = f"amendment:{fingerprint(version)}"
    kept = cache.get(key)
    if kept and abs(now - datetime.fromisoformat(kept["at"])) < KEPT:
        return _read(kept)
    found = Figures(now, of_amendment(version, now), last_quarter(version, now))
    cache.set(key, _written(found), KEPT.total_seconds())
    return found


def _written(found: Figures) -> dict[str, Any]:
    preview, hindsight = found.preview, found.hindsight
    figures = {
        name: getattr(preview, name)
        for name in ("concerned", "looked_at", "keep", "later", "earlier", "same")
    }
    return {
        "at": found.at.isoformat(),
        "figures": figures,
        "furthest": preview.furthest.total_seconds(),
        "missed": [len(preview.missed), _shifts(preview.missed)],
        "most_moved": _shifts(preview.most_moved),
        "quarter": [hindsight.clocks, hindsight.looked_at, [asdict(kind) for kind in hindsight.kinds]],
    }


def _shifts(shifts: Iterable[Shift]) -> list[tuple[int, str, str]]:
    return [(one.clock.pk, _moment(one.was_due), _moment(one.due_at)) for one in shifts]


def _read(kept: Mapping[str, Any]) -> Figures:
    count, missed = kept["missed"]
    clocks = with_leads(Clock.objects).in_bulk({key for key, *_ in [*missed, *kept["most_moved"]]})
    preview = Preview(
        **kept["figures"],
        furthest=timedelta(seconds=kept["furthest"]),
        missed=Few(count, _shown(missed, clocks)),
        excused=Few(0, ()),
        most_moved=_shown(kept["most_moved"], clocks),
    )
    due, looked_at, kinds = kept["quarter"]
    hindsight = Hindsight(due, looked_at, tuple(Judged(**kind) for kind in kinds))
    return Figures(datetime.fromisoformat(kept["at"]), preview, hindsight)


def _shown(rows: Iterable[tuple[int, str, str]], clocks: Mapping[int, Clock]) -> tuple[Shift, ...]:
    """Without those of leads that were erased meanwhile."""
    return tuple(
        Shift(clocks[key], _read_moment(was), _read_moment(due)) for key, was, due in rows if key in clocks
    )


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _read_moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
