"""The definitions that a contract cites: those in force, or new signed versions of them from the same file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from common.refusals import Invalid
from definitions.models import Definition, DefinitionSignature, DefinitionVersion
from definitions.services.versions import activate_due

Signers = Mapping[str, User]
Status = DefinitionVersion.Status


def definition_versions(
    files: Mapping[str, Mapping[str, Any]], signers: Signers, start: datetime, now: datetime
) -> dict[str, DefinitionVersion | None]:
    """By key, what is in force from the start on. A file that says the same makes no new version."""
    for key in Definition.Key.values:
        Definition.objects.get_or_create(key=key)
        if key in files:
            _agree(key, files[key], signers, start, now)
    activate_due(at=now)
    return {key: _newest(key) for key in Definition.Key.values}


def _newest(key: str) -> DefinitionVersion | None:
    signed = DefinitionVersion.objects.filter(definition=key, status__in=[Status.ACTIVE, Status.SIGNED])
    return signed.order_by("-effective_from", "-number").first()


def _agree(key: str, file: Mapping[str, Any], signers: Signers, start: datetime, now: datetime) -> None:
    newest = _newest(key)
    said = {
        "criteria": file["criteria"],
        "scoring": file.get("scoring") or {},
        "grades": file.get("grades") or [],
    }
    if newest is not None:
        if all(getattr(newest, name) == value for name, value in said.items()):
            return
        if newest.effective_from and newest.effective_from >= start:
            raise Invalid(
                {f"/definitions/{key}": f"{newest} is in force from {newest.effective_from:%Y-%m-%d} on."}
            )
    version = DefinitionVersion.objects.create(
        definition_id=key, number=_next_number(key), status=Status.SIGNED, note=file.get("note", ""), created_at=now,
        effective_from=start, **said,
    )  # fmt: skip
    DefinitionSignature.objects.bulk_create(
        DefinitionSignature(version=version, side=side, person=person, at=min(start, now))
        for side, person in signers.items()
    )


def _next_number(key: str) -> int:
    newest = DefinitionVersion.objects.filter(definition=key).order_by("-number").first()
    return newest.number + 1 if newest else 1
