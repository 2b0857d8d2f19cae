"""Who is told of a contract that is proposed, talked about or sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from common.models import Outbox
from notifications.message import Message
from notifications.people import MANAGER, managers, others, signers
from sla.models import ContractStep, ContractVersion, Remark
from sla.services.excuses import OTHER

Status = ContractVersion.Status


def _proposed(fact: Outbox) -> Message | None:
    """Both sides read that it waits for them, unless it was sent back or signed meanwhile."""
    step = _step(fact)
    if step is None or step.version.status != Status.PROPOSED or _overtaken(step):
        return None
    words = f"{step.by.name} proposed {_called(step.version)}. Both sides can sign it"
    url = reverse("sla:contract-amendment", args=[step.version.number])
    return Message(words, None, url, others(signers(), step.by))


def _signed(fact: Outbox) -> Message | None:
    """The other side reads that it waits for them; after the second signature both, and the authors, what follows."""
    step = _step(fact)
    if step is None or _overtaken(step):
        return None
    version = step.version
    words = f"{step.by.name} signed {_called(version)}"
    first = not version.steps.filter(pk__lt=step.pk, pk__gt=_proposal(step), kind="signed").exists()
    if first and version.status != Status.PROPOSED:
        return None  # the second signature says it
    if first:
        waiting = managers(MANAGER[OTHER[step.side]])
        url = reverse("sla:contract-amendment", args=[version.number])
        return Message(f"{words}: it waits for your side", None, url, others(waiting, step.by))
    people = [version.created_by, *signers()]
    url = reverse("sla:contract-version", args=[version.number])
    since = f"{localtime(version.effective_from):%-d %b, %H:%M}" if version.effective_from else ""
    return Message(f"{words}: in force from {since}", None, url, others(people, step.by))


def _proposal(step: ContractStep) -> int:
    """The step that put before both sides what was signed."""
    before = step.version.steps.filter(pk__lt=step.pk, kind="proposed").last()
    return before.pk if before else 0


def _sent_back(fact: Outbox) -> Message | None:
    """Who wrote it, who proposed it, and whose signature went with it; not once it is proposed anew."""
    step = _step(fact)
    if step is None or _overtaken(step):
        return None
    words = f"{step.by.name} sent {_called(step.version)} back"
    if hasattr(step, "remark"):
        words = f"{words}: {step.remark.text}"
    people = [step.version.created_by, *User.objects.filter(pk__in=_authors(step))]
    return Message(words[:300], None, _discussion(step.version), others(people, step.by))


def remark_made(remark: Remark, before: Iterable[User]) -> Message | None:
    """About a version of the contract: its author, the managers of both sides, and whoever spoke before."""
    if remark.version is None:
        return None
    about = f"{remark.about} in " if remark.about else ""
    words = f"{remark.by.name} wrote about {about}{_called(remark.version)}"
    people = [remark.version.created_by, *signers(), *before]
    return Message(words, None, _discussion(remark.version), others(people, remark.by))


def _step(fact: Outbox) -> ContractStep | None:
    rows = ContractStep.objects.select_related("version__created_by", "by", "remark")
    return rows.filter(pk=fact.subject).first()


def _overtaken(step: ContractStep) -> bool:
    """It was proposed, or sent back, again since."""
    moved = ("proposed", "sent_back")
    return step.version.steps.filter(pk__gt=step.pk, kind__in=moved).exists()


def _authors(step: ContractStep) -> Iterable[int]:
    return step.version.steps.filter(pk__lt=step.pk).values_list("by", flat=True)


def _called(version: ContractVersion) -> str:
    return f"contract v{version.number}"


def _discussion(version: ContractVersion) -> str:
    return reverse("sla:contract-discussion", args=[version.number])


MAKERS: dict[str, Callable[[Outbox], Message | None]] = {
    "contract.proposed": _proposed,
    "contract.sent_back": _sent_back,
    "contract.signed": _signed,
}
