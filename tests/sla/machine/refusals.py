"""What each verb refuses, by domain section 3: who may do it, from which state, and to whom."""

from __future__ import annotations

from typing import Any

from tests.sla.machine.lead import OPEN, Cycle, Lead
from tests.sla.machine.verbs import MINIMUM_OF_ATTEMPTS, Verb
from tests.sla.machine.world import World

MARKETING = ("mark_mql", "set_aside", "wake", "offer", "resupply", "withdraw")
HOLDERS = (
    "claim", "accept", "reject", "redirect", "return", "qualify", "pass", "take", "send_back", "disqualify",
    "recycle", "win", "lose", "pause", "resume",
)  # fmt: skip
FROM = {
    "claim": ("offered", "accepted"), "accept": ("offered", "returned"), "reject": ("offered", "returned"),
    "redirect": ("offered",), "return": ("offered",), "resupply": ("returned",), "withdraw": ("offered", "returned"),
    "attempt": OPEN, "qualify": ("accepted",), "pass": ("qualified",), "take": ("qualified",),
    "send_back": ("qualified",), "disqualify": ("accepted", "qualified"), "recycle": ("accepted", "qualified"),
    "win": ("qualified",), "lose": ("qualified",), "reassign": OPEN, "pause": OPEN, "resume": OPEN,
}  # fmt: skip
CLOSED_BY = {
    "rejected": "reject", "withdrawn": "withdraw", "disqualified": "disqualify", "recycled": "recycle",
    "won": "win", "lost": "lose",
}  # fmt: skip


def refuses(lead: Lead, verb: Verb) -> str:
    """Why this cannot be done now; empty if it can."""
    if verb.name == "touch":
        return ""
    if verb.name in MARKETING and verb.by != "marketer":
        return "only marketing"
    if verb.name in ("mark_mql", "set_aside", "wake", "offer"):
        return _refuses_marketing(lead, verb)
    cycle = lead.cycle
    if cycle is None:
        return "no cycle"
    if verb.name == "reopen":
        return (
            "it is open" if cycle.is_open else _refuses_person(lead, cycle, CLOSED_BY[cycle.status], verb.by)
        )
    if cycle.status not in FROM[verb.name]:
        return f"it is {cycle.status}"
    return _refuses_person(lead, cycle, verb.name, verb.by) or _refuses_state(lead, cycle, verb)


def _refuses_marketing(lead: Lead, verb: Verb) -> str:
    if lead.is_open:
        return "a cycle is open"
    raised = bool(lead.raises) and lead.raises[-1]
    allowed = {
        "mark_mql": lead.stage == "inquiry",
        "set_aside": lead.stage == "marketing_qualified",
        "wake": lead.stage in ("recycled", "disqualified"),
        "offer": lead.stage == "marketing_qualified" or (raised and lead.stage == "customer"),
    }
    return ("" if allowed[verb.name] else f"it is {lead.stage}") or _refuses_place(lead.world, verb.said)


def _refuses_place(world: World, said: dict[str, Any]) -> str:
    person = said.get("person")
    return "has left" if person and not world.people[person].active else ""


def _refuses_person(lead: Lead, cycle: Cycle, name: str, by: str) -> str:
    world, person = lead.world, lead.world.people[by]
    if name in MARKETING:
        return "" if by == "marketer" else "only marketing"
    if name == "reassign":
        return "" if world.manages(by, cycle.team) else "only its manager"
    if name == "attempt" and cycle.setter and cycle.setter[1] == by:
        return ""
    if person.team != cycle.team:
        return "another team"
    holds = cycle.holder in (None, by) or world.manages(by, cycle.team)
    return "" if holds or name not in HOLDERS else "someone else holds it"


def _refuses_state(lead: Lead, cycle: Cycle, verb: Verb) -> str:
    refused = {
        "claim": cycle.holder is not None,
        "reject": cycle.contact,
        "redirect": cycle.redirects > 2,
        "pass": cycle.passed and not cycle.taken,
        "take": not cycle.passed or cycle.taken,
        "send_back": not cycle.passed,
        "pause": cycle.stands(lead.world.now),
        "resume": not cycle.stands(lead.world.now),
        "disqualify": cycle.attempts < MINIMUM_OF_ATTEMPTS.get(verb.said.get("reason", ""), 0),
    }
    if refused.get(verb.name):
        return "not now"
    if verb.name == "redirect" and cycle.redirects == 2:
        return ""
    if verb.name == "redirect" and _leads_nowhere(lead, cycle, verb.said):
        return "it is there already"
    return _refuses_place(lead.world, verb.said)


def _leads_nowhere(lead: Lead, cycle: Cycle, said: dict[str, Any]) -> bool:
    team, person = place(lead, said)
    return team == cycle.team and person in (None, cycle.holder)


def place(lead: Lead, said: dict[str, Any]) -> tuple[str, str | None]:
    """Where this lead goes: to the named one, else to the last holder of a hand raise, else to the first team."""
    if said.get("person"):
        return lead.world.people[said["person"]].team, said["person"]
    if said.get("team"):
        return said["team"], None
    held = [cycle.holder for cycle in lead.cycles if cycle.holder]
    if lead.raises[-1] and held and lead.world.people[held[-1]].active:
        return lead.world.people[held[-1]].team, held[-1]
    return "a", None
