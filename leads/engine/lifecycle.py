"""The lifecycle of domain section 3: one pure decision per verb, for services and for history alike.

`decide(journey, act)` answers the new state and the journal rows, or raises Conflict where the state
forbids the act. Who may act is authority.py's business; what it does to clocks is nobody's here.
"""

from __future__ import annotations

from collections.abc import Callable

from leads.engine import takeover
from leads.engine.journey import Act, Decision, Journey
from leads.engine.verbs import answers, meetings, offers, passing, pauses, work


def decide(journey: Journey, act: Act) -> Decision:
    """The one decision of `act.verb` in this state. Raises Conflict (the state forbids it) or KeyError."""
    decision = pauses.ended(journey, VERBS[act.verb](journey, act), act)
    return decision if act.verb in takeover.LEAVES_OPEN else takeover.closed(decision)


VERBS: dict[str, Callable[[Journey, Act], Decision]] = {
    "mql": offers.mql, "offer": offers.offer, "resupply": offers.resupply, "withdraw": offers.withdraw,
    "set_aside": offers.set_aside, "wake": offers.wake, "reopen": offers.reopen, "claim": answers.claim,
    "takeover": answers.open_to_team, "accept": answers.accept, "reject": answers.reject,
    "redirect": answers.redirect, "return": answers.return_for_info, "attempt": work.attempt,
    "qualify": work.qualify, "disqualify": work.disqualify, "recycle": work.recycle, "win": work.win,
    "lose": work.lose, "reassign": work.reassign, "raise_again": work.raise_again, "pass": passing.pass_on,
    "take": passing.take, "send_back": passing.send_back, "pause": pauses.pause, "resume": pauses.resume,
    "book_meeting": meetings.book, "move_meeting": meetings.move, "hold_meeting": meetings.hold,
    "miss_meeting": meetings.miss, "call_off_meeting": meetings.call_off,
}  # fmt: skip
