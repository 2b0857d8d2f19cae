"""The terms around the promises of a contract draft."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from common.database.moments import database_now
from leads.models.qualification import Basis
from sla.engine import alerts, counting, pause_terms
from sla.engine.alerts import DEFAULTS, MOST
from sla.forms.contract import Choices, SeenForm
from sla.models import ContractVersion
from sla.queries.agreed_fields import choices_with
from sla.queries.drafting import definitions_to_cite, pause_reasons

FARTHEST_REVIEW = timedelta(days=3_653)


class TermsForm(SeenForm):
    """What stands around the promises."""

    note = forms.CharField(label="Why", required=False, widget=forms.Textarea({"rows": 3}))
    review_on = forms.DateField(
        label="Next review", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    mql_version = forms.ChoiceField(label="Judged by MQL", required=False)
    sql_version = forms.ChoiceField(label="Judged by SQL", required=False)
    agreed_fields = forms.MultipleChoiceField(
        label="Agreed fields", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Every offer carries them.",
    )  # fmt: skip
    bases = forms.MultipleChoiceField(
        label="Counted for volume", required=False, choices=Basis.choices, widget=forms.CheckboxSelectMultiple,
        help_text="Offers on these bases count. None ticked: every basis.",
    )  # fmt: skip
    reasons = forms.MultipleChoiceField(
        label="Reasons to pause by hand", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: every reason.",
    )  # fmt: skip
    cap_hours = forms.IntegerField(
        label="Longest pause, business hours", required=False, min_value=1, max_value=10_000,
        help_text="Over all pauses of one cycle; then its clocks run on. Empty: no limit.",
    )  # fmt: skip
    cool_down_minutes = forms.IntegerField(
        label="Minutes between two mails about one clock",
        required=False,
        min_value=0,
        max_value=MOST["cool_down_minutes"],
        help_text=f"Empty: {DEFAULTS['cool_down_minutes']}. To one person.",
    )
    daily_cap = forms.IntegerField(
        label="Mails about clocks a person and day",
        required=False,
        min_value=1,
        max_value=MOST["daily_cap"],
        help_text=f"Empty: {DEFAULTS['daily_cap']}. The rest is told in the app only.",
    )
    quiet_hours = forms.BooleanField(
        label="Mail waits until the person's own hours begin",
        required=False,
        help_text="Whoever works by a 24x7 calendar gets it at once.",
    )

    def __init__(self, *args: Any, version: ContractVersion, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = _initial(version)
        self.rules, self.counting = _object(version.pause_rules), _object(version.counting_rules)
        self.alerts = _object(version.alerts)
        self.cited = {key: definitions_to_cite(key) for key in ("mql", "sql")}
        choices: dict[str, Choices] = {
            f"{key}_version": [("", "None"), *((str(one.pk), f"v{one.number}") for one in found)]
            for key, found in self.cited.items()
        }
        choices["agreed_fields"] = choices_with(version.agreed_fields)
        kept = [(key, key) for key in pause_terms.holds(version.pause_rules).reasons or ()]
        choices["reasons"] = list((dict(kept) | dict(pause_reasons())).items())
        for name, options_of in choices.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
            chosen.choices = options_of

    def clean_review_on(self) -> date | None:
        """What stood there may stand, whatever the day."""
        day: date | None = self.cleaned_data["review_on"]
        today = localtime(database_now()).date()
        if day and day != self.initial["review_on"] and not today < day <= today + FARTHEST_REVIEW:
            raise ValidationError("Choose a day that is still to come, within ten years.")
        return day

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        pauses: dict[str, Any] = {**self.rules, "reasons": data["reasons"], "cap_hours": data["cap_hours"]}
        if data["cap_hours"] is None:
            del pauses["cap_hours"]
        cited = {
            f"{key}_version": next(
                (one for one in found if str(one.pk) == data[f"{key}_version"]),
                None,
            )
            for key, found in self.cited.items()
        }
        kept = {name: data[name] for name in ("note", "review_on", "agreed_fields")}
        counted = {**self.counting, "bases": data["bases"]} if data["bases"] else {}
        return {**kept, **cited, "counting_rules": counted, "pause_rules": pauses, "alerts": self._alerts()}

    def _alerts(self) -> dict[str, Any]:
        """What still means the same stays as it was written, so that an untouched form changes nothing."""
        said = {name: self.cleaned_data[name] for name in DEFAULTS if self.cleaned_data[name] is not None}
        same = alerts.read(said) == alerts.read(self.alerts)
        return self.alerts if same else said


def _initial(version: ContractVersion) -> dict[str, Any]:
    pauses = pause_terms.holds(version.pause_rules)
    return {
        "note": version.note, "review_on": version.review_on, "mql_version": version.mql_version_id,
        "sql_version": version.sql_version_id, "agreed_fields": version.agreed_fields,
        "reasons": list(pauses.reasons or ()), "bases": list(counting.counted(version.counting_rules)),
        "cap_hours": f"{pauses.cap / timedelta(hours=1):g}" if pauses.cap else None,
        "quiet_hours": DEFAULTS["quiet_hours"], **_object(version.alerts),
    }  # fmt: skip


def _object(said: Any) -> dict[str, Any]:
    """Rules that something has spoilt say nothing; saving the form writes them anew (F31)."""
    return said if isinstance(said, dict) else {}
