"""What a person was told."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from notifications.models import Notice


def notices_of(person: User) -> QuerySet[Notice]:
    """Newest first."""
    return Notice.objects.filter(person=person).select_related("lead").order_by("-at", "-pk")


def unseen_count(person: User) -> int:
    """Notices not seen yet, counted up to 100."""
    return Notice.objects.filter(person=person, seen_at=None)[:100].count()
