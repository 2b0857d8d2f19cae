"""The forms of the contract: one promise of a draft as people write it, and signing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from calendars.queries import active_calendars
from definitions.catalogue import catalogue
from definitions.engine import codec
from definitions.engine.wording import describe
from sla.forms import contract_ladder
from sla.forms.percents import PercentField
from sla.forms.promise_kinds import KindSelect, groups_of, missing, without_meaning
from sla.forms.spans import read_span
from sla.models import Commitment
from sla.queries.spans import span_words
from sla.services.agreement_promise import ALWAYS, MARKETING, TEAM

EVERYBODY = '{"all": []}'
CODE = {"rows": 4, "class": "input mono", "spellcheck": "false"}
COUNTS = ("attempts", "days", "calls", "channels", "binds_up_to")
NODE = ("kind", "name", "segment", "target", "calendar", "out_of_hours", "warnings", "period",
        "restart_on_reassign", *COUNTS)  # fmt: skip
NEEDED = ("who", "segment", "target", "attempts", "amount", "goal", "period")  # wherever the kind has them
Choices = list[tuple[str, Any]]


def _kinds() -> Choices:
    of: dict[str, Choices] = {"Sales": [], "Marketing": [], "Both": []}
    for kind, label in Commitment.Kind.choices:
        side = "Both" if kind == "buyer_wait" else "Marketing" if kind in MARKETING else "Sales"
        of[side].append((kind, label))
    return list(of.items())


def _calendars() -> Choices:
    named = [(calendar.name, calendar.name) for calendar in active_calendars()]
    return [(TEAM, "The answering team's"), (ALWAYS, "24x7, all hours count"), *named]


class SeenForm(forms.Form):
    """What a draft said when this was filled in; an act on an older wording is refused."""

    seen_as = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    @property
    def seen(self) -> str:
        return str(self.cleaned_data["seen_as"])


class PromiseForm(SeenForm):
    """One promise. `node` is what it says, as in an agreement file."""

    kind = forms.ChoiceField(
        choices=_kinds, widget=KindSelect, help_text="The side that owes it follows from this."
    )
    name = forms.CharField(max_length=120, help_text="Such as: Answer to demo requests.")
    who = forms.ChoiceField(label="Whom it is for", required=False)
    segment = forms.CharField(
        label="Criteria",
        required=False,
        widget=forms.Textarea(CODE),
        help_text='Such as {"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}',
    )
    target = forms.CharField(required=False, max_length=20, help_text="30 m, 4 h or 10 days. Business time.")
    calendar = forms.ChoiceField(label="Hours that count", choices=_calendars)
    out_of_hours = forms.CharField(
        label="Target for starts out of hours", required=False, max_length=20, help_text="Such as 2 h."
    )
    warnings = forms.CharField(
        label="Warnings at per cent", required=False, max_length=40, help_text="Empty: 50, 80."
    )
    goal = PercentField(label="Goal, per cent")
    attempts = forms.IntegerField(label="Human attempts", required=False, min_value=1)
    days = forms.IntegerField(label="On so many days", required=False, min_value=1)
    calls = forms.IntegerField(label="Of them calls", required=False, min_value=1)
    channels = forms.IntegerField(label="Over so many channels", required=False, min_value=1)
    binds_up_to = forms.IntegerField(label="New offers a rep and day it binds", required=False, min_value=1)
    amount = forms.DecimalField(
        required=False, max_digits=14, decimal_places=2, help_text="Leads offered, or money of deals opened."
    )
    period = forms.ChoiceField(
        required=False, choices=[("", "None"), ("month", "A month"), ("quarter", "A quarter")],
        help_text="By what it is judged. A promise with a clock may go without.",
    )  # fmt: skip
    restart_on_reassign = forms.BooleanField(label="Starts anew when reassigned", required=False)

    def __init__(self, *args: Any, segments: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = {_written(segment): _worded(segment) for segment in segments}
        known.pop(EVERYBODY, None)
        choices = [(EVERYBODY, "Every lead"), *known.items(), ("", "As written below, in JSON")]
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101 - declared above
        who.choices = choices
        self.fields.update(contract_ladder.cells())
        for name in NEEDED:
            self.fields[name].needed = True  # type: ignore[attr-defined]

    @property
    def ladder_rows(self) -> list[dict[str, forms.BoundField]]:
        return contract_ladder.shown_rows(self)

    def clean(self) -> None:
        kind = str(self.cleaned_data.get("kind", ""))
        runs = "clock" in groups_of(kind)
        self.ladder = contract_ladder.read_rows(self, kind, self.initial.get("ladder")) if runs else []
        for name, reason in missing(kind, self.cleaned_data).items():
            if kind and name not in self.errors:
                self.add_error(name, reason)

    def clean_target(self) -> str:
        return self._span("target")

    def clean_out_of_hours(self) -> str:
        return self._span("out_of_hours")

    def clean_warnings(self) -> list[int]:
        parts = [part.strip(" %") for part in self.cleaned_data["warnings"].split(",") if part.strip(" %")]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError("Write whole per cents such as 50, 80.")
        return [int(part) for part in parts]

    def clean_segment(self) -> Any:
        chosen = self.cleaned_data.get("who")
        if chosen:
            return json.loads(chosen)
        if not self.cleaned_data["segment"].strip():
            raise ValidationError("Choose above whom it is for, or write criteria.")
        return self._json("segment")

    def node(self) -> dict[str, Any]:
        data = self.cleaned_data
        goal = data["goal"]
        said = {name: data[name] for name in NODE}
        said |= {"goal": None if goal is None else float(goal / 100), "amount": data["amount"]}
        if data["amount"] is not None:
            said["amount"] = float(data["amount"])
        said["ladder"] = self.ladder
        spare = without_meaning(data["kind"])
        return {name: value for name, value in said.items() if value not in ("", None) and name not in spare}

    def _span(self, name: str) -> str:
        text = self.cleaned_data[name]
        return read_span(text) if text.strip() else ""

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self.cleaned_data[name] or "null")
        except (
            ValueError,
            RecursionError,
        ) as error:  # thousands of brackets within each other are none either
            raise ValidationError("This is not JSON: check quotes, commas and brackets.") from error

    @staticmethod
    def initial_of(row: Commitment) -> dict[str, Any]:
        """A row as people would write it."""
        target = f"{row.target_days} days" if row.target_days else row.target and span_words(row.target)
        calendar = {"team": TEAM, "always": ALWAYS}.get(row.calendar_choice) or str(row.calendar)
        return {
            "kind": row.kind, "name": row.name, "who": _written(row.segment),
            "segment": json.dumps(row.segment, indent=1, ensure_ascii=False), "target": target, "calendar": calendar,
            "out_of_hours": row.out_of_hours and span_words(row.out_of_hours),
            "warnings": ", ".join(map(str, row.warnings)), "goal": _percent(row.goal), "attempts": row.attempts,
            "days": row.attempt_days, "calls": row.attempt_calls, "channels": row.attempt_channels,
            "binds_up_to": row.binds_up_to, "amount": row.amount, "period": row.period,
            "restart_on_reassign": row.restart_on_reassign, "ladder": row.ladder,
            **contract_ladder.initial_of(row.ladder, row.kind),
        }  # fmt: skip


class SignForm(SeenForm):
    """The password of whoever signs, and when it is to start."""

    starts = forms.DateTimeField(
        label="In force from",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty: as soon as both have signed.",
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text="A signed version cannot be edited. A change is a new version.",
    )

    def __init__(self, *args: Any, person: User, asks_password: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        if not asks_password:  # people of the demo have none: they sign in by one click
            del self.fields["password"]

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.person.check_password(password):
            raise ValidationError("This is not your password.")
        return password


def _written(segment: Any) -> str:
    return json.dumps(segment or {"all": []}, ensure_ascii=False)


def _worded(segment: Any) -> str:
    try:
        words = describe(codec.parse(segment, catalogue), catalogue)
    except codec.CriteriaError:
        return "Nobody: a fact of it is gone"
    return words if len(words) <= 90 else f"{words[:89]}…"


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{(share * 100).normalize():f}"
