"""What is wrong with the fields of a lead, said together with what the form itself found wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from common.database.moments import database_now
from common.refusals import Invalid
from leads.engine import profile


def say_what_is_wrong(form: forms.Form, told: Mapping[str, Any]) -> None:
    """Adds the errors that the act would find in what is `told` already, each to its field."""
    try:
        profile.read(told, database_now())
    except Invalid as refused:
        for name, reason in refused.errors.items():
            form.add_error(name if name in form.fields else None, reason)
