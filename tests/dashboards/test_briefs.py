"""Promises about briefs: out so many business days before the launch, and known to sales by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Membership
from accounts.services import teams
from dashboards.models import Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import BriefReading, BriefVersion, Touch
from tests.dashboards.test_closing import FIRST_DAY, JULY, MAY, promise, result
from tests.dashboards.worlds import make_commitment, make_contract, make_organisation
from tests.factories import (
    make_calendar,
    make_campaign,
    make_lead,
    make_member,
    make_person,
    make_team,
    make_touch_kind,
)

pytestmark = pytest.mark.django_db
FIVE_DAYS = timedelta(hours=40)
LAUNCH = date(2026, 6, 15)  # a Monday
LAST_MOMENT = datetime(2026, 6, 8, 9, tzinfo=UTC)  # forty business hours before it


@pytest.fixture(autouse=True)
def july(database_clock):
    return database_clock.set(JULY + FIRST_DAY)


def launched(published_at: datetime | None = LAST_MOMENT, day: date = LAUNCH, **fields):
    campaign = make_campaign(starts_on=day, **fields)
    if published_at is not None:
        publish(campaign, published_at)
    return campaign


def publish(campaign, at: datetime, number: int = 1) -> BriefVersion:
    return BriefVersion.objects.create(campaign=campaign, number=number, published_at=at)


def brief(**fields):
    hours = {"calendar_choice": "named", "calendar": make_calendar(), "goal": "0.9"}
    return promise("brief", name="Brief", **{"target": FIVE_DAYS} | hours | fields)


def both() -> None:
    """A contract in which marketing promises briefs and sales promises to read them."""
    version = make_contract(since=MAY)
    make_commitment("brief_read", "sales", version=version, target=None, period="month", goal="0.5")
    brief(version=version)


def read(campaign, person, at: datetime) -> None:
    BriefReading.objects.create(brief=campaign.briefs.earliest("number"), person=person, at=at)


def judged(kind: str) -> tuple[int, int, int, int]:
    close_periods()
    found = result(commitment__kind=kind)
    return int(found.numerator), found.denominator, found.net_numerator, found.net_denominator


def test_where_the_hours_began_too_late_a_brief_is_in_time_up_to_the_launch():
    week = {f"2026-06-{day:02}": [["09:00", "17:00"]] for day in (11, 12)}
    brief(calendar=make_calendar({}, shifts=week))
    launched(datetime(2026, 6, 14, tzinfo=UTC))
    launched(datetime(2026, 6, 16, tzinfo=UTC))

    assert judged("brief") == (1, 2, 1, 2)


def test_a_brief_is_in_time_up_to_the_last_moment():
    brief()
    launched(LAST_MOMENT)
    launched(LAST_MOMENT + timedelta(microseconds=1))
    launched(None)

    assert judged("brief")[:2] == (1, 3)


def test_the_first_wording_counts_and_a_later_one_is_not_late():
    brief()
    campaign = launched(LAST_MOMENT)
    publish(campaign, LAST_MOMENT + timedelta(days=20), number=2)

    assert judged("brief")[:2] == (1, 1)


def test_the_launch_is_midnight_where_the_organisation_is():
    """A29: 30 June begins in Berlin on the 29th at 22:00 UTC, and 1 July is none of June."""
    make_organisation("Europe/Berlin")
    always = {"calendar_choice": "always", "calendar": None, "target": timedelta(hours=1)}
    brief(**always)
    launched(datetime(2026, 6, 29, 21, tzinfo=UTC), date(2026, 6, 30))
    launched(datetime(2026, 6, 29, 21, 0, 1, tzinfo=UTC), date(2026, 6, 30))
    launched(LAST_MOMENT, date(2026, 7, 1))

    assert judged("brief")[:2] == (1, 2)


def test_a_campaign_called_off_before_it_brought_anything_never_started():
    brief()
    launched(None, is_active=False)
    ended = launched(None, is_active=False)
    kind, at = make_touch_kind("webinar"), LAST_MOMENT + timedelta(days=8)
    Touch.objects.create(lead=make_lead(), kind=kind, campaign=ended, at=at, recorded_at=at)

    assert judged("brief")[:2] == (0, 1)


def test_who_sold_at_the_launch_is_asked_and_known_before_it_counts():
    promise("brief_read", side="sales", goal="0.5", name="Read")
    team, midnight = make_team(), datetime(2026, 6, 15, tzinfo=UTC)
    early, late, never, newcomer, gone = (make_member(team, "rep") for _ in range(5))
    Membership.objects.filter(user=newcomer).update(since=midnight + timedelta(seconds=1))
    gone.is_active = False
    gone.save()
    campaign = launched()
    read(campaign, early, midnight - timedelta(microseconds=1))
    read(campaign, late, midnight)
    read(campaign, newcomer, LAST_MOMENT)
    read(campaign, gone, LAST_MOMENT)
    launched(midnight)
    launched(None)

    assert judged("brief_read") == (1, 3, 1, 3)
    assert never.memberships.get().since is None


def test_a_late_brief_blames_no_reader_in_net():
    both()
    reader = make_member(make_team(), "rep")
    read(launched(), reader, LAST_MOMENT)
    launched(LAST_MOMENT + timedelta(days=1))

    assert judged("brief_read") == (1, 2, 1, 1)


def test_who_read_is_not_restated_and_a_moved_launch_is(database_clock):
    both()
    seller, campaign = make_member(make_team(), "rep"), launched()
    close_periods()
    seller.is_active = False
    seller.save()
    campaign.starts_on = date(2026, 8, 1)
    campaign.save()
    database_clock.set(JULY + timedelta(days=2))

    assert restate() == 1

    found = Restatement.objects.get()
    assert (found.result.commitment.kind, found.denominator) == ("brief", 0)
    assert found.why == "campaigns that started in it were entered or changed later"


def test_a_new_seat_knows_since_when(database_clock):
    team, admin = make_team(), make_person(role="admin")

    seat = teams.add_member(team, make_person(), role="rep", by=admin)

    assert seat.since == JULY + FIRST_DAY


def test_the_rows_say_which_campaign_was_late_and_who_was_asked(client):
    both()
    read(launched(name="In time"), make_member(make_team(), "rep"), LAST_MOMENT)
    launched(LAST_MOMENT + timedelta(days=1), name="Too late")
    launched(None, name="Without")
    client.force_login(make_person())
    days = {"from": "2026-06-01", "to": "2026-07-01"}

    briefs = client.get("/promises/brief/rows/", days).content.decode()
    readers = client.get("/promises/brief_read/rows/", days).content.decode()

    assert [briefs.count(said) for said in (">In time</td>", ">Late</td>", ">No brief</td>")] == [1, 1, 1]
    assert [readers.count(said) for said in ("1 of 1", "0 of 1", "No, the brief was late", "Without")] == [
        1,
        1,
        1,
        0,
    ]
