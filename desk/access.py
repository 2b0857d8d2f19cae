"""Who may open the dialogs around the lead queue. The services decide; this keeps forms from being asked in vain."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from accounts.engine.standing import Standing
from accounts.models import User
from accounts.queries import standing_of
from common.refusals import NotAllowed
from desk.models import BulkRun, SavedView
from desk.queries.acts import manages_sales
from desk.queries.saved import own_views


def must_market(user: User) -> None:
    if not standing_of(user).is_marketing:
        raise NotAllowed("Only marketing can do this.")


def may_add(standing: Standing) -> bool:
    return not standing.is_read_only and bool(standing.memberships or standing.may_configure)


def must_add(user: User) -> None:
    """Whoever works in a team or configures."""
    if not may_add(standing_of(user)):
        raise NotAllowed("Only marketing and sales can add leads.")


def own_view_for(user: User, public_id: UUID) -> SavedView:
    """One of this person's own. Raises Http404, also for views of others."""
    found = own_views(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404("You have no such view.")
    return found


def bulk_run_for(user: User, public_id: UUID) -> BulkRun:
    """Reading is open to every signed-in person, as that of the leads is. Raises Http404."""
    found = (
        BulkRun.objects.select_related("by")
        .defer("leads", "said", "refused")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404("There is no such run.")
    return found


def must_assign(user: User) -> None:
    """Whoever manages a selling team; whether it is the team of a lead is judged lead by lead."""
    if not manages_sales(standing_of(user)):
        raise NotAllowed("Only sales managers can assign leads.")
