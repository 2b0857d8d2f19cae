"""What stands on the dashboard beside the ledger. Each panel is a few figures with the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Sum

from dashboards import answers, shown
from dashboards.drilldown import figure_url, metric_url, rows_url
from dashboards.engine.figures import COUNT_ONLY_BELOW, Rate, Spread
from dashboards.kpis import handoffs, leads
from dashboards.scope import Scope

NOBODY = {"owner": "No person", "team": "No team", "source": "No source", "cause": "No cause known"}
LISTED = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split bar, one bar of a list, or one step of a funnel."""

    label: str
    value: float
    tone: str
    url: str
    words: str = ""
    small: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """One waiting time: median, p90 and how many still wait."""

    name: str
    median: str
    p90: str
    counts: str
    url: str
    unanswered: int
    unanswered_url: str


def waits(scope: Scope) -> list[Wait]:
    """Response time and buyer wait of what was offered or raised in the period, in wall-clock time."""
    return [_wait(scope, slug) for slug in ("response-time", "buyer-wait")]


def _wait(scope: Scope, slug: str) -> Wait:
    metric, question = scope.question(slug)
    spread: Spread = answers.answer(metric, question).total
    said = shown.shown(metric, spread, scope.frame.currency)
    p90 = shown.amount(metric, spread.p90, "") if spread.p90 is not None else "longer than any answer"
    return Wait(
        metric.name, said.text, p90 if spread.n >= COUNT_ONLY_BELOW else "", said.sum, metric_url(metric, question),
        spread.unanswered or 0, rows_url(metric, question, "rest"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rejections:
    """Why sales rejected what it decided in the period."""

    parts: list[Part]
    top: float
    total: Rate
    url: str
    redirects: int


def rejections(scope: Scope) -> Rejections:
    metric, question = scope.question("rejections", by="reason", basis="period")
    found = answers.answer(metric, question)
    parts = [
        Part(
            row.group.name or "No reason given", row.figure.numerator, "mkt",
            rows_url(metric, question, "counted", row.group.key),
            f"{row.figure.numerator}", _share(row.figure.numerator, found.total.numerator),
        )
        for row in sorted(found.rows, key=lambda row: -row.figure.numerator)[:LISTED]
    ]  # fmt: skip
    offered = handoffs.OFFERS.population(replace(question, by=""))
    redirects = offered.aggregate(times=Sum("redirects"))["times"] or 0
    url = rows_url(metric, replace(question, by=""), "counted")
    return Rejections(parts, max((part.value for part in parts), default=1), found.total, url, redirects)


def _share(part: int, whole: int) -> str:
    """A share of at least ten; fewer say nothing in per cent."""
    if whole < COUNT_ONLY_BELOW:
        return f"of {whole}"
    return "(under 1%)" if 0 < part / whole < 0.005 else f"({part / whole * 100:.0f}%)"


def by_source(scope: Scope) -> tuple[list[Part], str]:
    """Answers in time by the source of the lead, the most frequent first."""
    metric, question = scope.question("attainment", by="source", clock="answer")
    found = answers.answer(metric, question)
    parts = [
        _source_part(row, figure_url(metric, question, row.group.key))
        for row in sorted(found.rows, key=lambda row: -row.figure.net.n)[:LISTED]
    ]
    return parts, metric_url(metric, question)


def _source_part(row: answers.Row, url: str) -> Part:
    net: Rate = row.figure.net
    said, gross = shown.rate(net), shown.rate(row.figure.gross)
    of = f"of {net.n}, " if said.percent is not None else ""
    return Part(
        row.group.name or NOBODY["source"],
        (net.value or 0) * 100,
        "sal",
        url,
        said.text,
        f"{of}gross {gross.text}",
    )


FUNNEL = {
    "leads-created": "Created",
    "lead-to-mql": "MQL",
    "lead-to-offer": "Offered",
    "lead-to-accepted": "Accepted",
    "lead-to-sql": "SQL",
    "lead-to-customer": "Won",
}


def funnel(scope: Scope) -> list[Part]:
    """How far the leads created in the period have come, in the colours of the two teams."""
    found = leads.reached_steps(scope.question("leads-created")[1])
    created = found["leads-created"]
    tones = ("mkt", "mkt", "mkt", "sal", "sal", "sal")
    parts = []
    for (slug, label), tone in zip(FUNNEL.items(), tones, strict=True):
        metric, question = scope.question(slug)
        part = "" if slug == "leads-created" else "counted"
        small = "" if slug == "leads-created" else _share(found[slug], created)
        parts.append(
            Part(label, found[slug], tone, rows_url(metric, question, part), f"{found[slug]:,}", small)
        )
    return parts
