"""What sales may ask marketing for when a lead is returned."""

from __future__ import annotations

from collections.abc import Collection

from common.refusals import Invalid
from definitions.catalogue import catalogue
from leads.engine import profile

OTHER = "other"  # what the note says
GROUPS = ("lead", "company", "attributes")
FIELDS = frozenset({*profile.FIELDS, "consent", OTHER})


def is_known(name: str) -> bool:
    """A field of leads or companies, with or without its group in front, or a custom attribute."""
    group, _, short = name.rpartition(".")
    if group in ("", "lead", "company") and short in FIELDS:
        return True
    fact = catalogue.lookup(name) or catalogue.lookup(f"attributes.{name}")
    return fact is not None and fact.group in GROUPS


def refuse_unknown(names: Collection[str]) -> None:
    """The journal keeps for good what is asked for, so nothing but names of fields may stand there."""
    unknown = [name for name in names if not is_known(name)]
    if unknown:
        raise Invalid({"missing": f"Leads have no field “{unknown[0]}”."})
