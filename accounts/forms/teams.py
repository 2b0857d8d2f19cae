"""The form of a team."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Team
from accounts.models.team import MARKETING_FUNCTIONS, Side
from accounts.services.teams import TeamFields
from calendars.models import Calendar


def _functions_of(side: str) -> list[tuple[str, str]]:
    names = dict(Team.Function.choices)
    return [
        (key, str(names[key])) for key in names if (key in MARKETING_FUNCTIONS) == (side == Side.MARKETING)
    ]


class TeamForm(forms.Form):
    """Everything that can be said about a team."""

    name = forms.CharField(max_length=80)
    function = forms.ChoiceField(
        label="What it does",
        choices=[(side.label, _functions_of(side)) for side in Side],
        help_text="Its side of the contract follows from it.",
    )
    calendar = forms.ModelChoiceField(
        Calendar.objects.filter(is_active=True), label="Working calendar", empty_label="Choose"
    )
    routing = forms.ChoiceField(label="Leads go to", choices=Team.Routing.choices, widget=forms.RadioSelect)
    countries = forms.CharField(
        max_length=400, required=False, help_text="Codes such as NO, SE, DK. Empty: leads of any country."
    )
    min_employees = forms.IntegerField(
        label="Companies from", min_value=0, max_value=10_000_000, required=False, help_text="Employees."
    )
    position = forms.IntegerField(
        label="Order",
        min_value=0,
        max_value=1000,
        help_text="Routing tries teams from 0 up; the first that fits wins.",
    )
    full_cycle = forms.BooleanField(label="Full cycle: its reps also close", required=False)
    passes_to = forms.ModelChoiceField(
        Team.objects.filter(is_active=True),
        label="Passes to",
        required=False,
        empty_label="Nobody",
        help_text="Which team closes what this one qualifies.",
    )
    is_active = forms.BooleanField(
        label="In use", required=False, help_text="Out of use it gets no new leads and nobody can join it."
    )

    def to_fields(self) -> TeamFields:
        data: dict[str, Any] = dict(self.cleaned_data)
        codes = [code for code in data.pop("countries").replace(";", ",").split(",") if code.strip()]
        return TeamFields(**data, countries=codes)

    @staticmethod
    def initial_of_new() -> dict[str, Any]:
        """Where there is only one calendar nobody is asked which."""
        calendars = list(Calendar.objects.filter(is_active=True)[:2])
        only = calendars[0] if len(calendars) == 1 else None
        return {"routing": "pool", "position": 0, "full_cycle": True, "is_active": True, "calendar": only}

    @staticmethod
    def initial_of(team: Team) -> dict[str, Any]:
        names = ("name", "function", "calendar", "routing", "min_employees", "position", "full_cycle")
        known = {name: getattr(team, name) for name in names}
        return known | {
            "countries": ", ".join(team.countries), "passes_to": team.passes_to, "is_active": team.is_active
        }  # fmt: skip
