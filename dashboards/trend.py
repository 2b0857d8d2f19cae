"""In time, week by week, with the version changes that fell in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dashboards import answers
from dashboards.drilldown import figure_url
from dashboards.engine import periods
from dashboards.engine.figures import COUNT_ONLY_BELOW, Rate
from dashboards.scope import Scope
from definitions.models import DefinitionVersion
from sla.models import ContractVersion

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Lines:
    """Two lines over the weeks, net, with what changed in between; the same gross `beside`, in words."""

    labels: list[str]
    series: list[dict[str, Any]]
    beside: list[dict[str, Any]]
    urls: list[str]
    marks: list[dict[str, Any]]


def by_week(scope: Scope) -> Lines:
    """Attainment of answer and first response in the weeks up to the end of the period."""
    last = min(scope.days.until, scope.frame.today + periods.DAY)
    until = periods.week_of(last - periods.DAY).until
    first = until - timedelta(weeks=WEEKS_SHOWN)
    wide = scope.over(periods.span(first, until))
    labels = [label for label, _ in periods.weeks(first, until)]
    kinds = (("Answer", "answer", "sal", False), ("First response", "first_response", "mute", True))
    series, beside = [], []
    for name, kind, tone, dashed in kinds:
        net, gross = _weekly(wide, kind, labels)
        series.append({"name": name, "tone": tone, "dashed": dashed, "values": net})
        beside.append({"name": f"{name}, gross", "values": gross})
    metric, question = wide.question("attainment", by="week", clock="answer")
    urls = [figure_url(metric, question, label) for label in labels]
    short = [label.rpartition("-")[2] for label in labels]
    return Lines(short, series, beside, urls, _changes(wide, labels))


def _weekly(wide: Scope, kind: str, labels: Sequence[str]) -> tuple[list[float | None], list[float | None]]:
    """Per cent in time, net and gross; a week with too few clocks for a rate is a gap."""
    metric, question = wide.question("attainment", by="week", clock=kind)
    found = {row.group.name: row.figure for row in answers.answer(metric, question).rows}
    rates = [
        (found[label].net, found[label].gross) if label in found else (Rate(), Rate()) for label in labels
    ]
    return [_percent(net) for net, _ in rates], [_percent(gross) for _, gross in rates]


def _percent(rate: Rate) -> float | None:
    return None if rate.value is None or rate.n < COUNT_ONLY_BELOW else round(rate.value * 100, 1)


def _changes(wide: Scope, labels: Sequence[str]) -> list[dict[str, Any]]:
    """New versions of definitions and contract, at the week in which they came into force."""
    period = wide.question("attainment")[1].period
    begun = {"effective_from__gte": period.start, "effective_from__lt": period.end}
    definitions = DefinitionVersion.objects.filter(status__in=("active", "superseded"), **begun)
    contracts = ContractVersion.objects.filter(status=ContractVersion.Status.SIGNED, **begun)
    begun_at = [
        *((str(version), version.effective_from) for version in definitions.select_related("definition")),
        *((str(version), version.effective_from) for version in contracts),
    ]
    named: dict[int, list[str]] = {}
    for name, at in begun_at:
        if at is not None:
            week = periods.week_label(at.astimezone(wide.frame.zone).date())
            named.setdefault(labels.index(week), []).append(name)
    return [{"index": index, "label": ", ".join(names)} for index, names in sorted(named.items())]
