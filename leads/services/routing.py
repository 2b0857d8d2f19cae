"""Choosing who gets a lead: a named person, a team's rotation, or the first team whose rules fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Absence, Membership, Team, User
from common.refusals import Invalid
from leads.models import Company, Deal, Handoff, Lead, Qualification

BUYS = (Company.Relation.OPEN_DEAL, Company.Relation.CUSTOMER)
SELLERS = (Membership.Role.REP, Membership.Role.SALES_MANAGER)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a lead goes: a team's pool (no person) or a person, and why in words."""

    team: Team
    person: User | None
    why: str
    cover_for: User | None = None


def choose(
    lead: Lead,
    qualification: Qualification,
    *,
    at: datetime,
    team: Team | None = None,
    person: User | None = None,
) -> Placement:
    """Where this lead goes now. Raises Invalid when nobody can take it. Locks the rota it takes a turn of."""
    if person is not None:
        return _named(person, team, at)
    if team is not None:
        refuse_other_side(team)
        return _within(team, at)
    return _known_owner(lead, qualification, at) or _within(_team_for(lead), at)


def seats(team: Team, at: datetime) -> QuerySet[Membership]:
    """Who may get a new lead of this team now: active, at work, not paused, under the cap."""
    away = Absence.objects.filter(person=OuterRef("user"), from_at__lte=at, until_at__gt=at)
    waiting = Count("user__handoffs", filter=Q(user__handoffs__status=Handoff.Status.OFFERED), distinct=True)
    return (
        Membership.objects.filter(team=team, role=Membership.Role.REP, user__is_active=True)
        .filter(Q(paused_until=None) | Q(paused_until__lte=at))
        .filter(~Exists(away))
        .annotate(waiting=waiting)
        .filter(Q(open_offer_cap=None) | Q(open_offer_cap__gt=0))
    )


def _named(person: User, team: Team | None, at: datetime) -> Placement:
    """Whether somebody has left is read now: the person may have been read before."""
    found = Membership.objects.filter(
        user=person, user__is_active=True, role__in=SELLERS, team__is_active=True
    ).select_related("team")
    seat = found.filter(team=team).first() if team else found.order_by("team__position", "team_id").first()
    if seat is None:
        place = f" in {team}" if team else ""
        raise Invalid({"owner": f"{person} does not sell{place}, so this lead cannot go there."})
    return _or_cover(seat.team, person, at, why="Chosen by name")


def sells(person: User) -> bool:
    """Active, and a seller of a team that is still used."""
    return Membership.objects.filter(
        user=person, user__is_active=True, role__in=SELLERS, team__is_active=True
    ).exists()


def _or_cover(team: Team, person: User, at: datetime, *, why: str) -> Placement:
    absence = (
        Absence.objects.filter(person=person, from_at__lte=at, until_at__gt=at)
        .select_related("cover")
        .first()
    )
    if absence and absence.cover and _can_cover(absence.cover, team, at):
        return Placement(team, absence.cover, f"{why}; covers for {person}", cover_for=person)
    return Placement(team, person, why)


def _can_cover(cover: User, team: Team, at: datetime) -> bool:
    """A cover who could not act would hold the lead for nobody."""
    sells = Membership.objects.filter(team=team, user=cover, user__is_active=True, role__in=SELLERS)
    away = Absence.objects.filter(person=cover, from_at__lte=at, until_at__gt=at)
    return sells.exists() and not away.exists()


def _within(team: Team, at: datetime) -> Placement:
    if team.routing == Team.Routing.POOL:
        return Placement(team, None, f"Pool of {team}")
    person = next_person(team, at)
    if person is None:
        return Placement(team, None, f"Nobody of {team} is free; waits in its pool")
    return Placement(team, person, f"Round robin of {team}")


def next_person(team: Team, at: datetime, *, besides: int | None = None) -> User | None:
    """Whose turn it is of those who are free, the turn taken; None where nobody else is. Locks the rota."""
    # The lock makes turns: two offers at once cannot both take the same one (D08, R34).
    list(Membership.objects.filter(team=team).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    found = seats(team, at).exclude(user=besides).select_related("user")
    free = [seat for seat in found if _under_cap(seat)]
    if not free:
        return None
    seat = min(free, key=lambda seat: (seat.turns / seat.weight, seat.pk))
    Membership.objects.filter(pk=seat.pk).update(turns=seat.turns + 1)
    return seat.user


def _under_cap(seat: Membership) -> bool:
    waiting: int = getattr(seat, "waiting", 0)
    return seat.open_offer_cap is None or waiting < seat.open_offer_cap


def _known_owner(lead: Lead, qualification: Qualification, at: datetime) -> Placement | None:
    """A hand raise goes to whoever knows the buyer, the closest first."""
    if not qualification.hand_raise:
        return None
    for person in _who_knows(lead):
        seat = (
            Membership.objects.filter(
                user=person, role__in=SELLERS, user__is_active=True, team__is_active=True
            )
            .select_related("team")
            .order_by("team__position", "team_id")
            .first()
        )
        if seat is not None:
            return _or_cover(seat.team, person, at, why="Knows this buyer")
    return None


def _who_knows(lead: Lead) -> list[User]:
    """The owner of an open deal or of a customer, then the last holder, then whoever owns the company."""
    company = lead.company
    deals = Deal.objects.filter(company=company, outcome=Deal.Outcome.OPEN).select_related("owner")
    deal = deals.order_by("-opened_at").first() if company else None
    last = lead.handoffs.exclude(holder=None).select_related("holder").order_by("-cycle").first()
    owner = company.owner if company else None
    first = owner if company and (deal or company.relation in BUYS) else None
    people = (deal.owner if deal else None, first, last.holder if last else None, owner)
    return [person for person in people if person is not None]


def _team_for(lead: Lead) -> Team:
    employees = lead.company.employees if lead.company else None
    country = (lead.country or (lead.company.country if lead.company else "")).upper()
    for team in _selling_teams():
        fits_country = not team.countries or country in team.countries
        fits_size = team.min_employees is None or (employees is not None and employees >= team.min_employees)
        if fits_country and fits_size:
            return team
    raise Invalid({"team": "No sales team's routing rules fit this lead. Name a team."})


def _selling_teams() -> QuerySet[Team]:
    takes = (Team.Function.DEVELOPMENT, Team.Function.SALES)
    return Team.objects.filter(is_active=True, function__in=takes).order_by("position", "pk")


def refuse_other_side(team: Team) -> None:
    """Raises Invalid for a team that takes no leads."""
    if team.side != "sales" or not team.is_active:
        raise Invalid({"team": f"{team} is not a sales team that takes leads."})
