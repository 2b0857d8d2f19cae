"""The contract: its signed versions, and which one is in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from sla.models import Commitment, ContractVersion


def signed_versions() -> list[ContractVersion]:
    """Every signed version with its commitments in their order, oldest first: two queries."""
    signed = ContractVersion.objects.filter(status=ContractVersion.Status.SIGNED)
    commitments = Prefetch("commitments", Commitment.objects.order_by("kind", "position"))
    return list(signed.select_related("mql_version").prefetch_related(commitments).order_by("effective_from"))


def every_version() -> QuerySet[ContractVersion]:
    """Drafts and signed ones, newest first."""
    return ContractVersion.objects.order_by("-number")


def version_before(version: ContractVersion) -> ContractVersion | None:
    """The one this version was written after."""
    return every_version().filter(contract=version.contract_id, number__lt=version.number).first()


def version_at(versions: Iterable[ContractVersion], at: datetime) -> ContractVersion | None:
    """The version in force at a moment; its span is half-open."""
    for version in versions:
        begins, ends = version.effective_from, version.effective_until
        if begins is not None and begins <= at and (ends is None or at < ends):
            return version
    return None


def contract_in_force(at: datetime) -> ContractVersion | None:
    """The signed version that judges what happens at this moment."""
    return version_at(signed_versions(), at)


def fingerprint(version: ContractVersion) -> str:
    """The same for as long as nobody changes what the version says."""
    terms = ContractVersion.objects.filter(pk=version.pk).values_list()
    known = [*terms, *version.commitments.order_by("pk").values_list()]
    return hashlib.sha256(json.dumps(known, default=str, sort_keys=True).encode()).hexdigest()[:32]


def drafts() -> QuerySet[ContractVersion]:
    """Those that can still be edited, newest first."""
    return every_version().filter(status=ContractVersion.Status.DRAFT)
