"""Why a clock was missed; excuses and contests: asking, talking, deciding."""

from __future__ import annotations

from typing import Any

from django import forms

OTHER = "Other"
REASONS = ("System was down", "Wrong calendar", "Sudden illness", "Offered in error", OTHER)


class AskForm(forms.Form):
    """Why a miss should not count. Only "Other" needs words."""

    reason = forms.ChoiceField(
        label="Why it should not count", choices=[(reason, reason) for reason in REASONS], widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )  # fmt: skip
    evidence = forms.CharField(label="What happened", max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("reason") == OTHER and not said.get("evidence"):
            self.add_error("evidence", "Say what happened.")
        return said


class RemarkForm(forms.Form):
    """One thing said in the thread."""

    text = forms.CharField(
        label="Remark", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write something."},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """A decision, something said, or both."""

    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, error_messages={"required": "Choose one."}
    )
    text = forms.CharField(
        label="Remark", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    decisions: tuple[tuple[str, str], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision = self.fields["decision"]
        if isinstance(decision, forms.ChoiceField):
            decision.choices = self.decisions
        decision.required = not (self.is_bound and self.data.get("text", "").strip())


class DecideForm(AnswerForm):
    """The other side's answer to an excuse."""

    decisions = (
        ("granted", "Excuse it: gross keeps it, net leaves it out"),
        ("refused", "Refuse: it counts"),
    )


class UpholdForm(AnswerForm):
    """A sales manager's answer to a contest."""

    decisions = (
        ("upheld", "Uphold the rejection: it counts"),
        ("reversed", "Reverse it: gross keeps it, net leaves it out"),
    )


class ContestForm(forms.Form):
    """Why a rejection is wrong."""

    text = forms.CharField(
        label="Why the rejection is wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the rejection is wrong."},
    )  # fmt: skip


class CauseForm(forms.Form):
    """Why it was late: one word, which the service knows."""

    cause = forms.CharField(max_length=14, error_messages={"required": "Choose one of the causes."})


class FilterForm(forms.Form):
    """Narrowing the list of breaches."""

    kind = forms.ChoiceField(label="Clock", required=False)
    cause = forms.ChoiceField(label="Cause", required=False)
    team = forms.ChoiceField(label="Team", required=False)
    source = forms.CharField(
        label="Source", required=False, max_length=120, help_text="As leads name it, such as Webinar."
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, pairs in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "All"), *pairs]
