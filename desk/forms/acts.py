"""Forms of the acts: choices in, domain values out. Whether an act is allowed is decided by its service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import User
from leads.models import Deal, Handoff, Insight, Reason
from leads.services.known import asks_whose

DEFINITIONAL = "definition"
NOTE = 500
OFFERED_COMPETITORS = 20


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Reasons under one heading, and whom they count against."""

    label: str
    against: str
    reasons: tuple[Reason, ...]
    first: int = 1  # the digit of its first reason

    @property
    def side(self) -> str:
        return self.against if self.against in ("marketing", "sales") else ""

    @property
    def is_definitional(self) -> bool:
        return self.label.casefold().startswith(DEFINITIONAL)

    @property
    def asks_whose(self) -> bool:
        return any(map(asks_whose, self.reasons))


class ActForm(forms.Form):
    """One act on one handoff. Every act may carry a note."""

    note = forms.CharField(max_length=NOTE, required=False)

    def __init__(self, data: Any = None, *, handoff: Handoff, by: User) -> None:
        super().__init__(data)
        self.handoff = handoff
        self.by = by
        self.prepare()

    def prepare(self) -> None:
        """Read the choices that the handoff offers."""

    @property
    def said(self) -> str:
        return str(self.cleaned_data.get("note", ""))


class ReasonForm(ActForm):
    """An act that asks why. Reasons are rows; the note is needed where a reason says so."""

    verb = ""
    reason_required = True

    def prepare(self) -> None:
        rows = list(Reason.objects.filter(verb=self.verb, is_active=True))
        self.groups = grouped(rows)
        self.fields["reason"] = forms.ChoiceField(
            choices=[(row.key, row.label) for row in rows],
            required=self.reason_required,
            error_messages={"required": "Choose a reason."},
        )

    @property
    def minimum(self) -> Reason | None:
        """The reason that needs attempts first, so that the dialog says how many are missing."""
        rows = [row for group in self.groups for row in group.reasons]
        return next((row for row in rows if row.minimum_attempts > self.handoff.attempts_count), None)


def grouped(rows: Iterable[Reason], first: int = 1) -> list[ReasonGroup]:
    """By heading in the order of the rows; one heading may count against two sides. Digits begin at `first`."""
    groups: dict[tuple[str, str], list[Reason]] = defaultdict(list)
    for row in rows:
        groups[row.group, row.counts_against].append(row)
    starts = accumulate((len(found) for found in groups.values()), initial=first)
    return [
        ReasonGroup(label, against, tuple(found), start)
        for ((label, against), found), start in zip(groups.items(), starts, strict=False)
    ]


class HeardForm(forms.Form):
    """What the buyer said, offered as chips with any act that closes or logs; never demanded."""

    heard = forms.MultipleChoiceField(
        choices=Insight.Kind.choices, required=False, label="Heard from the buyer"
    )
    words = forms.CharField(max_length=NOTE, required=False, label="In the buyer's words")


class UntilForm(forms.Form):
    """A day from which to go on: one of three, or another."""

    SPANS = {"1": 30, "3": 91, "6": 182}
    wake = forms.ChoiceField(
        choices=[("1", "1 month"), ("3", "3 months"), ("6", "6 months"), ("date", "Another day")],
        required=False,
        label="Wake on",
    )
    until = forms.DateField(required=False, label="Day", widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def day(self) -> date | None:
        """The day that was chosen, whichever way."""
        wake = self.cleaned_data.get("wake")
        if wake in self.SPANS:
            return localdate() + timedelta(days=self.SPANS[wake])
        return self.cleaned_data.get("until")


class DisqualifyForm(ReasonForm, HeardForm):
    verb = "disqualify"


class RecycleForm(ReasonForm, HeardForm, UntilForm):
    verb = "recycle"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.day is None:
            self.add_error("until" if given.get("wake") == "date" else "wake", "Choose a day.")
        return given


class LoseForm(ReasonForm, HeardForm, UntilForm):
    verb = "lose"

    competitor = forms.CharField(
        max_length=120, required=False, label="To whom",
        widget=forms.TextInput(attrs={"list": "competitors", "autocomplete": "off"}),
    )  # fmt: skip
    then = forms.ChoiceField(
        choices=[("close", "Close for good"), ("recycle", "Recycle until")], initial="close", required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("then") == "recycle" and self.day is None and "until" not in self.errors:
            self.add_error("until", "Choose a day.")
        return given

    @property
    def competitors(self) -> list[str]:
        """To whom deals were lost before, the latest first."""
        lost = Deal.objects.exclude(competitor="").values("competitor").annotate(last=Max("closed_at"))
        return [row["competitor"] for row in lost.order_by("-last")[:OFFERED_COMPETITORS]]

    @property
    def back_on(self) -> date | None:
        return self.day if self.cleaned_data.get("then") == "recycle" else None


class SendBackForm(ReasonForm):
    verb = "send_back"


class WithdrawForm(ReasonForm):
    verb = "withdraw"
    reason_required = False
