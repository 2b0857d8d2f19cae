"""The demo company as a whole, at one fixed moment: figures, stories, states and what it costs to write."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Count, F, Q

from accounts.queries import personas
from alignment.demo import manifest, seeding, stories
from alignment.demo.aftermath import as_it_was
from alignment.demo.arrivals import SEASON, SOURCES
from alignment.demo.manifest import FIGURES, Figure
from alignment.demo.world import OSLO, World
from common.models import Outbox
from common.refusals import Conflict
from leads.facts import facts_of
from leads.models import Deal, Handoff, Lead, LeadEvent, Qualification
from leads.services import judging
from sla.models import Breach, Clock, ContractVersion, Escalation
from sla.queries.talk import discussion_of
from sla.services import invariants
from sla.services.replay import replay
from tests.clock import DatabaseClock

AT = datetime(2026, 11, 19, 8, 42, 11, tzinfo=UTC)
SLOWEST = 90  # seconds of this process, whatever else the machine does; it takes ten to fifteen

pytestmark = pytest.mark.slow  # the whole demo company is written once


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Written once for the module, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        began = time.process_time()
        world = seeding.seed(AT)
        took = time.process_time() - began
        sys.stderr.write(f"\nThe demo was written in {took:.1f} s of this process\n")
        assert took < SLOWEST
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_demo_shows_what_its_manifest_says(demo: World, figure: Figure):
    counted = figure.count(AT)

    assert counted == pytest.approx(figure.expected, abs=figure.within + 1e-9)


def test_each_month_brings_as_many_leads_as_its_season(demo: World):
    ours = Lead.objects.filter(source__in=SOURCES, created_at__lt=datetime(2026, 10, 31, 23, tzinfo=UTC))
    months = Counter(lead.created_at.astimezone(OSLO).strftime("%Y-%m") for lead in ours)

    wanted = {month: 780 * SEASON[int(month[5:]) - 1] for month in months}

    assert len(months) == 13
    assert {
        month for month in months if abs(months[month] - wanted[month]) > 0.06 * wanted[month] + 20
    } == set()


def test_shares_of_each_step_are_those_of_the_table(demo: World):
    settled = Handoff.objects.filter(
        cycle=1, offered_at__lt=AT - timedelta(days=30), lead__source__in=SOURCES
    )
    accepted = settled.filter(accepted_at__isnull=False)
    sqls = accepted.filter(Q(qualified_at__isnull=False) | Q(deals__isnull=False)).distinct()

    shares = [
        Qualification.objects.filter(lead__source__in=SOURCES).values("lead").distinct().count()
        / Lead.objects.filter(source__in=SOURCES).count(),
        accepted.count() / settled.count(),
        sqls.count() / accepted.count(),
    ]

    assert shares == pytest.approx([238 / 780, 171 / 238, 67 / 171], abs=0.035)


def test_about_fourteen_deals_a_month_are_won_once_the_first_have_ripened(demo: World):
    won = Deal.objects.filter(outcome="won", closed_at__gte=AT - timedelta(days=240))

    assert won.count() / 8 == pytest.approx(14, abs=4)


def test_replaying_the_journal_changes_no_clock(demo: World):
    replayed = replay()

    assert replayed.clocks == Clock.objects.count()
    assert replayed.differs == 0


def test_no_invariant_is_broken(demo: World, database_clock: DatabaseClock):
    database_clock.set(AT)

    assert invariants.broken() == {}


def test_every_unanswered_or_open_cycle_is_the_only_one_of_its_lead(demo: World):
    doubled = Lead.objects.annotate(n=Count("handoffs", filter=Q(handoffs__status__in=Handoff.OPEN)))

    assert doubled.filter(n__gt=1).count() == 0


def test_nothing_lies_in_the_future(demo: World):
    later = [
        LeadEvent.objects.filter(at__gt=AT).count(),
        Handoff.objects.filter(Q(closed_at__gt=AT) | Q(offered_at__gt=AT)).count(),
        Deal.objects.filter(Q(opened_at__gt=AT) | Q(closed_at__gt=AT)).count(),
        Breach.objects.filter(Q(at__gt=AT) | Q(detected_at__gt=AT)).count(),
        Lead.objects.filter(created_at__gt=AT).count(),
    ]

    assert later == [0, 0, 0, 0, 0]


def test_both_sides_have_talked_about_the_draft_that_was_sent_back(demo: World):
    draft = ContractVersion.objects.get(status="draft")

    said = discussion_of(draft)

    assert [(one.side, one.act, one.about) for one in said] == [
        ("sales", "proposed it", ""),
        ("marketing", "sent it back", ""),
        ("sales", "", "Volume"),
        ("marketing", "", "Quality"),
    ]
    assert all(one.at < AT for one in said)


def test_nobody_is_told_of_what_happened_before_the_demo_began(demo: World):
    assert Outbox.objects.filter(done_at=None).count() == 0


def test_no_inquiry_meets_the_definition_in_force(demo: World):
    version = judging.active_version()
    inquiries = list(Lead.objects.filter(stage="inquiry").select_related("company"))

    met = [
        pk for pk, facts in facts_of(inquiries, AT).items() if judging.judge_by(version, facts).verdict.met
    ]

    assert met == []


def test_recent_mqls_by_definition_meet_it_in_their_findings(demo: World):
    recent = Qualification.objects.filter(basis="definition", at__gte=AT - timedelta(weeks=6))

    graded = {row.pk: judging.judge_by(row.version, facts) for row, facts in _as_stored(recent)}
    unexplained = recent.filter(findings=None).count()

    assert unexplained == 0
    assert [pk for pk, judgement in graded.items() if not judgement.verdict.met] == []


def test_misses_are_found_at_once_except_while_the_workers_stood(demo: World):
    down = stories.outage(demo)
    late = Breach.objects.filter(detected_at__gt=F("at") + timedelta(minutes=1))

    assert late.count() >= stories.FOUND_LATE
    assert late.exclude(at__gte=down.begins_at, at__lt=down.ends_at).count() == 0


def test_misses_have_climbed_their_ladders_each_step_before_the_answer(demo: World):
    climbed = Escalation.objects.filter(breach__clock__ended_at__lt=F("at"))
    steps = Counter(Escalation.objects.values_list("rung", "do"))

    assert not climbed.exists()
    assert steps[1, "notify"] > steps[2, "notify"] > 10
    assert Breach.objects.filter(rung_at__gt=AT).exists()


def test_each_role_has_a_person_to_look_around_as(demo: World):
    names = [persona.name for persona in personas()]

    assert names[:6] == [
        "Lena Vogt", "Priya Raman", "Dana Whitfield", "Elise Moreau", "Amal Haddad", "Victor Lindqvist",
    ]  # fmt: skip


def test_lena_finds_a_late_offer_two_at_risk_and_two_on_track(demo: World):
    hers = Clock.objects.filter(kind="answer", handoff__status="offered", person__name="Lena Vogt")

    states = Counter(
        "late" if clock.status == "breached" else "risk" if clock.risk_at <= AT else "track" for clock in hers
    )

    assert states == {"late": 1, "risk": 2, "track": 2}


def test_a_database_with_people_in_it_is_refused_in_words(demo: World):
    with pytest.raises(Conflict, match="already has people in it"):
        seeding.seed(AT)


def test_manifest_holds_as_a_whole(demo: World):
    assert [line.figure.name for line in manifest.check(AT) if not line.holds] == []


def _as_stored(rows):
    leads = Lead.objects.filter(qualifications__in=rows).select_related("company").distinct()
    facts = facts_of(leads, AT)
    for row in rows.select_related("version"):
        yield row, as_it_was(facts[row.lead_id], row)
