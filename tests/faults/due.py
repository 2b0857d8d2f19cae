"""Clocks that fall due at a chosen moment, many at once, and what must be true of them afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from common.database.moments import database_now
from common.models import Outbox
from leads import events as journal
from leads.models import Assignment, Handoff, Lead, LeadEvent, Qualification
from notifications.models import Notice
from sla.models import Breach, Clock, ClockEvent
from tests.factories import make_calendar, make_member, make_team, numbers
from tests.sla.makers import make_contract

TARGET = timedelta(hours=1)


def make_due(count: int, due_at: datetime) -> list[int]:
    """`count` offers to one rep, whose answer clocks all fall due at `due_at`; answers the clocks' keys."""
    if not Clock.objects.exists():
        make_contract(since=due_at - timedelta(days=2), answer=TARGET)
    team = make_team(calendar=make_calendar())
    rep = make_member(team)
    at = due_at - TARGET
    leads = Lead.objects.bulk_create(
        Lead(first_name="Due", last_name=f"{next(numbers):05}", stage="marketing_qualified", created_at=at,
             recorded_at=at, stage_at=at)
        for _ in range(count)
    )  # fmt: skip
    qualified = Qualification.objects.bulk_create(
        Qualification(lead=lead, at=at, raised_at=at, basis="definition") for lead in leads
    )
    offered = Handoff.objects.bulk_create(
        Handoff(
            lead=row.lead,
            qualification=row,
            team=team,
            holder=rep,
            basis="definition",
            raised_at=at,
            offered_at=at,
        )
        for row in qualified
    )
    Assignment.objects.bulk_create(
        Assignment(handoff=row, team=team, person=rep, from_at=at) for row in offered
    )
    data = {"team": team.pk, "person": rep.pk, "raised_at": at.isoformat(), "hand_raise": False}
    journal.record(
        [
            LeadEvent(kind="offered", lead=row.lead, handoff=row, at=at, recorded_at=at, data=data)
            for row in offered
        ]
    )
    found = Clock.objects.filter(handoff__in=offered, kind="answer")
    return list(found.values_list("pk", flat=True))


def assert_each_missed_once(clocks: list[int]) -> None:
    """R2, R3, R13: one breach, dated when it was due; one line of the log; one fact in the outbox."""
    breached = Clock.objects.filter(pk__in=clocks, status="breached").count()
    breaches = Breach.objects.filter(clock__in=clocks)
    wrong = [row.pk for row in breaches.select_related("clock") if row.at != row.clock.due_at]
    logged = Counter(
        ClockEvent.objects.filter(clock__in=clocks, kind="breached").values_list("clock", flat=True)
    )
    told = Counter(Outbox.objects.filter(topic="clock.breached").values_list("subject", flat=True))
    assert (breached, breaches.count(), wrong) == (len(clocks), len(clocks), [])
    assert logged == told == Counter(clocks)


def assert_each_told_once() -> None:
    """No fact is left, and nobody has two notices of one."""
    assert not Outbox.objects.filter(done_at=None).exists()
    pairs = Counter(Notice.objects.values_list("person", "outbox"))
    assert set(pairs.values()) <= {1}


def swept_by_then(clocks: list[int]) -> bool:
    return not Clock.objects.filter(pk__in=clocks, status="running", due_at__lt=database_now()).exists()
