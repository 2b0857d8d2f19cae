"""People, teams and the organisation they work in."""

from accounts.models.access_key import ApiKey, IdempotencyRecord
from accounts.models.organisation import Organisation, SetupToken
from accounts.models.team import Absence, Membership, Team
from accounts.models.user import User

__all__ = [
    "Absence",
    "ApiKey",
    "IdempotencyRecord",
    "Membership",
    "Organisation",
    "SetupToken",
    "Team",
    "User",
]
