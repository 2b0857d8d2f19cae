"""Who is told of a definition that is proposed and signed."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from common.models import Outbox
from definitions.models import DefinitionSignature, DefinitionVersion
from notifications.message import Message
from notifications.people import MANAGER, managers, others, signers
from sla.services.excuses import OTHER

Status = DefinitionVersion.Status


def _proposed(fact: Outbox) -> Message | None:
    """Both sides read that it waits for them, unless it was taken back or signed meanwhile."""
    version = DefinitionVersion.objects.filter(pk=fact.subject, status=Status.PROPOSED).first()
    by = User.objects.filter(pk=fact.payload["by"]).first()
    if version is None or by is None or version.proposed_at != fact.at:
        return None
    words = f"{by.name} proposed {version}. Both sides can sign it"
    return Message(words, None, _address(version), others(signers(), by))


def _signed(fact: Outbox) -> Message | None:
    """The other side reads that it waits for them; after the second signature both, and the author, what follows."""
    rows = DefinitionSignature.objects.select_related("version__created_by", "person")
    signature = rows.filter(pk=fact.subject).first()
    if signature is None:
        return None
    version, by = signature.version, signature.person
    words = f"{by.name} signed {version}"
    if not version.signatures.filter(pk__lt=signature.pk).exists():
        if version.status != Status.PROPOSED:
            return None  # the second signature says it
        waiting = managers(MANAGER[OTHER[signature.side]])
        return Message(f"{words}: it waits for your side", None, _address(version), others(waiting, by))
    since = f"{localtime(version.effective_from):%-d %b, %H:%M}" if version.effective_from else ""
    people = others([version.created_by, *signers()], by)
    return Message(f"{words}: in force from {since}", None, _address(version), people)


def _address(version: DefinitionVersion) -> str:
    return reverse("definitions:version", args=[version.definition_id, version.number])


MAKERS: dict[str, Callable[[Outbox], Message | None]] = {
    "definition.proposed": _proposed,
    "definition.signed": _signed,
}
