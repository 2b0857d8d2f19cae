"""The form of a rejection: what was wrong, the criterion pointed at, and to whom a known buyer belongs."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.queries import person_by
from desk.forms.acts import ReasonForm, grouped
from desk.queries.known import belongs_to, colleagues
from leads.access import deal_for
from leads.services.known import Known, asks_whose


class RejectForm(ReasonForm):
    """The reason, and for a definitional one the criterion that is wrong: `key|path`."""

    verb = "reject"

    def prepare(self) -> None:
        super().prepare()
        definitional = [row for group in self.groups if group.is_definitional for row in group.reasons]
        self.definitional = definitional[0] if definitional else None
        others = [group for group in self.groups if not group.is_definitional or not self.findings]
        rows = [row for group in others for row in group.reasons]
        self.others = grouped(rows, first=len(self.findings) + 1)
        choices = [(self.value(finding.path), finding.wording) for finding in self.findings]
        choices += [(row.key, row.label) for group in self.others for row in group.reasons]
        self.fields["reason"] = forms.ChoiceField(
            choices=choices,
            error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason."},
        )
        if any(group.asks_whose for group in self.groups):
            self._ask_whose()

    def _ask_whose(self) -> None:
        lead = self.handoff.lead
        near = belongs_to(lead)
        groups = [
            (str(lead.company or ""), near),
            ("Somebody else", colleagues(lead)),
            ("Not known", [("", "Nobody knows")]),
        ]
        self.fields["known"] = forms.ChoiceField(
            choices=[(label, found) for label, found in groups if found],
            required=False,
            label="Which deal or owner",
            help_text="The lead is linked to the deal, and whoever owns it is told.",
        )
        self.initial["known"] = near[0][0] if near else ""

    @property
    def findings(self) -> list[Any]:
        """The findings that spoke for the lead, to point at; none without a definitional reason."""
        if self.definitional is None:
            return []
        if not hasattr(self, "_findings"):
            self._findings = list(self.handoff.qualification.findings.filter(helps=True))
        return self._findings

    def value(self, path: str) -> str:
        return f"{self.definitional.key if self.definitional else ''}|{path}"

    @property
    def pointed(self) -> tuple[str, str]:
        """Key and criterion of what was chosen."""
        key, _, criterion = str(self.cleaned_data["reason"]).partition("|")
        return key, criterion

    @property
    def known_as(self) -> Known:
        """To whom the buyer belongs: said only with a reason that asks for it."""
        key = self.pointed[0]
        asked = any(
            asks_whose(reason) and reason.key == key for group in self.groups for reason in group.reasons
        )
        kind, _, public_id = str(self.cleaned_data.get("known", "") if asked else "").partition(":")
        if kind == "deal":
            return Known(deal=deal_for(self.by, public_id))
        return Known(owner=person_by(public_id)) if kind == "person" else Known()
