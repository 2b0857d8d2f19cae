"""The lifecycle of domain section 3: one pure decision per verb, for services and for history alike.

`decide(journey, act)` answers the new state and the journal rows, or raises Conflict where the state
forbids the act. Who may act is authority.py's business; what it does to clocks is nobody's here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from common.refusals import Conflict
from leads.engine import journey as j
from leads.engine import takeover
from leads.engine.journey import Act, Cycle, Decision, Journey, Row, Span

MAX_REDIRECTS = 2
STAGE_AFTER_REJECT = {"fix": j.MARKETING_QUALIFIED, "nurture": j.RECYCLED, "close": j.DISQUALIFIED}
STAGE_OF_STATUS = {
    "offered": j.MARKETING_QUALIFIED,
    "accepted": j.SALES_ACCEPTED,
    "qualified": j.SALES_QUALIFIED,
}
WORDS = {
    "": "not offered yet",
    "offered": "offered and not answered",
    "returned": "returned to marketing",
    "accepted": "accepted",
    "qualified": "qualified",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "disqualified": "disqualified",
    "recycled": "recycled",
    "won": "won",
    "lost": "lost",
}


def decide(journey: Journey, act: Act) -> Decision:
    """The one decision of `act.verb` in this state. Raises Conflict (the state forbids it) or KeyError."""
    decision = VERBS[act.verb](journey, act)
    return decision if act.verb in takeover.LEAVES_OPEN else takeover.closed(decision)


def refuse(journey: Journey, sentence: str) -> Conflict:
    """A conflict that knows the state of the cycle and since when it is so."""
    cycle = journey.cycle
    status = cycle.status if cycle else ""
    at = (cycle.closed_at or cycle.answered_at or cycle.offered_at) if cycle else None
    return Conflict(sentence, state=status, at=at)


def _cycle(journey: Journey, allowed: tuple[str, ...], doing: str) -> Cycle:
    cycle = journey.cycle
    if cycle is None or cycle.status not in allowed:
        words = WORDS[cycle.status if cycle else ""]
        raise refuse(journey, f"This lead is {words}, so it cannot be {doing}.")
    return cycle


def _decision(
    journey: Journey,
    cycle: Cycle,
    kind: str,
    act: Act,
    stage: str = "",
    span: Span | None = None,
    **data: Any,
) -> Decision:
    after = Journey(stage=stage or journey.stage, cycle=cycle)
    return Decision(after, (Row(kind, {**act.data, **data}),), span)


def _close(journey: Journey, cycle: Cycle, kind: str, act: Act, stage: str, **data: Any) -> Decision:
    closed = replace(cycle, status=kind, closed_at=act.at, paused_at=None, until_on=act.until)
    span = Span(cycle.team, cycle.holder, "answered" if kind == "rejected" else "closed")
    data |= {"from": cycle.status} | ({"until": act.until.isoformat()} if act.until else {})
    return _decision(journey, closed, kind, act, stage, span, **data)


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
    return _decision(journey, cycle, "offered", act, span=Span(act.team, act.person, ""), **data)


def claim(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("offered", "accepted"), "claimed")
    if not takeover.may_claim(cycle, act.by):
        raise Conflict("Someone already holds this lead.", state=cycle.status)
    claimed, span = replace(cycle, holder=act.by), Span(cycle.team, act.by, "claimed")
    return _decision(journey, claimed, "claimed", act, span=span, person=act.by, **takeover.taken_from(cycle))


def open_to_team(journey: Journey, act: Act) -> Decision:
    """From now on anyone of the team may claim it from its holder, until somebody acts on it."""
    cycle = _cycle(journey, ("offered", "accepted"), "opened to the team")
    if cycle.holder is None:
        raise refuse(journey, "This lead lies in the pool: anyone of the team may claim it already.")
    return _decision(journey, replace(cycle, takeover_at=act.at), "takeover", act)


def accept(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("offered", "returned"), "accepted")
    holder = cycle.holder if cycle.holder is not None else act.by
    accepted = replace(
        cycle, status="accepted", holder=holder, answered_at=act.at, answered_by=act.by, accepted_at=act.at
    )
    span = Span(cycle.team, holder, "answered") if holder != cycle.holder else None
    by = {"person": holder, "by": act.data.get("by", "act")}
    return _decision(journey, accepted, "accepted", act, j.SALES_ACCEPTED, span, **by)


def reject(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("offered", "returned"), "rejected")
    if cycle.contact_made:
        raise refuse(
            journey, "Contact was made, so this lead can be accepted and then disqualified, not rejected."
        )
    answered = replace(cycle, answered_at=act.at, answered_by=act.by)
    stage = STAGE_AFTER_REJECT.get(act.next_step, j.RECYCLED)
    return _close(journey, answered, "rejected", act, stage, next_step=act.next_step or "nurture")


def redirect(journey: Journey, act: Act) -> Decision:
    """To another team. The third goes to the holding team's manager instead, and no further."""
    cycle = _cycle(journey, ("offered",), "redirected")
    if cycle.redirects > MAX_REDIRECTS:
        raise refuse(journey, "This lead was redirected twice and is now the sales manager's to answer.")
    if cycle.redirects == MAX_REDIRECTS:
        kept = replace(cycle, holder=act.manager, redirects=cycle.redirects + 1)
        people: dict[str, Any] = {
            "from_team": cycle.team,
            "team": cycle.team,
            "from_person": cycle.holder,
            "person": act.manager,
        }
        span = Span(cycle.team, act.manager, "redirected")
        return _decision(journey, kept, "reassigned", act, span=span, **people, escalated=True)
    moved = replace(cycle, team=act.team, holder=act.person, redirects=cycle.redirects + 1, paused_at=None)
    span = Span(act.team, act.person, "redirected")
    data: dict[str, Any] = {"from_team": cycle.team, "team": act.team, "person": act.person}
    return _decision(journey, moved, "redirected", act, span=span, **data)


def return_for_info(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("offered",), "returned")
    return _decision(journey, replace(cycle, status="returned", paused_at=None), "returned", act)


def resupply(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("returned",), "resupplied")
    return _decision(journey, replace(cycle, status="offered"), "resupplied", act)


def withdraw(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("offered", "returned"), "withdrawn")
    return _close(journey, cycle, "withdrawn", act, j.MARKETING_QUALIFIED)


def attempt(journey: Journey, act: Act) -> Decision:
    """A human attempt. Outbound on an unanswered offer, by one who may accept, it also accepts."""
    cycle = _cycle(journey, tuple(j.OPEN), "worked on")
    before: tuple[Row, ...] = ()
    span = None
    if act.accepts and act.outbound and cycle.status in ("offered", "returned"):
        accepted = accept(journey, replace(act, data={"by": "attempt"}))
        journey, before, span = accepted.journey, accepted.rows, accepted.span
        cycle = journey.cycle or cycle
    tried = replace(
        cycle,
        attempts_count=cycle.attempts_count + 1,
        contact_made=cycle.contact_made or act.contact,
        first_response_at=cycle.first_response_at or act.at,
    )
    row = Row("contacted" if act.contact else "attempted", act.data)
    return Decision(Journey(journey.stage, tried), (*before, row), span)


def qualify(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("accepted",), "qualified")
    return _decision(
        journey, replace(cycle, status="qualified", qualified_at=act.at), "qualified", act, j.SALES_QUALIFIED
    )


def pass_on(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("qualified",), "passed to a closer")
    if cycle.awaits_taking:
        raise refuse(journey, "This lead is already passed and waits to be taken.")
    passed = replace(
        cycle, setter=cycle.holder, setter_team=cycle.team, team=act.team, holder=act.person, passed_at=act.at,
        taken_at=None,
    )  # fmt: skip
    span = Span(act.team, act.person, "passed", part="closer")
    return _decision(journey, passed, "passed", act, span=span, team=act.team, person=act.person)


def take(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("qualified",), "taken")
    if not cycle.awaits_taking:
        raise refuse(journey, "This lead does not wait to be taken.")
    holder = cycle.holder if cycle.holder is not None else act.by
    span = Span(cycle.team, holder, "claimed", part="closer") if holder != cycle.holder else None
    return _decision(journey, replace(cycle, taken_at=act.at, holder=holder), "taken", act, span=span)


def send_back(journey: Journey, act: Act) -> Decision:
    """Back to the setter who passed it, as an accepted lead."""
    cycle = _cycle(journey, ("qualified",), "sent back")
    if cycle.passed_at is None:
        raise refuse(journey, "This lead was not passed, so it cannot be sent back.")
    back = replace(
        cycle, status="accepted", team=cycle.setter_team, holder=cycle.setter, passed_at=None, taken_at=None,
        qualified_at=None,
    )  # fmt: skip
    span = Span(cycle.setter_team, cycle.setter, "sent_back")
    return _decision(journey, back, "sent_back", act, j.SALES_ACCEPTED, span)


def disqualify(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("accepted", "qualified"), "disqualified")
    return _close(journey, cycle, "disqualified", act, j.DISQUALIFIED)


def recycle(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, ("accepted", "qualified"), "recycled")
    return _close(journey, cycle, "recycled", act, j.RECYCLED)


def win(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN) if act.joined else ("qualified",), "won")
    return _close(journey, cycle, "won", act, j.CUSTOMER)


def lose(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN) if act.joined else ("qualified",), "lost")
    return _close(journey, cycle, "lost", act, j.RECYCLED if act.until else j.DISQUALIFIED)


def reassign(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN), "reassigned")
    data: dict[str, Any] = {
        "from_team": cycle.team,
        "team": act.team,
        "from_person": cycle.holder,
        "person": act.person,
    }
    part = "closer" if cycle.passed_at is not None else "setter"
    span = Span(act.team, act.person, "reassigned", part)
    return _decision(
        journey, replace(cycle, team=act.team, holder=act.person), "reassigned", act, span=span, **data
    )


def pause(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN), "paused")
    if cycle.paused_at is not None:
        raise refuse(journey, "This lead is already paused.")
    return _decision(journey, replace(cycle, paused_at=act.at), "paused", act)


def resume(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN), "resumed")
    if cycle.paused_at is None:
        raise refuse(journey, "This lead is not paused.")
    return _decision(journey, replace(cycle, paused_at=None), "resumed", act)


def raise_again(journey: Journey, act: Act) -> Decision:
    cycle = _cycle(journey, tuple(j.OPEN), "raised again")
    return _decision(journey, cycle, "raised_again", act)


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
    return _decision(journey, cycle, "reopened", act, STAGE_OF_STATUS[status], span, **data)


VERBS: dict[str, Callable[[Journey, Act], Decision]] = {
    "mql": mql, "offer": offer, "claim": claim, "takeover": open_to_team, "accept": accept, "reject": reject,
    "redirect": redirect, "return": return_for_info, "resupply": resupply, "withdraw": withdraw, "attempt": attempt,
    "qualify": qualify, "pass": pass_on, "take": take, "send_back": send_back, "disqualify": disqualify,
    "recycle": recycle, "win": win, "lose": lose, "reassign": reassign, "pause": pause, "resume": resume,
    "raise_again": raise_again, "set_aside": set_aside, "wake": wake, "reopen": reopen,
}  # fmt: skip
