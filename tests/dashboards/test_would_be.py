"""A proposal says what its promises about periods would have made of the last quarter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dashboards import questions
from dashboards.models import PeriodResult
from dashboards.services.closing import close_periods
from dashboards.would_be import last_quarter, last_quarter_kept
from sla.models import Commitment, ContractVersion
from tests.dashboards.worlds import make_commitment, make_contract, make_cycle, sign
from tests.factories import make_person

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)
FIELDS = {"segment": {"all": []}, "target": None}


@pytest.fixture(autouse=True)
def july(database_clock):
    """The morning after June and the second quarter."""
    database_clock.set(JULY + timedelta(hours=9))


def promise(version: ContractVersion, kind: str, **said: object) -> None:
    make_commitment(kind, "marketing", version=version, **{"goal": None} | FIELDS | said)


def copied(row: Any, **fields: Any) -> Any:
    kept = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"}
    return type(row)(**kept | fields)


@pytest.fixture
def proposal() -> ContractVersion:
    """Three leads were offered in June, of two promised."""
    before = make_contract(since=MAY)
    promise(before, "volume", name="Volume", amount=2, period="month")
    sign(before)
    for _ in range(3):
        make_cycle()
    close_periods()
    return make_contract(number=2)


def test_each_month_stands_beside_what_was_promised_then(proposal):
    promise(proposal, "volume", name="Volume", amount=4, period="month")

    rows = last_quarter(proposal, questions.asking())

    assert [
        (row.period, row.figure, row.then, row.then_verdict, row.promised, row.verdict) for row in rows
    ] == [
        ("June 2026", "3", "2", "Kept", "4", "Missed"),
        ("May 2026", "0", "2", "Missed", "4", "Missed"),
        ("April 2026", "0", "", "", "4", "Missed"),
    ]


def test_what_was_promised_is_found_among_many_promises(proposal):
    promise(proposal, "volume", name="Volume", amount=4, period="month")
    june, elsewhere = PeriodResult.objects.get(period="2026-06"), make_contract(number=3)
    others = Commitment.objects.bulk_create(
        copied(june.commitment, public_id=uuid4(), version=elsewhere, name=f"Segment {place}", position=place)
        for place in range(201)
    )
    PeriodResult.objects.bulk_create(copied(june, commitment=other) for other in others)

    rows = last_quarter(proposal, questions.asking())

    assert [row.then for row in rows] == ["2", "2", ""]


def test_a_quarter_is_one_period_and_what_nothing_would_judge_is_none(proposal):
    promise(proposal, "volume", name="By the quarter", amount=3, period="quarter")
    promise(proposal, "quality", name="No share", period="month")
    promise(proposal, "completeness", name="No period", goal="0.9", period="")

    rows = last_quarter(proposal, questions.asking())

    assert [(row.name, row.period, row.then, row.verdict) for row in rows] == [
        ("By the quarter", "Q2 2026", "", "Kept")
    ]


def test_everyone_reads_it_and_it_writes_nothing(proposal):
    promise(proposal, "volume", name="Volume", amount=4, period="month")
    client, judged = Client(), PeriodResult.objects.count()
    client.force_login(make_person(role="read_only"))

    answer = client.get("/contract/2/last-quarter/")

    assert answer.status_code == 200
    assert "Past periods under v2" in answer.content.decode()
    assert client.get("/contract/9/last-quarter/").status_code == 404
    assert PeriodResult.objects.count() == judged


def test_the_page_of_running_clocks_shows_it_too(proposal):
    promise(proposal, "volume", name="Volume", amount=4, period="month")
    client = Client()
    client.force_login(make_person(role="read_only"))

    assert "/contract/2/last-quarter/" in client.get("/contract/2/running/").content.decode()


def test_it_is_kept_for_a_minute_and_never_for_other_terms(proposal, django_assert_max_num_queries):
    promise(proposal, "volume", name="Volume", amount=4, period="month")
    first = last_quarter_kept(proposal, questions.asking())
    frame = questions.asking()

    with django_assert_max_num_queries(2):  # the fingerprint alone
        again = last_quarter_kept(proposal, frame)
    proposal.commitments.update(amount=3)

    assert again == first
    assert last_quarter_kept(proposal, frame)[0].verdict == "Kept"
