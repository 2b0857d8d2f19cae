"""One line of the ledger, and how a rate becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common.templatetags.words import agreed_pct, pct
from dashboards import shown
from dashboards.engine import verdicts
from dashboards.engine.figures import Rate
from dashboards.scope import Scope
from sla.models import Commitment

TONES = {"marketing": "mkt", "sales": "sal", "joint": "ink"}


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the ledger, as `components/promise.html` draws it. `mark` says more than the verdict does."""

    side: str
    name: str
    figure: str
    url: str
    target: str
    verdict: str
    note: str
    note_url: str = ""
    percent: float | None = None
    tick: float | None = None
    low: float | None = None
    high: float | None = None
    mark: str = ""
    outlook: str = ""
    history_url: str = ""

    @property
    def tone(self) -> str:
        return TONES[self.side]

    @property
    def label(self) -> str:
        return f"{self.name}: {self.figure}, promised {self.target}"


@dataclass(frozen=True, slots=True)
class Told:
    """What stands around a figure: whose promise it is, the sum in words, and where its rows are."""

    side: str
    note: str
    url: str
    note_url: str = ""
    history_url: str = ""
    outlook: str = ""


def rate_line(name: str, figure: Rate, goal: float | None, scope: Scope, told: Told) -> Promise:
    said = shown.rate(figure)
    return Promise(
        told.side, name, said.text, told.url, goal_words(goal),
        verdicts.of_rate(figure, goal, scope.gone) if goal is not None else verdicts.NONE,
        said.sum if said.few else told.note, "" if said.few else told.note_url,
        percent=said.percent, tick=None if goal is None else goal * 100, low=said.low, high=said.high,
        outlook=told.outlook, history_url=told.history_url,
    )  # fmt: skip


def joint_goal(commitments: Iterable[Commitment]) -> float | None:
    return verdicts.joint_goal((0, float(one.goal)) for one in commitments if one.goal is not None)


def goal_words(goal: float | None) -> str:
    """As the contract says it; the mean of several is rounded."""
    if goal is None:
        return "no goal"
    return agreed_pct(round(goal, 4)) if round(goal * 10_000, 6).is_integer() else pct(goal)
