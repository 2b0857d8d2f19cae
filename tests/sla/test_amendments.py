"""An amendment that also holds for running clocks: what is used stays used, the rest follows the new promise."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from calendars import services as calendars
from common.models import Outbox
from common.refusals import Conflict, NotAllowed
from leads.models import Touch
from sla.models import Breach, Clock, ContractVersion, Recompute
from sla.queries.contracts import fingerprint
from sla.services import clocks, contracts, invariants
from sla.services.recompute import hindsight, preview, requests, work
from tests.factories import (
    EVERYBODY,
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_person,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import clock_of, draft, happens, make_contract, promise

pytestmark = pytest.mark.django_db
WEBINAR = {"touches": {"kind": ["webinar"], "within_days": 30}, "op": "gte", "value": 1}


@pytest.fixture
def before() -> ContractVersion:
    return make_contract(answer=8 * HOUR, first_response=16 * HOUR, follow_up=40 * HOUR)


def amended(*, at=NOON + 2 * HOUR, also: bool = True, **targets: timedelta) -> ContractVersion:
    """A version that comes into force at a moment, with one promise a kind."""
    version = unsigned(**targets)
    version.also_running = also
    version.save(update_fields=["also_running"])
    contracts.come_into_force(version, at)
    return version


def unsigned(**targets: timedelta) -> ContractVersion:
    version = draft(NOON)
    for kind, target in targets.items():
        promise(version, kind, target)
    return version


def offered(at=NOON, **fields):
    handoff = make_handoff(at=at, **fields)
    happens("offered", handoff, at)
    return handoff


def test_what_is_used_stays_used_and_the_new_target_holds(before, database_clock):
    """Golden case f: two of eight hours are used, four are promised now, two are left."""
    handoff = offered()
    database_clock.set(NOON + 2 * HOUR)
    version = amended(answer=4 * HOUR)

    work.work_off()

    clock = clock_of(handoff, "answer")
    assert (clock.commitment.version, clock.target) == (version, 4 * HOUR)
    assert (clock.consumed, clock.due_at) == (2 * HOUR, NOON + 4 * HOUR)
    assert clock.log.get(kind="recomputed").data["commitment"] == clock.commitment_id


def test_a_clock_born_overdue_is_missed_when_the_new_target_was_used_up_and_raises_no_alert(
    before, database_clock
):
    """Rule 9."""
    handoff = offered()
    database_clock.set(NOON + 2 * HOUR)
    amended(answer=HOUR, first_response=8 * HOUR)

    work.work_off()

    breach = Breach.objects.get()
    assert (breach.clock, breach.by_recalculation) == (clock_of(handoff, "answer"), True)
    assert (breach.at, breach.detected_at, breach.rung_at) == (NOON + HOUR, NOON + 2 * HOUR, None)
    assert not Outbox.objects.filter(topic="clock.breached").exists()
    assert (invariants.broken(), clocks.replay().differs) == ({}, 0)


@pytest.mark.parametrize(("also", "after"), [(False, HOUR), (True, -HOUR)], ids=["new only", "not begun"])
def test_running_clocks_keep_theirs_unless_it_was_signed_for_them_and_has_begun(
    before, database_clock, also, after
):
    handoff = offered()
    database_clock.set(NOON + 2 * HOUR + after)
    amended(answer=4 * HOUR, also=also)

    work.work_off()

    assert clock_of(handoff, "answer").due_at == NOON + 8 * HOUR
    assert Recompute.objects.filter(done_at=None).exists() == also


def test_finished_and_missed_clocks_never_change(before, database_clock):
    """R9."""
    met, missed = offered(), offered(at=NOON - 10 * HOUR)
    happens("accepted", met, NOON + HOUR, person=None)
    clocks.breach_overdue(NOON + HOUR)
    database_clock.set(NOON + 2 * HOUR)
    answers = Clock.objects.filter(kind="answer").order_by("pk")
    before_it = list(answers.values())
    amended(answer=20 * HOUR)

    work.work_off()

    assert list(answers.values()) == before_it
    assert [row["status"] for row in before_it] == ["met", "breached"]
    assert clock_of(missed, "answer").commitment.version == before


def test_the_promise_is_chosen_by_what_was_known_when_the_clock_started(before, database_clock):
    """A webinar attended since then fits nothing; whom nothing fits keeps what he has."""
    webinar = make_touch_kind("webinar")
    early, late = offered(), offered()
    for handoff, at in ((early, NOON - HOUR), (late, NOON + MINUTE)):
        Touch.objects.create(lead=handoff.lead, kind=webinar, at=at, recorded_at=at)
    database_clock.set(NOON + HOUR)
    for_running(WEBINAR, at=NOON + HOUR)

    work.work_off()

    assert [clock_of(one, "answer").target for one in (early, late)] == [2 * HOUR, 8 * HOUR]
    found = Recompute.objects.get()
    assert (found.total, found.moved, found.skipped) == (4, 1, 3)


def for_running(segment, *, at, **fields) -> None:
    """A version that promises one thing, also to running clocks."""
    version = unsigned()
    promise(version, fields.pop("kind", "answer"), fields.pop("target", 2 * HOUR), segment=segment, **fields)
    version.also_running = True
    version.save(update_fields=["also_running"])
    contracts.come_into_force(version, at)


@pytest.mark.parametrize(("attempts", "target"), [(2, 20 * HOUR), (3, 40 * HOUR)], ids=["same", "other"])
def test_a_follow_up_that_would_ask_for_another_effort_keeps_its_promise(
    before, database_clock, attempts, target
):
    handoff = offered()
    happens("accepted", handoff, NOON, person=None)
    database_clock.set(NOON + HOUR)
    for_running(EVERYBODY, at=NOON + HOUR, kind="follow_up", target=20 * HOUR, attempts=attempts)

    work.work_off()

    assert clock_of(handoff, "follow_up").target == target


def test_a_replay_goes_through_amendments_corrections_and_pauses(before, database_clock):
    """Rule 1, bit for bit."""
    office = make_calendar()
    handoff, paused = offered(), offered()
    happens("paused", paused, NOON + HOUR)
    database_clock.set(NOON + 2 * HOUR)
    version = unsigned()
    promise(version, "answer", 20 * HOUR, calendar=office, warnings=[25])
    promise(version, "first_response", 30 * HOUR, calendar=office)
    version.also_running = True
    version.save(update_fields=["also_running"])
    contracts.come_into_force(version, NOON + 2 * HOUR)
    work.work_off()
    happens("resumed", paused, NOON + 3 * HOUR)
    happens("paused", handoff, NOON + 4 * HOUR)
    database_clock.set(NOON + 30 * HOUR)
    right = calendars.revise(office, {"tz": "UTC", "hours": {"wed": [["10:00", "20:00"]]}}, by=None)
    requests.correct(office, seen=right.number, by=make_person(role="operations"))
    work.work_off()
    happens("resumed", handoff, NOON + 40 * HOUR)
    stored = list(Clock.objects.order_by("pk").values())

    assert clocks.replay().differs == 0
    assert list(Clock.objects.order_by("pk").values()) == stored
    assert [clock_of(handoff, "answer").consumed, clock_of(paused, "answer").consumed] == [4 * HOUR, HOUR]


def test_a_preview_says_who_would_be_born_overdue(before):
    offered()
    version = unsigned(answer=HOUR, first_response=10 * HOUR)

    found = preview.of_amendment(version, NOON + 2 * HOUR)

    assert (found.concerned, found.earlier, len(found.missed), found.keep) == (2, 1, 1, 0)
    assert [shift.due_at for shift in found.missed] == [NOON + HOUR]


def test_the_last_quarter_is_judged_by_what_each_clock_used(before):
    """Answered after one and after six hours, missed for ten: under four hours one of three is kept."""
    for after in (1, 6, 10):
        handoff = offered()
        happens("accepted", handoff, NOON + after * HOUR, person=None)
    version = unsigned(answer=4 * HOUR)

    found = hindsight.last_quarter(version, NOON + timedelta(days=3))

    answer = found.kinds[0]
    assert (answer.label, answer.clocks, answer.met, answer.would_be) == ("Answer", 3, 2, 1)
    assert (found.clocks, found.looked_at, answer.change) == (3, 3, -1)


def test_both_sides_sign_the_same_choice():
    manager, marketer = make_member(make_team(), "sales_manager"), make_member(
        make_team(function="demand"), "marketing_manager"
    )  # fmt: skip
    make_contract(answer=HOUR)
    proposal = contracts.propose(contracts.draft(by=manager, at=NOON), by=manager)
    seen = fingerprint(proposal)
    contracts.choose_for_running(proposal, also=True, by=manager)

    with pytest.raises(Conflict, match="Read it again"):
        contracts.sign(proposal, by=marketer, seen=seen)
    contracts.sign(proposal, by=marketer)
    with pytest.raises(Conflict, match="One side has signed"):
        contracts.choose_for_running(proposal, also=False, by=manager)
    signed = contracts.sign(proposal, by=manager)

    assert signed.recompute.starts_at == signed.effective_from
    with pytest.raises(Conflict, match="is signed"):
        contracts.choose_for_running(proposal, also=False, by=manager)
    with pytest.raises(NotAllowed):
        contracts.choose_for_running(proposal, also=False, by=make_member(make_team()))


def page_of(version) -> str:
    return reverse("sla:contract-running", args=[version.number])


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def test_the_page_tells_both_sides_what_running_clocks_and_the_last_quarter_would_make_of_it(
    before, database_clock
):
    database_clock.set(NOON + 2 * HOUR)
    offered()
    happens("accepted", offered(at=NOON - 9 * HOUR), NOON - 3 * HOUR, person=None)
    version = unsigned(answer=HOUR, first_response=10 * HOUR)

    said = text_of(signed_in(make_member(make_team())).get(page_of(version)))

    assert "v2 holds for new clocks only" in said
    assert "3 running clocks go over to Contract v2" in said
    assert "1 keeps what it has" in said
    assert "2 would be missed at once" in said
    assert "Answer 1 1 0 0" in said
    assert "Take running clocks over too" not in said


def test_who_drafts_chooses_on_the_page_and_the_proposal_says_so(before):
    client, version = signed_in(make_person(role="operations")), unsigned(answer=HOUR)

    answer = client.post(page_of(version), {"also": "yes"}, follow=True)
    proposal = text_of(client.get(reverse("sla:contract-amendment", args=[version.number])))

    assert "Go over to v2" in text_of(answer)
    assert "Running clocks go over to it" in proposal
    client.post(page_of(version), {"also": "no"})
    version.refresh_from_db()
    assert not version.also_running


def test_a_rep_chooses_nothing(before):
    version = unsigned(answer=HOUR)

    assert signed_in(make_member(make_team())).post(page_of(version), {"also": "yes"}).status_code == 403
    version.refresh_from_db()
    assert not version.also_running


def test_once_signed_the_page_says_how_far_it_is(before, database_clock):
    client = signed_in(make_member(make_team()))
    assert "new clocks only" in text_of(client.get(page_of(before)))
    offered()
    database_clock.set(NOON + 2 * HOUR)
    version = amended(answer=4 * HOUR)

    waits = client.get(page_of(version)).content.decode()
    work.work_off()
    card = client.get(page_of(version), headers={"HX-Request": "true"}).content.decode()

    assert "every 2s" in waits
    assert "every 2s" not in card
    assert "2 of 2 running clocks" in card
