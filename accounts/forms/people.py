"""Forms about people: inviting, editing, being away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.models import Membership, Team, User
from common.database.moments import midnight

ORGANISATION_ROLES = [
    ("", "None, only what the team gives"),
    ("operations", "Operations: configures, imports, drafts; cannot sign"),
    ("admin", "Admin: everything but signing for a side"),
    ("read_only", "Read-only: sees all, changes nothing"),
]


class PersonForm(forms.Form):
    """Name, and role in the whole organisation."""

    name = forms.CharField(max_length=120)
    organisation_role = forms.ChoiceField(
        label="Role in the organisation", choices=ORGANISATION_ROLES, required=False
    )


class InviteForm(PersonForm):
    """A new person, and maybe the first team."""

    email = forms.EmailField(label="Email", max_length=254)
    team = forms.ModelChoiceField(
        Team.objects.filter(is_active=True), required=False, empty_label="No team yet"
    )
    role = forms.ChoiceField(
        label="Role in the team", choices=[("", "Choose"), *Membership.Role.choices], required=False
    )
    field_order = ("email", "name", "team", "role", "organisation_role")


class AbsenceForm(forms.Form):
    """Whole days away, as the absent person's calendar counts them."""

    first_day = forms.DateField(label="First day away", widget=forms.DateInput({"type": "date"}))
    back_on = forms.DateField(label="Back on", widget=forms.DateInput({"type": "date"}))
    cover = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Offers by name go to the cover. Without one they wait.",
    )
    note = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, covers: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.covers: forms.ModelChoiceField[User] = self.fields["cover"]  # type: ignore[assignment]
        self.covers.queryset = covers

    def moments(self) -> tuple[datetime, datetime]:
        first: date = self.cleaned_data["first_day"]
        back: date = self.cleaned_data["back_on"]
        return midnight(first, self.zone), midnight(back, self.zone)


class ShareForm(forms.Form):
    """How much of the team's work one member gets."""

    role = forms.ChoiceField(choices=Membership.Role.choices)
    weight = forms.IntegerField(
        min_value=1, max_value=100, initial=1, help_text="2 gets twice as many turns as 1."
    )
    open_offer_cap = forms.IntegerField(
        label="Cap on open offers",
        min_value=1,
        max_value=1000,
        required=False,
        help_text="At the cap, offers pass to the next in turn.",
    )
    paused_until = forms.DateField(
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="Until the morning of this day nothing new is routed here.",
    )

    def paused_until_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["paused_until"]
        zone = timezone.get_current_timezone()
        return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None


class MemberForm(ShareForm):
    """A new member of a team."""

    person = forms.ModelChoiceField(User.objects.none(), empty_label="Choose")
    field_order = ("person", "role", "weight", "open_offer_cap", "paused_until")

    def __init__(self, *args: Any, candidates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: forms.ModelChoiceField[User] = self.fields["person"]  # type: ignore[assignment]
        people.queryset = candidates
