"""The signal about definitions: a threshold that was lowered shortly before a month ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from common.database.moments import Period
from dashboards.engine import periods
from dashboards.engine.thresholds import Lowered, lowered
from dashboards.scope import Scope
from dashboards.signals.signal import Fact, Signal, cycles, number, period_of
from definitions.catalogue import catalogue
from definitions.models import DefinitionVersion
from leads.models import Handoff

NEAR = 5  # working days


def changed(scope: Scope) -> QuerySet[DefinitionVersion]:
    """MQL versions that came into force in the period, each with the criteria of the one before."""
    period = period_of(scope)
    before = DefinitionVersion.objects.filter(
        definition=OuterRef("definition"), effective_from__lt=OuterRef("effective_from")
    ).order_by("-effective_from")
    return (
        DefinitionVersion.objects.filter(
            definition__key="mql", effective_from__gte=period.start,
            effective_from__lt=min(period.end, scope.frame.at),
        )
        .annotate(was=Subquery(before.values("criteria")[:1]))
        .order_by("-effective_from")
    )  # fmt: skip


def facts(scope: Scope) -> list[Fact]:
    """Two queries: the versions, and the offers by each until its month ended."""
    found = [
        (version, moved) for version in changed(scope) if (moved := _lowered_near_the_end(version, scope))
    ]
    offers = _offers(scope, [version for version, _ in found])
    return [_said(version, moved, scope, offers.get(version.pk, 0)) for version, moved in found]


def _lowered_near_the_end(version: DefinitionVersion, scope: Scope) -> list[Lowered]:
    day = _day(version, scope)
    near = periods.working_days(day, periods.month_of(day).until) <= NEAR
    return lowered(vars(version)["was"], version.criteria) if near else []


def _day(version: DefinitionVersion, scope: Scope) -> date:
    assert version.effective_from is not None  # noqa: S101 - asked for by the query
    return version.effective_from.astimezone(scope.frame.zone).date()


def _said(version: DefinitionVersion, moved: list[Lowered], scope: Scope, offers: int) -> Fact:
    day = _day(version, scope)
    left = periods.working_days(day, periods.month_of(day).until)
    changes = "; ".join(_change(one) for one in moved)
    words = (
        f"MQL v{version.number} came into force on {day:%-d %B}, with {left} working "
        f"day{'' if left == 1 else 's'} left of the month: "
        f"{changes}. {offers} offer{'' if offers == 1 else 's'} by it followed until the month ended."
    )
    return Fact(str(version.number), f"MQL v{version.number}", words, offers)


def _change(one: Lowered) -> str:
    spec = catalogue.lookup(one.subject)
    name = spec.label if spec else one.subject
    return f"{name} {'at least' if one.at_least else 'at most'} {one.now:g} instead of {one.was:g}"


def _offers(scope: Scope, versions: list[DefinitionVersion]) -> dict[int, int]:
    if not versions:
        return {}
    wanted = Handoff.objects.none()
    for version in versions:
        wanted = wanted | _followed(scope, version)
    counted = wanted.order_by().values(by=F("qualification__version")).annotate(n=Count("pk"))
    return {row["by"]: row["n"] for row in counted}


def _followed(scope: Scope, version: DefinitionVersion) -> QuerySet[Any]:
    """Offers of what met this version, from its first day until the month ended."""
    day = _day(version, scope)
    period = Period.of_days(day, periods.month_of(day).until, scope.frame.zone)
    return cycles(scope).filter(
        qualification__version=version, offered_at__gte=period.start, offered_at__lt=period.end
    )


def rows(scope: Scope, key: str) -> QuerySet[Any]:
    version = changed(scope).filter(number=number(key)).first()
    return _followed(scope, version) if version else Handoff.objects.none()


THRESHOLD = Signal(
    "threshold-lowered", "A threshold lowered near the end of a month", "marketing",
    "A new version of the MQL definition asks less of a number than the one before, and came into force in the last "
    "five working days of a month.",
    facts, rows,
)  # fmt: skip
