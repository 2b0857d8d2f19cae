"""What a form says where Django would speak of values and fields: one sentence each that says what to do."""

from __future__ import annotations

from django import forms
from django.core import validators

REQUIRED = "Fill this in."
FIELDS: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (forms.Field, {"required": REQUIRED}),
    (forms.IntegerField, {"invalid": "Enter a whole number."}),
    (forms.DecimalField, {"invalid": "Enter a number."}),
    (forms.DateField, {"invalid": "Enter a day such as 2026-12-31."}),
    (forms.ChoiceField, {"required": "Choose one.", "invalid_choice": "Choose one of the list."}),
    (forms.MultipleChoiceField, {"required": "Choose at least one.", "invalid_choice": "Choose from the list."}),
    (forms.FileField, {"required": "Choose a file.", "empty": "This file is empty.", "invalid": "Choose a file."}),
)  # fmt: skip
LIMITS: tuple[tuple[type[validators.BaseValidator], str], ...] = (
    (validators.MinValueValidator, "Enter %(limit_value)s or more."),
    (validators.MaxValueValidator, "Enter %(limit_value)s or less."),
    (validators.MinLengthValidator, "Enter at least %(limit_value)d characters; these are %(show_value)d."),
    (validators.MaxLengthValidator, "Enter at most %(limit_value)d characters; these are %(show_value)d."),
)
EMAIL = "Enter an e-mail such as lena.vogt@example.com."


def speak() -> None:
    """Once, as the process starts: every form of Baton, and those of the sign-in pages, say it in these words."""
    for field, words in FIELDS:
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    for limit, sentence in LIMITS:
        limit.message = sentence
    validators.EmailValidator.message = EMAIL
    validators.validate_email.message = EMAIL
    validators.DecimalValidator.messages = validators.DecimalValidator.messages | {
        "max_decimal_places": "Enter at most %(max)s digits after the point.",
        "max_digits": "Enter a smaller number: at most %(max)s digits.",
        "max_whole_digits": "Enter a smaller number: at most %(max)s digits before the point.",
    }
