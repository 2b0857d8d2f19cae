"""Being away: who may enter it, spans that make sense, covers who can take over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Absence, User
from accounts.services import absences
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed
from tests.accounts.people import make_member, make_person, make_team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now(database_clock: Any) -> datetime:
    return database_clock.set(database_now())


def away(person: User, start: datetime, days: int = 3, **options: Any) -> Absence:
    return absences.record(person, from_at=start, until_at=start + DAY * days, **({"by": person} | options))


@pytest.mark.parametrize("who", ["the person", "manager", "operations", "admin"])
def test_an_absence_is_entered_by_who_may(who: str, now: datetime) -> None:
    team = make_team()
    person = make_member(team)
    by = {
        "the person": person,
        "manager": make_member(team, "sales_manager"),
        "operations": make_person(role="operations"),
        "admin": make_person(role="admin"),
    }[who]

    assert away(person, now + DAY, by=by).person == person


@pytest.mark.parametrize("who", ["colleague", "manager of another team", "read-only"])
def test_others_cannot_send_somebody_away(who: str, now: datetime) -> None:
    team = make_team()
    person = make_member(team)
    by = {
        "colleague": make_member(team),
        "manager of another team": make_member(make_team(), "sales_manager"),
        "read-only": make_person(role="read_only"),
    }[who]

    with pytest.raises(NotAllowed):
        away(person, now + DAY, by=by)


def test_a_cover_of_the_same_team_takes_over(now: datetime) -> None:
    team = make_team()
    person, cover = make_member(team), make_member(team)

    assert away(person, now + DAY, cover=cover).cover == cover


@pytest.mark.parametrize("which", ["oneself", "another team", "deactivated", "away too"])
def test_not_everybody_can_cover(which: str, now: datetime) -> None:
    team = make_team()
    person, colleague = make_member(team), make_member(team)
    away(colleague, now + DAY * 2)
    cover = {
        "oneself": person,
        "another team": make_member(make_team()),
        "deactivated": make_member(team, person=make_person(is_active=False)),
        "away too": colleague,
    }[which]

    with pytest.raises(Invalid) as refused:
        away(person, now + DAY, cover=cover)

    assert list(refused.value.errors) == ["cover"]


@pytest.mark.parametrize(
    ("start", "days", "field"),
    [(1, 0, "until_at"), (1, -1, "until_at"), (-5, 2, "until_at"), (4, 3, "from_at")],
)
def test_a_span_that_makes_no_sense_is_refused(start: int, days: int, field: str, now: datetime) -> None:
    person = make_person()
    away(person, now + DAY * 5)

    with pytest.raises(Invalid) as refused:
        away(person, now + DAY * start, days)

    assert list(refused.value.errors) == [field]


def test_absences_may_touch(now: datetime) -> None:
    person = make_person()
    away(person, now + DAY, 2)

    away(person, now + DAY * 3, 2)

    assert person.absences.count() == 2


def test_coming_back_ends_a_running_absence_now(now: datetime) -> None:
    person = make_person()
    absence = away(person, now - DAY, 3)

    absences.end(absence, by=person)

    absence.refresh_from_db()
    assert absence.until_at == now


def test_an_absence_that_has_not_begun_is_forgotten(now: datetime) -> None:
    person = make_person()

    absences.end(away(person, now + DAY), by=person)

    assert person.absences.exists() is False


def test_what_a_second_click_finds_gone_is_refused_in_words(now: datetime) -> None:
    person = make_person()
    absence = away(person, now + DAY)
    absences.end(Absence.objects.get(pk=absence.pk), by=person)

    with pytest.raises(Invalid, match="already ended"):
        absences.end(absence, by=person)


def test_an_absence_that_is_over_stays_as_it_was(now: datetime, database_clock: Any) -> None:
    person = make_person()
    absence = away(person, now + DAY, 1)
    database_clock.set(now + DAY * 3)

    with pytest.raises(Invalid):
        absences.end(absence, by=person)
