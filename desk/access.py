"""Who may open the dialogs of marketing. The services decide; this keeps forms from being asked in vain."""

from __future__ import annotations

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import NotAllowed


def must_market(user: User) -> None:
    if not standing_of(user).is_marketing:
        raise NotAllowed("Only marketing can do this.")


def must_add(user: User) -> None:
    """Whoever works in a team or configures."""
    standing = standing_of(user)
    if standing.is_read_only or not (standing.memberships or standing.may_configure):
        raise NotAllowed("Only marketing and sales can add leads.")
