"""Forms about the organisation, oneself, and the first run."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.forms.choices import zones
from accounts.models import Organisation, User
from accounts.services.first_run import Company, FirstAdmin
from accounts.services.keys import scopes_for


class YouForm(forms.Form):
    """What everyone decides for themselves."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    time_zone = forms.ChoiceField(
        choices=lambda: [("", "The organisation's"), *zones()],
        required=False,
        help_text="Moments are said in this zone; figures keep the organisation's.",
    )
    theme = forms.ChoiceField(choices=User.Theme.choices, widget=forms.RadioSelect)
    shortcuts = forms.BooleanField(label="Single-key shortcuts", required=False)


class CompanyForm(forms.Form):
    """Name, reporting zone and currency."""

    company = forms.CharField(
        label="Company", max_length=120, widget=forms.TextInput({"autocomplete": "organization"})
    )
    time_zone = forms.ChoiceField(
        choices=lambda: list(zones()), help_text="Days and months of all figures are those of this zone."
    )
    currency = forms.CharField(
        min_length=3,
        max_length=3,
        help_text="A code such as EUR. Nothing is converted; deals in another currency keep theirs.",
    )


class OrganisationForm(CompanyForm):
    """The company, and whom its figures name."""

    people_in_figures = forms.ChoiceField(
        label="People in figures",
        choices=Organisation.PeopleInFigures.choices,
        widget=forms.RadioSelect,
        help_text="Whoever is not named is pooled. Totals are the same for everyone.",
    )


class StartForm(CompanyForm):
    """The first run: token, first admin, company."""

    token = forms.CharField(
        label="Setup token",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Printed in the terminal when Baton started.",
    )
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Email", max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=False),
        help_text="12 characters or more.",
    )
    field_order = ("token", "name", "email", "password", "company", "time_zone", "currency")

    def admin(self) -> FirstAdmin:
        data = self.cleaned_data
        return FirstAdmin(data["name"], data["email"], data["password"])

    def organisation(self) -> Company:
        data = self.cleaned_data
        return Company(data["company"], data["time_zone"], data["currency"])


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(max_length=80, help_text="What uses it: “Website forms”.")
    scopes = forms.MultipleChoiceField(label="May", widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(
        label="Works until",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="The morning of this day. Empty: until it is revoked.",
    )

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scopes"].choices = [(scope, scope) for scope in scopes_for(person)]  # type: ignore[attr-defined]

    def expires_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["expires_on"]
        zone = timezone.get_current_timezone()
        return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None
