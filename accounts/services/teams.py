"""Teams and their members: who works where, in which role, and how leads reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db import transaction
from django.utils.text import slugify

from accounts.engine.standing import MARKETERS, SELLERS
from accounts.models import Membership, Team, User
from accounts.models.team import MARKETING_FUNCTIONS
from accounts.queries import forget_standing, standing_of
from calendars.models import Calendar
from common.database.moments import database_now
from common.database.naming import alone_in_naming
from common.database.watching import acting
from common.refusals import Invalid, NotAllowed

ROLES_OF_SIDE = {"marketing": MARKETERS, "sales": SELLERS}
LIMIT = 32_767


@dataclass(frozen=True, slots=True)
class TeamFields:
    """What can be said about a team."""

    name: str
    function: str
    calendar: Calendar
    routing: str = Team.Routing.POOL
    countries: Sequence[str] = ()
    min_employees: int | None = None
    position: int = 0
    full_cycle: bool = True
    passes_to: Team | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a team's work one member gets."""

    weight: int = 1
    open_offer_cap: int | None = None
    paused_until: datetime | None = None


@transaction.atomic
def create(fields: TeamFields, *, by: User) -> Team:
    """Raises NotAllowed, or Invalid with one reason per field."""
    _must_configure(by)
    alone_in_naming(Team)
    return _written(Team(slug=_free_slug(fields.name)), fields)


@transaction.atomic
def edit(team: Team, fields: TeamFields, *, by: User) -> Team:
    """Change a team. Its side cannot change while members hold roles of the other."""
    _must_configure(by)
    alone_in_naming(Team)
    row = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    side = "marketing" if fields.function in MARKETING_FUNCTIONS else "sales"
    if side != row.side and row.memberships.exists():
        raise Invalid({"function": f"Its members work for {row.side}; a team cannot change sides with them."})
    return _written(row, fields)


@transaction.atomic
def add_member(team: Team, person: User, *, role: str, by: User, share: Share | None = None) -> Membership:
    """A new seat. Whoever joins a rotation starts level with the others, not owed all their past turns."""
    _must_configure(by)
    _not_oneself(by, person)
    _check_role(team, role)
    if not person.is_active:
        raise Invalid({"person": f"{person} is deactivated."})
    if Membership.objects.filter(team=team, user=person).exists():
        raise Invalid({"person": f"{person} is already in {team}."})
    share = _checked(share or Share())
    seat = Membership(
        user=person, team=team, role=role, turns=_level(team, share.weight), since=database_now()
    )
    _give(seat, share)
    seat.save()
    forget_standing(person)
    return seat


@transaction.atomic
def edit_member(seat: Membership, *, role: str, share: Share, by: User) -> Membership:
    """A role is changed by operations or an admin; weight, cap and pause also by the team's manager."""
    row = Membership.objects.select_for_update(no_key=True).select_related("team", "user").get(pk=seat.pk)
    if not (standing_of(by).may_configure or standing_of(by).leads_team(row.team_id)):
        raise NotAllowed("Only the team's manager, operations or an admin can change its members.")
    acting(by.pk)
    if role != row.role:
        _must_configure(by)
        _not_oneself(by, row.user)
        _check_role(row.team, role)
        row.role = role
    share = _checked(share)
    row.turns = ceil(row.turns / row.weight * share.weight)
    _give(row, share)
    row.save()
    return row


@transaction.atomic
def remove_member(seat: Membership, *, by: User) -> None:
    """Ends a seat. What the person holds stays with them until it is reassigned."""
    _must_configure(by)
    _not_oneself(by, seat.user)
    Membership.objects.filter(pk=seat.pk).delete()
    forget_standing(seat.user)


def _written(team: Team, fields: TeamFields) -> Team:
    errors = _errors(team, fields)
    if errors:
        raise Invalid(errors)
    team.name = fields.name.strip()
    team.function, team.calendar, team.routing = fields.function, fields.calendar, fields.routing
    team.countries = sorted({code.strip().upper() for code in fields.countries if code.strip()})
    team.min_employees, team.position = fields.min_employees, fields.position
    team.full_cycle, team.passes_to = fields.full_cycle, None if fields.full_cycle else fields.passes_to
    team.is_active = fields.is_active
    team.save()
    return team


def _errors(team: Team, fields: TeamFields) -> dict[str, str]:
    errors = {}
    name = fields.name.strip()
    if not name:
        errors["name"] = "Enter a name."
    elif Team.objects.filter(name__iexact=name).exclude(pk=team.pk).exists():
        errors["name"] = f"There is already a team “{name}”."
    if fields.function not in Team.Function.values:
        errors["function"] = "Choose what the team does."
    if fields.routing not in Team.Routing.values:
        errors["routing"] = "Choose pool or round robin."
    if bad := [code for code in fields.countries if not _is_country(code.strip())]:
        errors["countries"] = f"Use two-letter country codes such as NO, not {', '.join(bad)}."
    errors |= _closer_errors(team, fields)
    return errors


def _closer_errors(team: Team, fields: TeamFields) -> dict[str, str]:
    closers = fields.passes_to
    if fields.full_cycle or closers is None:
        return {}
    if closers.pk == team.pk or closers.side != "sales":
        return {"passes_to": "Choose another team of sales."}
    return {}


def _is_country(code: str) -> bool:
    return not code or (len(code) == 2 and code.isascii() and code.isalpha())


def _give(seat: Membership, share: Share) -> None:
    seat.weight, seat.open_offer_cap = share.weight, share.open_offer_cap
    seat.paused_until = share.paused_until


def _checked(share: Share) -> Share:
    errors = {}
    if not 1 <= share.weight <= LIMIT:
        errors["weight"] = "Enter 1 or more."
    if share.open_offer_cap is not None and not 1 <= share.open_offer_cap <= LIMIT:
        errors["open_offer_cap"] = "Enter 1 or more, or leave it empty for no cap."
    if errors:
        raise Invalid(errors)
    return share


def _level(team: Team, weight: int) -> int:
    """The turns with which a newcomer of this weight stands where the least served member stands."""
    seats = Membership.objects.filter(team=team).select_for_update(no_key=True)
    return ceil(min((seat.turns / seat.weight for seat in seats), default=0) * weight)


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def _must_configure(by: User) -> None:
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change teams and roles.")
    acting(by.pk)


def _not_oneself(by: User, person: User) -> None:
    if by.pk == person.pk and not standing_of(by).is_admin:
        raise NotAllowed("Nobody changes their own role. Ask an admin.")


def _check_role(team: Team, role: str) -> None:
    if role not in Membership.Role.values:
        raise Invalid({"role": "Choose a role."})
    if role not in ROLES_OF_SIDE[team.side]:
        raise Invalid({"role": f"{team} is a team of {team.side}; choose a role of that side."})
