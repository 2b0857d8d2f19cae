"""The only door to clocks, breaches, contract versions and calendars. Reading is open to every signed-in person."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from accounts.queries import standing_of
from calendars.models import Calendar
from common.refusals import Conflict, NotAllowed
from sla.models import Breach, Clock, Commitment, ContractVersion
from sla.services.contracts import may_draft

Reader = User | AnonymousUser


def clocks_for(user: Reader) -> QuerySet[Clock]:
    return Clock.objects.all() if _may_read(user) else Clock.objects.none()


def breaches_for(user: Reader) -> QuerySet[Breach]:
    return Breach.objects.all() if _may_read(user) else Breach.objects.none()


def breach_for(user: Reader, public_id: UUID) -> Breach:
    """Raises Http404."""
    rows = breaches_for(user).select_related("clock__commitment", "clock__lead__company", "clock__handoff")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such breach.")
    return found


def contract_version_for(user: Reader, number: int) -> ContractVersion:
    """Raises Http404."""
    found = ContractVersion.objects.filter(number=number).first() if _may_read(user) else None
    if found is None:
        raise Http404("There is no such version of the contract.")
    return found


def draft_for(user: Reader, number: int) -> ContractVersion:
    """A version that this person may edit. Raises Http404, NotAllowed, Conflict (proposed or signed already)."""
    found = contract_version_for(user, number)
    if not isinstance(user, User) or not may_draft(user):
        raise NotAllowed("Operations and managers draft and propose contracts.")
    if found.status != ContractVersion.Status.DRAFT:
        raise Conflict(f"{found} is {found.get_status_display().lower()}, not a draft.", state=found.status)
    return found


def proposal_for(user: User, number: int, side: str) -> ContractVersion:
    """A version that this person may sign for this side now. Raises Http404, NotAllowed, Conflict."""
    found = contract_version_for(user, number)
    if side not in standing_of(user).signs_for:
        raise NotAllowed("Only a manager of a side can sign for it.")
    if found.status != ContractVersion.Status.PROPOSED:
        raise Conflict(
            f"{found} is {found.get_status_display().lower()}, so it cannot be signed.", state=found.status
        )
    return found


def returnable_for(user: User, number: int) -> ContractVersion:
    """A proposal that this person may send back. Raises Http404, NotAllowed, Conflict (not proposed any more)."""
    found = contract_version_for(user, number)
    if not may_draft(user):
        raise NotAllowed("Operations and managers send a proposal back.")
    if found.status != ContractVersion.Status.PROPOSED:
        raise Conflict(f"{found} is {found.get_status_display().lower()}, not proposed.", state=found.status)
    return found


def promise_for(version: ContractVersion, public_id: UUID) -> Commitment:
    """Raises Http404."""
    found = version.commitments.filter(public_id=public_id).select_related("calendar").first()
    if found is None:
        raise Http404("There is no such promise.")
    return found


def calendar_for(user: Reader, public_id: UUID) -> Calendar:
    """Raises Http404."""
    found = Calendar.objects.filter(public_id=public_id).first() if _may_read(user) else None
    if found is None:
        raise Http404("There is no such calendar.")
    return found


def _may_read(user: Reader) -> bool:
    return user.is_authenticated and user.is_active
