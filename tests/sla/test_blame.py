"""Whoever got a lead shortly before it fell due is not blamed personally (domain rule 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation
from leads.services import handoffs
from sla.models import Breach
from sla.queries.breach_lines import lines_of
from sla.services import clocks
from tests.clock import DatabaseClock
from tests.dashboards.worlds import ask, make_organisation
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_member, make_mql, make_team
from tests.sla.makers import draft, make_contract, promise, sign

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVENING = NOON + 4 * HOUR  # an hour before the hours end


@pytest.fixture
def people() -> dict[str, Any]:
    team = make_team(calendar=make_calendar())
    return {
        "team": team, "sam": make_member(team, name="Sam"), "nora": make_member(team, name="Nora"),
        "boss": make_member(team, "sales_manager"),
        "marketer": make_member(make_team(function="demand"), "marketing_manager"),
    }  # fmt: skip


def reassigned(people: dict[str, Any], begun: datetime, moved: datetime) -> Any:
    handoff = handoffs.offer(make_mql(), by=people["marketer"], person=people["sam"], at=begun)
    return handoffs.reassign(handoff, by=people["boss"], team=people["team"], person=people["nora"], at=moved)


@pytest.mark.parametrize(("minutes", "named"), [(58, None), (31, None), (30, "nora"), (2, "nora")])
def test_who_had_less_than_half_of_the_time_is_not_named(
    people: dict[str, Any], minutes: int, named: str | None
) -> None:
    make_contract(answer=HOUR)
    reassigned(people, NOON, NOON + minutes * MINUTE)

    clocks.breach_overdue(NOON + 2 * HOUR)

    breach = Breach.objects.get()
    assert breach.person == people["nora"]
    assert breach.named == (people[named] if named else None)


def test_the_time_is_that_of_the_clock(people: dict[str, Any]) -> None:
    """Two hours from an hour before the evening: who got it in the night had half of them, though a day went by."""
    version = draft()
    promise(version, "answer", 2 * HOUR, calendar_choice="team")
    sign(version)
    reassigned(people, EVENING, EVENING + 8 * HOUR)

    clocks.breach_overdue(NOON + 2 * DAY)

    assert Breach.objects.get().named == people["nora"]


def test_a_late_answer_names_as_the_sweep_does(people: dict[str, Any]) -> None:
    make_contract(answer=HOUR)
    handoff = reassigned(people, NOON, NOON + 58 * MINUTE)

    handoffs.accept(handoff, by=people["nora"], at=NOON + 2 * HOUR)

    assert Breach.objects.get().named is None


def test_figures_by_owner_and_the_file_of_misses_name_nobody(
    people: dict[str, Any], database_clock: DatabaseClock
) -> None:
    make_organisation()
    Organisation.objects.update(people_in_figures="all")
    make_contract(answer=HOUR)
    reassigned(people, NOON, NOON + 58 * MINUTE)
    clocks.breach_overdue(NOON + 2 * HOUR)
    database_clock.set(NOON + 40 * DAY)

    missed = {row.group.name: row.figure.gross.n for row in ask("attainment", by="owner").rows}

    assert "Nora" not in missed
    assert sum(missed.values()) == 1
    assert all(
        people["nora"].email not in line for line in lines_of(Breach.objects.all(), at=NOON + 40 * DAY)
    )


def test_time_in_which_the_clock_stood_is_nobodys(people: dict[str, Any]) -> None:
    make_contract(answer=8 * HOUR)
    handoff = reassigned(people, NOON, NOON + 7 * HOUR)
    handoffs.return_for_info(
        handoff, by=people["nora"], missing=["lead.title"], at=NOON + 7 * HOUR + 10 * MINUTE
    )
    handoffs.resupply(handoff, by=people["marketer"], at=NOON + 27 * HOUR)

    clocks.breach_overdue(NOON + 40 * HOUR)

    assert Breach.objects.get().named is None


def test_who_had_it_twice_had_the_sum_of_it(people: dict[str, Any]) -> None:
    make_contract(answer=8 * HOUR)
    handoff = reassigned(people, NOON, NOON + 6 * HOUR)
    handoffs.reassign(
        handoff, by=people["boss"], team=people["team"], person=people["sam"], at=NOON + 7 * HOUR
    )

    clocks.breach_overdue(NOON + 9 * HOUR)

    assert Breach.objects.get().named == people["sam"]


def test_the_page_and_the_programs_name_nobody_either(
    people: dict[str, Any], client: Client, database_clock: DatabaseClock
) -> None:
    make_contract(answer=HOUR)
    reassigned(people, NOON, NOON + 58 * MINUTE)
    clocks.breach_overdue(NOON + 2 * HOUR)
    database_clock.set(NOON + 3 * HOUR)
    client.force_login(people["boss"])

    page = client.get("/breaches/?view=open").content.decode()
    by_owner = client.get("/api/v1/breaches/", {"owner": people["nora"].email}).json()["results"]
    every = client.get("/api/v1/breaches/").json()["results"]

    assert "Nora" not in page
    assert (by_owner, [miss["owner"] for miss in every]) == ([], [None])


def test_a_miss_and_whom_it_names_are_published_together(
    people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contract(answer=HOUR)
    reassigned(people, NOON, NOON + 58 * MINUTE)

    def dies(misses: object) -> None:
        raise SystemExit

    monkeypatch.setattr("sla.services.sweep.spare_late_holders", dies)
    with pytest.raises(SystemExit):
        clocks.breach_overdue(NOON + 2 * HOUR)
    monkeypatch.undo()

    assert not Breach.objects.exists()
    clocks.breach_overdue(NOON + 2 * HOUR)
    assert Breach.objects.get().named is None
