"""Lines of the ledger for promises about a period: pace and forecast while it runs, the frozen result after."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

from django.urls import reverse

from common.database.moments import Period, midnight
from common.templatetags.words import NO_DATA, pct
from dashboards.drilldown import REST, rows_url
from dashboards.engine import pace, verdicts
from dashboards.engine.figures import COUNT_ONLY_BELOW
from dashboards.engine.results import Measured
from dashboards.kpis.asked import Asked, Kind
from dashboards.kpis.period import SUMS, measure
from dashboards.ledger_line import Promise, Told, goal_words, rate_line
from dashboards.models import PeriodResult
from dashboards.outlook import Outlook, outlook
from dashboards.promise_rows import OF_EVERYBODY
from dashboards.promise_rows import url_of as promise_rows_url
from dashboards.promised import currency_of, figure_words, sum_words
from dashboards.queries import results
from dashboards.questions import Question
from dashboards.scope import Scope
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import signed_versions, version_at
from sla.services.membership import takes_everybody

NAMES = {
    Kind.VOLUME: "Leads offered", Kind.QUALITY: "Accepted by sales",
    Kind.COMPLETENESS: "Complete data at the offer", Kind.CONVERSION: "Accepted leads that became SQLs",
    Kind.PIPELINE: "Pipeline opened", Kind.BRIEF: "Briefs in time", Kind.BRIEF_READ: "Briefs acknowledged",
    Kind.NURTURE: "Recycled leads nurtured",
}  # fmt: skip
ROWS = {
    Kind.VOLUME: ("volume", "period"),
    Kind.QUALITY: ("quality", "period"),
    Kind.COMPLETENESS: ("completeness", "cohort"),
    Kind.CONVERSION: ("conversion", "cohort"),
}
NOTHING = {
    Kind.QUALITY: "Nothing was decided", Kind.COMPLETENESS: "Nothing was offered",
    Kind.CONVERSION: "Nothing was accepted", Kind.BRIEF: "No campaign began",
    Kind.BRIEF_READ: "No campaign with a brief began", Kind.NURTURE: "No first touch fell due",
}  # fmt: skip
COUNTED = {
    Kind.QUALITY: " decided", Kind.BRIEF: " campaigns", Kind.BRIEF_READ: " readings",
    Kind.NURTURE: " recycled leads",
}  # fmt: skip
MARKS = {pace.AHEAD: "Ahead", pace.ON_PACE: "On pace", pace.BEHIND: "Behind"}


def judged_by(scope: Scope, contract: ContractVersion) -> ContractVersion:
    """The version whose words hold for the period as a whole: two may have been in force within it."""
    begins = midnight(scope.days.first, scope.frame.zone)
    return version_at(signed_versions(), begins) or contract


def lines(scope: Scope, contract: ContractVersion) -> dict[str, list[Promise]]:
    """By kind. The version in force when the period began judges it, else the one that is shown."""
    version = judged_by(scope, contract)
    found: dict[str, list[Promise]] = {}
    frozen = {} if scope.filters.as_query() else _frozen(scope)
    over_periods = [one for one in version.commitments.all() if one.kind in NAMES]
    for commitment in over_periods:
        alone = sum(one.kind == commitment.kind for one in over_periods) == 1
        name = NAMES[Kind(commitment.kind)] if alone else commitment.name
        found.setdefault(commitment.kind, []).append(
            _line(scope, commitment, name, frozen.get(commitment.pk))
        )
    return found


def _line(scope: Scope, commitment: Commitment, name: str, frozen: PeriodResult | None) -> Promise:
    if commitment.kind in OF_EVERYBODY and scope.filters.as_query():
        return Promise(
            commitment.side, name, NO_DATA, "", goal_words(_goal(commitment)), verdicts.NONE,
            "Promised for all teams and sources together", history_url=_history_url(commitment),
        )  # fmt: skip
    if commitment.kind not in SUMS:
        return _of_rate(scope, commitment, name, frozen)
    return _frozen_sum(scope, name, frozen) if frozen else _running_sum(scope, commitment, name)


def _frozen(scope: Scope) -> dict[int, PeriodResult]:
    """By promise; each is judged once in a period."""
    return {row.commitment_id: row for row in results().filter(period=scope.days.key)}


def _measured(scope: Scope, commitment: Commitment) -> tuple[Asked, Measured]:
    period = Period.of_days(scope.days.first, scope.days.until, scope.frame.zone)
    asked = Asked(commitment, period, scope.frame.at, scope.frame.zone, scope.frame.currency, scope.filters)
    return asked, measure(asked)


def _of_rate(scope: Scope, commitment: Commitment, name: str, frozen: PeriodResult | None) -> Promise:
    found = frozen.measured if frozen else _measured(scope, commitment)[1]
    note, note_url = _beside(scope, commitment, found, frozen)
    told = Told(
        commitment.side, note, _rows(scope, commitment, frozen.time_zone if frozen else ""), note_url,
        _history_url(commitment), _since(frozen),
    )  # fmt: skip
    line = rate_line(name, found.net, _goal(commitment), scope, told)
    return replace(line, verdict=frozen.verdict) if frozen else line


def _beside(
    scope: Scope, commitment: Commitment, found: Measured, frozen: PeriodResult | None
) -> tuple[str, str]:
    """The counts in words, and where they lead to."""
    net, kind = found.net, Kind(commitment.kind)
    if not (net.n or found.gross.n or found.young):
        return NOTHING[kind], ""
    if kind == Kind.COMPLETENESS:
        url = _rows(scope, commitment, frozen.time_zone if frozen else "", REST)
        return f"{net.missed:,} of {net.n:,} lack a field", url
    note = f"{net.numerator:,} of {net.denominator:,}{COUNTED.get(kind, '')}"
    if (kind == Kind.QUALITY or found.gross != net) and found.gross.n >= COUNT_ONLY_BELOW:
        note += f". Gross {pct(found.gross.value)}"
    return (f"{note}, {found.young:,} still open" if found.young else note), ""


def _frozen_sum(scope: Scope, name: str, frozen: PeriodResult) -> Promise:
    amount, promised = float(frozen.numerator), float(frozen.promised)
    gap = amount - promised
    fewer = "less" if frozen.currency else "fewer"
    words = f"{sum_words(abs(gap), frozen.currency)} {'more' if gap >= 0 else fewer} than promised"
    return Promise(
        frozen.commitment.side, name, figure_words(frozen.measured, frozen.currency),
        _rows(scope, frozen.commitment, frozen.time_zone), sum_words(promised, frozen.currency), frozen.verdict, words,
        percent=amount / promised * 100 if promised else None, tick=100,
        outlook=_since(frozen), history_url=_history_url(frozen.commitment),
    )  # fmt: skip


def _running_sum(scope: Scope, commitment: Commitment, name: str) -> Promise:
    asked, found = _measured(scope, commitment)
    currency = currency_of(commitment.kind, scope.frame.currency)
    amount, promised = float(found.numerator), float(commitment.amount or 0)
    plain = Promise(
        commitment.side, name, sum_words(amount, currency), _rows(scope, commitment),
        f"{sum_words(promised, currency)} a {commitment.period or 'period'}", verdicts.NONE,
        _unjudged(scope, commitment), history_url=_history_url(commitment),
    )  # fmt: skip
    if plain.note or not promised:
        return plain
    seen = outlook(asked, scope.days, scope.frame.zone, amount)
    at_pace = seen.pace
    gap = f"{sum_words(abs(at_pace.gap), currency)} {'ahead' if at_pace.gap >= 0 else 'behind'}"
    return replace(
        plain,
        target=f"{sum_words(at_pace.expected, currency)} by now, {sum_words(promised, currency)} in all",
        verdict=verdicts.SLIPPING if at_pace.mark == pace.BEHIND else verdicts.KEPT,
        mark=MARKS[at_pace.mark], note=f"{gap} of the pace",
        percent=amount / promised * 100, tick=min(at_pace.expected / promised * 100, 100),
        outlook=_forecast_words(seen, currency),
    )  # fmt: skip


def _unjudged(scope: Scope, commitment: Commitment) -> str:
    """Why the figure is not held against the promise; empty where it is."""
    since = commitment.version.effective_from
    if scope.days.first > scope.frame.today:
        return f"Begins {scope.days.first:%-d %b %Y}"
    if commitment.period != scope.days.kind:
        return f"Judged by the {commitment.period or 'period'}"
    if scope.filters.as_query():
        return "Promised for all teams and sources together"
    if since is None or since > midnight(scope.days.first, scope.frame.zone):
        return f"Counts from the next whole {commitment.period} on"
    return "Is being judged" if scope.days.is_over(scope.frame.today) else ""


def _forecast_words(seen: Outlook, currency: str) -> str:
    """Outwards to the unit, so that the range is never narrower than it is."""
    if seen.forecast is None:
        return "Forecast: too early to say"
    low, high = floor(seen.forecast.low), ceil(seen.forecast.high)
    if low == high:
        return f"Forecast {sum_words(low, currency)}"
    return f"Forecast {sum_words(low, currency)} to {sum_words(high, currency)}"


def _since(frozen: PeriodResult | None) -> str:
    """Frozen, and what it comes to by what is known now."""
    if frozen is None:
        return ""
    last = next(reversed(frozen.restatements.all()), None)
    restated = f". Restated {figure_words(last.measured, frozen.currency)}" if last else ""
    return f"Frozen at close{restated}"


def _rows(scope: Scope, commitment: Commitment, zone: str = "", part: str = "") -> str:
    """Behind the figure; those of a frozen one lie in the days of the zone it was judged by."""
    if commitment.kind in OF_EVERYBODY:
        return promise_rows_url(commitment, scope.days, zone or scope.frame.zone.key)
    if commitment.kind not in ROWS:
        return _history_url(commitment)
    slug, basis = ROWS[Kind(commitment.kind)]
    metric, question = scope.question(slug, basis=basis)
    return rows_url(metric, _of_promise(question.in_zone(zone) if zone else question, commitment), part)


def _of_promise(question: Question, commitment: Commitment) -> Question:
    """Only the offers of its segment."""
    if takes_everybody(commitment):
        return question
    return replace(question, filters=replace(question.filters, promise=commitment))


def _history_url(commitment: Commitment) -> str:
    return reverse("dashboards:promise", args=[commitment.kind])


def _goal(commitment: Commitment) -> float | None:
    return None if commitment.goal is None else float(commitment.goal)
