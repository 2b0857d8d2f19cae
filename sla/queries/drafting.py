"""What a draft of the contract can name: wordings of definitions, reasons to pause, segments in use, leads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from definitions.models import DefinitionVersion
from leads.models import Lead, Reason
from sla.models import ContractVersion

AGREED = (DefinitionVersion.Status.ACTIVE, DefinitionVersion.Status.SIGNED, DefinitionVersion.Status.PROPOSED)


def definitions_to_cite(key: str) -> list[DefinitionVersion]:
    """Wordings in force, to come or proposed, newest first."""
    return list(
        DefinitionVersion.objects.filter(definition=key, status__in=AGREED).order_by("-number").only("number")
    )


def pause_reasons() -> list[tuple[str, str]]:
    found = Reason.objects.filter(verb=Reason.Verb.PAUSE, is_active=True).order_by("position", "key")
    return [(reason.key, reason.label) for reason in found]


def pause_labels() -> dict[str, str]:
    """By key; of a reason that was worded anew, the newest words."""
    found = Reason.objects.filter(verb=Reason.Verb.PAUSE).order_by("version")
    return {reason.key: reason.label for reason in found}


def segments_of(version: ContractVersion) -> list[Any]:
    """Every segment of its promises, as they stand."""
    return list(version.commitments.order_by("pk").values_list("segment", flat=True))


def leads_named(leads: QuerySet[Lead], said: str) -> list[Lead]:
    """By e-mail address, else by the whole name; two at most, to tell whether it is one."""
    by_email = list(leads.filter(emails__key=said.lower()).select_related("company")[:2])
    if by_email:
        return by_email
    named = leads.annotate(full=Concat("first_name", Value(" "), "last_name"))
    return list(named.filter(full__iexact=said, merged_into=None).select_related("company")[:2])
