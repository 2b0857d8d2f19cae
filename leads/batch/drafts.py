"""What a batch is asked to write, already read and resolved, and what became of each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from leads.engine.profile import Profile
from leads.models import Reason

COMPANY_FACTS = frozenset({"industry", "employees"})
State = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row; a refused one names the field and says why."""

    state: State
    field: str = ""
    reason: str = ""
    lead: int | None = None


UNCHANGED = Result("unchanged")


def refused(field: str, reason: str) -> Result:
    return Result("refused", field, reason)


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """What one row says of one lead. Campaign and owner are primary keys, attributes typed."""

    line: int
    told: Profile
    campaign: int | None = None
    owner: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    speaks_for: frozenset[str] = COMPANY_FACTS  # without those that a later row tells of the same company


@dataclass(frozen=True, slots=True)
class TouchDraft:
    """One marketing interaction of one lead."""

    line: int
    lead: int
    kind: int
    at: datetime
    campaign: int | None = None
    detail: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event of one lead's history; `word` as files name it. Actor and team are primary keys."""

    line: int
    lead: int
    word: str
    at: datetime
    actor: int | None = None
    team: int | None = None
    reason: Reason | None = None
    note: str = ""
    amount: Decimal | None = None
    currency: str = ""
    deal: str = ""
    deal_kind: str = ""
    product: str = ""
