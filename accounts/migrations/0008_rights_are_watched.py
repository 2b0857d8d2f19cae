"""Who may do what, and who gets whose leads: each change is noted (R19). No name, no address, no digest."""

from django.db import migrations

from common.database.watching import watched


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_sessions_are_recorded"), ("common", "0004_changes_are_noted")]

    operations = [
        watched("accounts_user", "organisation_role", "is_active"),
        watched(
            "accounts_membership",
            "user_id", "team_id", "role", "calendar_id", "weight", "open_offer_cap", "paused_until",
        ),
        watched(
            "accounts_team",
            "function", "calendar_id", "routing", "countries", "min_employees", "position", "full_cycle",
            "passes_to_id", "is_active",
        ),
        watched("accounts_organisation", "time_zone", "currency", "people_in_figures"),
        watched("accounts_apikey", "person_id", "scopes", "expires_at", "revoked_at"),
    ]
