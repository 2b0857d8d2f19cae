"""Marketing's acts: qualify, offer, resupply, withdraw, set aside, wake; and a closed cycle that goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leads.engine import journey as j
from leads.engine.journey import Act, Cycle, Decision, Journey, Row, Span
from leads.engine.verbs.deciding import closed, cycle_in, decided, refuse

STAGE_OF_STATUS = {
    "offered": j.MARKETING_QUALIFIED,
    "accepted": j.SALES_ACCEPTED,
    "qualified": j.SALES_QUALIFIED,
}


def mql(journey: Journey, act: Act) -> Decision:
    """A qualification. During an open cycle only a hand raise makes one, and that is `raised_again`."""
    if journey.open_cycle:
        raise refuse(journey, "This lead is already with sales, so it cannot be qualified again.")
    stage = journey.stage if journey.stage == j.CUSTOMER else j.MARKETING_QUALIFIED
    return Decision(Journey(stage, journey.cycle), (Row("mql", act.data),))


def offer(journey: Journey, act: Act) -> Decision:
    if journey.open_cycle:
        raise refuse(journey, "This lead already has an open handoff.")
    if journey.stage != j.MARKETING_QUALIFIED and not (act.hand_raise and journey.stage == j.CUSTOMER):
        raise refuse(journey, "Only an MQL can be offered to sales.")
    cycle = Cycle(status="offered", team=act.team, holder=act.person, offered_at=act.at)
    data: dict[str, Any] = {"team": act.team, "person": act.person}
    return decided(journey, cycle, "offered", act, span=Span(act.team, act.person, ""), **data)


def resupply(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("returned",), "resupplied")
    return decided(journey, replace(cycle, status="offered"), "resupplied", act)


def withdraw(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("offered", "returned"), "withdrawn")
    return closed(journey, cycle, "withdrawn", act, j.MARKETING_QUALIFIED)


def set_aside(journey: Journey, act: Act) -> Decision:
    if journey.stage != j.MARKETING_QUALIFIED or journey.open_cycle:
        raise refuse(journey, "Only an MQL without an open handoff can be set aside.")
    stage = j.RECYCLED if act.stage == j.RECYCLED else j.DISQUALIFIED
    return Decision(Journey(stage, journey.cycle), (Row("set_aside", {**act.data, "stage": stage}),))


def wake(journey: Journey, act: Act) -> Decision:
    if journey.stage not in (j.RECYCLED, j.DISQUALIFIED):
        raise refuse(journey, "Only a recycled or disqualified lead can be woken.")
    return Decision(Journey(j.INQUIRY, journey.cycle), (Row("woken", act.data),))


def reopen(journey: Journey, act: Act) -> Decision:
    """A new cycle in the state that the closing verb left; the old one stays as it was."""
    old = journey.cycle
    if old is None or old.is_open:
        raise refuse(journey, "Only a closed handoff can be reopened.")
    status = "offered" if act.resumes_as == "returned" else act.resumes_as
    cycle = Cycle(
        status=status, team=old.team, holder=act.person, setter=old.setter, setter_team=old.setter_team,
        offered_at=act.at, accepted_at=act.at if status != "offered" else None,
        answered_at=act.at if status != "offered" else None,
        qualified_at=act.at if status == "qualified" else None,
    )  # fmt: skip
    span = Span(old.team, act.person, "")
    data = {"status": status, "team": old.team, "person": act.person}
    return decided(journey, cycle, "reopened", act, STAGE_OF_STATUS[status], span, **data)
