"""How far an installation is set up: five steps until the first clock runs."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Team, User
from calendars.models import CalendarVersion
from definitions.models import DefinitionVersion
from leads.models import Lead
from sla.models import ContractVersion

NAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, what there is, and the page (a URL name) where it is done."""

    done: bool
    name: str
    state: str
    page: str
    button: str


def steps() -> list[Step]:
    """Each step says how far it is, in one query of its own."""
    return [_teams(), _hours(), _definition(), _contract(), _leads()]


def _teams() -> Step:
    """Done with a team on each side and somebody besides the first admin."""
    teams = Team.objects.filter(is_active=True)
    people = User.objects.filter(is_active=True).count()
    sides = {team.side for team in teams}
    words = f"{_counted(len(teams), 'team')}, {_counted(people, 'person', 'people')}"
    return Step(len(sides) == 2 and people > 1, "Teams and people", words, "accounts:settings-teams", "Edit")


def _hours() -> Step:
    current = CalendarVersion.objects.filter(is_current=True, calendar__is_active=True)
    names = list(current.order_by("calendar__name").values_list("calendar__name", flat=True))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    words = ", ".join(names[:NAMED]) + more
    return Step(bool(names), "Working hours", words or "No calendar yet", "sla:settings-calendars", "Edit")


def _definition() -> Step:
    active = DefinitionVersion.objects.filter(definition="mql", status="active").first()
    words = f"MQL v{active.number} is in force" if active else _coming()
    return Step(active is not None, "What makes an MQL", words, "definitions:definitions", "Open")


def _coming() -> str:
    begun = DefinitionVersion.objects.filter(definition="mql").order_by("-number").first()
    if begun is None:
        return "None yet: a few questions give a first draft, or load an agreement"
    waits = "to be proposed" if begun.status == "draft" else "for both signatures"
    return f"MQL v{begun.number} waits {waits}"


def _contract() -> Step:
    signed = ContractVersion.objects.filter(status="signed").first()
    words = (
        f"Contract v{signed.number} is signed"
        if signed
        else "Three questions give a first draft, or load an agreement"
    )
    begun = signed or ContractVersion.objects.exists()
    page, button = ("sla:contract", "Open") if begun else ("sla:contract-start", "Draft it")
    return Step(signed is not None, "The contract", words, page, button)


def _leads() -> Step:
    some = Lead.objects.exists()
    words = "Leads are coming in" if some else "Add one, import a file, or use the API"
    return Step(some, "Leads", words, "desk:queue", "Open")


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
