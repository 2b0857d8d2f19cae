"""Which acts a person may do on a handoff as it stands: for buttons. The services decide for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.engine.standing import Standing
from common.refusals import DomainError
from leads.engine import authority, lifecycle
from leads.engine import journey as j
from leads.models import Handoff, Lead, Stage
from leads.services.acts import cycle_of
from leads.services.reopening import CLOSED_BY

EVER = datetime(2000, 1, 1, tzinfo=UTC)  # the moment changes no answer to whether an act is possible


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: its word in addresses and in the rules, what its button says, and its key."""

    slug: str
    engine: str
    label: str
    icon: str
    key: str = ""
    direct: bool = False  # one click does it; the others ask first
    on: str = "handoff"


VERBS = {
    verb.slug: verb
    for verb in (
        Verb("accept", "accept", "Accept", "check", "a", direct=True),
        Verb("reject", "reject", "Reject", "x", "r"),
        Verb("redirect", "redirect", "Redirect", "route", "e"),
        Verb("return", "return", "Return", "arrow-back-up", "i"),
        Verb("resupply", "resupply", "Resupply", "send"),
        Verb("withdraw", "withdraw", "Withdraw", "arrow-left"),
        Verb("claim", "claim", "Claim", "hand-finger", direct=True),
        Verb("log", "attempt", "Log", "phone", "l"),
        Verb("qualify", "qualify", "Qualify", "star", "s"),
        Verb("pass", "pass", "Pass", "user-up"),
        Verb("take", "take", "Take", "check", "a", direct=True),
        Verb("send-back", "send_back", "Send back", "arrow-back-up"),
        Verb("disqualify", "disqualify", "Disqualify", "ban"),
        Verb("recycle", "recycle", "Recycle", "recycle"),
        Verb("win", "win", "Win", "trophy"),
        Verb("lose", "lose", "Lose", "thumb-down"),
        Verb("reassign", "reassign", "Reassign", "user-plus"),
        Verb("meeting", "move_meeting", "Meeting", "calendar-event"),
        Verb("pause", "pause", "Pause", "player-pause"),
        Verb("resume", "resume", "Resume", "player-play", direct=True),
        Verb("reopen", "reopen", "Reopen", "refresh"),
    )
}

# What marketing does with a lead that is not with sales, by its stage.
LEAD_VERBS: dict[str, tuple[Verb, ...]] = {
    Stage.INQUIRY: (Verb("mark-mql", "mql", "Mark as MQL", "star", on="lead"),),
    Stage.MARKETING_QUALIFIED: (
        Verb("offer", "offer", "Offer to sales", "send", on="lead"),
        Verb("set-aside", "set_aside", "Set aside", "ban", on="lead"),
    ),
    Stage.RECYCLED: (Verb("wake", "wake", "Wake", "sunrise", on="lead"),),
    Stage.DISQUALIFIED: (Verb("wake", "wake", "Wake", "sunrise", on="lead"),),
}

# Where buttons stand, by situation: in the row, at its end, in the menu. The first of the row is the main act.
PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "offered": (("accept", "reject", "return", "log"), ("redirect",), ("claim", "withdraw", "reassign")),
    "returned": (("resupply", "accept", "reject", "log"), ("withdraw",), ("reassign",)),
    "tried": (("qualify", "log"), ("recycle", "disqualify"), ("claim", "reassign")),
    "untried": (("log", "qualify"), ("recycle", "disqualify"), ("claim", "reassign")),
    "passed": (("take", "send-back", "log"), ("win", "lose"), ("recycle", "disqualify", "reassign")),
    "to_pass": (("pass", "log"), ("win", "lose"), ("send-back", "recycle", "disqualify", "reassign")),
    "qualified": (("win", "lose", "log"), ("pass", "send-back"), ("recycle", "disqualify", "reassign")),
    "closed": (("reopen",), (), ()),
}
EVERYWHERE = ("meeting", "pause", "resume")


@dataclass(frozen=True, slots=True)
class Buttons:
    """The verbs that a person is shown: in the row (the first is the main act), at its end, in the menu."""

    row: tuple[Verb, ...] = ()
    end: tuple[Verb, ...] = ()
    menu: tuple[Verb, ...] = ()

    @property
    def phone(self) -> tuple[Verb, ...]:
        """Three for the thumb, the main act last."""
        kept = [verb for verb in self.row if verb.slug != "return"]
        return (*kept[1:3], *kept[:1])

    @property
    def below(self) -> tuple[Verb, ...]:
        """On a phone, what the thumb's three leave over: shown too, as a menu would cost one more tap."""
        return tuple(verb for verb in (*self.row, *self.end) if verb not in self.phone)

    @property
    def main(self) -> Verb | None:
        return self.row[0] if self.row else None


def buttons_for(standing: Standing, lead: Lead, handoff: Handoff | None) -> Buttons:
    """Read from the same rules that the services ask, so that no button is shown in vain."""
    if handoff is not None and handoff.is_open:
        return _on_cycle(standing, handoff)
    rest = _on_cycle(standing, handoff) if handoff else Buttons()
    ours = LEAD_VERBS.get(lead.stage, ()) if standing.is_marketing else ()
    return Buttons(ours, (), rest.row) if ours else rest


def _on_cycle(standing: Standing, handoff: Handoff) -> Buttons:
    row, end, menu = (
        tuple(VERBS[slug] for slug in slugs if may(standing, handoff, slug)) for slugs in _places(handoff)
    )
    return Buttons(row, end, menu + tuple(VERBS[slug] for slug in EVERYWHERE if may(standing, handoff, slug)))


def _places(handoff: Handoff) -> tuple[tuple[str, ...], ...]:
    """Of a lead that is open to the team, claiming is the main act of everyone but its holder."""
    row, end, menu = PLACES[situation(handoff)]
    if handoff.takeover_at is None:
        return row, end, menu
    return ("claim", *row), end, tuple(slug for slug in menu if slug != "claim")


def situation(handoff: Handoff) -> str:
    """Which set of acts fits: the status, and within it what comes next."""
    if not handoff.is_open:
        return "closed"
    if handoff.status == Handoff.Status.ACCEPTED:
        return "tried" if handoff.first_response_at or handoff.meeting_at else "untried"
    if handoff.status == Handoff.Status.QUALIFIED:
        return "passed" if cycle_of(handoff).awaits_taking else _with_whom(handoff)
    return handoff.status


def _with_whom(handoff: Handoff) -> str:
    """A setter passes what is qualified to a closer; who works the full cycle, or took it, closes it."""
    setters = handoff.team is not None and not handoff.team.full_cycle
    return "to_pass" if setters and handoff.passed_at is None else "qualified"


def may(standing: Standing, handoff: Handoff, slug: str) -> bool:
    if slug == "pass" and handoff.team is not None and handoff.team.full_cycle:
        return False
    try:
        check(standing, handoff, slug)
    except DomainError:
        return False
    return True


def manages_sales(standing: Standing) -> bool:
    """Whether this person may give leads of some team to others."""
    return any(standing.manages(team) for team in (None, *standing.team_ids))


def check(standing: Standing, handoff: Handoff, slug: str) -> None:
    """Raises NotAllowed or Conflict as the service would, in its order: side, state, holder."""
    cycle = cycle_of(handoff)
    verb = VERBS[slug].engine
    right = CLOSED_BY.get(handoff.status, "reject") if verb == "reopen" else verb
    authority.may_try(right, standing, cycle)
    act = j.Act(verb, EVER, standing.person, team=cycle.team, resumes_as="offered")
    lifecycle.decide(j.Journey(j.MARKETING_QUALIFIED, cycle), act)
    authority.may_hold(right, standing, cycle)
