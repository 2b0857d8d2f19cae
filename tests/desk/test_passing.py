"""From setter to closer and back on the pages: who sees pass, the take clock, and why a lead came back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accounts.models import Team, User
from leads.models import Handoff
from leads.services import handoffs
from tests.clock import DatabaseClock
from tests.desk.acting import url
from tests.desk.world import HTMX, World, as_user
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_member, make_team

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Floor:
    """Setters who pass to a team of closers."""

    world: World
    closers: Team
    closer: User

    def qualified(self) -> Handoff:
        return handoffs.qualify(self.world.accepted(), by=self.world.rep, at=NOON)

    def passed(self) -> Handoff:
        return handoffs.pass_on(self.qualified(), by=self.world.rep, person=self.closer, at=NOON)

    def page(self, who: User, handoff: Handoff) -> str:
        return as_user(who).get(f"/leads/{handoff.lead.public_id}/").content.decode()


@pytest.fixture
def floor(world: World, database_clock: DatabaseClock) -> Floor:
    closers = make_team("Closers", calendar=make_calendar())
    world.team.full_cycle, world.team.passes_to = False, closers
    world.team.save()
    database_clock.set(NOON + MINUTE)
    return Floor(world, closers, make_member(closers, name="Rachel Stein"))


@pytest.mark.parametrize("full_cycle", [True, False])
def test_a_team_that_works_the_full_cycle_never_sees_pass(floor: Floor, full_cycle: bool) -> None:
    Team.objects.filter(pk=floor.world.team.pk).update(full_cycle=full_cycle)
    handoff = floor.qualified()

    page = floor.page(floor.world.rep, handoff)

    assert (url(handoff, "pass") in page) is not full_cycle


def test_the_inbox_of_the_closer_tells_it_from_an_offer(floor: Floor) -> None:
    floor.passed()

    assert "Passed on to you ·" in as_user(floor.closer).get("/inbox/").content.decode()


def test_the_dialog_offers_the_closers_and_says_what_follows(floor: Floor) -> None:
    page = as_user(floor.world.rep).get(url(floor.qualified(), "pass")).content.decode()

    assert ("Rachel Stein" in page, "Starts take. You stay the setter." in page) == (True, True)


def test_the_closer_sees_the_take_clock_on_the_lead_in_the_inbox_and_on_today(floor: Floor) -> None:
    handoff = floor.passed()
    client = as_user(floor.closer)

    lead, inbox, today = (
        client.get(address).content.decode()
        for address in (f"/leads/{handoff.lead.public_id}/", "/inbox/?view=answer", "/today/")
    )

    assert url(handoff, "take") in lead
    assert ">Take<" in lead
    assert str(handoff.lead) in inbox
    assert "Take or send back" in today


def test_the_setter_reads_why_it_came_back_until_it_is_qualified_anew(floor: Floor) -> None:
    handoff = floor.passed()
    handoffs.send_back(
        handoff, by=floor.closer, reason="no-authority", note="Budget sits elsewhere.", at=NOON + HOUR
    )

    page = floor.page(floor.world.rep, handoff)
    handoffs.qualify(handoff, by=floor.world.rep, at=NOON + 2 * HOUR)

    assert "Sent back by Rachel Stein: No authority." in page
    assert "Budget sits elsewhere." in page
    assert "Sent back by Rachel Stein: No authority." not in floor.page(floor.world.rep, handoff)


@pytest.mark.parametrize(("times", "sentence"), [(0, "redirect 1 of 2"), (1, "redirect 2 of 2")])
def test_the_dialog_of_a_redirect_says_how_many_are_left(floor: Floor, times: int, sentence: str) -> None:
    handoff = floor.world.offer(to=floor.world.rep)
    Handoff.objects.filter(pk=handoff.pk).update(redirects=times)

    assert sentence in as_user(floor.world.rep).get(url(handoff, "redirect")).content.decode()


def test_the_third_redirect_goes_to_the_sales_manager_and_no_further(floor: Floor) -> None:
    handoff = floor.world.offer(to=floor.world.rep)
    Handoff.objects.filter(pk=handoff.pk).update(redirects=2)
    client = as_user(floor.world.rep)

    asked = client.get(url(handoff, "redirect")).content.decode()
    client.post(url(handoff, "redirect"), {"to": f"team:{floor.closers.public_id}"})
    again = as_user(floor.world.manager).post(
        url(handoff, "redirect"), {"to": f"team:{floor.closers.public_id}"}
    )

    handoff.refresh_from_db()
    assert "Now the sales manager of" in asked
    assert (handoff.team, handoff.holder) == (floor.world.team, floor.world.manager)
    assert again.status_code == 409


@pytest.mark.parametrize("sent", [{"to": ""}, {"to": "routing"}], ids=["wrong", "right"])
def test_who_passes_twice_is_told_so_and_not_that_nobody_is_there(floor: Floor, sent: dict[str, str]) -> None:
    handoff = floor.passed()

    answer = as_user(floor.world.rep).post(url(handoff, "pass"), sent, **HTMX)

    assert answer.status_code == 409
    assert "You passed it already at 12:00." in answer.content.decode()


def test_a_wrong_form_for_an_act_that_came_too_late_says_who_was_first(floor: Floor) -> None:
    handoff = floor.world.offer(to=floor.world.rep)
    handoffs.accept(handoff, by=floor.world.manager, at=NOON)

    answer = as_user(floor.world.rep).post(url(handoff, "reject"), {}, **HTMX)

    assert answer.status_code == 409
    assert f"{floor.world.manager} accepted at 12:00." in answer.content.decode()
