"""Today: the next acts of one person, by clock."""

from __future__ import annotations

from typing import Any

import pytest

from desk.queries.besides import Besides
from desk.views.today import rows_of as rows_besides
from leads.models import Handoff
from leads.services import handoffs
from leads.services.attempts import Contact
from sla.models import ContractVersion
from sla.services import contests
from tests.desk.world import World, as_user, queries_of
from tests.factories import HOUR, NOON, make_mql
from tests.sla.makers import draft

pytestmark = pytest.mark.django_db


def rows_of(person: Any) -> dict[str, list[tuple[str, str]]]:
    day = as_user(person).get("/today/").context["today"]
    return {
        section.label: [(row.item.handoff.lead.last_name, row.verb.slug) for row in section.rows]
        for section in day.sections
    }


def tried(world: World, outcome: str) -> Any:
    handoff = world.accepted()
    handoffs.log_attempt(handoff, Contact("call", outcome), by=world.rep, at=NOON)
    return handoff


def named(handoff: Any, name: str) -> None:
    handoff.lead.last_name = name
    handoff.lead.save(update_fields=["last_name"])


def test_acts_stand_in_four_groups_with_one_button_each(world: World) -> None:
    world.offer(NOON - HOUR, to=world.rep, last_name="Offer")
    named(world.accepted(), "Untried")
    named(tried(world, "no_answer"), "Again")
    named(tried(world, "talked"), "Talked")

    assert rows_of(world.rep) == {
        "Answer": [("Offer", "accept")],
        "First response": [("Untried", "log")],
        "Follow up": [("Again", "log")],
        "Decide": [("Talked", "qualify")],
    }


def test_a_late_offer_is_called_at_once(world: World) -> None:
    world.offer(NOON - 24 * HOUR, to=world.rep, last_name="Late")

    assert rows_of(world.rep) == {"Answer": [("Late", "log")]}


def test_a_lead_whose_pause_ends_within_a_day_is_planned_beside_what_was_set(world: World) -> None:
    for name, fields in {
        "Later": {"paused_at": NOON, "pause_ends_at": NOON + 25 * HOUR},
        "Second": {"paused_at": NOON, "pause_ends_at": NOON + 3 * HOUR},
        "First": {"next_attempt_at": NOON + HOUR},
    }.items():
        handoff = world.accepted()
        named(handoff, name)
        Handoff.objects.filter(pk=handoff.pk).update(**fields)

    planned = as_user(world.rep).get("/today/").context["today"].planned

    assert [(row.lead.last_name, row.try_at) for row in planned] == [
        ("First", NOON + HOUR),
        ("Second", NOON + 3 * HOUR),
    ]


def test_what_others_hold_is_not_mine(world: World) -> None:
    world.offer(to=world.other, last_name="Theirs")
    world.offer(last_name="Pool")

    assert rows_of(world.rep) == {"Answer": [("Pool", "accept")]}


@pytest.mark.parametrize("who", ["rep", "other", "manager", "marketer", "reader"])
def test_everyone_has_a_today(world: World, who: str) -> None:
    assert as_user(getattr(world, who)).get("/today/").status_code == 200


def test_nothing_to_do_says_so(world: World) -> None:
    assert "Nothing waits for you" in as_user(world.rep).get("/today/").content.decode()


def test_what_waits_for_marketing_stands_at_the_side(world: World) -> None:
    handoff = world.offer(to=world.rep)
    handoffs.return_for_info(handoff, by=world.rep, missing=["phone"], at=NOON)

    day = as_user(world.rep).get("/today/").context["today"]

    assert day.waiting == [handoff]
    assert day.sections == ()


def test_three_rows_cost_as_many_queries_as_one(world: World, django_assert_num_queries: Any) -> None:
    client = as_user(world.rep)
    world.offer(to=world.rep)
    spent = queries_of(client, "/today/")
    world.offer(to=world.rep)
    world.accepted()

    with django_assert_num_queries(spent):
        client.get("/today/")


def test_the_table_is_polled_without_the_page_around_it(world: World) -> None:
    world.offer(to=world.rep, last_name="Berg")

    part = as_user(world.rep).get("/today/?part=list").content.decode()

    assert "Lead Berg" in part
    assert "<html" not in part


def test_a_follow_up_says_which_attempt_of_how_many_it_is(world: World) -> None:
    tried(world, "no_answer")

    day = as_user(world.rep).get("/today/").context["today"]

    assert [row.do for section in day.sections for row in section.rows] == ["Attempt 2 of 2"]


def test_what_waits_for_marketing_besides_is_counted_and_leads_there(world: World) -> None:
    handoffs.return_for_info(world.offer(to=world.rep), by=world.rep, missing=["phone"], at=NOON)
    make_mql()

    answer = as_user(world.marketer).get("/today/")

    assert [row["words"] for row in answer.context["besides"]] == ["1 lead to offer", "1 lead to resupply"]
    assert "Nothing waits for you" not in answer.content.decode()


def test_who_signs_for_a_side_reads_what_there_is_to_decide_and_to_sign(world: World) -> None:
    rejected = handoffs.reject(world.offer(to=world.rep), by=world.rep, reason="student", at=NOON)
    contests.ask(rejected, by=world.marketer, text="She runs the plant.", at=NOON)
    version = draft()
    ContractVersion.objects.filter(pk=version.pk).update(status="proposed")

    day = as_user(world.manager).get("/today/").context["besides"]

    assert [row["words"] for row in day] == [
        "1 decision on an excuse or a contest",
        f"Sign contract v{version.number}",
    ]
    assert as_user(world.rep).get("/today/").context["besides"] == []


@pytest.mark.parametrize(("counted", "words"), [(999, "999 leads to offer"), (1_000, "999+ leads to offer")])
def test_a_count_that_stops_at_a_thousand_says_that_there_may_be_more(counted: int, words: str) -> None:
    assert [row["words"] for row in rows_besides(Besides(offers=counted))] == [words]
