"""What must never be false is a constraint of the database, each known by its name, and each does bite."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Absence, ApiKey, IdempotencyRecord, Membership, Organisation, SetupToken
from calendars.models import Holiday
from dashboards.models import PeriodResult
from definitions.models import DefinitionSignature
from desk.models import BulkRun
from leads.models import (
    Assignment,
    BriefReading,
    BriefVersion,
    CompanyDomain,
    CompanyRelation,
    Deal,
    DealLead,
    DoNotContact,
    ExternalId,
    LeadEmail,
    LeadPhone,
    QualificationFinding,
)
from notifications.models import Delivery, Notice
from sla.models import (
    Breach,
    Clock,
    Contest,
    ContractSignature,
    ContractStep,
    Escalation,
    Recompute,
    Remark,
)
from tests.architecture.sources import APPS, PROJECT
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_campaign,
    make_company,
    make_definition,
    make_handoff,
    make_lead,
    make_member,
    make_mql,
    make_person,
    make_qualification,
    make_reason,
    make_team,
)
from tests.sla.makers import draft, make_contract, promise

pytestmark = pytest.mark.django_db


def again(row: models.Model, **changes: Any) -> None:
    """The same row once more, with its own keys."""
    row.pk = None
    if hasattr(row, "public_id"):
        row.public_id = uuid.uuid4()
    changed(row, **changes)


def changed(row: models.Model, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def a_deal(**fields: Any) -> Deal:
    return Deal.objects.create(**{"name": "Deal", "currency": "USD", "opened_at": NOON} | fields)


def a_part(deal: Deal | None = None) -> DealLead:
    deal = deal or a_deal()
    return DealLead.objects.create(deal=deal, handoff=make_handoff(), part="sourced", joined_at=NOON)


def a_brief() -> BriefVersion:
    return BriefVersion.objects.create(campaign=make_campaign(), number=1, published_at=NOON)


def an_external_id() -> ExternalId:
    return ExternalId.objects.create(kind="lead", value="L1", lead=make_lead())


def an_absence(**fields: Any) -> Absence:
    return Absence.objects.create(
        **{"person": make_person(), "from_at": NOON, "until_at": NOON + HOUR} | fields
    )


def a_bulk_run(**fields: Any) -> BulkRun:
    fields = {"act": "offer", "said": {}, "leads": [1], "total": 1, "created_at": NOON} | fields
    return BulkRun.objects.create(by=make_person(), told="offered", **fields)


def a_relation(**fields: Any) -> CompanyRelation:
    fields = {"company": make_company(), "relation": "prospect", "from_at": NOON} | fields
    return CompanyRelation.objects.create(**fields)


def a_delivery() -> Delivery:
    notice = Notice.objects.create(person=make_person(), topic="x", text="x", at=NOON)
    return Delivery.objects.create(notice=notice, message_id="<1@x>", next_at=NOON)


def an_answer() -> IdempotencyRecord:
    key = ApiKey.objects.create(person=make_person(), prefix="p", digest="d", scopes=[])
    return IdempotencyRecord.objects.create(
        api_key=key, key="k", method="POST", path="/", body_digest="d", status=201, answer={}, created_at=NOON
    )


def a_clock() -> Clock:
    commitment = promise(draft(), "handover", HOUR)
    lead = make_mql()
    return Clock.objects.create(
        lead=lead, qualification=lead.qualifications.get(), kind="handover", commitment=commitment, target=HOUR,
        started_at=NOON, running_since=NOON, due_at=NOON + HOUR, consumed=HOUR * 0,
    )  # fmt: skip


def a_recompute(**fields: Any) -> Recompute:
    version = make_calendar().versions.get()
    fields = {"calendar_version": version, "requested_at": NOON, "starts_at": NOON} | fields
    return Recompute.objects.create(**fields)


def a_rung(**fields: Any) -> Escalation:
    breach = Breach.objects.create(clock=a_clock(), at=NOON, detected_at=NOON)
    return Escalation.objects.create(
        **{"breach": breach, "rung": 1, "do": "notify", "at": NOON, "detected_at": NOON} | fields
    )


def a_contest() -> Contest:
    return Contest.objects.create(handoff=make_handoff("rejected"), asked_by=make_person(), asked_at=NOON)


def a_result(**fields: Any) -> PeriodResult:
    days = {"first": NOON.date(), "until": NOON.date() + timedelta(days=1)}
    judged = {"numerator": 1, "promised": 1, "judged_at": NOON, "period": "2026-06"}
    commitment = promise(draft(), "volume", HOUR)
    return PeriodResult.objects.create(**{"commitment": commitment} | days | judged | fields)


CASES: dict[str, Callable[[], object]] = {
    "absence_covered_by_someone_else": lambda: an_absence(person=(one := make_person()), cover=one),
    "absence_ends_after_it_begins": lambda: an_absence(until_at=NOON),
    "assignment_ends_after_it_begins": lambda: changed(
        Assignment.objects.get(handoff=make_handoff("won")), until_at=NOON - HOUR
    ),
    "brief_version_number_once": lambda: again(a_brief()),
    "brief_version_read_once_by_a_person": lambda: again(
        BriefReading.objects.create(brief=a_brief(), person=make_person(), at=NOON)
    ),
    "bulk_run_counts_add_up": lambda: a_bulk_run(done=1),
    "calendar_version_number_once": lambda: again(make_calendar().versions.get(), is_current=False),
    "closed_deal_has_outcome": lambda: a_deal(outcome="won"),
    "closed_handoff_has_closed_at": lambda: make_handoff("rejected", closed_at=None),
    "commitment_order_is_total": lambda: again(promise(draft(), "answer", HOUR)),
    "contract_is_signed_for_a_side": lambda: ContractStep.objects.create(
        version=draft(), kind="signed", by=make_person(), at=NOON
    ),
    "contract_version_number_once": lambda: again(draft()),
    "deal_amount_not_negative": lambda: a_deal(amount=-1),
    "definition_version_number_once": lambda: again(make_definition(), status="draft"),
    "do_not_contact_person_or_domain": lambda: DoNotContact.objects.create(
        lead=make_lead(), domain="buyer.example", at=NOON
    ),
    "ended_bulk_run_has_finished_at": lambda: a_bulk_run(status="done"),
    "escalation_detected_after_its_time": lambda: a_rung(detected_at=NOON - HOUR),
    "external_id_names_one_row": lambda: ExternalId.objects.create(kind="deal", value="D1", lead=make_lead()),
    "handoff_cycle_once": lambda: again(make_handoff("won")),
    "handoff_joins_a_deal_once": lambda: again(a_part(), part="influenced"),
    "membership_weight_positive": lambda: make_member(make_team(), weight=0),
    "named_calendar_is_given": lambda: promise(draft(), "answer", HOUR, calendar_choice="named"),
    "one_active_reason_version": lambda: again(make_reason("reject"), version=2),
    "one_answer_per_idempotency_key": lambda: again(an_answer()),
    "one_clock_per_qualification_kind_round": lambda: again(a_clock()),
    "one_contract_signature_per_side": lambda: again(
        ContractSignature.objects.create(version=draft(), side="sales", person=make_person(), at=NOON)
    ),
    "one_current_assignment_per_handoff": lambda: again(make_handoff().assignments.get()),
    "one_current_calendar_version": lambda: again(make_calendar().versions.get(), number=2),
    "one_current_relation_per_company": lambda: again(a_relation()),
    "one_definition_signature_per_side": lambda: again(
        DefinitionSignature.objects.create(
            version=make_definition(), side="sales", person=make_person(), at=NOON
        )
    ),
    "one_delivery_per_notice_and_channel": lambda: again(a_delivery(), message_id="<2@x>"),
    "one_escalation_per_breach_and_rung": lambda: again(a_rung()),
    "one_finding_per_position": lambda: again(
        QualificationFinding.objects.create(
            qualification=make_qualification(make_lead()), position=1, path="", fact="x", wording="x", met=True
        )
    ),
    "one_holiday_per_calendar_day": lambda: again(
        Holiday.objects.create(calendar=make_calendar(), on=date(2026, 12, 25), name="Christmas Day")
    ),
    "one_membership_per_person_and_team": lambda: again(
        Membership.objects.get(user=make_member(make_team()))
    ),
    "one_organisation": lambda: Organisation.objects.create(pk=2, name="Another"),
    "one_primary_domain_per_company": lambda: again(
        CompanyDomain.objects.create(company=make_company(), domain="a.example", is_primary=True),
        domain="b.example",
    ),
    "one_primary_email_per_lead": lambda: again(LeadEmail.objects.get(lead=make_lead()), key="other"),
    "one_primary_phone_per_lead": lambda: again(LeadPhone.objects.create(lead=make_lead(), phone="1")),
    "one_result_per_promise_and_period": lambda: again(a_result()),
    "one_row_per_external_id": lambda: again(an_external_id()),
    "one_setup_token": lambda: SetupToken.objects.create(pk=2, digest="d"),
    "one_sourcing_handoff_per_deal": lambda: a_part(a_part().deal),
    "only_a_contract_remark_names_a_promise": lambda: Remark.objects.create(
        contest=a_contest(), about="Volume", by=make_person(), at=NOON, text="Why?"
    ),
    "reason_version_once": lambda: again(make_reason("reject"), is_active=False),
    "recompute_has_one_subject": lambda: a_recompute(calendar_version=None),
    "one_open_recompute_per_calendar": lambda: again(a_recompute()),
    "relation_ends_after_it_begins": lambda: a_relation(until_at=NOON - HOUR),
    "result_period_has_days": lambda: a_result(until=NOON.date()),
    "signed_version_has_a_start": lambda: again(make_contract(), number=2, effective_from=None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        CASES[name]()


def test_every_constraint_is_asserted_by_its_name() -> None:
    names = {
        constraint.name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
    said = "\n".join(path.read_text() for path in (PROJECT / "tests").rglob("*.py"))

    assert sorted(name for name in names if name not in said) == []


def test_no_index_is_there_twice() -> None:
    """The same columns in the same order, for the same rows: writes would pay for both."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(indexrelid::regclass::text) FROM pg_index"
            " JOIN pg_class ON pg_class.oid = indrelid AND relnamespace = 'public'::regnamespace"
            " GROUP BY indrelid, indkey::text, indclass::text, indoption::text, indpred::text, indexprs::text"
            " HAVING count(*) > 1"
        )
        doubled = cursor.fetchall()

    assert doubled == []
