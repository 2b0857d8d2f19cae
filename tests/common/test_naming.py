"""Two people give the same name, or save the same calendar, at the same moment (F8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Team, User
from accounts.services import teams
from accounts.services.teams import TeamFields
from calendars.models import Calendar
from calendars.queries import fingerprint
from common.refusals import Conflict, Invalid
from leads.models import Campaign
from leads.services import catalogue
from leads.services.catalogue import CampaignFields
from sla.services import calendars
from sla.services.calendars import Week
from tests.accounts.people import make_member, make_person, make_team
from tests.factories import make_calendar
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = {"mon": [["09:00", "17:00"]]}
LONGER = {"mon": [["09:00", "18:00"]]}
ROUNDS = 5


def new_calendar(name: str, by: User) -> object:
    return calendars.create(Week(name, "UTC", HOURS), by=by)


def new_team(name: str, by: User) -> object:
    return teams.create(TeamFields(name, "sales", Calendar.objects.earliest("pk")), by=by)


def new_campaign(name: str, by: User) -> object:
    return catalogue.create_campaign(CampaignFields(name), by=by)


@pytest.mark.parametrize(
    ("make", "model"), [(new_calendar, Calendar), (new_team, Team), (new_campaign, Campaign)]
)
def test_of_two_who_give_one_name_the_second_reads_that_it_is_taken(
    make: Callable[[str, User], object], model: type[Calendar | Team | Campaign]
) -> None:
    by = make_member(make_team(function="demand"), "marketing")
    User.objects.filter(pk=by.pk).update(organisation_role="operations")
    by.refresh_from_db()

    for number in range(ROUNDS):
        names = (f"Round {number}", f"ROUND {number}")
        results = at_once([lambda name=name: make(name, by) for name in names])

        refused = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in refused] == [Invalid]
        assert list(refused[0].errors) == ["name"]
        assert model.objects.filter(name__iexact=names[0]).count() == 1


def test_two_names_given_at_once_that_read_alike_get_two_slugs() -> None:
    by = make_person(role="operations")

    made = at_once([lambda: new_calendar("Oslo", by), lambda: new_calendar("Oslo!", by)])

    assert sorted(calendar.slug for calendar in made) == ["oslo", "oslo-2"]


def test_of_two_who_save_one_calendar_at_once_the_second_is_told() -> None:
    calendar, by = make_calendar(), make_person(role="operations")
    seen = fingerprint(calendar)

    results = at_once(
        [lambda hours=hours: calendars.revise_week(calendar, Week("Oslo", "UTC", hours), seen=seen, by=by)
         for hours in (HOURS, LONGER)]
    )  # fmt: skip

    assert [type(result) for result in results if isinstance(result, Exception)] == [Conflict]
    assert calendar.versions.count() == 2


def test_a_save_over_another_name_or_holiday_is_told_too() -> None:
    calendar, by = make_calendar(), make_person(role="operations")
    seen = fingerprint(calendar)
    Calendar.objects.filter(pk=calendar.pk).update(name="Renamed")

    with pytest.raises(Conflict):
        calendars.revise_week(calendar, Week("Oslo", "UTC", HOURS), seen=seen, by=by)

    assert Calendar.objects.get().name == "Renamed"
