"""Touches, hand raises and judging: who becomes an MQL, and who reaches a person at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from common.models import Outbox
from common.refusals import Conflict, Invalid
from leads.models import Deal, ExternalId, Handoff, Lead, LeadEvent, Qualification, Touch
from leads.services import handoffs, judging, leads
from leads.services.touches import Interaction, record
from tests.factories import (
    HOUR,
    NOON,
    make_company,
    make_definition,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_reason,
    make_team,
    make_touch_kind,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db

WEBINAR = {"touches": {"kind": ["webinar"], "campaign": None, "within_days": 30}, "op": "gte", "value": 1}
BIG = {"fact": "company.employees", "op": "gte", "value": 200}


def test_a_touch_that_completes_the_definition_makes_an_mql_with_its_findings() -> None:
    make_definition({"all": [BIG, WEBINAR]})
    lead = make_lead(company=make_company(employees=1_400))

    recorded = record(lead, Interaction(make_touch_kind("webinar")), at=NOON)

    lead.refresh_from_db()
    qualification = Qualification.objects.get()
    findings = [(f.fact, f.met, f.value) for f in qualification.findings.all()]
    assert lead.stage == "marketing_qualified"
    assert (qualification.trigger, qualification.raised_at) == (recorded.touch, NOON)
    assert findings == [("company.employees", True, "1,400"), ("touches", True, "1")]


def test_a_touch_that_does_not_meet_it_leaves_an_inquiry() -> None:
    make_definition({"all": [BIG, WEBINAR]})
    lead = make_lead(company=make_company(employees=20))

    record(lead, Interaction(make_touch_kind("webinar")), at=NOON)

    assert Lead.objects.get(pk=lead.pk).stage == "inquiry"
    assert not Qualification.objects.exists()


def test_a_lead_qualifies_by_itself_only_from_inquiry() -> None:
    make_definition()
    lead = make_lead(stage="recycled")

    record(lead, Interaction(make_touch_kind("webinar")), at=NOON)

    assert Lead.objects.get(pk=lead.pk).stage == "recycled"


def test_the_same_external_id_again_changes_nothing() -> None:
    lead, kind = make_lead(), make_touch_kind("webinar")
    first = record(lead, Interaction(kind, external_id="t-1"), at=NOON)

    again = record(lead, Interaction(kind, external_id="t-1"), at=NOON + HOUR)

    assert (again.touch, again.created) == (first.touch, False)
    assert lead.touches.count() == 1


def test_the_external_id_of_another_leads_touch_is_refused() -> None:
    kind = make_touch_kind("webinar")
    record(make_lead(), Interaction(kind, external_id="t-1"), at=NOON)
    other = make_lead()

    with pytest.raises(Conflict, match="another lead has the external id “t-1”"):
        record(other, Interaction(kind, external_id="t-1"), at=NOON)

    assert other.touches.count() == 0


@pytest.mark.parametrize(
    ("happened_at", "why"), [(NOON + HOUR, "in the future"), (NOON - timedelta(days=60 * 366), "before 1970")]
)
def test_a_touch_at_an_impossible_time_is_refused(happened_at: datetime, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        record(make_lead(), Interaction(make_touch_kind(), happened_at=happened_at), at=NOON)


@pytest.mark.parametrize("stage", ["inquiry", "marketing_qualified", "recycled", "disqualified", "customer"])
def test_a_hand_raise_is_offered_at_once_whatever_the_stage(stage: str) -> None:
    make_definition(BIG)  # fit never blocks it
    team = make_team()
    lead = make_lead(stage=stage)

    record(lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON)

    handoff = Handoff.objects.get()
    assert (handoff.status, handoff.team, handoff.basis, handoff.offered_at) == (
        "offered",
        team,
        "hand_raise",
        NOON,
    )


def test_a_hand_raise_goes_to_the_last_holder_first() -> None:
    team, other = make_team(position=2), make_team(position=1)
    rep = make_member(team)
    make_member(other)
    make_reason("recycle", "wrong-time")
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON)
    handoffs.recycle(handoff, by=rep, reason="wrong-time", at=NOON)

    record(handoff.lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON + HOUR)

    newest = Handoff.objects.order_by("-cycle").first()
    assert newest is not None
    assert (newest.cycle, newest.holder) == (2, rep)


@pytest.mark.parametrize(
    ("relation", "deal", "goes_to"),
    [("prospect", False, "last"), ("customer", False, "owner"), ("open_deal", False, "owner"),
     ("prospect", True, "seller")],
)  # fmt: skip
def test_the_last_holder_comes_before_the_owner_of_a_company_that_buys_nothing_yet(
    relation: str, deal: bool, goes_to: str
) -> None:
    """Section 3: last holder first; an open deal and a customer have an owner who comes before him."""
    people = {name: make_member(make_team()) for name in ("last", "owner", "seller")}
    company = make_company(owner=people["owner"], relation=relation)
    make_reason("recycle", "wrong-time")
    rep = people["last"]
    handoff = make_offer(rep.memberships.get().team, rep, lead=make_mql(NOON, company=company))
    handoffs.accept(handoff, by=rep, at=NOON)
    handoffs.recycle(handoff, by=rep, reason="wrong-time", at=NOON)
    if deal:
        Deal.objects.create(company=company, owner=people["seller"], opened_at=NOON)

    record(handoff.lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON + HOUR)

    assert handoff.lead.handoffs.get(cycle=2).holder == people[goes_to]


def test_without_anybody_who_had_it_the_owner_of_the_company_gets_it() -> None:
    owner = make_member(make_team(position=2))
    make_team(position=1)
    lead = make_lead(company=make_company(owner=owner, relation="prospect"))

    record(lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON)

    assert Handoff.objects.get().holder == owner


def test_a_hand_raise_during_an_open_cycle_tells_the_holder() -> None:
    handoff = make_offer()

    record(handoff.lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON + HOUR)

    handoff.refresh_from_db()
    assert handoff.raised_again_at == NOON + HOUR
    assert Handoff.objects.count() == 1
    assert Outbox.objects.filter(topic="handoff.raised_again", subject=handoff.pk).count() == 1


def test_without_any_sales_team_a_hand_raise_waits_and_managers_are_told() -> None:
    record(make_lead(), Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON)

    assert Qualification.objects.get().basis == "hand_raise"
    assert Outbox.objects.filter(topic="hand_raise.unplaced").count() == 1


def test_consent_does_not_block_a_hand_raise() -> None:
    make_team()
    lead = make_lead()
    lead.consents.create(state="withdrawn", at=NOON)

    record(lead, Interaction(make_touch_kind("demo", hand_raise=True)), at=NOON)

    assert Handoff.objects.count() == 1


def test_a_new_version_judges_all_inquiries_once() -> None:
    big = make_lead(company=make_company(employees=500))
    make_lead(company=make_company(employees=5))
    make_mql()
    version = make_definition(BIG)

    first, second = judging.judge_by_new_version(), judging.judge_by_new_version()

    version.refresh_from_db()
    assert (first, second) == (1, 0)
    assert version.judged_at is not None
    assert list(LeadEvent.objects.filter(kind="mql").values_list("lead", flat=True)) == [big.pk]


def test_a_recycled_lead_wakes_on_its_date_and_is_judged_again() -> None:
    make_definition()
    lead = make_lead(stage="recycled", wake_at=NOON)
    make_lead(stage="recycled", wake_at=NOON + timedelta(days=1))

    woken = leads.wake_due(at=NOON)

    assert woken == 1
    assert Lead.objects.get(pk=lead.pk).stage == "marketing_qualified"


def test_a_disqualified_lead_does_not_wake_by_itself() -> None:
    make_lead(stage="disqualified", wake_at=NOON)

    assert leads.wake_due(at=NOON) == 0


def test_marking_by_hand_needs_marketing_and_a_reason() -> None:
    make_reason("mark_mql", "met-at-fair")
    lead = make_lead()

    with pytest.raises(Invalid):
        leads.mark_mql(lead, by=make_marketer(), reason="", at=NOON)
    leads.mark_mql(lead, by=make_marketer(), reason="met-at-fair", at=NOON)

    assert Qualification.objects.get().basis == "manual"


@pytest.mark.django_db(transaction=True)
def test_concurrent_touches_qualify_once() -> None:
    make_definition()
    lead, kind = make_lead(), make_touch_kind("webinar")

    at_once([partial(record, lead, Interaction(kind))] * 8)

    assert lead.touches.count() == 8
    assert Qualification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_that_arrive_with_one_external_id_at_once_one_is_told_so() -> None:
    """R30, R33: a refusal that says why, never a broken constraint."""
    kind = make_touch_kind("webinar")
    seen = Interaction(kind, external_id="t-1")

    outcomes = at_once([partial(record, make_lead(), seen) for _ in range(6)])

    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(refused) == 5
    assert Touch.objects.count() == ExternalId.objects.count() == 1
