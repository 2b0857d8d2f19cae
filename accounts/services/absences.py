"""Who is away, until when, and who covers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Absence, Membership, User
from accounts.queries import standing_of
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed


@transaction.atomic
def record(
    person: User,
    *,
    from_at: datetime,
    until_at: datetime,
    by: User,
    cover: User | None = None,
    note: str = "",
) -> Absence:
    """Someone is away in [from_at, until_at). Entered by that person, a manager of a team, or operations.

    Raises NotAllowed, or Invalid: wrong order, past, overlap, a cover who cannot take over.
    """
    _may_enter(by, person)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two entries at once cannot overlap
    errors = _span_errors(person, from_at, until_at)
    if cover is not None and (why := _cannot_cover(cover, person, from_at, until_at)):
        errors["cover"] = why
    if errors:
        raise Invalid(errors)
    return Absence.objects.create(
        person=person, from_at=from_at, until_at=until_at, cover=cover, note=note.strip()[:200]
    )


@transaction.atomic
def end(absence: Absence, *, by: User) -> None:
    """Back earlier: an absence that has not begun is forgotten, one that runs ends now."""
    _may_enter(by, absence.person)
    now = database_now()
    row = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if row is None or row.until_at <= now:
        raise Invalid({"": "This absence has already ended."})
    if row.from_at >= now:
        row.delete()
        return
    row.until_at = now
    row.save(update_fields=["until_at"])


def may_enter(by: User, person: User) -> bool:
    """The person, a manager of one of the person's teams, operations, an admin; nobody read-only."""
    standing = standing_of(by)
    if standing.is_read_only:
        return False
    if by.pk == person.pk or standing.may_configure:
        return True
    return any(standing.leads_team(team) for team in standing_of(person).team_ids)


def _may_enter(by: User, person: User) -> None:
    if not may_enter(by, person):
        raise NotAllowed(f"Only {person}, a manager of the team, operations or an admin can do this.")


def _span_errors(person: User, from_at: datetime, until_at: datetime) -> dict[str, str]:
    if until_at <= from_at:
        return {"until_at": "Choose a day after the first day away."}
    if until_at <= database_now():
        return {"until_at": "This absence would already be over."}
    if person.absences.filter(from_at__lt=until_at, until_at__gt=from_at).exists():
        return {"from_at": f"{person} already has an absence in that time."}
    return {}


def _cannot_cover(cover: User, person: User, from_at: datetime, until_at: datetime) -> str:
    """Why not, or nothing. Covering means acting in the same team, so the cover must belong to one."""
    if cover.pk == person.pk:
        return "Choose someone else."
    if not cover.is_active:
        return f"{cover} is deactivated."
    teams = Membership.objects.filter(user=person).values("team")
    if teams.exists() and not Membership.objects.filter(user=cover, team__in=teams).exists():
        return f"{cover} is in no team of {person}."
    if cover.absences.filter(from_at__lt=until_at, until_at__gt=from_at).exists():
        return f"{cover} is away in that time, too."
    return ""
