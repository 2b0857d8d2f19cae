"""Mail about clocks: told to whom, dropped when it is answered, held in quiet hours, capped, and a storm as one."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import Outbox
from leads.models import Handoff
from leads.services import handoffs
from notifications.models import Delivery, Notice
from notifications.services import choosing
from notifications.services.mail import deliver
from notifications.services.relay import relay
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_offer,
    make_person,
    make_team,
)
from tests.sla.makers import draft, happens, promise, sign
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DUE = NOON + HOUR
FIRST = DUE + HOUR  # when the first rung is climbed
TELL = {"after": "1h", "to": "sales_manager"}


@pytest.fixture(autouse=True)
def noon(database_clock):
    database_clock.set(NOON)
    return database_clock


def agree(*rungs: dict, kind: str = "answer", **alerts) -> None:
    version = draft(**alerts)
    promise(version, kind, HOUR, ladder=list(rungs), warnings=[99])
    sign(version)


def make_held(team=None, **fields) -> Handoff:
    team = team or make_team()
    return make_offer(team, make_member(team, **fields))


def at(clock, moment) -> None:
    """Sweep, relay and mail at this moment."""
    clock.set(moment)
    clocks.sweep()
    relay()
    deliver()


def mailed() -> list[tuple[str, str]]:
    return [(message.to[0], message.subject) for message in mail.outbox]


def about(word: str) -> list[str]:
    return [to for to, subject in mailed() if word in subject]


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


def storm(count: int) -> list[Handoff]:
    team = make_team()
    made = [make_handoff(team=team) for _ in range(count)]
    for handoff in made:
        happens("offered", handoff, NOON)
    Outbox.objects.all().delete()
    return made


def test_a_storm_of_two_hundred_is_one_mail_and_two_hundred_notices(noon):
    """R17: every miss is recorded, each notice kept and counted, one mail with one id."""
    agree()
    made = storm(200)
    dana = make_member(made[0].team, "sales_manager")

    at(noon, DUE + MINUTE)
    deliver()

    [letter] = mail.outbox
    assert letter.to == [dana.email]
    assert letter.subject.startswith("200 messages, the first: Answer is late")
    assert Notice.objects.filter(person=dana).count() == 200
    assert letter.extra_headers["Message-ID"] == Delivery.objects.get(state="sent").message_id
    assert Delivery.objects.filter(state="carried", sent_at__isnull=False).count() == 199
    assert all(handoff.lead.name in letter.body for handoff in made)


def test_after_a_storm_what_follows_waits_and_comes_as_one_again(noon):
    agree()
    made = storm(30)
    make_member(made[0].team, "sales_manager")
    at(noon, DUE + MINUTE)
    more = [make_handoff(team=made[0].team) for _ in range(25)]
    for handoff in more:
        happens("offered", handoff, NOON + 2 * MINUTE)
    Outbox.objects.filter(topic="handoff.offered").delete()

    at(noon, DUE + 3 * MINUTE)
    waiting = (len(mail.outbox), Delivery.objects.filter(state="waiting").count())
    at(noon, DUE + 6 * MINUTE + MINUTE / 60)

    assert (waiting, len(mail.outbox)) == ((1, 25), 2)
    assert mail.outbox[1].subject.startswith("25 messages")


def test_a_digest_leaves_out_what_was_answered_meanwhile(noon):
    agree()
    made = storm(25)
    rep = make_member(made[0].team)
    make_member(made[0].team, "sales_manager")
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()
    for handoff in made[:5]:
        handoffs.accept(handoff, by=rep)

    deliver()

    letter = next(message for message in mail.outbox if message.to != [rep.email])
    assert (letter.subject[:11], made[0].lead.name in letter.body) == ("20 messages", False)
    assert Delivery.objects.filter(state="cancelled", why="answered").exists()


def test_a_digest_that_the_server_refuses_is_tried_again_with_its_id(noon, settings):
    """R14."""
    agree()
    made = storm(25)
    make_member(made[0].team, "sales_manager")
    settings.EMAIL_BACKEND = "tests.notifications.backends.Refusing"
    at(noon, DUE + MINUTE)
    before = Delivery.objects.get(attempts=1).message_id
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    at(noon, DUE + 2 * MINUTE)

    [letter] = mail.outbox
    assert (letter.extra_headers["Message-ID"], letter.subject[:11]) == (before, "25 messages")


def test_choosing_costs_the_same_for_two_messages_and_for_twenty(noon):
    agree()
    make_member(storm(2)[0].team, "sales_manager")
    make_member(storm(20)[0].team, "sales_manager")
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()
    with CaptureQueriesContext(connection) as both:
        chosen = choosing.claim()

    assert (len(chosen), len(both) <= 2 * 14) == (22, True)


def test_one_sender_takes_no_more_than_it_sends_before_its_lease_ends(noon):
    """C13: mail that is still being sent must not be claimed by another."""
    agree()
    for _ in range(40):
        make_held()
    Outbox.objects.all().delete()
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()

    first, second, third = len(choosing.claim()), len(choosing.claim()), len(choosing.claim())

    assert (first, second, third) == (30, 10, 0)


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_everything_once(noon):
    """R14, R18."""
    agree()
    made = storm(60)
    make_member(made[0].team, "sales_manager")
    others = [make_held() for _ in range(5)]
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()

    at_once([deliver] * 4)

    sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(sent) == len(set(sent)) == Delivery.objects.filter(state="sent").count()
    assert Delivery.objects.filter(state="carried").count() == 59
    assert len(others) == 5
