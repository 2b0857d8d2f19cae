"""Looking up people, teams, keys and the organisation, and what their lists show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.engine.standing import SELLERS, Seat, Standing
from accounts.models import Absence, ApiKey, Membership, Organisation, Team, User
from common.refusals import Invalid

KNOWN = "_standing"


def standing_of(user: User | AnonymousUser) -> Standing:
    """What this person may do: one query, then remembered on the object for as long as it lives."""
    if not isinstance(user, User):
        return Standing(None)
    known: Standing | None = vars(user).get(KNOWN)
    if known is None:
        known = vars(user)[KNOWN] = _read_standing(user)
    return known


def forget_standing(user: User) -> None:
    """After a change of role or membership, for an object that goes on being used."""
    vars(user).pop(KNOWN, None)


def _read_standing(user: User) -> Standing:
    return _standing(user, Membership.objects.filter(user=user).select_related("team").order_by("pk"))


def _standing(user: User, seats: Iterable[Membership]) -> Standing:
    found = tuple(Seat(seat.team_id, seat.role, seat.team.side, str(seat.team)) for seat in seats)
    return Standing(user.pk, user.organisation_role, found)


def team_by(name_or_id: str | UUID, *, field: str = "team") -> Team:
    """The team of this name or public id, active or not. Raises Invalid for `field`."""
    public_id = as_uuid(name_or_id)
    match = Q(public_id=public_id) if public_id else Q(name=str(name_or_id).strip())
    team = Team.objects.filter(match).first()
    if team is None:
        raise Invalid({field: f"There is no team “{name_or_id}”."})
    return team


def team_in_filter(called: str) -> Team:
    """By slug too, as addresses of pages name it. Raises Invalid: nothing found would say that all is well."""
    return Team.objects.filter(slug=called).first() or team_by(called)


def person_by(email_or_id: str | UUID, *, field: str = "owner") -> User:
    """The person of this e-mail or public id, active or not. Raises Invalid for `field`."""
    public_id = as_uuid(email_or_id)
    match = Q(public_id=public_id) if public_id else Q(email=str(email_or_id).strip().lower())
    person = User.objects.filter(match).first()
    if person is None:
        raise Invalid({field: f"There is no person “{email_or_id}”."})
    return person


def as_uuid(value: str | UUID) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except ValueError:
        return None


def organisation() -> Organisation:
    """The one organisation; before the first run an unsaved one with the defaults."""
    return Organisation.objects.first() or Organisation()


def admins() -> QuerySet[User]:
    """People who can sign in and do everything. Placeholders are never active."""
    return User.objects.filter(organisation_role=User.OrganisationRole.ADMIN, is_active=True)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    person: User
    standing: Standing
    seats: tuple[Membership, ...]
    absence: Absence | None

    @property
    def role(self) -> str:
        """The role in the organisation, else those in the teams."""
        if self.person.organisation_role:
            return str(self.person.get_organisation_role_display())
        return ", ".join(dict.fromkeys(str(seat.get_role_display()) for seat in self.seats))

    @property
    def state(self) -> str:
        if self.person.is_placeholder:
            return "placeholder"
        if not self.person.is_active:
            return "inactive"
        if self.absence:
            return "away"
        return "active" if self.person.has_usable_password() else "invited"

    @property
    def signs_for(self) -> list[str]:
        return sorted(self.standing.signs_for)


def people_rows(people: QuerySet[User], *, at: datetime) -> list[PersonRow]:
    """These people by name with their teams and who is away at the moment: three queries for any number."""
    seats = Membership.objects.select_related("team__calendar", "calendar").order_by("pk")
    away = Absence.objects.filter(from_at__lte=at, until_at__gt=at).select_related("cover")
    found = people.order_by("name", "pk").prefetch_related(
        Prefetch("memberships", seats), Prefetch("absences", away, to_attr="away")
    )
    return [_row(person) for person in found]


def _row(person: User) -> PersonRow:
    seats = tuple(person.memberships.all())
    away: list[Absence] = vars(person)["away"]
    return PersonRow(person, _standing(person, seats), seats, away[0] if away else None)


def person_row(person: User, *, at: datetime) -> PersonRow:
    """The line of one person."""
    return people_rows(User.objects.filter(pk=person.pk), at=at)[0]


def people_of(side: str) -> QuerySet[User]:
    """Everyone who may sign in; of one side those in a team of it; `inactive` those who may not."""
    if side == "inactive":
        return User.objects.filter(is_active=False)
    active = User.objects.filter(is_active=True)
    functions = [choice for choice in Team.Function if Team(function=choice).side == side]
    return active.filter(memberships__team__function__in=functions).distinct() if functions else active


def teams_listed() -> QuerySet[Team]:
    """Every team in the order in which routing tries them, with `members` counted."""
    members = Count("memberships", filter=Q(memberships__user__is_active=True))
    return Team.objects.select_related("calendar").annotate(members=members).order_by("position", "name")


def outside_of(team: Team) -> QuerySet[User]:
    """Active people who have no seat in the team yet."""
    return User.objects.filter(is_active=True).exclude(memberships__team=team)


def sellers() -> QuerySet[User]:
    """Active people who sell in an active team, by name."""
    selling = Q(memberships__role__in=SELLERS, memberships__team__is_active=True)
    return User.objects.filter(selling, is_active=True).distinct().order_by("name", "pk")


def selling_since() -> dict[int, datetime | None]:
    """Each of the `sellers`, and when the first of their seats was given; None: before that was kept. One query."""
    seats = Membership.objects.filter(role__in=SELLERS, team__is_active=True, user__is_active=True)
    found: dict[int, datetime | None] = {}
    for person, since in seats.order_by("pk").values_list("user", "since"):
        known = found.get(person, since)
        found[person] = min(known, since) if known and since else None
    return found


def people_to_name() -> QuerySet[User]:
    """Whom a comment can name, by name."""
    return User.objects.filter(is_active=True, is_placeholder=False).order_by("name", "pk")


def every_team() -> QuerySet[Team]:
    """By name, also those that work no longer."""
    return Team.objects.order_by("name")


def active_teams() -> QuerySet[Team]:
    """Teams that work now, by name."""
    return every_team().filter(is_active=True)


def covers_of(person: User) -> QuerySet[User]:
    """Who can take over: people of the same teams; anyone active for someone without a team."""
    active = User.objects.filter(is_active=True).exclude(pk=person.pk)
    teams = standing_of(person).team_ids
    return active.filter(memberships__team__in=teams).distinct() if teams else active


def member_rows(team: Team, *, at: datetime) -> QuerySet[Membership]:
    """The seats of a team by name; the absence of each that runs or comes next is in `user.away`."""
    away = Absence.objects.filter(until_at__gt=at).select_related("cover").order_by("from_at")
    seats = team.memberships.select_related("user", "team").order_by("user__name", "pk")
    return seats.prefetch_related(Prefetch("user__absences", away, to_attr="away"))


def people_for_programs() -> QuerySet[User]:
    """Everyone with their seats: those whom only history knows are among them, not active."""
    seats = Membership.objects.select_related("team").order_by("pk")
    return User.objects.prefetch_related(Prefetch("memberships", seats))


def keys_seen_by(user: User) -> QuerySet[ApiKey]:
    """Keys that still work: one's own; for whoever configures, everyone's."""
    keys = ApiKey.objects.filter(revoked_at=None).select_related("person")
    return keys if standing_of(user).may_configure else keys.filter(person=user)


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone whom a visitor of the demo can look around as."""

    email: str
    name: str
    line: str
    side: str


def personas() -> list[Persona]:
    """The first person of each role: the one who was there first."""
    people = User.objects.filter(is_active=True, is_placeholder=False).order_by("pk")
    chosen: dict[str, Persona] = {}
    seats_in_order = Membership.objects.select_related("team").order_by("pk")
    for person in people.prefetch_related(Prefetch("memberships", seats_in_order)):
        seats = tuple(person.memberships.all())
        first = seats[0] if seats else None
        role = person.get_organisation_role_display() if person.organisation_role else ""
        words = str(role or (first.get_role_display() if first else ""))
        line = ", ".join(filter(None, [words, first.team.name if first else ""]))
        if words and words not in chosen:
            chosen[words] = Persona(person.email, person.name, line, first.team.side if first else "")
    return list(chosen.values())
