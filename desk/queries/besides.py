"""What waits for a person besides acts on leads of one's own: leads of marketing, decisions, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.engine.standing import Standing
from definitions.models import DefinitionVersion
from desk.queries.inbox import counts_for
from desk.queries.lists import capped_count
from desk.queries.views import leads_to_offer
from sla.models import ContractVersion, Excuse
from sla.queries.contests import waiting_contests
from sla.services import contests, excuses


@dataclass(frozen=True, slots=True)
class Besides:
    """How many leads to offer and to resupply, how many decisions, and the proposals to sign."""

    offers: int = 0
    returned: int = 0
    decisions: int = 0
    definitions: tuple[DefinitionVersion, ...] = ()
    contracts: tuple[ContractVersion, ...] = ()


def besides(standing: Standing, *, at: datetime) -> Besides:
    """Nothing for who only works leads; who signs for a side decides and signs too."""
    marketing, signs = standing.is_marketing and not standing.is_read_only, bool(standing.signs_for)
    return Besides(
        offers=capped_count(leads_to_offer()) if marketing else 0,
        returned=counts_for(standing)["returned"] if marketing else 0,
        decisions=_decisions(standing) if signs else 0,
        definitions=_unsigned(_proposed_definitions(), standing) if signs else (),
        contracts=_unsigned(_proposed_contracts(), standing) if signs else (),
    )


def _decisions(standing: Standing) -> int:
    asked = Excuse.objects.filter(decision="")
    return sum(excuses.may_decide(row, standing) for row in asked) + sum(
        contests.may_decide(row, standing) for row in waiting_contests()
    )


def _proposed_definitions() -> Iterable[DefinitionVersion]:
    rows = DefinitionVersion.objects.filter(status=DefinitionVersion.Status.PROPOSED)
    return rows.select_related("definition").prefetch_related("signatures").order_by("pk")


def _proposed_contracts() -> Iterable[ContractVersion]:
    rows = ContractVersion.objects.filter(status=ContractVersion.Status.PROPOSED)
    return rows.prefetch_related("signatures").order_by("pk")


def _unsigned(rows: Iterable[Any], standing: Standing) -> tuple[Any, ...]:
    """Those that a side of this person has not signed yet."""
    signed = {row: {one.side for one in row.signatures.all()} for row in rows}
    return tuple(row for row, sides in signed.items() if standing.signs_for - sides)
