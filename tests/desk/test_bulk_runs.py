"""An act on a long list, which a worker does: nothing lost, nothing twice, whoever dies, leaves or is faster."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from common.models import Outbox
from common.refusals import Conflict
from desk.forms.bulk import doing
from desk.models import BulkRun
from desk.services import bulk, bulk_runs
from desk.services.bulk_runs import Order
from desk.tasks import resume_bulk, run_bulk
from leads.models import Handoff, Lead, LeadEvent
from leads.services.offers import offer
from notifications.models import Notice
from notifications.services.relay import relay
from tests.desk.world import HTMX, as_user
from tests.factories import make_marketer, make_mql, make_offer, make_team
from tests.threads import at_once, first_then_second

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three leads are many, and two a portion."""
    monkeypatch.setattr(bulk, "MOST", 2)
    monkeypatch.setattr(bulk_runs, "PORTION", 2)


@pytest.fixture
def team() -> Team:
    return make_team("Bergen")


@pytest.fixture
def leads(team: Team) -> list[Lead]:
    return [make_mql(last_name=f"N{number}") for number in range(5)]


def order_to(team: Team) -> Order:
    return Order("offer", {"to": f"team:{team.public_id}"}, "offered", "view=offer")


def left_to_a_worker(team: Team, leads: list[Lead], *, by: User) -> BulkRun:
    return bulk_runs.start(order_to(team), [lead.pk for lead in leads], by=by)


def offered() -> Counter[int]:
    return Counter(Handoff.objects.values_list("lead", flat=True))


def test_a_long_list_is_left_to_a_worker_and_its_page_tells_how_it_went(
    marketer: User, team: Team, leads: list[Lead]
) -> None:
    client = as_user(marketer)
    body = {"whole": "1", "list": "view=offer", "to": f"team:{team.public_id}"}

    answer = client.post(reverse("desk:bulk", args=["offer"]), body)
    before = client.get(answer["Location"]).content.decode()
    run_bulk(BulkRun.objects.get().pk)

    after = client.get(answer["Location"]).content.decode()
    assert (answer.status_code, "Waiting for a worker" in before) == (302, True)
    assert offered() == Counter(lead.pk for lead in leads)
    assert ("5 of 5 leads offered." in after, "/leads/?view=offer" in after) == (True, True)


def test_what_is_refused_is_listed_and_the_rest_is_done(
    marketer: User, team: Team, leads: list[Lead]
) -> None:
    make_offer(lead=leads[1])
    run = left_to_a_worker(team, leads, by=marketer)

    run_bulk(run.pk)

    page = as_user(marketer).get(reverse("desk:queue-run", args=[run.public_id])).content.decode()
    assert "4 of 5 leads offered." in page
    assert (f"/leads/{leads[1].public_id}/" in page, f"/leads/{leads[0].public_id}/" in page) == (True, False)
    assert offered() == Counter(lead.pk for lead in leads)


def test_the_page_asks_until_it_is_over(marketer: User, team: Team, leads: list[Lead]) -> None:
    run = left_to_a_worker(team, leads, by=marketer)
    client, url = as_user(marketer), reverse("desk:queue-run", args=[run.public_id])

    running = client.get(url, **HTMX)
    run_bulk(run.pk)
    over = client.get(url, **HTMX)

    assert "every 2s" in running.content.decode()
    assert over["HX-Refresh"] == "true"


def test_whoever_started_it_is_told_once_how_it_went(marketer: User, team: Team, leads: list[Lead]) -> None:
    run = left_to_a_worker(team, leads, by=marketer)

    run_bulk(run.pk)
    run_bulk(run.pk)
    resume_bulk()
    relay()

    told = Notice.objects.filter(topic="bulk.ended").values_list("person", "text", "url")
    assert list(told) == [(marketer.pk, "5 of 5 leads offered.", f"/leads/bulk/{run.public_id}/")]


def test_after_a_death_it_goes_on_at_the_portion_that_was_undone(
    marketer: User, team: Team, leads: list[Lead]
) -> None:
    run = left_to_a_worker(team, leads, by=marketer)

    def dies_at_the_fourth(run: BulkRun) -> bulk.Act:
        def act(lead: Lead) -> object:
            if lead.pk == leads[3].pk:
                raise SystemExit
            return offer(lead, by=run.by, team=team)

        return act

    with pytest.raises(SystemExit):
        bulk_runs.go_on([run.pk], dies_at_the_fourth)
    by_then = offered()
    resume_bulk()

    run.refresh_from_db()
    assert by_then == Counter(lead.pk for lead in leads[:2])
    assert offered() == Counter(lead.pk for lead in leads)
    assert (run.status, run.done, run.refused) == ("done", 5, [])


def test_a_portion_that_breaks_off_each_time_is_given_up_in_words_r20(
    marketer: User, team: Team, leads: list[Lead]
) -> None:
    run = left_to_a_worker(team, leads, by=marketer)

    def breaks(run: BulkRun) -> bulk.Act:
        raise ZeroDivisionError

    for _ in range(bulk_runs.TRIES):
        with pytest.raises(ZeroDivisionError):
            bulk_runs.go_on([run.pk], breaks)
    bulk_runs.go_on([run.pk], breaks)

    page = as_user(marketer).get(reverse("desk:queue-run", args=[run.public_id])).content.decode()
    assert "It broke off 3 times at the same leads." in page
    assert (BulkRun.objects.get().status, Outbox.objects.filter(topic="bulk.ended").count()) == ("stopped", 1)


@pytest.mark.parametrize(
    ("why", "why_not"),
    [
        ("left", "has left."),
        ("no longer in marketing", "Only marketing can do this."),
        (
            "the team is gone",
            "The team, person, reason or campaign that was chosen cannot be chosen any more.",
        ),
    ],
)
def test_what_may_no_longer_be_done_stops_it_and_what_is_done_stays(
    marketer: User, team: Team, leads: list[Lead], why: str, why_not: str
) -> None:
    run = left_to_a_worker(team, leads, by=marketer)
    first = iter([doing])

    def doing_of_a_day(run: BulkRun) -> bulk.Act:
        return next(first, changed)(run)

    def changed(run: BulkRun) -> bulk.Act:
        User.objects.filter(pk=marketer.pk).update(is_active=why != "left")
        Team.objects.filter(pk=team.pk).update(is_active=why != "the team is gone")
        if why == "no longer in marketing":
            marketer.memberships.all().delete()
        return doing(BulkRun.objects.select_related("by").get(pk=run.pk))

    bulk_runs.go_on([run.pk], doing_of_a_day)

    run.refresh_from_db()
    said = Outbox.objects.get(topic="bulk.ended").payload["words"]
    assert (run.status, run.done, why_not in run.problem) == ("stopped", 2, True)
    assert said == "2 of 5 leads offered. It was stopped before the end."
    assert offered() == Counter(lead.pk for lead in leads[:2])


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_lead_once(team: Team, leads: list[Lead]) -> None:
    run = left_to_a_worker(team, leads, by=make_marketer())

    answers = at_once([lambda: run_bulk(run.pk)] * 2)

    run.refresh_from_db()
    resume_bulk()
    run.refresh_from_db()
    assert answers == [None, None]
    assert offered() == Counter(lead.pk for lead in leads)
    assert LeadEvent.objects.filter(kind="offered").count() == 5
    assert (run.status, run.done) == ("done", 5)


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_is_at_long_lists(team: Team, leads: list[Lead]) -> None:
    first, second = (left_to_a_worker(team, part, by=make_marketer()) for part in (leads[:2], leads[2:]))
    by_then: list[object] = []

    def meets_another(run: BulkRun) -> bulk.Act:
        at_once([lambda: bulk_runs.go_on([second.pk], doing)])
        by_then.append(BulkRun.objects.values_list("position", "tries").get(pk=second.pk))
        return doing(run)

    bulk_runs.go_on([first.pk], meets_another)
    resume_bulk()

    assert by_then == [(0, 0)]
    assert offered() == Counter(lead.pk for lead in leads)


def test_a_turn_that_another_run_took_is_no_try(
    marketer: User, team: Team, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, turns = left_to_a_worker(team, leads, by=marketer), iter([True, False])
    monkeypatch.setattr(bulk_runs, "_has_turn", lambda: next(turns))

    bulk_runs.go_on([run.pk], doing)

    run.refresh_from_db()
    assert (run.tries, run.position, run.status) == (0, 0, "running")


def test_all_that_waits_shares_the_time_of_one_task(
    marketer: User, team: Team, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the second would run into the limit of the task, and its portion lose a try."""
    runs = [left_to_a_worker(team, leads, by=by) for by in (marketer, make_marketer())]
    passed = count(step=100.0)
    monkeypatch.setattr(bulk_runs, "monotonic", lambda: next(passed))

    resume_bulk()

    assert [BulkRun.objects.get(pk=run.pk).position for run in runs] == [4, 0]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_leave_one_run(team: Team, leads: list[Lead]) -> None:
    marketer = make_marketer()

    answers = first_then_second(*[lambda: left_to_a_worker(team, leads, by=marketer)] * 2)

    assert answers == [BulkRun.objects.get()] * 2


def test_a_second_click_leads_to_the_page_of_the_first(marketer: User, team: Team, leads: list[Lead]) -> None:
    client, url = as_user(marketer), reverse("desk:bulk", args=["offer"])
    body = {"whole": "1", "list": "view=offer", "to": f"team:{team.public_id}"}

    led = [client.post(url, body, **HTMX)["HX-Redirect"] for _ in range(2)]

    assert led == [reverse("desk:queue-run", args=[BulkRun.objects.get().public_id])] * 2


def test_a_person_leaves_one_list_at_a_time(marketer: User, team: Team, leads: list[Lead]) -> None:
    run = left_to_a_worker(team, leads, by=marketer)
    other = replace(order_to(team), back="view=offer&country=NO")

    with pytest.raises(Conflict, match="Another long list of yours is not done yet"):
        bulk_runs.start(other, [leads[0].pk], by=marketer)
    run_bulk(run.pk)

    assert bulk_runs.start(other, [leads[0].pk], by=marketer) != run


def test_a_list_that_is_longer_than_a_run_is_refused_in_words(
    marketer: User, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_runs, "MOST", 4)

    answer = as_user(marketer).get(reverse("desk:bulk", args=["offer"]), {"whole": "1", "list": "view=offer"})

    assert (answer.status_code, BulkRun.objects.count()) == (422, 0)
    assert "Choose at most 4 leads at once. Narrow the list with filters." in answer.content.decode()


def test_the_dialog_says_that_so_many_are_done_in_the_background(marketer: User, leads: list[Lead]) -> None:
    asked = {"whole": "1", "list": "view=offer"}

    page = as_user(marketer).get(reverse("desk:bulk", args=["offer"]), asked).content.decode()

    assert "5 leads: " in page
    assert "So many are done in the background" in page


def test_a_run_that_is_none_is_not_found(marketer: User) -> None:
    url = reverse("desk:queue-run", args=["00000000-0000-4000-8000-000000000000"])

    assert as_user(marketer).get(url).status_code == 404
    assert Client().get(url).status_code == 302
