"""The form of accepting: it carries the wording of the brief that stood in the dialog."""

from __future__ import annotations

from django import forms

from desk.forms.acts import ActForm
from leads.models import BriefVersion


class AcceptForm(ActForm):
    """Accepting asks nothing; where the brief changed, its new number is sent back with the answer."""

    brief = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    @property
    def shown(self) -> BriefVersion | None:
        """The wording that was shown; None where the one on the lead stood there, or the number is forged."""
        number, stands = self.cleaned_data["brief"], self.handoff.brief
        return stands.campaign.briefs.filter(number=number).first() if number and stands else None
