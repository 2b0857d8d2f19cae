"""For every task of the product: something for it to do, and what must be true once it was done, however often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from celery import Task
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from alignment.celery import app
from alignment.tasks import HEARTBEAT
from calendars import services as calendars
from common.database.moments import database_now
from common.models import Outbox
from definitions.models import DefinitionVersion
from desk.models import BulkRun
from desk.services import bulk_runs
from desk.services.bulk_runs import Order
from intake.models import ImportRun
from intake.services import runs, work
from intake.services.runs import Choice
from leads.models import Handoff, Lead, LeadEvent, Qualification
from leads.services import handoffs
from notifications.models import Delivery, Notice
from sla.models import Clock, ClockEvent, Contest, Recompute
from sla.services import clocks
from sla.services.recompute import requests
from tests.factories import (
    HOUR,
    MINUTE,
    NINE_TO_FIVE,
    make_calendar,
    make_definition,
    make_handoff,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_reason,
    make_team,
)
from tests.faults import periods
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.intake.files import lines
from tests.sla.makers import happens, make_contract

Check = Callable[[], None]
Work = tuple[list[Any], Check]


def task_named(name: str) -> Task[Any, Any]:
    """Also where nothing has imported the tasks yet."""
    app.loader.import_default_modules()
    return app.tasks[name]


def own_tasks() -> set[str]:
    """Of the product: what plays the demo's people, or a slow task, may stand beside them in this process."""
    app.loader.import_default_modules()
    others = ("celery.", "alignment.demo.", "tests.")
    return {name for name in app.tasks if not name.startswith(others)}


def due_clocks() -> Work:
    due = make_due(30, database_now() - MINUTE)
    return [], lambda: assert_each_missed_once(due)


def waiting_facts() -> Work:
    make_due(30, database_now() - MINUTE)
    clocks.sweep()
    return [], _all_told_once


def _all_told_once() -> None:
    assert_each_told_once()
    assert Notice.objects.filter(topic="clock.breached").count() == 30
    ids = Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert set(ids.values()) == {1}
    assert set(ids) == set(Delivery.objects.filter(state="sent").values_list("message_id", flat=True))


def signed_version() -> Work:
    old = make_definition()
    new = make_definition(status="signed", effective_from=database_now() - MINUTE)

    def check() -> None:
        states = dict(DefinitionVersion.objects.values_list("pk", "status"))
        assert states == {old.pk: "superseded", new.pk: "active"}

    return [], check


def new_version() -> Work:
    leads = [make_lead() for _ in range(10)]
    make_definition()

    def check() -> None:
        judged = Counter(Qualification.objects.values_list("lead", flat=True))
        assert judged == Counter(lead.pk for lead in leads)
        assert LeadEvent.objects.filter(kind="mql").count() == 10

    return [], check


def sleeping_leads() -> Work:
    for _ in range(10):
        make_lead(stage="recycled", wake_at=database_now() - MINUTE)

    def check() -> None:
        assert set(Lead.objects.values_list("stage", flat=True)) == {"inquiry"}
        assert LeadEvent.objects.filter(kind="woken").count() == 10

    return [], check


def started_import(rows: int = 20) -> tuple[ImportRun, Check]:
    """A file that was uploaded, checked and started, and whose worker has not begun."""
    marketer = make_marketer()
    people = [f"import{number}@buyer.example,Person {number}" for number in range(rows)]
    run = runs.upload("leads.csv", lines("email,first_name", *people), by=marketer)
    runs.check(run, Choice(["email", "first_name"]), by=marketer)
    work.work_on(run.pk)
    runs.start(run, by=marketer)

    def check() -> None:
        run.refresh_from_db()
        assert (run.status, run.report["created"], Lead.objects.count()) == ("done", rows, rows)
        assert LeadEvent.objects.filter(kind="created").count() == rows

    return run, check


def named_import() -> Work:
    run, check = started_import()
    return [run.pk], check


def any_import() -> Work:
    return [], started_import()[1]


def started_bulk_run() -> tuple[BulkRun, Check]:
    """A long list left to a worker that has not begun."""
    marketer, team = make_marketer(), make_team()
    leads = [make_mql() for _ in range(10)]
    order = Order("offer", {"to": f"team:{team.public_id}"}, "offered", "view=offer")
    run = bulk_runs.start(order, [lead.pk for lead in leads], by=marketer)

    def check() -> None:
        run.refresh_from_db()
        assert (run.status, run.done, run.refused) == ("done", 10, [])
        assert Counter(Handoff.objects.values_list("lead", flat=True)) == Counter(lead.pk for lead in leads)
        assert Outbox.objects.filter(topic="bulk.ended").count() == 1

    return run, check


def named_bulk_run() -> Work:
    run, check = started_bulk_run()
    return [run.pk], check


def any_bulk_run() -> Work:
    return [], started_bulk_run()[1]


def broken_rule() -> Work:
    """An admin reads of one night once."""
    make_person(role="admin")
    Outbox.objects.create(topic="clock.breached", subject=0, at=database_now())

    def check() -> None:
        assert Outbox.objects.filter(topic="invariants.broken").count() == 1
        Outbox.objects.all().delete()

    return [], check


def moved_by_hand() -> Work:
    """An admin reads of it once, whichever of the nightly tasks came twice."""
    make_contract(calendar=make_calendar())
    now = database_now()
    happens("offered", make_handoff(at=now - MINUTE), now - MINUTE)
    clock = Clock.objects.filter(status="running").latest("pk")
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + HOUR)

    def check() -> None:
        told = Outbox.objects.filter(topic="invariants.broken").values_list("payload", flat=True)
        assert list(told) == [{"clocks": 1}]
        Outbox.objects.all().delete()
        assert Clock.objects.get(pk=clock.pk).due_at == clock.due_at + HOUR  # told, not mended
        Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at)

    return [], check


def pauses_over() -> Work:
    reason, now = make_reason("pause").key, database_now()
    make_contract()
    team = make_team(calendar=make_calendar())
    for _ in range(10):
        handoff = make_offer(team, make_member(team), at=now - 9 * MINUTE)
        handoffs.accept(handoff, by=handoff.holder, at=now - 8 * MINUTE)
        handoffs.pause(
            handoff,
            by=handoff.holder,
            reason=reason,
            limit=lambda scene, _: scene.at + MINUTE,
            at=now - 5 * MINUTE,
        )

    def check() -> None:
        resumed = Counter(LeadEvent.objects.filter(kind="resumed").values_list("handoff", flat=True))
        assert sorted(resumed.values()) == [1] * 10

    return [], check


def corrected_calendar() -> Work:
    office, operator, now = make_calendar(), make_person(role="operations"), database_now()
    make_contract(calendar=office, answer=30 * HOUR)
    for _ in range(10):
        happens("offered", make_handoff(at=now - MINUTE), now - MINUTE)
    longer = {"tz": "UTC", "hours": {day: [["06:00", "22:00"]] for day in NINE_TO_FIVE}}
    version = calendars.revise(office, longer, by=None)
    requests.correct(office, seen=version.number, by=operator)

    def check() -> None:
        done = Recompute.objects.get()
        assert (done.total, done.moved, done.done_at is not None) == (10, 10, True)
        moved = Counter(ClockEvent.objects.filter(kind="recomputed").values_list("clock", flat=True))
        assert sorted(moved.values()) == [1] * 10

    return [], check


def overdue_decisions() -> Work:
    asks, long_ago = make_marketer(), database_now() - 8 * 24 * HOUR
    for _ in range(10):
        Contest.objects.create(handoff=make_handoff("rejected"), asked_by=asks, asked_at=long_ago)

    def check() -> None:
        left = Counter(Outbox.objects.filter(topic="reminder.contest").values_list("subject", flat=True))
        assert sorted(left.values()) == [1] * 10

    return [], check


def nothing_but_a_sign() -> Work:
    cache.delete(HEARTBEAT)

    def check() -> None:
        assert cache.get(HEARTBEAT)

    return [], check


def ended_sessions() -> Work:
    """One that has run out, one that goes on, and the record of one that is gone."""
    now, person = timezone.now(), make_person()
    for key, left in (("over", -HOUR), ("open", HOUR)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + left)
    for key in ("over", "open", "gone"):
        UserSession.objects.create(user=person, ip="192.0.2.1", session_key=key, user_agent="")
    return [], _only_what_goes_on


def _only_what_goes_on() -> None:
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["open"]


WORK: dict[str, Callable[[], Work]] = {
    "accounts.tasks.clear_sessions": ended_sessions,
    "alignment.tasks.heartbeat": nothing_but_a_sign,
    "dashboards.tasks.judge_periods": periods.month_over,
    "dashboards.tasks.restate_periods": periods.late_offer,
    "definitions.tasks.activate_due": signed_version,
    "desk.tasks.resume_bulk": any_bulk_run,
    "desk.tasks.run_bulk": named_bulk_run,
    "intake.tasks.resume_imports": any_import,
    "intake.tasks.run_import": named_import,
    "leads.tasks.end_pauses": pauses_over,
    "leads.tasks.judge_new_versions": new_version,
    "leads.tasks.wake_due": sleeping_leads,
    "notifications.tasks.relay_outbox": waiting_facts,
    "sla.tasks.check_invariants": broken_rule,
    "sla.tasks.recompute_clocks": corrected_calendar,
    "sla.tasks.replay_clocks": moved_by_hand,
    "sla.tasks.remind": overdue_decisions,
    "sla.tasks.sweep_clocks": due_clocks,
}
