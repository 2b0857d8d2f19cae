"""Mail about clocks: told to whom, dropped when it is answered, held in quiet hours, and capped."""

from __future__ import annotations

import pytest

from common.models import Outbox
from leads.services import handoffs
from notifications.models import Delivery, Notice
from notifications.services.mail import deliver
from notifications.services.relay import relay
from sla.models import Breach
from sla.services import clocks, excuses
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_member,
    make_offer,
    make_person,
    make_team,
)
from tests.notifications.told import DUE, FIRST, TELL, about, agree, at, mailed, make_held

pytestmark = pytest.mark.django_db


def test_a_step_tells_the_role_it_names_how_late_it_is(noon):
    agree(TELL)
    handoff = make_held()
    dana = make_member(handoff.team, "sales_manager")
    at(noon, DUE + MINUTE)
    at(noon, FIRST)

    notice = Notice.objects.get(topic="clock.escalated")
    assert (notice.person, notice.text) == (dana, f"Answer is 1 h late: {handoff.lead.name}")
    assert (dana.email, notice.text) in mailed()


TOLD = {
    "takeover": ({"after": "1h", "do": "takeover"}, "rep", "anyone of"),
    "reassign": ({"after": "1h", "do": "reassign"}, "sales_manager", "went to"),
    "pool": ({"after": "1h", "do": "pool"}, "sales_manager", "is back in the pool"),
    "both": ({"after": "1h", "to": "both_managers"}, "marketing_manager", "1 h late"),
    "admins": ({"after": "1h", "do": "notify", "to": "admin"}, "admin", "1 h late"),
    "the holder": ({"after": "1h", "to": "holder"}, "holder", "1 h late"),
}


@pytest.mark.parametrize(("rung", "role", "words"), TOLD.values(), ids=TOLD.keys())
def test_each_step_has_its_words_and_its_people(noon, rung, role, words):
    agree(rung)
    handoff = make_held()
    people = {
        "rep": make_member(handoff.team), "sales_manager": make_member(handoff.team, "sales_manager"),
        "marketing_manager": make_member(make_team(function="demand"), "marketing_manager"),
        "admin": make_person(role="admin"), "holder": handoff.holder,
    }  # fmt: skip

    at(noon, FIRST)

    told = Notice.objects.filter(topic="clock.escalated", person=people[role])
    assert words in told.get().text


def test_the_holder_of_a_lead_open_to_the_team_hears_who_took_it(noon):
    agree({"after": "1h", "do": "takeover"})
    handoff = make_held()
    colleague = make_member(handoff.team, name="Joana Reis")
    at(noon, FIRST)

    handoffs.claim(handoff, by=colleague)
    relay()

    notice = Notice.objects.get(topic="handoff.taken_over")
    assert (notice.person, notice.text) == (handoff.holder, f"Joana Reis took over {handoff.lead.name}")


def test_an_answer_between_sweep_and_relay_drops_what_was_queued_with_its_reason(noon):
    """R7, C09."""
    agree(TELL)
    handoff = make_held()
    make_member(handoff.team, "sales_manager")
    noon.set(FIRST)
    clocks.sweep()
    handoffs.accept(handoff, by=handoff.holder)

    relay()

    outcomes = Outbox.objects.filter(topic__in=("clock.breached", "clock.escalated")).values_list(
        "outcome", flat=True
    )
    assert list(outcomes) == ["cancelled: answered"] * 2
    assert not Notice.objects.filter(topic="clock.escalated").exists()


def test_an_answer_between_relay_and_mail_drops_the_mail_with_its_reason(noon):
    agree(TELL)
    handoff = make_held()
    make_member(handoff.team, "sales_manager")
    noon.set(FIRST)
    clocks.sweep()
    relay()
    handoffs.accept(handoff, by=handoff.holder)

    deliver()

    states = Delivery.objects.filter(notice__topic="clock.escalated").values_list("state", "why")
    assert list(states) == [("cancelled", "answered")]


def test_an_excuse_between_sweep_and_mail_drops_what_was_queued_with_its_reason(noon):
    """R7, C09: of two facts one is relayed already and waits as mail."""
    agree(TELL)
    handoff = make_held()
    make_member(handoff.team, "sales_manager")
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()
    noon.set(FIRST)
    clocks.sweep()
    asked = excuses.ask(Breach.objects.get(), by=handoff.holder, reason="Sudden illness")
    excuses.decide(
        asked, by=make_member(make_team(function="demand"), "marketing_manager"), decision="granted"
    )

    relay()
    deliver()

    assert Outbox.objects.get(topic="clock.escalated").outcome == "cancelled: excused"
    of_the_miss = Delivery.objects.filter(notice__topic="clock.breached").values_list("state", "why")
    assert set(of_the_miss) == {("cancelled", "excused")}


def test_mail_does_not_reach_the_former_owner(noon):
    """C09."""
    agree(kind="first_response")
    handoff = make_held()
    former, now = handoff.holder, make_member(handoff.team)
    noon.set(NOON + 59 * MINUTE + MINUTE / 2)
    clocks.sweep()
    relay()
    handoffs.reassign(handoff, by=make_member(handoff.team, "sales_manager"), person=now)

    deliver()

    kept = Delivery.objects.get(notice__topic="clock.warned", notice__person=former)
    assert (kept.state, kept.why) == ("cancelled", "somebody else's now")


def test_a_step_without_anybody_to_tell_goes_to_the_admins(noon):
    """F31: a level without recipients."""
    agree(TELL)
    make_held()
    admin = make_person(role="admin")

    at(noon, FIRST)

    assert Notice.objects.get(topic="clock.escalated").person == admin


def test_a_step_for_someone_who_left_goes_to_who_is_there(noon):
    """F31: a deleted user in a level."""
    agree(TELL)
    handoff = make_held()
    gone, there = make_member(handoff.team, "sales_manager"), make_member(make_team(), "sales_manager")
    gone.is_active = False
    gone.save(update_fields=["is_active"])

    at(noon, FIRST)

    assert [notice.person for notice in Notice.objects.filter(topic="clock.escalated")] == [there]


def test_a_step_that_could_not_be_done_tells_the_manager_why(noon):
    agree({"after": "1h", "do": "reassign", "to": "admin"})
    handoff = make_held()
    dana = make_member(handoff.team, "sales_manager")
    make_person(role="admin")

    at(noon, FIRST)

    text = Notice.objects.get(topic="clock.escalated", person=dana).text
    assert (
        f"it could not go to the next person: {handoff.lead.name}. Nobody else of {handoff.team} is free."
        in text
    )


def test_admins_hear_once_of_a_ladder_that_cannot_be_read(noon):
    """R20."""
    agree({"after": "soon"})
    make_held()
    admin = make_person(role="admin")

    for hours in (1, 2, 3, 4):
        at(noon, NOON + hours * HOUR + MINUTE)

    notice = Notice.objects.get(topic="ladder.parked")
    assert (notice.person, "cannot be taken" in notice.text) == (admin, True)


def test_quiet_hours_hold_mail_until_the_person_opens(noon):
    """Its row is in the app at once; a duty by 24x7 hears at once."""
    agree({"after": "1h", "to": "both_managers"}, quiet_hours=True)
    team = make_team(calendar=make_calendar({"wed": [["09:00", "13:30"]], "thu": [["09:00", "17:00"]]}))
    handoff = make_held(team)
    dana = make_member(team, "sales_manager")
    duty = make_calendar(
        {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    )
    nora = make_member(make_team(function="demand", calendar=duty), "marketing_manager")

    at(noon, FIRST)
    night = (Notice.objects.filter(person=dana, topic="clock.escalated").count(), about("1 h late"))
    at(noon, NOON + 20 * HOUR)
    early = about("1 h late")
    at(noon, NOON + 21 * HOUR)

    assert (night, early, about("1 h late")) == ((1, [nora.email]), [nora.email], [nora.email, dana.email])
    assert handoff.lead.name in mailed()[-1][1]


def test_hours_and_zones_that_cannot_be_read_keep_nobody_from_being_told(noon):
    """F31."""
    agree(TELL, quiet_hours=True)
    team = make_team(calendar=(calendar := make_calendar({"thu": [["09:00", "17:00"]]})))
    make_held(team)
    dana = make_member(team, "sales_manager")
    dana.time_zone = "Moon/Base"
    dana.save(update_fields=["time_zone"])
    calendar.versions.update(rules={"tz": "Moon/Base", "hours": {}})

    at(noon, FIRST)

    assert dana.email in about("late")


def test_held_mail_is_not_sent_once_it_was_answered(noon):
    agree(TELL, quiet_hours=True)
    team = make_team(calendar=make_calendar({"thu": [["09:00", "17:00"]]}))
    handoff = make_held(team)
    dana = make_member(team, "sales_manager")
    at(noon, FIRST)
    handoffs.accept(handoff, by=handoff.holder)

    at(noon, NOON + 21 * HOUR)

    assert dana.email not in about("late")
    assert Delivery.objects.filter(notice__topic="clock.escalated").values_list("state", "why").get() == (
        "cancelled",
        "answered",
    )


def test_of_what_waited_about_one_clock_only_the_newest_is_sent(noon):
    agree(TELL, {"after": "2h", "to": "sales_manager"}, quiet_hours=True)
    team = make_team(calendar=make_calendar({"thu": [["09:00", "17:00"]]}))
    make_held(team)
    dana = make_member(team, "sales_manager")
    for hours in (1, 2, 3):
        at(noon, NOON + hours * HOUR + MINUTE)

    at(noon, NOON + 21 * HOUR)

    late = [subject for to, subject in mailed() if to == dana.email]
    assert [subject.partition(":")[0] for subject in late] == ["Answer is 2 h late"]
    assert Delivery.objects.filter(notice__person=dana, why="a later message says it").count() == 2


def test_two_messages_about_one_clock_lie_the_cool_down_apart(noon):
    agree({"after": "5m", "to": "sales_manager"}, cool_down_minutes=10)
    team = make_team()
    make_held(team)
    dana = make_member(team, "sales_manager")
    seen = []

    for minutes in (1, 6, 10, 11):
        at(noon, DUE + minutes * MINUTE)
        seen.append(len([to for to, _ in mailed() if to == dana.email]))

    assert seen == [1, 1, 1, 2]
    assert Notice.objects.filter(person=dana).count() == 2


def test_the_cap_keeps_the_rest_of_a_day_in_the_app(noon):
    agree(daily_cap=2)
    team = make_team()
    dana = make_member(team, "sales_manager")
    for _ in range(4):
        make_held(team)

    at(noon, DUE + MINUTE)
    capped = Delivery.objects.filter(notice__person=dana, state="cancelled")
    today = (
        about("Answer is late").count(dana.email),
        capped.count(),
        Notice.objects.filter(person=dana).count(),
    )
    for _ in range(2):
        make_offer(team, make_member(team), at=NOON + 24 * HOUR)
    at(noon, NOON + 26 * HOUR)

    assert today == (2, 2, 4)
    assert about("Answer is late").count(dana.email) == 4
