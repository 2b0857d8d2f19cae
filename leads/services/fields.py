"""Custom fields of leads, made and changed by hand. Imports and programs make them too (`attributes`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from common.database.naming import alone_in_naming
from common.refusals import Invalid
from definitions.engine.text import text_key
from leads.engine.identity import clean, normal_form
from leads.engine.profile import FIELDS
from leads.models import CustomField
from leads.services.attributes import MOST_CHOICES
from leads.services.catalogue import must_configure

LONGEST_NAME, LONGEST_LABEL, LONGEST_CHOICE = 80, 120, 120


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What people call a field, and the values it offers: for choices alone."""

    label: str
    choices: tuple[str, ...] = ()


@transaction.atomic
def add_field(words: FieldWords, *, type_: str, by: User) -> CustomField:
    """Its name, by which files, programs and definitions know it, is the normal form of its label, and stays.

    Raises NotAllowed or Invalid.
    """
    must_configure(by)
    if type_ not in CustomField.Type.values:
        raise Invalid({"type": "Choose what it holds."})
    name = normal_form(words.label)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"label": "Enter a name of letters or digits, 80 at most."})
    if name in FIELDS:
        raise Invalid({"label": "Every lead has this field already."})
    alone_in_naming(CustomField)
    label, choices = _read(words, CustomField(type=type_))
    made = {"label": label, "type": type_, "choices": choices}
    field, is_new = CustomField.objects.get_or_create(
        name=name, defaults=made
    )  # an import may be naming it too
    if not is_new:
        raise Invalid({"label": f"There is already a field attributes.{name}."})
    return field


@transaction.atomic
def revise_field(
    field: CustomField, words: FieldWords, *, by: User, seen: FieldWords | None = None
) -> CustomField:
    """Another label, other values to choose from. What leads hold stays; so does what definitions ask.

    With the words that were `seen`, what files or others changed of them meanwhile stays as well.
    Raises NotAllowed or Invalid.
    """
    must_configure(by)
    alone_in_naming(CustomField)
    row = CustomField.objects.select_for_update(no_key=True).get(pk=field.pk)
    row.label, row.choices = _read(_merged(words, seen, row) if seen else words, row)
    row.save(update_fields=["label", "choices"])
    return row


def _merged(words: FieldWords, seen: FieldWords, row: CustomField) -> FieldWords:
    """What was changed against what was seen, on top of what stands there now."""
    had, has = ({text_key(clean(one)) for one in some} for some in (seen.choices, row.choices))
    kept = [one for one in words.choices if text_key(clean(one)) not in had - has]
    came = [one for one in row.choices if text_key(clean(one)) not in had]
    return FieldWords(row.label if words.label == seen.label else words.label, (*kept, *came))


def _read(words: FieldWords, field: CustomField) -> tuple[str, list[str]]:
    label, errors = clean(words.label), dict[str, str]()
    if not label or len(label) > LONGEST_LABEL:
        errors["label"] = "Enter a name of at most 120 characters."
    elif CustomField.objects.filter(label__iexact=label).exclude(pk=field.pk).exists():
        errors["label"] = f"There is already a field “{label}”."
    choices = _distinct(words.choices)
    if field.type != CustomField.Type.CHOICE and choices:
        errors["choices"] = "Only a choice offers values."
    if field.type == CustomField.Type.CHOICE and not 1 <= len(choices) <= MOST_CHOICES:
        errors["choices"] = f"Enter 1 to {MOST_CHOICES} values, one a line."
    if any(len(choice) > LONGEST_CHOICE for choice in choices):
        errors["choices"] = f"Enter at most {LONGEST_CHOICE} characters a value."
    if errors:
        raise Invalid(errors)
    return label, choices


def _distinct(choices: Iterable[str]) -> list[str]:
    """Each once, whatever its spelling, in the order in which they were written."""
    by_key: dict[str, str] = {}
    for choice in map(clean, choices):
        by_key.setdefault(text_key(choice), choice)
    return [choice for key, choice in by_key.items() if key]
