"""Writing targets for a month into a draft of the contract, as promises about a period."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from common.refusals import Conflict
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import drafts
from sla.services import contracts
from sla.services.agreement_promise import promise
from sla.services.agreements import commitment_of

Kind = Commitment.Kind
TARGETS = (Kind.VOLUME, Kind.QUALITY, Kind.CONVERSION, Kind.PIPELINE)


@transaction.atomic
def draft_targets(targets: Mapping[str, Decimal], *, replace: int | None, by: User) -> ContractVersion:
    """A draft from the version in force whose promises of these kinds are the targets; other promises stay.

    A draft that is being written already is changed only if `replace` is its number: else Conflict, so nobody's
    draft is overwritten unseen. Two at once: the second waits, and finds the draft of the first.
    """
    contracts.must_draft(by)
    contracts.locked_contract()
    known = drafts().first()
    if known is not None and known.number != replace:
        raise Conflict(f"{known} is being written already. Say whether its targets are to be replaced.")
    version = contracts.locked_draft(known) if known else contracts.draft(by=by)
    version.commitments.filter(kind__in=targets).delete()
    rows = [commitment_of(promise(_said(kind, amount), ""), version, 0) for kind, amount in targets.items()]
    Commitment.objects.bulk_create(rows)
    return version


def _said(kind: str, amount: Decimal) -> dict[str, Any]:
    """As an agreement file would say it."""
    said = {"kind": kind, "period": "month"}
    return said | ({"amount": float(amount)} if kind in Commitment.SUMS else {"goal": float(amount)})
