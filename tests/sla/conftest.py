"""A contract that is being drafted, and who drafts it, for tests of its pages."""

from __future__ import annotations

import pytest

from sla.models import ContractVersion
from sla.services import contracts
from tests.factories import HOUR, NOON, make_calendar, make_member, make_team
from tests.sla.makers import make_contract


@pytest.fixture
def seller():
    return make_member(make_team(calendar=make_calendar()), "sales_manager")


@pytest.fixture
def draft(seller) -> ContractVersion:
    make_contract(answer=HOUR)
    return contracts.draft(by=seller, at=NOON)
