"""Who is reminded of a decision, a signature or a review that waits; nobody once it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from common.database.moments import database_now
from common.models import Outbox
from definitions.models import DefinitionVersion
from notifications.message import Message, called
from notifications.people import MANAGER, active, managers, others, signers
from sla.models import Contest, ContractVersion, Excuse
from sla.queries.contracts import contract_in_force
from sla.queries.left_undone import waiting_proposals
from sla.services.excuses import OTHER

PREFIX = "reminder."


def _excuse(fact: Outbox) -> Message | None:
    rows = Excuse.objects.select_related("breach__clock__lead__company", "asked_by")
    excuse = rows.filter(pk=fact.subject, decision="").first()
    if excuse is None:
        return None
    lead = excuse.breach.clock.lead
    words = f"An excuse on {called(lead)} waits for a decision since {_day(excuse.asked_at)}"
    people = managers(MANAGER.get(OTHER.get(excuse.side, ""), ""))
    url = reverse("sla:breach-excuse", args=[excuse.breach.public_id])
    return Message(words, lead, url, others(people, excuse.asked_by))


def _contest(fact: Outbox) -> Message | None:
    rows = Contest.objects.select_related("handoff__lead__company", "asked_by")
    contest = rows.filter(pk=fact.subject, decision="").first()
    if contest is None:
        return None
    lead = contest.handoff.lead
    words = f"The contested rejection of {called(lead)} waits for a decision since {_day(contest.asked_at)}"
    people = managers("sales_manager", contest.handoff.team_id) or managers("sales_manager")
    url = reverse("sla:contest", args=[contest.handoff.public_id])
    return Message(words, lead, url, others(people, contest.asked_by))


def _contract(fact: Outbox) -> Message | None:
    """The side that has not signed, or both."""
    step = waiting_proposals().select_related("version").filter(pk=fact.subject).first()
    if step is None:
        return None
    words = f"Contract v{step.version.number} waits for a signature since {_day(step.at)}"
    signed = step.version.signatures.values_list("side", flat=True)
    url = reverse("sla:contract-amendment", args=[step.version.number])
    return Message(words, None, url, _unsigned(signed))


def _definition(fact: Outbox) -> Message | None:
    version = DefinitionVersion.objects.filter(pk=fact.subject, status="proposed").first()
    if version is None or version.proposed_at is None:
        return None
    words = f"{version} waits for a signature since {_day(version.proposed_at)}"
    signed = version.signatures.values_list("side", flat=True)
    url = reverse("definitions:version", args=[version.definition_id, version.number])
    return Message(words, None, url, _unsigned(signed))


def _review(fact: Outbox) -> Message | None:
    """While it is in force, and no newer one is proposed or signed."""
    contract = contract_in_force(database_now())
    if contract is None or contract.pk != fact.subject or contract.review_on is None:
        return None
    newer = ContractVersion.objects.filter(number__gt=contract.number).exclude(status="draft")
    if newer.exists():
        return None
    words = f"Contract v{contract.number} was to be reviewed on {contract.review_on:%-d %b}"
    return Message(words, None, reverse("sla:contract"), active(signers()))


def _unsigned(signed: Iterable[str]) -> tuple[User, ...]:
    waiting = [role for side, role in MANAGER.items() if side not in set(signed)]
    return active(person for role in waiting for person in managers(role))


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %b}"


MAKERS: dict[str, Callable[[Outbox], Message | None]] = {
    f"{PREFIX}excuse": _excuse,
    f"{PREFIX}contest": _contest,
    f"{PREFIX}contract": _contract,
    f"{PREFIX}definition": _definition,
    f"{PREFIX}review": _review,
}
