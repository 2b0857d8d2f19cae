"""The questions that a definition is written with."""

from __future__ import annotations

from typing import Any

from django import forms

from definitions.catalogue import catalogue
from definitions.engine import starter
from definitions.engine.operators import MOST_DAYS
from definitions.engine.starter import Answers, listed
from definitions.services.drafting import Beginning

MOST, LONGEST = 50, 100
LISTS = ("industries", "countries", "roles")
CHOSEN = ("kinds", "known", "never")
# What is not asked of one, unless the version that it starts from asks it: nothing of that is lost unseen.
UNASKED = {"sql": ("kinds", "roles"), "mql": ("known",)}
NEVER_KNOWN = ("lead.stage", "lead.origin", "lead.created_at", "lead.is_customer", "lead.in_open_handoff",
               starter.RELATION)  # fmt: skip


class AnswersForm(forms.Form):
    """One question each; whatever is left empty is not asked of a lead."""

    least_employees = forms.IntegerField(
        label="Employees, at least", min_value=0, max_value=10**7, required=False
    )
    most_employees = forms.IntegerField(
        label="Employees, at most", min_value=0, max_value=10**7, required=False
    )
    industries = forms.CharField(
        required=False, max_length=2_000, help_text="Commas between them: Food, Paper."
    )
    countries = forms.CharField(required=False, max_length=2_000, help_text="As leads have them: NO, SE, DK.")
    roles = forms.CharField(
        label="Words in the role", required=False, max_length=2_000,
        help_text="One of them is enough: operations, maintenance.",
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="One of these", required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    within_days = forms.IntegerField(
        label="In the last days", min_value=1, max_value=MOST_DAYS, required=False, help_text="Empty: at any time.",
    )  # fmt: skip
    known = forms.MultipleChoiceField(label="Known", required=False, widget=forms.CheckboxSelectMultiple)
    never = forms.MultipleChoiceField(
        label="Never a company that is", required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(label="Why", required=False, max_length=500, help_text="Both sides read it.")
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any, start: Beginning, key: str) -> None:
        super().__init__(data, initial=_initial(start))
        for name in UNASKED[key]:
            if not getattr(start.answers, name):
                del self.fields[name]
        choices = {"kinds": _kinds(), "known": _facts(), "never": _relations()}
        for name in set(CHOSEN) & set(self.fields):
            self.fields[name].choices = _keeping(choices[name], getattr(start.answers, name))  # type: ignore[attr-defined]
        if "kinds" in self.fields and not self.fields["kinds"].choices:  # type: ignore[attr-defined]
            del self.fields["kinds"]
        if "kinds" not in self.fields:
            del self.fields["within_days"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in LISTS:
            if name in data and (wrong := _wrong(listed(data[name]))):
                self.add_error(name, wrong)
        least, most = data.get("least_employees"), data.get("most_employees")
        if least is not None and most is not None and least > most:
            self.add_error("most_employees", f"Enter {least:,} or more, or leave it empty.")
        return data

    def answers(self) -> Answers:
        data = self.cleaned_data
        lists = {name: listed(data.get(name, "")) for name in LISTS}
        chosen = {name: tuple(data.get(name, ())) for name in CHOSEN}
        return Answers(
            least_employees=data["least_employees"], most_employees=data["most_employees"],
            within_days=data.get("within_days"), **lists, **chosen,
        )  # fmt: skip


def _initial(start: Beginning) -> dict[str, Any]:
    answers = start.answers
    lists = {name: ", ".join(getattr(answers, name)) for name in LISTS}
    chosen = {name: list(getattr(answers, name)) for name in CHOSEN}
    return lists | chosen | {
        "least_employees": answers.least_employees, "most_employees": answers.most_employees,
        "within_days": answers.within_days, "note": start.draft.note if start.draft else "", "seen": start.seen,
    }  # fmt: skip


def _wrong(found: tuple[str, ...]) -> str:
    if len(found) > MOST:
        return f"Enter {MOST} or fewer."
    return f"Each has {LONGEST} letters or fewer." if any(len(one) > LONGEST for one in found) else ""


def _keeping(choices: list[tuple[str, str]], chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """What was chosen and is not offered any more can still be seen, and taken out."""
    offered = {key for key, _ in choices}
    return choices + [(key, key) for key in chosen if key not in offered]


def _kinds() -> list[tuple[str, str]]:
    return sorted((catalogue.touches.kinds() if catalogue.touches else {}).items(), key=lambda kind: kind[1])


def _facts() -> list[tuple[str, str]]:
    return [
        (spec.name, spec.label)
        for spec in catalogue.facts()
        if spec.group in ("lead", "company", "attributes") and spec.name not in NEVER_KNOWN
    ]


def _relations() -> list[tuple[str, str]]:
    spec = catalogue.lookup(starter.RELATION)
    known = spec.values() if spec and spec.values else {}
    return [(key, "Without any relation" if key == "none" else label) for key, label in known.items()]
