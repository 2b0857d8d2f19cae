"""The starter contract: a draft from three answers, shown first and then written once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from common.database.naming import alone_in_naming
from common.refusals import Conflict, Invalid
from sla.engine.starter import AGREED_FIELDS, Answers, Proposed, propose
from sla.models import Commitment, Contract, ContractVersion
from sla.queries.contracts import drafts
from sla.queries.starter import company
from sla.queries.terms import Term, term_of
from sla.services import contracts
from sla.services.agreement_promise import promise
from sla.services.agreements import commitment_of

NOTE = "Begun from three questions."


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposed promise in words."""

    proposed: Proposed
    side: str
    term: Term


def preview(answers: Answers) -> list[Shown]:
    """What a draft would promise. Writes nothing."""
    version = ContractVersion()
    found = []
    for one in propose(answers, company()):
        row = commitment_of(promise(one.node, ""), version, 0)
        found.append(Shown(one, row.side, term_of(row)))
    return found


def next_number() -> int:
    """The number that a draft begun now would have."""
    newest = ContractVersion.objects.order_by("-number").first()
    return newest.number + 1 if newest else 1


@transaction.atomic
def draft(answers: Answers, chosen: Collection[str], *, number: int, by: User) -> ContractVersion:
    """A draft with the chosen promises and no others. Sent twice it is written once: `number` is the one announced.

    Raises NotAllowed, Invalid (nothing chosen), Conflict (another draft or version was faster).
    """
    contracts.must_draft(by)
    alone_in_naming(Contract)
    if sent_before := drafts().filter(number=number, created_by=by, note=NOTE).first():
        return sent_before
    _must_be_free(number)
    picked = [one for one in propose(answers, company()) if one.key in chosen]
    if not picked:
        raise Invalid({"on": "Switch on at least one promise."})
    version = contracts.draft(by=by)
    version.commitments.all().delete()
    version.note = NOTE
    if not version.agreed_fields:
        version.agreed_fields = list(AGREED_FIELDS)
    version.save(update_fields=["note", "agreed_fields"])
    Commitment.objects.bulk_create(_rows(version, picked))
    return version


def _must_be_free(number: int) -> None:
    open_draft = drafts().first()
    if open_draft is not None:
        raise Conflict(f"{open_draft} is being drafted already. Open it, or propose it first.", state="draft")
    if number != next_number():
        raise Conflict("Another version was begun meanwhile. Open the contract again.", state="superseded")


def _rows(version: ContractVersion, picked: list[Proposed]) -> list[Commitment]:
    places: Counter[str] = Counter()
    rows = []
    for one in picked:
        row = commitment_of(promise(one.node, ""), version, places[one.node["kind"]])
        places[row.kind] += 1
        rows.append(row)
    return rows
