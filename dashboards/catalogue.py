"""The metrics: one declaration each. Pages, command, API and packs read them here, so all agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.refusals import Invalid
from dashboards.kpis import clocks, deals, handoffs, leads, promised
from dashboards.kpis.measure import Measure
from dashboards.questions import COHORT, DUE, PERIOD

UP, DOWN, NEITHER = "up", "down", ""
FRACTION, MONEY, DAYS, SECONDS, NUMBER = "fraction", "money", "days", "seconds", "count"
ALWAYS = ("source", "team", "owner", "campaign", "month", "week", "country", "industry", "stage")
OF_CYCLES = (*ALWAYS, "reason", "grade", "definition-version")
OF_CLOCKS = (*ALWAYS, "reason", "clock", "commitment", "cause", "hour")


@dataclass(frozen=True)
class Metric:
    """What one figure means and how it is counted. `measures` by basis; the first is the default."""

    slug: str
    name: str
    meaning: str
    formula: str
    unit: str
    direction: str
    measures: Mapping[str, Measure]
    groups: tuple[str, ...] = OF_CYCLES
    rows: str = "handoffs"
    counted: str = ""
    related: tuple[str, ...] = ()
    judged_by_contract: bool = False

    @property
    def bases(self) -> tuple[str, ...]:
        return tuple(self.measures)


def _both(measure: Measure, *bases: str) -> dict[str, Measure]:
    return dict.fromkeys(bases, measure)


DEAL_METRICS = (
    Metric(
        "win-rate", "Win rate", "Of the deals that were decided, the share that was won.",
        "won ÷ (won + lost)", FRACTION, UP, _both(deals.WIN_RATE, PERIOD, COHORT),
        rows="deals", counted="won", related=("revenue", "sales-cycle", "lead-to-customer"),
    ),
    Metric(
        "revenue", "Won revenue", "The amounts of the deals that were won, each deal once.",
        "sum of amounts at won", MONEY, UP, _both(deals.REVENUE, PERIOD, COHORT),
        rows="deals", related=("average-deal", "median-deal", "win-rate"),
    ),
    Metric(
        "average-deal", "Average deal", "What a won deal brought on average.",
        "won revenue ÷ won deals", MONEY, UP, _both(deals.AVERAGE_DEAL, PERIOD, COHORT),
        rows="deals", related=("median-deal", "revenue"),
    ),
    Metric(
        "median-deal", "Median deal", "Half of the won deals brought more, half less.",
        "median of amounts at won", MONEY, UP, _both(deals.MEDIAN_DEAL, PERIOD, COHORT),
        rows="deals", related=("average-deal", "revenue"),
    ),
    Metric(
        "sales-cycle", "Sales cycle", "How long a won deal took from qualified to won.",
        "date won − date qualified, in days", DAYS, DOWN, _both(deals.SALES_CYCLE, PERIOD, COHORT),
        rows="deals", related=("win-rate", "response-time"),
    ),
)  # fmt: skip
HANDOFF_METRICS = (
    Metric(
        "acceptance-rate", "Accepted by sales",
        "Of the offers that sales decided, the share it accepted. Redirects are in neither number.",
        "accepted ÷ (accepted + rejected)", FRACTION, UP, _both(handoffs.ACCEPTANCE_RATE, COHORT, PERIOD),
        counted="accepted", related=("rejections", "quality", "sal-to-sql"),
    ),
    Metric(
        "quality", "Accepted, net",
        "Accepted by sales, without rejections that count against nobody and those that a contest reversed.",
        "accepted ÷ (accepted + rejected against marketing)", FRACTION, UP,
        _both(handoffs.AGREED_ACCEPTANCE, COHORT, PERIOD),
        counted="accepted", related=("acceptance-rate", "rejections"),
    ),
    Metric(
        "rejections", "Rejected by sales",
        "Of the offers that sales decided, the share it rejected. By reason, each reason's share of them all.",
        "rejected ÷ (accepted + rejected)", FRACTION, DOWN, _both(handoffs.REJECTIONS, COHORT, PERIOD),
        counted="rejected", related=("acceptance-rate", "quality"),
    ),
    Metric(
        "volume", "Leads offered",
        "Leads offered to sales on a basis that the contract counts; one offered twice is one lead.",
        "count of distinct leads", NUMBER, UP, _both(promised.VOLUME, PERIOD), related=("offers", "mql-volume"),
        judged_by_contract=True,
    ),
    Metric(
        "completeness", "Complete data at the offer",
        "Of the leads offered, the share that had every field agreed on at the moment of the offer.",
        "complete ÷ offered", FRACTION, UP, _both(promised.COMPLETENESS, COHORT), counted="complete",
        related=("volume", "rejections"), judged_by_contract=True,
    ),
    Metric(
        "offers", "Offers", "Cycles offered to sales.", "count of offers", NUMBER, UP,
        _both(handoffs.OFFERS, PERIOD), related=("mql-volume", "acceptance-rate"),
    ),
    Metric(
        "mql-volume", "MQLs",
        "Qualifications: leads that met what both teams agreed on, or were qualified for another stated reason.",
        "count of qualifications", NUMBER, UP, _both(handoffs.MQL_VOLUME, PERIOD),
        groups=(*ALWAYS, "grade", "definition-version"), rows="qualifications",
        related=("offers", "lead-to-mql"),
    ),
    Metric(
        "sal-to-sql", "Accepted to SQL", "Of the leads that sales accepted, the share that it qualified.",
        "qualified within the horizon ÷ accepted", FRACTION, UP, _both(handoffs.SAL_TO_SQL, COHORT),
        counted="qualified", related=("sql-to-won", "acceptance-rate"),
    ),
    Metric(
        "conversion", "Accepted leads that became SQLs",
        "Of the offers of the period that sales accepted, whenever it did, the share that it qualified.",
        "qualified within the horizon ÷ accepted", FRACTION, UP, _both(handoffs.CONVERSION, COHORT),
        counted="qualified", related=("sal-to-sql", "acceptance-rate"),
    ),
    Metric(
        "meetings-held", "Meetings held",
        "Of the cycles with a booked meeting whose time has come, the share in which one took place. Meetings "
        "still to come and those called off are in neither number.",
        "with a meeting held ÷ with a meeting booked", FRACTION, UP, _both(handoffs.MEETINGS_HELD, COHORT),
        counted="held", related=("sal-to-sql", "response-time"),
    ),
    Metric(
        "sql-to-won", "SQL to won", "Of the leads that sales qualified, the share that was won.",
        "won within the horizon ÷ qualified", FRACTION, UP, _both(handoffs.SQL_TO_WON, COHORT),
        counted="won", related=("win-rate", "sal-to-sql"),
    ),
)  # fmt: skip
TIME_METRICS = (
    Metric(
        "response-time", "Response time",
        "How long offers waited for the first human attempt. One without any counts as longer than all answers.",
        "first attempt − offered", SECONDS, DOWN,
        {COHORT: handoffs.RESPONSE_TIME, DUE: clocks.RESPONSE_TIME}, groups=(*ALWAYS, "reason"),
        counted="answered", related=("buyer-wait", "attainment"),
    ),
    Metric(
        "buyer-wait", "Buyer wait",
        "How long buyers waited, from raising a hand or qualifying, for the first human attempt of any cycle.",
        "first attempt − raised", SECONDS, DOWN, {COHORT: handoffs.BUYER_WAIT, DUE: clocks.BUYER_WAIT},
        groups=ALWAYS, rows="qualifications", counted="answered", related=("response-time", "attainment"),
    ),
    Metric(
        "answer-time", "Time to answer", "How much business time passed until sales accepted or rejected.",
        "accepted or rejected − offered, in business time", SECONDS, DOWN, {DUE: clocks.ANSWER_TIME},
        groups=OF_CLOCKS, counted="answered", related=("attainment", "response-time"), judged_by_contract=True,
    ),
    Metric(
        "attainment", "In time",
        "Of the clocks that fell due, the share that ended at or before the due time. Cancelled, paused and "
        "not yet due ones are in neither number.",
        "met ÷ (met + breached); net leaves the excused out of both", FRACTION, UP,
        _both(clocks.ATTAINMENT, DUE, COHORT), groups=OF_CLOCKS, counted="met",
        related=("response-time", "buyer-wait", "answer-time"), judged_by_contract=True,
    ),
)  # fmt: skip


def _step(slug: str, name: str, came: str, measure: Measure, counted: str) -> Metric:
    """One step of the funnel: how many of the leads created in the period came that far."""
    return Metric(
        slug, name, f"Of the leads created, the share that {came}.",
        f"{counted} within the horizon ÷ leads created", FRACTION, UP, _both(measure, COHORT),
        groups=ALWAYS, rows="leads", counted=counted,
        related=tuple(other for other in ("leads-created", "lead-to-customer") if other != slug),
    )  # fmt: skip


LEAD_METRICS = (
    Metric(
        "leads-created", "Leads created", "Leads that came in, whatever became of them.", "count of leads",
        NUMBER, UP, _both(leads.LEADS_CREATED, PERIOD), groups=ALWAYS, rows="leads",
        related=("lead-to-customer",),
    ),
    _step("lead-to-mql", "Lead to MQL", "became an MQL", leads.LEAD_TO_MQL, "MQL"),
    _step("lead-to-offer", "Lead to offer", "was offered to sales", leads.LEAD_TO_OFFER, "offered"),
    _step("lead-to-accepted", "Lead to accepted", "sales accepted", leads.LEAD_TO_ACCEPTED, "accepted"),
    _step("lead-to-sql", "Lead to SQL", "sales qualified", leads.LEAD_TO_SQL, "SQL"),
    _step("lead-to-customer", "Lead to customer", "was won", leads.LEAD_TO_CUSTOMER, "won"),
)  # fmt: skip

FAMILIES: Mapping[str, tuple[Metric, ...]] = {
    "Deals": DEAL_METRICS,
    "Handoffs": HANDOFF_METRICS,
    "Time": TIME_METRICS,
    "Leads": LEAD_METRICS,
}
METRICS: Mapping[str, Metric] = {metric.slug: metric for family in FAMILIES.values() for metric in family}


def metric(slug: str) -> Metric:
    """The metric of this name. Raises Invalid."""
    if slug not in METRICS:
        raise Invalid({"metric": f"There is no metric “{slug}”."})
    return METRICS[slug]
