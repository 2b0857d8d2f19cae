"""Of a promise with a segment: the first offer within it, judged once a page, of a year at most, and only if signed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.refusals import Invalid
from dashboards import catalogue, history, questions
from dashboards.drilldown import Choice, Drill
from dashboards.kpis.asked import Asked
from dashboards.kpis.period import arrivals, measure
from dashboards.questions import Filters
from dashboards.services.closing import close_periods
from leads.models import AttributeChange
from tests.dashboards.test_closing import JULY, MAY, promise
from tests.dashboards.worlds import JUNE, make_commitment, make_contract, make_cycle, sign
from tests.dashboards.worlds import june as day
from tests.factories import make_lead, make_person, make_team

pytestmark = pytest.mark.django_db
WEBINARS = {"fact": "lead.source", "op": "eq", "value": "webinar"}
YEAR = {"from": "2026-01-01", "to": "2027-01-01"}


@pytest.fixture(autouse=True)
def july(database_clock):
    return database_clock.set(JULY + timedelta(hours=9))


def webinars(**fields):
    return promise("volume", amount=1, segment=WEBINARS, name="Webinar leads", **fields)


def drilled(asked):
    return list(Drill(catalogue.metric("volume"), asked, Choice()).rows())


def of(commitment, slug="volume", **given):
    said = JUNE | {"promise": str(commitment.public_id)} | given
    return questions.read(catalogue.metric(slug), said, questions.asking())


def offered_twice():
    """First as a lead from an event, then as one from a webinar."""
    lead = make_lead(created_at=MAY, source="webinar", source_key="webinar")
    AttributeChange.objects.create(lead=lead, fact="lead.source", value="webinar", was="event", at=day(10))
    first = make_cycle("rejected", lead=lead, offered_at=day(3), answered=day(4), closed_at=day(4))
    return first, make_cycle(lead=lead, offered_at=day(15), cycle=2)


def test_the_first_offer_in_the_segment_counts_where_an_earlier_one_is_outside():
    webinars()
    _, second = offered_twice()
    close_periods()
    past = next(one for one in history.every_series(questions.asking())[0].pasts if one.key == "2026-06")
    given = dict(parse_qsl(urlsplit(past.url).query))

    assert past.figure == "1"
    assert drilled(questions.read(catalogue.metric("volume"), given, questions.asking())) == [second]


def test_two_offers_in_the_segment_are_one_lead():
    commitment = webinars()
    first, second = offered_twice()
    AttributeChange.objects.update(was="webinar")

    asked = of(commitment)
    assert drilled(asked) == [first]
    assert len(arrivals(Asked(commitment, asked.period, asked.at, asked.zone))) == 1
    assert second not in drilled(asked)


def test_the_first_offer_to_a_team_counts_where_an_earlier_one_was_to_another():
    """As in the figure of the ledger under the same filter."""
    commitment, team = webinars(), make_team("Second")
    _, second = offered_twice()
    AttributeChange.objects.update(was="webinar")
    second.team = team
    second.save()
    asked = of(commitment, team=team.slug)

    assert drilled(asked) == [second]
    figure = measure(Asked(commitment, asked.period, asked.at, asked.zone, filters=Filters(team=team)))
    assert figure.numerator == 1


def test_the_bases_are_those_of_the_version_of_the_promise():
    old = make_contract(since=MAY, counting_rules={"bases": ["list"]})
    old.effective_until = day(10)
    old.save()
    sign(old)
    version = make_contract(number=2, since=day(10), counting_rules={"bases": ["definition"]})
    commitment = webinars(version=version)
    _, second = offered_twice()

    assert drilled(of(commitment)) == [second]


def test_more_than_a_year_of_a_segment_is_refused_in_words(client):
    commitment = webinars()
    client.force_login(make_person())
    path = f"/metrics/volume/?from=1900-01-01&to=2199-12-31&promise={commitment.public_id}"

    answer = client.get(path)

    assert answer.status_code == 422
    assert "a year of it at most" in answer.content.decode()
    assert of(commitment, **YEAR).filters.promise == commitment


def test_a_promise_about_everybody_is_asked_of_any_days():
    commitment = promise("volume", amount=1)

    assert of(commitment, **{"from": "1900-01-01"}).filters.promise == commitment


@pytest.mark.parametrize("path", ["/metrics/volume/", "/metrics/volume/rows/", "/api/v1/metrics/volume/"])
@pytest.mark.parametrize("by", ["", "month"])
def test_a_page_judges_the_offers_of_a_segment_once(client, path, by):
    commitment = webinars()
    offered_twice()
    client.force_login(make_person())
    given = YEAR | {"promise": str(commitment.public_id)} | ({"by": by} if by else {})

    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, given).status_code == 200

    judged = [one for one in asked if 'FROM "leads_assignment"' in one["sql"]]
    assert len(judged) == 1


def test_a_promise_that_nobody_signed_is_none():
    commitment = make_commitment(
        "volume", "marketing", version=make_contract(since=MAY), target=None, segment=WEBINARS, period="month"
    )

    with pytest.raises(Invalid) as refused:
        of(commitment)

    assert list(refused.value.errors) == ["promise"]


def test_the_key_of_a_row_is_no_id(client):
    client.force_login(make_person())

    answer = client.get("/metrics/volume/", JUNE | {"promise": str(webinars().pk)})

    assert (answer.status_code, b"<h1" in answer.content) == (422, True)


def test_what_stands_beside_quality_can_be_opened_for_the_promise(client):
    commitment = promise("quality", goal="0.5", segment=WEBINARS)
    client.force_login(make_person())
    beside = f"/metrics/acceptance-rate/?promise={commitment.public_id}"
    page = client.get(f"/metrics/quality/?promise={commitment.public_id}").content.decode()

    assert "/metrics/acceptance-rate/?" in page
    assert client.get(beside).status_code == 200
