"""The form of "test a lead": a lead or nobody, what caused the offer, to whom, when, and further facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localtime

from accounts.models import Team
from accounts.queries import active_teams
from definitions.catalogue import catalogue
from definitions.engine.facts import Known, WrongTypeError
from definitions.engine.literals import read_text
from leads.models import Lead
from leads.queries_catalogue import touch_kinds_listed
from sla.queries.drafting import leads_named
from sla.services.trying import Question

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class TestLeadForm(forms.Form):
    """Sent by GET: a test changes nothing and can be linked to."""

    lead = forms.CharField(
        required=False, max_length=254, help_text="Name or e-mail. Empty: typed facts only."
    )
    trigger = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    at = forms.DateTimeField(
        label="Offered at",
        input_formats=MOMENTS,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENTS[0]),
    )
    facts = forms.CharField(
        label="Further facts",
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 2}),
        help_text="One a line, such as: company.tier = named",
    )

    def __init__(self, *args: Any, leads: QuerySet[Lead], **options: Any) -> None:
        super().__init__(*args, **options)
        self.leads = leads
        self.kinds = {kind.key: kind for kind in touch_kinds_listed()}
        self.teams = {str(team.public_id): team for team in _answering()}
        self._offer("trigger", self.kinds)
        self._offer("team", self.teams)

    def _offer(self, name: str, rows: Mapping[str, object]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
        chosen.choices = [("", "None"), *((key, str(row)) for key, row in rows.items())]

    def clean_lead(self) -> Lead | None:
        said = self.cleaned_data["lead"].strip()
        if not said:
            return None
        found = leads_named(self.leads, said)
        if not found:
            raise ValidationError("No lead is called so.")
        if len(found) > 1:
            raise ValidationError("More than one lead is called so. Write the e-mail address.")
        return found[0]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not 1990 <= at.year < 2200:
            raise ValidationError("Choose a day from 1990 to 2199.")
        return at

    def clean_facts(self) -> dict[str, Known]:
        lines = [line for line in self.cleaned_data["facts"].splitlines() if line.strip()]
        return dict(_fact(line) for line in lines)

    def question(self) -> Question:
        data = self.cleaned_data
        return Question(
            data["at"], data["lead"], self.kinds.get(data["trigger"]), self.teams.get(data["team"]), data["facts"]
        )  # fmt: skip


def first_try(now: datetime) -> dict[str, str]:
    """What is shown before anybody asks: an offer made now to the first team that answers."""
    teams = [str(team.public_id) for team in _answering()]
    return {"at": f"{localtime(now):%Y-%m-%dT%H:%M}", "team": teams[0] if teams else ""}


def _answering() -> list[Team]:
    return [team for team in active_teams().select_related("calendar") if team.side == "sales"]


def _fact(line: str) -> tuple[str, Known]:
    name, _, text = (part.strip() for part in line.partition("="))
    spec = catalogue.lookup(name)
    if spec is None or not text:
        raise ValidationError(f"“{line.strip()}” names no fact. Write it as: company.tier = named")
    try:
        return name, read_text(spec.type, text)
    except WrongTypeError as error:
        raise ValidationError(f"{name}: {error}.") from error
