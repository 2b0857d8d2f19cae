"""How far an installation is set up: the steps until the first clock runs."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Team, User
from calendars.models import CalendarVersion
from definitions.models import DefinitionVersion
from leads.models import Lead, Reason
from leads.queries_catalogue import reasons_offered, touch_kinds_listed, verbs_without_reasons
from sla.models import ContractVersion

NAMED = 3
NO_KINDS = "What buyers do. None yet: start with the usual ones"
NO_KIND_USED = "What buyers do. None is in use"
NO_REASONS = "Why leads are rejected or closed. None yet: start with the usual ones"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, what there is, and the page (a URL name, and what it is asked) where it is done."""

    done: bool
    name: str
    state: str
    page: str
    button: str
    query: str = ""


def steps(*, may_configure: bool, may_draft: bool) -> list[Step]:
    """Each step says how far it is, in a query or two of its own; its button what the person can do there."""
    edit = "Edit" if may_configure else "Open"
    return [
        _teams(edit),
        _hours(edit),
        _kinds(edit),
        _reasons(edit),
        _definition(),
        _contract(may_draft=may_draft),
        _leads(),
    ]


def _teams(edit: str) -> Step:
    """Done with a team on each side and somebody besides the first admin."""
    teams = Team.objects.filter(is_active=True)
    people = User.objects.filter(is_active=True).count()
    sides = {team.side for team in teams}
    words = f"{_counted(len(teams), 'team')}, {_counted(people, 'person', 'people')}"
    return Step(len(sides) == 2 and people > 1, "Teams and people", words, "accounts:settings-teams", edit)


def _hours(edit: str) -> Step:
    current = CalendarVersion.objects.filter(is_current=True, calendar__is_active=True)
    names = list(current.order_by("calendar__name").values_list("calendar__name", flat=True))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    words = ", ".join(names[:NAMED]) + more
    return Step(bool(names), "Working hours", words or "No calendar yet", "sla:settings-calendars", edit)


def _kinds(edit: str) -> Step:
    kinds = list(touch_kinds_listed().filter(is_active=True))
    raising = sum(kind.hand_raise for kind in kinds)
    words = f"{_counted(len(kinds), 'kind')}, {raising} of them hand raises"
    if not kinds:
        words = NO_KIND_USED if touch_kinds_listed().exists() else NO_KINDS
    page = "desk:settings-touch-kinds"
    return Step(bool(kinds), "Touch kinds", words, page, edit if kinds else "Open")


def _reasons(edit: str) -> Step:
    """Done when every verb has one: a verb without any cannot be used."""
    missing = verbs_without_reasons()
    if len(missing) == len(Reason.Verb.values):
        return Step(False, "Reasons", NO_REASONS, "desk:settings-reasons", "Open")
    if missing:
        named = ", ".join(str(Reason.Verb(verb).label) for verb in missing)
        page = "desk:settings-reasons"
        return Step(False, "Reasons", f"None yet for {named}", page, "Open", f"?verb={missing[0]}")
    words = _counted(reasons_offered().count(), "reason")
    return Step(True, "Reasons", words, "desk:settings-reasons", edit)


def _definition() -> Step:
    active = DefinitionVersion.objects.filter(definition="mql", status="active").first()
    words = f"MQL v{active.number} is in force" if active else _coming()
    return Step(active is not None, "What makes an MQL", words, "definitions:definitions", "Open")


def _coming() -> str:
    begun = DefinitionVersion.objects.filter(definition="mql").order_by("-number").first()
    if begun is None:
        return "None yet: a few questions give a first draft, or load an agreement"
    waits = {"draft": "to be proposed", "signed": "for its first day"}.get(
        begun.status, "for both signatures"
    )
    return f"MQL v{begun.number} waits {waits}"


def _contract(*, may_draft: bool) -> Step:
    signed = ContractVersion.objects.filter(status="signed").first()
    words = (
        f"Contract v{signed.number} is signed"
        if signed
        else "Three questions give a first draft, or load an agreement"
    )
    begun = signed or ContractVersion.objects.exists()
    page, button = ("sla:contract-start", "Draft it") if may_draft and not begun else ("sla:contract", "Open")
    return Step(signed is not None, "The contract", words, page, button)


def is_agreed() -> bool:
    """Whether a contract was ever signed."""
    return ContractVersion.objects.filter(status="signed").exists()


def _leads() -> Step:
    some = Lead.objects.exists()
    words = "Leads are coming in" if some else "Add one, import a file, or use the API"
    return Step(some, "Leads", words, "desk:queue", "Open")


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
