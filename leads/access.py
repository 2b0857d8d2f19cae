"""The only door to rows for pages and API. Reading is open to every signed-in person; the rest is 404."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import User
from leads.models import (
    BriefVersion,
    Campaign,
    Company,
    CustomField,
    Deal,
    ExternalId,
    Handoff,
    Lead,
    Qualification,
    Reason,
    Touch,
    TouchKind,
)
from leads.queries_catalogue import field_by, reason_by, touch_kind_by

Reader = User | AnonymousUser
Row = TypeVar("Row", bound=Model)


def leads_for(user: Reader) -> QuerySet[Lead]:
    """Every lead this person may read: all, for who is signed in; none for who is not."""
    return _readable(user, Lead.objects.all())


def handoffs_for(user: Reader) -> QuerySet[Handoff]:
    return _readable(user, Handoff.objects.all())


def companies_for(user: Reader) -> QuerySet[Company]:
    return _readable(user, Company.objects.all())


def deals_for(user: Reader) -> QuerySet[Deal]:
    return _readable(user, Deal.objects.all())


def campaigns_for(user: Reader) -> QuerySet[Campaign]:
    return _readable(user, Campaign.objects.all())


def touches_for(user: Reader) -> QuerySet[Touch]:
    return _readable(user, Touch.objects.all())


def lead_for(user: Reader, public_id: UUID | str) -> Lead:
    """Raises Http404."""
    return _one(leads_for(user).select_related("company", "campaign", "owner"), public_id)


def handoff_for(user: Reader, public_id: UUID | str) -> Handoff:
    """Raises Http404."""
    return _one(handoffs_for(user).select_related("lead", "team", "holder", "qualification"), public_id)


def company_for(user: Reader, public_id: UUID | str) -> Company:
    """Raises Http404."""
    return _one(companies_for(user), public_id)


def deal_for(user: Reader, public_id: UUID | str) -> Deal:
    """Raises Http404."""
    return _one(deals_for(user), public_id)


def qualification_for(user: Reader, public_id: UUID | str) -> Qualification:
    """Raises Http404."""
    return _one(_readable(user, Qualification.objects.all()), public_id)


def campaign_for(user: Reader, slug: str) -> Campaign:
    """Raises Http404."""
    found = campaigns_for(user).filter(slug=slug).first()
    if found is None:
        raise Http404("There is no such campaign.")
    return found


def brief_for(user: Reader, slug: str, number: int) -> BriefVersion:
    """Raises Http404."""
    found = campaign_for(user, slug).briefs.filter(number=number).first()
    if found is None:
        raise Http404("There is no such brief.")
    return found


def lead_known_as(user: Reader, external_id: str) -> Lead | None:
    """The lead that another system calls so."""
    known = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD, value=external_id)
    return leads_for(user).filter(pk__in=known.values("lead")).select_related("merged_into").first()


def deal_known_as(user: Reader, external_id: str) -> Deal | None:
    """The deal that another system calls so."""
    known = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.DEAL, value=external_id)
    return deals_for(user).filter(pk__in=known.values("deal")).first()


def reason_for(user: Reader, verb: str, key: str) -> Reason:
    """Raises Http404 unless it is offered now."""
    found = reason_by(verb, key) if _may_read(user) else None
    if found is None:
        raise Http404("There is no such reason.")
    return found


def touch_kind_for(user: Reader, key: str) -> TouchKind:
    """Raises Http404."""
    found = touch_kind_by(key) if _may_read(user) else None
    if found is None:
        raise Http404("There is no such kind of touches.")
    return found


def field_for(user: Reader, name: str) -> CustomField:
    """Raises Http404."""
    found = field_by(name) if _may_read(user) else None
    if found is None:
        raise Http404("There is no such field.")
    return found


def _may_read(user: Reader) -> bool:
    return user.is_authenticated and user.is_active


def _readable(user: Reader, rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows if _may_read(user) else rows.none()


def _one(rows: QuerySet[Row], public_id: UUID | str) -> Row:
    try:
        wanted = UUID(str(public_id))
    except ValueError:
        raise Http404("There is nothing here.") from None
    found = rows.filter(public_id=wanted).first()
    if found is None:
        raise Http404("There is nothing here.")
    return found
