"""Who may do which verb (domain section 3): pure rules over a person's standing and the cycle's holder.

Two questions, asked in this order around the decision: `may_try` before the state is judged (the wrong
side or team: 403), `may_hold` after it (so that a lost race within the team is a 409, not a 403).
"""

from __future__ import annotations

from accounts.engine.standing import Standing
from common.refusals import NotAllowed
from leads.engine.journey import Cycle

MARKETING = frozenset({"mql", "offer", "resupply", "withdraw", "set_aside", "wake"})
BY_THE_HOLDER = frozenset(
    {"claim", "accept", "reject", "redirect", "return", "qualify", "pass", "take", "send_back", "disqualify",
     "recycle", "win", "lose", "pause", "resume", "move_meeting", "call_off_meeting"}
)  # fmt: skip

BY_THE_SETTER_TOO = frozenset({"attempt", "book_meeting", "hold_meeting", "miss_meeting"})


class HeldByAnother(NotAllowed):
    """The act is the holder's, and that is somebody else: rules know no names, who asked them adds it."""

    late = True  # a colleague may have claimed it a moment ago


def may_try(verb: str, standing: Standing, cycle: Cycle | None) -> None:
    """Raises NotAllowed unless the person stands on the side and in the team whose act this is."""
    if verb in MARKETING:
        if not standing.is_marketing:
            raise NotAllowed("Only marketing can do this.")
    elif verb == "reassign":
        if not (cycle and standing.manages(cycle.team)):
            raise NotAllowed("Only the sales manager of the team that holds this lead can reassign it.")
    elif not _belongs(verb, standing, cycle):
        raise NotAllowed("Only the sales team that holds this lead can do this.")


def may_hold(verb: str, standing: Standing, cycle: Cycle | None) -> None:
    """Raises NotAllowed unless the person holds the cycle, manages its team, or it lies in the pool.

    HeldByAnother where the holder alone stands in the way.
    """
    if verb not in BY_THE_HOLDER or cycle is None:
        return
    if verb == "redirect" and cycle.redirects > 2:
        raise NotAllowed("This lead was redirected twice and is now the sales manager's to answer.")
    if cycle.holder is None or cycle.holder == standing.person or standing.manages(cycle.team):
        return
    if verb == "claim" and cycle.takeover_at is not None:
        return
    raise HeldByAnother("Someone else holds this lead. The holder or the sales manager can do this.")


def may_accept(standing: Standing, cycle: Cycle) -> bool:
    """Whether an outbound attempt by this person would also accept an unanswered offer."""
    if not (standing.sells_in(cycle.team) or standing.manages(cycle.team)):
        return False
    return cycle.holder in (None, standing.person) or standing.manages(cycle.team)


def _belongs(verb: str, standing: Standing, cycle: Cycle | None) -> bool:
    if cycle is None:
        return False
    if standing.sells_in(cycle.team) or standing.manages(cycle.team):
        return True
    return verb in BY_THE_SETTER_TOO and cycle.setter is not None and cycle.setter == standing.person
