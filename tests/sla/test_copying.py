"""Rows written by COPY fail as Django's errors do, so that whoever tries again knows what happened."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from sla.services import copying
from tests.sla.elsewhere import open_transaction

pytestmark = pytest.mark.django_db(transaction=True)
LOCKED = "LOCK TABLE sla_breach IN ACCESS EXCLUSIVE MODE"


def say(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_row_that_no_table_takes_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match="null value"):
        copying._copy("sla_clock", ["id"], [["1"]])


@transaction.atomic
def insert_without_patience() -> None:
    say("SET LOCAL lock_timeout = '50ms'")
    copying.insert_misses([])


def test_a_lock_that_is_not_given_is_an_operational_error_as_a_deadlock_is() -> None:
    """What is tried again is told by this class and the code of its cause."""
    with open_transaction(lambda: say(LOCKED)), pytest.raises(OperationalError) as raised:
        insert_without_patience()

    assert raised.value.__cause__.pgcode == "55P03"
