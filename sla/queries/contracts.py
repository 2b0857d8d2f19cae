"""The contract: its signed versions, and which one is in force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from accounts.queries import organisation
from common.database.remembered import Remembered
from sla.models import Commitment, ContractVersion


def signed_versions() -> list[ContractVersion]:
    """Every signed version with its commitments in their order, oldest first: two queries."""
    signed = ContractVersion.objects.filter(status=ContractVersion.Status.SIGNED)
    return list(_with_commitments(signed).order_by("effective_from"))


def agreed_versions() -> list[ContractVersion]:
    """The same for whoever only reads, in one small query: what is signed is not edited any more."""
    return _SIGNED.where("status = 'signed' ORDER BY effective_from")


def _with_commitments(versions: QuerySet[ContractVersion]) -> QuerySet[ContractVersion]:
    commitments = Prefetch("commitments", Commitment.objects.order_by("kind", "position"))
    return versions.select_related("mql_version").prefetch_related(commitments)


_SIGNED = Remembered(
    ContractVersion, lambda keys: _with_commitments(ContractVersion.objects.filter(pk__in=keys))
)


def every_version() -> QuerySet[ContractVersion]:
    """Drafts and signed ones, newest first."""
    return ContractVersion.objects.order_by("-number")


def version_before(version: ContractVersion, at: datetime) -> ContractVersion | None:
    """What it is read against: the version in force, or once it is signed the one signed before it."""
    if version.status != ContractVersion.Status.SIGNED:
        return contract_in_force(at)
    signed = every_version().filter(contract=version.contract_id, status=ContractVersion.Status.SIGNED)
    return signed.filter(number__lt=version.number).first()


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


def review_is_due(version: ContractVersion, at: datetime) -> bool:
    """Whether the review that was agreed is today or was to be earlier, by the organisation's days."""
    today = at.astimezone(ZoneInfo(organisation().time_zone)).date()
    return version.review_on is not None and version.review_on <= today


def fingerprint(version: ContractVersion) -> str:
    """The same for as long as nobody changes what the version says."""
    terms = ContractVersion.objects.filter(pk=version.pk).values_list()
    known = [*terms, *version.commitments.order_by("pk").values_list()]
    return hashlib.sha256(json.dumps(known, default=str, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Past:
    """One version in the history: what has become of it, in a word."""

    version: ContractVersion
    state: str


def history(at: datetime) -> list[Past]:
    """Every version, newest first: draft, proposed, to come, in force or superseded."""
    return [Past(version, _state(version, at)) for version in every_version()]


def _state(version: ContractVersion, at: datetime) -> str:
    if version.status != ContractVersion.Status.SIGNED or version.effective_from is None:
        return str(version.get_status_display())
    if version.effective_from > at:
        return "Signed, to come"
    ended = version.effective_until is not None and version.effective_until <= at
    return "Superseded" if ended else "In force"


def worth_a_test(at: datetime) -> list[ContractVersion]:
    """In force, to come, proposed or being drafted, oldest first."""
    return [past.version for past in reversed(history(at)) if past.state != "Superseded"]


def proposed() -> ContractVersion | None:
    """What both sides have before them."""
    return every_version().filter(status=ContractVersion.Status.PROPOSED).first()


def drafts() -> QuerySet[ContractVersion]:
    """Those that can still be edited, newest first."""
    return every_version().filter(status=ContractVersion.Status.DRAFT)
