"""Forms of the settings about leads: reasons, kinds of touches, campaigns and briefs."""

from __future__ import annotations

from typing import Any

from django import forms

from leads.models import BriefVersion, Campaign, Reason, TouchKind
from leads.services.catalogue import WITH_ATTEMPTS, WITH_NEXT_STEP, BriefFields, CampaignFields, ReasonFields

STEPS = [choice for choice in Reason.NextStep.choices if choice[0]]
ASIDE = [choice for choice in STEPS if choice[0] != Reason.NextStep.FIX]


class ReasonForm(forms.Form):
    """A reason, with the fields that its verb knows."""

    label = forms.CharField(label="Reason", max_length=120)
    group = forms.CharField(max_length=60, required=False, help_text="Heading under which it is offered.")
    next_step = forms.ChoiceField(
        label="Next step",
        choices=STEPS,
        widget=forms.RadioSelect,
    )
    counts_against = forms.ChoiceField(
        label="Counts against",
        choices=Reason.CountsAgainst.choices,
        widget=forms.RadioSelect,
        initial="nobody",
    )
    note_required = forms.BooleanField(label="A note is required", required=False)
    minimum_attempts = forms.IntegerField(
        label="Attempts before it", min_value=0, max_value=50, initial=0, help_text="Refused with fewer."
    )
    position = forms.IntegerField(label="Order", min_value=0, max_value=1000, initial=0)

    def __init__(self, *args: Any, verb: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if verb not in WITH_NEXT_STEP:
            del self.fields["next_step"]
        elif verb == Reason.Verb.SET_ASIDE:
            self.fields["next_step"].choices = ASIDE  # type: ignore[attr-defined]
        if verb not in WITH_ATTEMPTS:
            del self.fields["minimum_attempts"]

    def to_fields(self) -> ReasonFields:
        return ReasonFields(**self.cleaned_data)

    @staticmethod
    def initial_of(reason: Reason) -> dict[str, Any]:
        return {name: getattr(reason, name) for name in ReasonForm.base_fields}


class TouchKindForm(forms.Form):
    """A kind of marketing interaction."""

    label = forms.CharField(label="Name", max_length=80)
    hand_raise = forms.BooleanField(
        label="Hand raise: always reaches a person",
        required=False,
        help_text="Demo request, pricing, contact form. Counts for new touches only.",
    )
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    @staticmethod
    def initial_of(kind: TouchKind) -> dict[str, Any]:
        return {"label": kind.label, "hand_raise": kind.hand_raise, "is_active": kind.is_active}


class CampaignForm(forms.Form):
    """A campaign with its money and days."""

    name = forms.CharField(max_length=160)
    channel = forms.CharField(max_length=40, required=False, help_text="Webinar, fair, paid search …")
    budget = forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, required=False)
    spend = forms.DecimalField(label="Spent so far", min_value=0, max_digits=14, decimal_places=2, initial=0)
    starts_on = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    def to_fields(self) -> CampaignFields:
        return CampaignFields(**self.cleaned_data)

    @staticmethod
    def initial_of(campaign: Campaign) -> dict[str, Any]:
        return {name: getattr(campaign, name) for name in CampaignForm.base_fields}


class BriefForm(forms.Form):
    """What sales must know of a campaign."""

    promise = forms.CharField(
        label="What was promised",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text="In the words buyers will quote. It stands on every lead of the campaign.",
    )
    audience = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 2}))
    problem = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 2}))
    message = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 2}))
    avoid = forms.CharField(
        label="Do not say", required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )

    def to_fields(self) -> BriefFields:
        return BriefFields(**self.cleaned_data)

    @staticmethod
    def initial_of(brief: BriefVersion | None) -> dict[str, Any]:
        return {name: getattr(brief, name) for name in BriefForm.base_fields} if brief else {}
