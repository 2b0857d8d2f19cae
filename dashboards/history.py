"""What became of each promise in its past periods, for people: frozen, by what is known now, and where its rows are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from common.templatetags.words import pct
from dashboards import catalogue
from dashboards.drilldown import rows_url
from dashboards.engine import periods
from dashboards.engine.figures import COUNT_ONLY_BELOW
from dashboards.kpis.asked import Kind
from dashboards.ledger_line import TONES
from dashboards.models import PeriodResult, Restatement
from dashboards.period_lines import NAMES, ROWS
from dashboards.promise_rows import OF_EVERYBODY
from dashboards.promise_rows import url_of as promise_rows_url
from dashboards.promised import VERDICTS, figure_words, promised_words
from dashboards.queries import results
from dashboards.questions import Asking, Filters, Question
from sla.services.membership import takes_everybody

STRIP = 12
ICONS = {"kept": "check", "missed": "x"}


@dataclass(frozen=True, slots=True)
class Later:
    """What a period came to by what was known at a later moment."""

    figure: str
    detail: str
    verdict: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Past:
    """One period of one promise."""

    key: str
    name: str
    short: str
    first: date
    figure: str
    detail: str
    promised: str
    verdict: str
    state: str
    icon: str
    version: int
    judged_at: datetime
    url: str
    later: list[Later]

    @property
    def now(self) -> Later | None:
        return self.later[-1] if self.later else None


@dataclass(frozen=True, slots=True)
class Series:
    """One promise through all versions of the contract, newest period first."""

    kind: str
    name: str
    tone: str
    side: str
    pasts: list[Past]

    @property
    def is_restated(self) -> bool:
        return any(past.later for past in self.pasts)

    @property
    def strip(self) -> list[Past]:
        """The last twelve periods, oldest first."""
        return self.pasts[:STRIP][::-1]

    @property
    def summary(self) -> str:
        judged = [past for past in self.strip if past.state in ICONS]
        kept = sum(past.state == "kept" for past in judged)
        return f"{kept} of the last {len(judged)} kept" if judged else "None could be judged"


def every_series(frame: Asking) -> list[Series]:
    """In the order of the ledger; one query for results, one for restatements."""
    found = _series(results(), frame)
    order = [str(kind) for kind in NAMES]
    return sorted(found, key=lambda one: (order.index(one.kind), one.name))


def series_of(kind: str, frame: Asking) -> list[Series]:
    return _series(results().filter(commitment__kind=kind), frame)


def _series(rows: Iterable[PeriodResult], frame: Asking) -> list[Series]:
    found: dict[tuple[str, str], list[PeriodResult]] = {}
    for row in rows:
        found.setdefault((row.commitment.kind, row.commitment.name), []).append(row)
    return [
        Series(kind, name, TONES[of[0].commitment.side], of[0].commitment.get_side_display(),
               [_past(row, frame) for row in reversed(of)])
        for (kind, name), of in found.items()
    ]  # fmt: skip


def _past(row: PeriodResult, frame: Asking) -> Past:
    days = periods.named(row.period, row.first)
    return Past(
        key=row.period, name=days.name, short=_short(row), first=row.first,
        figure=figure_words(row.measured, row.currency), detail=_detail(row, row.commitment.kind),
        promised=promised_words(row), verdict=VERDICTS[row.verdict], state=row.verdict,
        icon=ICONS.get(row.verdict, "minus"), version=row.commitment.version.number, judged_at=row.judged_at,
        url=_rows(row, frame), later=[_later(one, row) for one in row.restatements.all()],
    )  # fmt: skip


def _later(one: Restatement, row: PeriodResult) -> Later:
    return Later(
        figure_words(one.measured, row.currency),
        _detail(one, row.commitment.kind),
        VERDICTS[one.verdict],
        one.at,
        one.why,
    )


def _short(row: PeriodResult) -> str:
    """Jan, or Q1."""
    return row.period.rpartition("-")[2] if "Q" in row.period else periods.SHORT[row.first.month - 1]


def _detail(row: PeriodResult | Restatement, kind: str) -> str:
    """The two counts; of quality also the rate before anything was left out."""
    found = row.measured
    if not found.is_rate:
        return ""
    words = f"{found.net.numerator:,} of {found.net.denominator:,}"
    if kind == Kind.QUALITY and found.gross.n >= COUNT_ONLY_BELOW:
        words += f", gross {pct(found.gross.value)}"
    return f"{words}, {found.young:,} open" if found.young else words


def _rows(row: PeriodResult, frame: Asking) -> str:
    kind = Kind(row.commitment.kind)
    if kind in OF_EVERYBODY:
        return promise_rows_url(row.commitment, periods.named(row.period, row.first), row.time_zone)
    if kind not in ROWS:
        return ""
    slug, basis = ROWS[kind]
    only = Filters(promise=None if takes_everybody(row.commitment) else row.commitment)
    asked = Question(row.first, row.until, frame.zone, frame.at, basis, currency=frame.currency, filters=only)
    return rows_url(catalogue.metric(slug), asked.in_zone(row.time_zone))
