"""The only door to imports. Reading is open to every signed-in person; what one may do the services say."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from intake.models import ImportRun


def runs_for(user: User | AnonymousUser) -> QuerySet[ImportRun]:
    """Newest first, without the files themselves and their refused rows."""
    runs = ImportRun.objects.select_related("by").defer("content", "refusals")
    return runs if user.is_authenticated and user.is_active else runs.none()


def run_for(user: User | AnonymousUser, public_id: UUID) -> ImportRun:
    """Raises Http404."""
    found = runs_for(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such import.")
    return found
