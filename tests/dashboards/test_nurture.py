"""The promise that recycled leads are looked after: touched in time by marketing, and woken on their date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from dashboards.models import Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import LeadEvent, Touch
from tests.dashboards.test_closing import FIRST_DAY, JULY, promise, result
from tests.dashboards.worlds import HOUR, make_cycle, make_organisation
from tests.factories import make_calendar, make_lead, make_person, make_touch_kind

pytestmark = pytest.mark.django_db
RECYCLED = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday, at the opening
DUE = datetime(2026, 6, 5, 17, tzinfo=UTC)  # five business days later
MOMENT = timedelta(microseconds=1)
EVENT = {"fact": "lead.source", "op": "eq", "value": "event"}


@pytest.fixture(autouse=True)
def july(database_clock):
    return database_clock.set(JULY + FIRST_DAY)


@pytest.fixture
def newsletter():
    return make_touch_kind("newsletter")


def nurture(**fields):
    hours = {"calendar_choice": "named", "calendar": make_calendar()}
    return promise("nurture", name="Nurture", **{"target": 40 * HOUR, "goal": "0.8"} | hours | fields)


def put(lead, kind: str, at: datetime = RECYCLED, recorded_at: datetime | None = None, **fields) -> None:
    LeadEvent.objects.create(lead=lead, kind=kind, at=at, recorded_at=recorded_at or at, **fields)


def recycled(at: datetime = RECYCLED, kind: str = "recycled", **fields):
    lead = fields.pop("lead", None) or make_lead("recycled")
    put(lead, kind, at, **fields)
    return lead


def touch(lead, kind, at: datetime, recorded_at: datetime | None = None) -> None:
    Touch.objects.create(lead=lead, kind=kind, at=at, recorded_at=recorded_at or at)


def judged() -> tuple[int, int]:
    close_periods()
    found = result()
    return int(found.numerator), found.denominator


def test_the_first_touch_is_in_time_up_to_the_due_moment(newsletter):
    nurture()
    touch(recycled(), newsletter, DUE)
    touch(recycled(), newsletter, DUE + MOMENT)
    touch(recycled(), newsletter, RECYCLED)
    recycled()

    assert judged() == (1, 4)


@pytest.mark.parametrize(
    ("kind", "data", "count"),
    [
        ("rejected", {"next_step": "nurture"}, 1),
        ("rejected", {"next_step": "fix"}, 0),
        ("rejected", {"next_step": "close"}, 0),
        ("lost", {"until": "2026-09-01"}, 1),
        ("lost", {}, 0),
        ("set_aside", {"stage": "recycled"}, 1),
        ("set_aside", {"stage": "disqualified"}, 0),
        ("disqualified", {}, 0),
    ],
)
def test_every_way_back_to_marketing_starts_it_and_no_other(kind, data, count):
    nurture()
    recycled(kind=kind, data=data)

    assert judged() == (0, count)


def test_what_an_import_implied_starts_nothing():
    nurture()
    recycled(implied=True)

    assert judged() == (0, 0)


def test_a_hand_raise_is_no_nurture_and_ends_it(newsletter):
    """It wakes the lead: before the touch was due nothing is measured, and what comes later is none of it."""
    nurture()
    raised, untouched = recycled(), recycled()
    touch(raised, make_touch_kind("demo_request", hand_raise=True), RECYCLED + HOUR)
    put(raised, "woken", RECYCLED + HOUR)
    touch(raised, newsletter, RECYCLED + 2 * HOUR)
    put(untouched, "woken", DUE + MOMENT)

    assert judged() == (0, 1)


@pytest.mark.parametrize(("woken", "kept"), [("2026-06-20T21:59:59", 1), ("2026-06-20T22:00:01", 0)])
def test_it_is_woken_on_the_local_day_of_its_date(newsletter, woken, kept):
    """A29: 20 June ends in Berlin at 22:00 UTC."""
    make_organisation("Europe/Berlin")
    nurture()
    lead = recycled(data={"until": "2026-06-20"})
    touch(lead, newsletter, RECYCLED + HOUR)
    put(lead, "woken", datetime.fromisoformat(woken).replace(tzinfo=UTC))

    assert judged() == (kept, 1)


def test_hours_that_have_ended_leave_no_touch_due_and_show_the_figures_all_the_same(client):
    """A roster of one week: neither five days before the month nor five after its last day are open."""
    week = {f"2026-06-{day:02}": [["09:00", "17:00"]] for day in range(1, 6)}
    commitment = nurture(calendar=make_calendar({}, shifts=week), goal=None)
    recycled()
    recycled(RECYCLED + timedelta(days=1))
    client.force_login(make_person())

    shown = client.get("/dashboard/?period=2026-06")
    rows = client.get(
        "/promises/nurture/rows/", {"promise": commitment.public_id, "from": "2026-06-01", "to": "2026-07-01"}
    )

    assert shown.status_code == 200
    assert [len(rows.context["lines"]), rows.content.decode().count("Not touched")] == [1, 1]


def test_a_date_after_which_there_is_no_day_is_never_overslept(newsletter):
    """The last date there is, as some systems write "never", kept the whole month from being judged."""
    nurture()
    touch(recycled(data={"until": "9999-12-31"}), newsletter, RECYCLED + HOUR)

    assert judged() == (1, 1)


def test_a_lead_belongs_to_the_month_in_which_its_touch_is_due(newsletter):
    nurture()
    touch(recycled(datetime(2026, 5, 26, 9, tzinfo=UTC)), newsletter, datetime(2026, 5, 27, tzinfo=UTC))
    recycled(datetime(2026, 6, 24, 9, 0, 1, tzinfo=UTC))

    assert judged() == (1, 1)


def test_a_lead_recycled_twice_counts_twice(newsletter):
    nurture()
    lead = recycled()
    touch(lead, newsletter, RECYCLED + HOUR)
    put(lead, "woken", RECYCLED + 2 * HOUR)
    recycled(RECYCLED + timedelta(days=7), lead=lead)

    assert judged() == (1, 2)


def test_a_segment_is_judged_as_of_the_offer_and_holds_no_lead_that_was_set_aside():
    nurture(segment=EVENT)
    cycle = make_cycle("recycled", lead=make_lead("recycled", source="event", source_key="event"))
    recycled(lead=cycle.lead, handoff=cycle)
    other = make_cycle("recycled")
    recycled(lead=other.lead, handoff=other)
    recycled(kind="set_aside", data={"stage": "recycled"}, lead=make_lead("recycled", source="event"))

    assert judged() == (0, 1)


def test_touches_recorded_later_are_restated_with_their_reason(newsletter, database_clock):
    nurture()
    lead = recycled()
    assert judged() == (0, 1)
    database_clock.set(JULY + timedelta(days=2))
    touch(lead, newsletter, DUE, recorded_at=JULY + timedelta(days=1))

    assert (restate(), restate()) == (1, 0)

    found = Restatement.objects.get()
    assert (found.numerator, found.verdict) == (1, "few")
    assert found.why == "1 touched, as was recorded later"


def test_the_figure_of_the_ledger_opens_the_leads_it_counts(client, newsletter):
    commitment = nurture()
    lead = recycled(data={"until": "2026-09-01"})
    client.force_login(make_person())
    asked = {"promise": commitment.public_id, "from": "2026-06-01", "to": "2026-07-01", "zone": "UTC"}

    ledger = client.get("/dashboard/?period=2026-06").content.decode()
    rows = client.get("/promises/nurture/rows/", asked).content.decode()

    assert f"/promises/nurture/rows/?{urlencode(asked)}".replace("&", "&amp;") in ledger
    assert f"/leads/{lead.public_id}/" in rows
    assert "Not touched" in rows
    assert "1 Sep 2026" in rows


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"promise": "x"}, "promise"), ({"zone": "Mars/One"}, "zone"), ({"from": "x"}, "from"),
        ({"from": "2026-01-01", "to": "2027-06-01"}, "to"), ({"team": "x"}, "team"), ({"cursor": "x"}, "cursor"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_asked_for_are_refused_in_words(client, given, field):
    nurture()
    client.force_login(make_person())

    answer = client.get("/promises/nurture/rows/", given)

    assert answer.status_code == 422, field


def test_there_are_no_rows_of_a_promise_that_nobody_made(client):
    client.force_login(make_person())

    assert "Nobody promises this now" in client.get("/promises/nurture/rows/").content.decode()
    assert client.get("/promises/volume/rows/").status_code == 404
