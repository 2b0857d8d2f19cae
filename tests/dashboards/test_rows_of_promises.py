"""A promise with a segment opens the offers of its segment, as of the offer."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from common.refusals import Invalid
from dashboards import catalogue, history, questions
from dashboards.drilldown import Choice, Drill
from dashboards.services.closing import close_periods
from leads.models import AttributeChange, Lead
from tests.dashboards.test_closing import JULY, MAY, promise
from tests.dashboards.worlds import JUNE, make_cycle
from tests.factories import make_lead, make_person

pytestmark = pytest.mark.django_db
WEBINARS = {"fact": "lead.source", "op": "eq", "value": "webinar"}


@pytest.fixture(autouse=True)
def july(database_clock):
    return database_clock.set(JULY + timedelta(hours=9))


@pytest.fixture
def row():
    """One of the segment, which later says to have come otherwise, beside one that is not."""
    promise("volume", amount=1, segment=WEBINARS, name="Webinar leads")
    counted = make_cycle(lead=make_lead(created_at=MAY, source="event", source_key="event"))
    AttributeChange.objects.create(
        lead=counted.lead, fact="lead.source", value="event", was="webinar", at=JULY
    )
    make_cycle(lead=make_lead(source="event", source_key="event"))
    close_periods()
    return counted


def past():
    return next(one for one in history.every_series(questions.asking())[0].pasts if one.key == "2026-06")


def test_past_periods_open_the_offers_of_the_segment(row):
    given, metric = dict(parse_qsl(urlsplit(past().url).query)), catalogue.metric("volume")
    asked = questions.read(metric, given, questions.asking())

    assert past().figure == "1"
    assert list(Drill(metric, asked, Choice()).rows()) == [row]


def test_the_pages_name_the_promise(row, client):
    client.force_login(make_person())
    rows = client.get(past().url).content.decode()
    metric = client.get(past().url.replace("rows/", "")).content.decode()

    assert "Webinar leads" in rows
    assert "Webinar leads" in metric
    assert rows.count(f"/leads/{row.lead.public_id}/") >= 1
    assert not any(f"/leads/{lead.public_id}/" in rows for lead in Lead.objects.exclude(pk=row.lead_id))


def test_the_dashboard_of_the_month_opens_them_too(row, client):
    client.force_login(make_person())

    assert "promise=" in client.get("/dashboard/?period=2026-06").content.decode()


@pytest.mark.parametrize(
    ("slug", "key"),
    [("volume", "0"), ("volume", "x"), ("volume", "9" * 30), ("volume", str(UUID(int=7))), ("offers", "")],
)
def test_a_promise_that_there_is_not_is_refused(slug, key):
    key = key or str(promise("volume", amount=1).public_id)

    with pytest.raises(Invalid) as refused:
        questions.read(catalogue.metric(slug), JUNE | {"promise": key}, questions.asking())

    assert list(refused.value.errors) == ["promise"]
