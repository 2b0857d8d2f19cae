"""A signed version is the same for ever: the database refuses the app's own role every other wording (S33)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import psycopg2
import pytest
from django.db import connection

from leads.models import Reason
from sla.models import ContractSignature, ContractVersion
from tests.factories import HOUR, NOON, make_person, make_reason
from tests.sla.makers import draft, promise, sign

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED = [
    "UPDATE sla_contractversion SET note = 'other' WHERE number = 1",
    "UPDATE sla_contractversion SET status = 'draft' WHERE number = 1",
    "UPDATE sla_contractversion SET effective_from = now() WHERE number = 1",
    "DELETE FROM sla_contractversion WHERE number = 1",
    "UPDATE sla_commitment SET target = '9 hours' WHERE version_id = {signed}",
    "DELETE FROM sla_commitment WHERE version_id = {signed}",
    "UPDATE sla_commitment SET version_id = {signed}, position = 9 WHERE version_id = {draft}",
    "UPDATE sla_contractsignature SET at = now() WHERE version_id = {signed}",
    "DELETE FROM sla_contractsignature WHERE version_id = {signed}",
    "INSERT INTO sla_contractversion_reasons (contractversion_id, reason_id) VALUES ({signed}, {other})",
    "DELETE FROM sla_contractversion_reasons WHERE contractversion_id = {signed}",
]
DRAFT = [
    "UPDATE sla_contractversion SET note = 'other' WHERE number = 2",
    "UPDATE sla_commitment SET target = '9 hours' WHERE version_id = {draft}",
    "DELETE FROM sla_commitment WHERE version_id = {draft}",
    "DELETE FROM sla_contractversion WHERE number = 2",
]


@pytest.fixture
def as_app() -> Generator[Any, None, None]:
    """A cursor of the role that web and workers use; every statement stands alone."""
    known = connection.settings_dict
    app = psycopg2.connect(host=known["HOST"], dbname=known["NAME"], user="baton")
    app.autocommit = True
    with app.cursor() as cursor:
        yield cursor
    app.close()


@pytest.fixture
def known() -> dict[str, int]:
    version = draft()
    promise(version, "answer", HOUR)
    version.reasons.set([make_reason("reject", "wrong")])
    for side in ("marketing", "sales"):
        ContractSignature.objects.create(version=version, side=side, person=make_person(), at=NOON)
    sign(version)
    open_draft = draft()
    promise(open_draft, "answer", HOUR)
    make_reason("reject", "other")
    return {"signed": version.pk, "draft": open_draft.pk, "other": Reason.objects.latest("pk").pk}


def refused(cursor: Any, statements: list[str], known: dict[str, int]) -> list[str]:
    found = []
    for statement in statements:
        try:
            cursor.execute(statement.format(**known))
        except psycopg2.errors.RestrictViolation:
            found.append(statement)
    return found


def test_nothing_of_a_signed_version_can_be_changed_by_the_app(as_app, known) -> None:
    assert refused(as_app, SIGNED, known) == SIGNED


def test_a_draft_can_be_changed_by_the_app(as_app, known) -> None:
    assert refused(as_app, DRAFT, known) == []


def test_a_signed_version_ends_once(as_app, known) -> None:
    end = "UPDATE sla_contractversion SET effective_until = '2027-01-01' WHERE number = 1"
    again = "UPDATE sla_contractversion SET effective_until = '2028-01-01' WHERE number = 1"

    assert refused(as_app, [end, again], known) == [again]
    assert ContractVersion.objects.get(number=1).effective_until.year == 2027
