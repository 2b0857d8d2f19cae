"""The rows behind a figure leave as a file, all of them and as they are filtered."""

from __future__ import annotations

from csv import DictReader
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from dashboards import export
from tests.dashboards.worlds import make_deal
from tests.factories import make_person

pytestmark = pytest.mark.django_db
DAYS = "from=2026-06-01&to=2026-07-01"


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    cache.clear()
    client.force_login(make_person())


def test_every_row_behind_the_figure_is_a_line(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "SIZE", 2)
    deals = [make_deal("won") for _ in range(3)] + [make_deal("lost")]

    answer = client.get(f"/metrics/win-rate/rows/rows.csv?{DAYS}")
    found = list(DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))

    assert list(found[0]) == ["deal", "opened", "closed", "outcome", "amount", "currency"]
    assert sorted(row["deal"] for row in found) == sorted(deal.name for deal in deals)
    assert {row["closed"] for row in found} == {deal.closed_at.isoformat() for deal in deals}


@pytest.mark.parametrize(("amount", "said"), [("51200.50", "51200.50"), (None, "")])
def test_an_amount_can_be_calculated_with(client: Client, amount: str | None, said: str) -> None:
    make_deal("won", amount=amount and Decimal(amount), currency="EUR")

    answer = client.get(f"/metrics/win-rate/rows/rows.csv?{DAYS}")
    (row,) = DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines())

    assert (row["amount"], row["currency"]) == (said, "EUR")


@pytest.mark.parametrize(("part", "n"), [("counted", 3), ("rest", 1)])
def test_the_file_is_of_the_part_of_the_sum_that_the_page_shows(client: Client, part: str, n: int) -> None:
    for outcome in ("won", "won", "won", "lost"):
        make_deal(outcome)
    address = f"/metrics/win-rate/rows/?{DAYS}&part={part}"

    page = client.get(address).content.decode()
    answer = client.get(f"/metrics/win-rate/rows/rows.csv?{DAYS}&part={part}")

    assert f'href="/metrics/win-rate/rows/rows.csv?from=2026-06-01&amp;to=2026-07-01&amp;part={part}"' in page
    assert len(b"".join(answer.streaming_content).splitlines()) == n + 1


def test_a_person_takes_five_files_an_hour(client: Client) -> None:
    answers = [client.get(f"/metrics/win-rate/rows/rows.csv?{DAYS}").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


@pytest.mark.parametrize("asked", ["colour=red", "part=nonsense", "group=nobody"])
def test_what_no_metric_is_asked_is_refused_before_a_file_begins(client: Client, asked: str) -> None:
    assert client.get(f"/metrics/win-rate/rows/rows.csv?{asked}").status_code == 422
