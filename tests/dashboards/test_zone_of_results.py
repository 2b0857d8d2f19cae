"""The rows behind a frozen figure are those of its days in the zone it was judged by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Organisation
from common.refusals import Invalid
from dashboards import catalogue, history, questions
from dashboards.drilldown import Choice, Drill
from dashboards.models import Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from tests.dashboards.test_closing import JULY, promise, result
from tests.dashboards.worlds import JUNE, make_cycle, make_organisation

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 20, tzinfo=UTC)
LAST_OF_JUNE = datetime(2026, 6, 30, 23, tzinfo=UTC)  # in Berlin it is July
FIRST_OF_JUNE = datetime(2026, 5, 31, 23, tzinfo=UTC)  # in UTC it is May


@pytest.fixture
def moved(database_clock):
    """June was judged in Berlin; since then the company reports in UTC."""
    database_clock.set(JULY + timedelta(hours=9))
    make_organisation("Europe/Berlin")
    promise("volume", amount=1, since=APRIL)
    counted = make_cycle(offered_at=FIRST_OF_JUNE)
    make_cycle(offered_at=LAST_OF_JUNE)
    close_periods()
    Organisation.objects.update(time_zone="UTC")
    return counted


def rows_of(address):
    """What the address opens."""
    frame, metric = questions.asking(), catalogue.metric("volume")
    given = dict(pair.split("=") for pair in address.partition("?")[2].replace("%2F", "/").split("&"))
    return list(Drill(metric, questions.read(metric, given, frame), Choice()).rows())


def test_the_rows_stay_those_of_the_figure(moved):
    past = history.every_series(questions.asking())[0].pasts[0]

    assert (past.key, past.figure) == ("2026-06", "1")
    assert rows_of(past.url) == [moved]


def test_another_zone_restates_nothing(moved, database_clock):
    database_clock.set(JULY + timedelta(days=2))

    assert (restate(), Restatement.objects.count(), close_periods()) == (0, 0, 0)
    assert result().time_zone == "Europe/Berlin"


def test_the_dashboard_of_that_month_opens_the_same_rows(moved, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("zoe@example.com", name="Zoe"))

    page = client.get("/dashboard/?period=2026-06").content.decode()

    assert "zone=Europe%2FBerlin" in page


def test_an_address_names_a_zone_only_where_it_is_another():
    make_organisation("Europe/Berlin")
    metric = catalogue.metric("volume")
    asked = questions.read(metric, JUNE | {"zone": "Europe/Berlin"}, questions.asking())

    assert "zone" not in asked.as_query()
    assert asked.in_zone("UTC").as_query()["zone"] == "UTC"


def test_a_zone_that_there_is_not_is_refused():
    with pytest.raises(Invalid) as refused:
        questions.read(catalogue.metric("volume"), JUNE | {"zone": "Mars/Base"}, questions.asking())

    assert refused.value.errors == {"zone": "There is no time zone “Mars/Base”."}
