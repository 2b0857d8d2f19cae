"""A miss is forgiven by the other side, once, and never by operations."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.queries import standing_of
from common.models import Outbox
from common.refusals import Conflict, Invalid, NotAllowed
from notifications.recipients import message_for
from sla.models import Breach, Clock, ClockEvent, Commitment, Excuse
from sla.services import clocks, excuses, threads
from tests.desk.world import HTMX
from tests.factories import HOUR, NOON, make_handoff, make_member, make_person, make_team
from tests.sla.makers import clock_of, happens, make_contract
from tests.threads import first_then_second

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales():
    return make_team("Sales")


@pytest.fixture
def demand():
    return make_team("Demand", function="demand")


@pytest.fixture
def breach(sales) -> Breach:
    make_contract(answer=HOUR)
    happens("offered", make_handoff(team=sales), NOON)
    clocks.breach_overdue(NOON + 2 * HOUR)
    return Breach.objects.get()


def ask(breach: Breach, sales) -> Excuse:
    return excuses.ask(breach, by=make_member(sales, "rep"), reason="Sudden illness", at=NOON + 3 * HOUR)


def test_the_side_that_missed_asks(breach, sales):
    excuse = ask(breach, sales)

    assert (excuse.side, excuse.decision, excuse.reason) == ("sales", "", "Sudden illness")


def test_the_other_side_cannot_ask(breach, demand):
    with pytest.raises(NotAllowed):
        excuses.ask(breach, by=make_member(demand, "marketing_manager"), reason="Kindness")


@pytest.mark.parametrize("role", ["rep", "sales_manager"])
def test_another_team_of_the_side_cannot_ask(breach, role):
    with pytest.raises(NotAllowed):
        excuses.ask(breach, by=make_member(make_team("Partners"), role), reason="Kindness")


@pytest.mark.parametrize(
    ("missed", "asker", "side"),
    [
        ("own", "sales", "sales"),
        ("other", "sales", None),
        (None, "sales", "sales"),
        ("other", "demand", "marketing"),
    ],
)
def test_of_a_joint_promise_marketing_asks_or_the_team_that_missed_it(sales, demand, missed, asker, side):
    team = {"own": sales, "other": make_team("Partners"), None: None}[missed]
    breach = Breach(team=team, clock=Clock(commitment=Commitment(side="joint")))
    person = make_member(sales, "rep") if asker == "sales" else make_member(demand, "marketing")

    assert excuses.asking_side(breach, standing_of(person)) == side


def test_an_excuse_needs_a_reason(breach, sales):
    with pytest.raises(Invalid):
        excuses.ask(breach, by=make_member(sales, "rep"), reason=" ")


def test_one_excuse_waits_at_a_time(breach, sales):
    ask(breach, sales)

    with pytest.raises(Conflict):
        ask(breach, sales)


def test_the_database_keeps_one_standing_excuse(breach, sales):
    ask(breach, sales)

    with pytest.raises(IntegrityError, match="one_standing_excuse_per_breach"), transaction.atomic():
        Excuse.objects.create(breach=breach, side="sales", asked_at=NOON, reason="Again")


def test_a_manager_of_the_other_side_grants_it_and_the_log_of_the_clock_says_so(breach, sales, demand):
    excuse = ask(breach, sales)

    decided = excuses.decide(
        excuse, by=make_member(demand, "marketing_manager"), decision="granted", at=NOON + 4 * HOUR
    )

    log = ClockEvent.objects.filter(kind="excused").values_list("clock", "at", "data")
    assert (decided.decision, decided.decided_at) == ("granted", NOON + 4 * HOUR)
    assert list(log) == [(breach.clock_id, NOON + 4 * HOUR, {"excuse": excuse.pk})]


@pytest.mark.parametrize(
    ("side", "role"),
    [("sales", "sales_manager"), ("demand", "marketing"), ("nobody", "operations"), ("nobody", "admin")],
    ids=["the asking side", "no manager", "operations", "an admin of no side"],
)
def test_nobody_else_decides(breach, sales, demand, side, role):
    excuse = ask(breach, sales)
    teams = {"sales": sales, "demand": demand}
    person = make_member(teams[side], role) if side in teams else make_person(role=role)

    with pytest.raises(NotAllowed):
        excuses.decide(excuse, by=person, decision="granted")


def test_a_decision_locks_the_miss_before_its_excuse_as_a_recompute_does(breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")

    with CaptureQueriesContext(connection) as asked:
        excuses.decide(excuse, by=manager, decision="granted")

    locks = [one["sql"].split(" FOR ")[1] for one in asked if " FOR UPDATE" in one["sql"]]
    assert locks == ['UPDATE OF "sla_breach"', 'UPDATE OF "sla_excuse"']


def test_a_decision_stands(breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")
    excuses.decide(excuse, by=manager, decision="refused")

    with pytest.raises(Conflict, match="You refused it already"):
        excuses.decide(excuse, by=manager, decision="granted")


def test_a_decision_that_comes_late_is_refused_and_says_nothing_in_the_thread(client, breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")
    excuses.decide(excuse, by=make_member(demand, "marketing_manager", name="Elise"), decision="refused")
    client.force_login(manager)
    url = reverse("sla:breach-excuse", args=[breach.public_id])

    answer = client.post(url, {"decision": "granted", "text": "I agree."}, **HTMX)

    excuse.refresh_from_db()
    assert (answer.status_code, excuse.decision, excuse.remarks.count()) == (409, "refused", 0)
    assert "Elise refused it" in answer.content.decode()


def test_after_a_refusal_it_may_be_asked_again(breach, sales, demand):
    excuses.decide(ask(breach, sales), by=make_member(demand, "marketing_manager"), decision="refused")

    assert ask(breach, sales).pk != Excuse.objects.order_by("pk").first().pk


def test_an_excuse_changes_nothing_of_the_clock(breach, sales, demand):
    before = clock_of(breach.clock.handoff, "answer")

    excuses.decide(ask(breach, sales), by=make_member(demand, "marketing_manager"), decision="granted")

    after = clock_of(breach.clock.handoff, "answer")
    assert (after.status, after.due_at, after.ended_at) == (before.status, before.due_at, before.ended_at)


def test_an_excuse_that_waits_too_long_is_overdue(breach, sales, demand):
    excuse = ask(breach, sales)
    waits = [excuse.overdue(excuse.decide_by), excuse.overdue(excuse.decide_by + HOUR)]

    decided = excuses.decide(excuse, by=make_member(demand, "marketing_manager"), decision="refused")

    assert (waits, decided.overdue(decided.decide_by + HOUR)) == ([False, True], False)


def test_the_list_says_that_a_decision_is_overdue(database_clock, client, breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")
    database_clock.set(excuse.decide_by + HOUR)
    client.force_login(manager)

    assert "Decision overdue" in client.get("/breaches/?view=excuses").content.decode()


def test_who_asked_and_who_decides_talk_in_the_thread(client, breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")
    url = reverse("sla:breach-excuse", args=[breach.public_id])
    for person, text in ((manager, "Since when?"), (excuse.asked_by, "Since Monday.")):
        client.force_login(person)
        client.post(url, {"text": text})

    page = client.get(url).content.decode()

    excuse.refresh_from_db()
    assert ("Since when?" in page, "Since Monday." in page, excuse.decision) == (True, True, "")


def test_whoever_cannot_ask_is_told_before_anything_is_written(client, breach, sales):
    url, found = reverse("sla:breach-excuse", args=[breach.public_id]), []
    for team in (make_team("Partners"), sales):
        client.force_login(make_member(team, "rep"))
        found.append(client.get(url))

    assert [answer.status_code for answer in found] == [403, 200]
    assert excuses.WHO_ASKS in found[0].content.decode()


@pytest.mark.parametrize(
    ("asked_from", "back"),
    [
        ("http://testserver/breaches/?view=sales&cause=absent", "/breaches/?view=sales&cause=absent"),
        ("http://testserver/leads/", "/breaches/"), ("", "/breaches/"),
    ],
)  # fmt: skip
def test_after_asking_the_list_is_as_it_was(client, breach, sales, asked_from, back):
    client.force_login(make_member(sales, "sales_manager"))
    shown = {"HX-Request": "true", "HX-Current-URL": asked_from}

    answer = client.post(
        f"/breaches/{breach.public_id}/excuse/", {"reason": "System was down"}, headers=shown
    )

    assert answer["HX-Redirect"] == back


def test_the_other_side_is_told_and_then_who_asked(breach, sales, demand):
    excuse, manager = ask(breach, sales), make_member(demand, "marketing_manager")
    asked = message_for(Outbox.objects.get(topic="excuse.asked"))
    excuses.decide(excuse, by=manager, decision="granted")

    decided = message_for(Outbox.objects.get(topic="excuse.decided"))

    assert asked
    assert decided
    assert (asked.people, decided.people) == ((manager,), (excuse.asked_by,))


def test_what_a_recompute_missed_needs_no_excuse(client, database_clock, breach, sales):
    Breach.objects.update(by_recalculation=True)
    database_clock.set(NOON + 3 * HOUR)
    client.force_login(make_member(sales, "sales_manager"))

    page = client.get("/breaches/").content.decode()

    assert "1 breached, 1 of them excused" in page
    assert "Excused: recalculated" in page
    with pytest.raises(Conflict):
        ask(breach, sales)


def test_who_asks_again_reads_what_was_answered_before(client, breach, sales, demand):
    elise = make_member(demand, "marketing_manager", person=make_person("Elise Moreau"))
    excuses.decide(ask(breach, sales), by=elise, decision="refused", at=NOON + 4 * HOUR)
    client.force_login(make_member(sales, "rep"))

    page = client.get(reverse("sla:breach-excuse", args=[breach.public_id])).content.decode()

    assert "<dd>Sudden illness</dd><dt>Decision</dt><dd>Refused, Elise Moreau, " in page
    assert "Ask marketing again" in page


def test_asking_once_more_while_one_waits_is_refused_as_that(client, breach, sales):
    client.force_login(make_member(sales, "rep"))
    url, said = reverse("sla:breach-excuse", args=[breach.public_id]), {"reason": "Sudden illness"}

    answers = [client.post(url, said) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert "This breach waits for a decision already" in answers[1].content.decode()


def test_a_remark_sent_twice_is_said_once(breach, sales):
    excuse, rep = ask(breach, sales), make_member(sales, "rep")

    for words in ("He was ill.", " He was ill. ", "Until Monday."):
        threads.say(excuse, words, by=rep)

    assert [remark.text for remark in excuse.remarks.order_by("pk")] == ["He was ill.", "Until Monday."]
    assert Outbox.objects.filter(topic="remark.made").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_remark_sent_twice_at_once_is_said_once(breach, sales):
    excuse, rep = ask(breach, sales), make_member(sales, "rep")

    answers = first_then_second(*[lambda: threads.say(excuse, "He was ill.", by=rep)] * 2)

    assert answers == [excuse.remarks.get()] * 2
