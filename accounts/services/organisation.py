"""What the organisation is called, and the zone and currency its figures are in."""

from __future__ import annotations

import re

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import organisation, standing_of
from accounts.services.profile import is_zone
from common.database.watching import acting
from common.refusals import Invalid, NotAllowed

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@transaction.atomic
def update(*, name: str, time_zone: str, currency: str, by: User) -> Organisation:
    """Raises NotAllowed, or Invalid with one reason per field."""
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change the organisation.")
    acting(by.pk)
    return write(name=name, time_zone=time_zone, currency=currency)


@transaction.atomic
def show_people(rule: str, *, by: User) -> Organisation:
    """Whom figures name; the others are pooled, so totals stay the same. Raises NotAllowed or Invalid."""
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change who stands in figures.")
    acting(by.pk)
    if rule not in Organisation.PeopleInFigures.values:
        raise Invalid({"people_in_figures": "Choose who is named."})
    row = organisation()
    row.people_in_figures = rule
    row.save()
    return row


def write(*, name: str, time_zone: str, currency: str) -> Organisation:
    """The same without asking who: for the first run, when there is nobody yet."""
    errors = {}
    if not name.strip():
        errors["company"] = "Enter the name of your company."
    if not is_zone(time_zone):
        errors["time_zone"] = f"“{time_zone}” is no time zone. Europe/Oslo is one."
    if not CURRENCY.fullmatch(currency.strip().upper()):
        errors["currency"] = "Enter a code of three letters, such as EUR."
    if errors:
        raise Invalid(errors)
    row = organisation()
    row.name, row.time_zone, row.currency = name.strip(), time_zone, currency.strip().upper()
    row.save()
    return row
