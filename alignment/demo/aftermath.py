"""What follows from the history once its clocks are there: misses found, excuses asked, findings kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Case, DateTimeField, F, Value, When

from alignment.demo.stories import ABSENT_EXCUSES, Outage
from alignment.demo.world import World
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from definitions.engine.facts import FactValue
from leads.facts import LeadFacts, facts_of
from leads.models import Handoff, Qualification, QualificationFinding
from leads.services import judging
from sla.models import Breach, Contest, Excuse
from sla.services.clocks import breach_overdue, warn_due

SWEPT = timedelta(seconds=1)
RECENT = timedelta(weeks=8)
TOLD_LATER = frozenset({"open_deal", "customer"})


def publish(at: datetime) -> None:
    """What time alone has done to the clocks that still run."""
    while breach_overdue(at=at):
        pass
    while warn_due(at=at):
        pass


def date_detections(down: Outage, at: datetime) -> None:
    """The sweep finds a miss within a second, except while the workers stood (story 14)."""
    stood = When(at__gte=down.begins_at, at__lt=down.ends_at, then=Value(down.ends_at + 2 * SWEPT))
    just_now = When(at__gt=at - SWEPT, then=Value(at))
    found_at = Case(stood, just_now, default=F("at") + SWEPT, output_field=DateTimeField())
    Breach.objects.update(detected_at=found_at)


def ask_excuses(world: World, absent: Iterable[int]) -> None:
    """Four for Marcus's absence (one granted, two refused, one waits); one of marketing's waits."""
    missed = Breach.objects.filter(clock__handoff__in=absent, clock__kind="answer").order_by("at")
    decisions = ("granted", "refused", "refused", "")
    for breach, decision in zip(missed[:ABSENT_EXCUSES], decisions, strict=True):
        _ask(world, breach, "sales", decision)
    marketing = Breach.objects.filter(clock__kind__in=("handover", "rework")).order_by("-at").first()
    if marketing is not None:
        _ask(world, marketing, "marketing", "")


def _ask(world: World, breach: Breach, side: str, decision: str) -> None:
    asks, decides = (
        ("Dana Whitfield", "Elise Moreau") if side == "sales" else ("Elise Moreau", "Dana Whitfield")
    )
    asked_at = (
        max(breach.at + SWEPT, world.at - timedelta(days=2))
        if not decision
        else breach.at + timedelta(days=1)
    )
    Excuse.objects.create(
        breach=breach,
        side=side,
        asked_by=world.people[asks],
        asked_at=min(asked_at, world.at),
        reason="absent" if side == "sales" else "other",
        evidence="On holiday, and nobody was named to cover." if side == "sales" else "The form stood still.",
        decide_by=world.at + timedelta(days=3) if not decision else None,
        decision=decision,
        decided_by=world.people[decides] if decision else None,
        decided_at=asked_at + timedelta(days=1) if decision else None,
    )


def contest(world: World, handoff: Handoff) -> None:
    """Marketing contests one rejection; a sales manager has not decided yet."""
    Contest.objects.create(
        handoff=handoff,
        asked_by=world.people["Priya Raman"],
        asked_at=world.earlier("Bergen", world.at, timedelta(hours=6)),
        text="1,300 employees, seen in the register on the day of the form.",
    )


def judge_periods(world: World) -> None:
    """Every month since the first contract as it was judged then. One rejection was contested and reversed later."""
    _reverse_one(world)
    close_periods(as_of_close=True, at=world.at)
    restate(world.at)


def _reverse_one(world: World) -> None:
    """The last definitional rejection of the month before this one: contested in it, decided after its close."""
    this_month = world.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rejected = Handoff.objects.filter(
        status=Handoff.Status.REJECTED, answered_at__lt=this_month, contest=None
    )
    handoff = rejected.filter(reason__counts_against="marketing").order_by("-answered_at", "pk").first()
    if handoff is None or handoff.answered_at is None:
        return
    asked_at = handoff.answered_at + timedelta(hours=3)
    Contest.objects.create(
        handoff=handoff,
        asked_by=world.people["Priya Raman"],
        asked_at=asked_at,
        text="The company met the criterion on that day; the register had it under its old name.",
        decision=Contest.Decision.REVERSED,
        decided_by=world.people["Dana Whitfield"],
        decided_at=min(max(asked_at, this_month) + timedelta(days=1), world.at),
    )


def keep_findings(at: datetime) -> None:
    """Why each recent lead is an MQL, as it was then."""
    recent = Qualification.objects.filter(at__gte=at - RECENT, version__isnull=False)
    found = list(recent.select_related("lead__company", "version"))
    facts = facts_of([row.lead for row in found], at)
    rows: list[QualificationFinding] = []
    say = cache(judging.said)
    for row in found:
        if row.version is None:
            continue
        judgement = judging.judge_by(row.version, as_it_was(facts[row.lead_id], row))
        row.score = judgement.score.total
        rows += judging.findings(row, judgement, say)
    Qualification.objects.bulk_update(found, ["score"], batch_size=1_000)
    QualificationFinding.objects.bulk_create(rows, batch_size=5_000)


def as_it_was(facts: LeadFacts, row: Qualification) -> LeadFacts:
    """What the company became to us later was not known then."""
    values = dict(facts.values)
    relation = values.get("company.relation")
    if row.motion == "new" and relation is not None and relation.value in TOLD_LATER:
        values["company.relation"] = FactValue("prospect", relation.at, relation.source)
    return replace(facts, at=row.at, values=values)
