"""The ledger: every promise of the contract in force, and how far it is kept in the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from common.templatetags.words import pct
from common.templatetags.words import span as time_span
from dashboards import period_lines
from dashboards.drilldown import figure_url, rows_url
from dashboards.engine import verdicts
from dashboards.engine.figures import States
from dashboards.kpis import clocks
from dashboards.ledger_line import Promise, Told, joint_goal, rate_line
from dashboards.scope import Scope
from sla.models import Clock, Commitment, ContractVersion

Kind = Commitment.Kind
NAMES = {
    Kind.HANDOVER: "Handed over", Kind.REWORK: "Rework", Kind.ANSWER: "Answered",
    Kind.FIRST_RESPONSE: "First response", Kind.FOLLOW_UP: "Followed up", Kind.DISPOSITION: "Outcome",
    Kind.TAKE: "Taken", Kind.RE_RESPONSE: "Answered again", Kind.MEETING: "Meeting held",
    Kind.BUYER_WAIT: "Buyer wait",
}  # fmt: skip
AFTER_CLOCKS = (
    Kind.CONVERSION,
    Kind.BRIEF_READ,
)  # sales answers first, then comes what it makes of the leads
ORDER = (*(kind for kind in period_lines.NAMES if kind not in AFTER_CLOCKS), *NAMES, *AFTER_CLOCKS)
ON_CLOCKS = frozenset(Clock.Kind.values)
OF_NO_TEAM = (Kind.HANDOVER, Kind.BUYER_WAIT)  # they start before a team holds the lead
LATE = "bad"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side promised the other."""

    promises: list[Promise]

    @property
    def summary(self) -> str:
        """3 of 4 kept, 2 not judged: too few, nothing measured, or promised otherwise than asked here."""
        found = [promise.verdict for promise in self.promises]
        unjudged = sum(verdict in (verdicts.FEW, verdicts.OPEN, verdicts.NONE) for verdict in found)
        judged = (
            f"{found.count(verdicts.KEPT)} of {len(found) - unjudged} kept" if len(found) > unjudged else ""
        )
        return ", ".join(filter(None, [judged, f"{unjudged} not judged" if unjudged else ""]))


@dataclass(frozen=True, slots=True)
class Ledger:
    """Both sides, what they promised together, and where late buyers lost their time."""

    contract: ContractVersion
    marketing: Side
    sales: Side
    joint: Side
    late_waits: int = 0
    late_waits_url: str = ""
    with_marketing: float | None = None

    @property
    def parts(self) -> list[Mapping[str, object]]:
        share = self.with_marketing or 0
        return [{"value": share * 100, "tone": "mkt"}, {"value": (1 - share) * 100, "tone": "sal"}]


def ledger(scope: Scope, contract: ContractVersion | None) -> Ledger | None:
    """None before the first contract. Several commitments of one kind are one line, their goals weighed."""
    if contract is None:
        return None
    commitments = list(contract.commitments.all())
    found = _states_by_kind(scope)
    sides: dict[str, list[Promise]] = {"marketing": [], "sales": [], "joint": []}
    over_periods = period_lines.lines(scope, contract)
    for kind in ORDER:
        for promise in over_periods.get(kind, ()):
            sides[promise.side].append(promise)
        of_kind = [commitment for commitment in commitments if commitment.kind == kind]
        if of_kind and kind in ON_CLOCKS:
            sides[of_kind[0].side].append(_of_clocks(scope, of_kind, found.get(kind, {})))
    metric, question = scope.question("attainment", clock=Kind.BUYER_WAIT)
    waits = clocks.late_waits(question)
    return Ledger(
        contract, Side(sides["marketing"]), Side(sides["sales"]), Side(sides["joint"]),
        len(waits), rows_url(metric, question, LATE), verdicts.lost_with_marketing(waits),
    )  # fmt: skip


def answer_goal(scope: Scope, contract: ContractVersion | None) -> float | None:
    """The share of answers in time that the contract promises, in per cent."""
    of_kind = contract.commitments.all() if contract else ()
    goal = verdicts.joint_goal(
        (0, float(one.goal)) for one in of_kind if one.kind == Kind.ANSWER and one.goal
    )
    return None if goal is None else goal * 100


def _states_by_kind(scope: Scope) -> dict[str, dict[Commitment, States]]:
    """Clocks due in the period under whatever version they began."""
    _, question = scope.question("attainment", by="commitment")
    figures = clocks.STATES.figures(question)
    known = Commitment.objects.in_bulk(list(figures))
    found: dict[str, dict[Commitment, States]] = {}
    for pk, states in figures.items():
        found.setdefault(known[pk].kind, {})[known[pk]] = states  # type: ignore[assignment]
    return found


def _of_clocks(
    scope: Scope, commitments: Sequence[Commitment], states: Mapping[Commitment, States]
) -> Promise:
    kind, side = commitments[0].kind, commitments[0].side
    every = sum(states.values(), States())
    net, gross = every.attainment.net, every.attainment.gross
    measured = [(figures.n, float(one.goal)) for one, figures in states.items() if one.goal is not None]
    goal = verdicts.joint_goal(measured) if measured else joint_goal(commitments)
    note = f"{net.missed:,} of {net.n:,} late" if net.n else _nothing_due(kind, scope)
    if every.exc:
        note += f". Gross {pct(gross.value)}" if gross.n >= 10 else f". {every.exc} excused"
    metric, question = scope.question("attainment", clock=kind)
    late_url = rows_url(metric, question, LATE) if net.n else ""
    told = Told(side, note, figure_url(metric, question), late_url)
    return rate_line(_name(kind, commitments), net, goal, scope, told)


def _nothing_due(kind: str, scope: Scope) -> str:
    if scope.filters.team is not None and kind in OF_NO_TEAM:
        return "Not told apart by team: no team held the lead yet"
    return "None has fallen due yet"


def _target_words(target: timedelta) -> str:
    """4 h, 1 h 30 m: a whole hour has no minutes."""
    return time_span(target).removesuffix(" 00 m")


def _name(kind: str, commitments: Sequence[Commitment]) -> str:
    """With one commitment its target is in the name; with several the name says only what is measured."""
    name, only = NAMES[Kind(kind)], commitments[0]
    if kind == Kind.BUYER_WAIT:
        return f"{name} within target"
    if len(commitments) > 1 or only.target is None:
        return f"{name} in time"
    if only.attempts and kind == Kind.FOLLOW_UP:
        name = f"{name} {only.attempts} times"
    return (
        f"{name} within {only.target_days} days"
        if only.target_days
        else f"{name} within {_target_words(only.target)}"
    )
