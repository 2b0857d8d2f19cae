"""What a draft of the contract can name: wordings of definitions, reasons to pause, segments in use."""

from __future__ import annotations

from typing import Any

from definitions.models import DefinitionVersion
from leads.models import Reason
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


def segments_of(version: ContractVersion) -> list[Any]:
    """Every segment of its promises, as they stand."""
    return list(version.commitments.order_by("pk").values_list("segment", flat=True))
