"""Importing touches: whose they are, which are known, and that nothing follows from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leads.models import AttributeChange, Campaign, Lead, LeadEvent, Touch, TouchKind
from tests.factories import make_campaign, make_touch_kind
from tests.intake.files import load, reasons, refusals

pytestmark = pytest.mark.django_db
HEADER = "external_id,lead_external_id,email,kind,at,campaign,detail"


@pytest.fixture(autouse=True)
def leads() -> None:
    load("leads", "external_id,email,title", "1,a@x.example,Lead", "2,b@x.example,")
    make_touch_kind("demo_request", hand_raise=True)


def test_touches_find_their_lead_kind_and_campaign() -> None:
    campaign = make_campaign("Spring fair")

    report = load(
        "touches", HEADER,
        "t1,1,,Demo request,2025-05-01T10:00:00Z,Spring fair,asked for prices",
        ",unknown,B@x.example,demo-request,2025-05-02,,",
    )  # fmt: skip

    assert report.counts["created"] == 2
    told = Touch.objects.order_by("at").values_list(
        "lead__external_ids__value", "kind__key", "campaign", "detail"
    )
    assert list(told) == [
        ("1", "demo_request", campaign.pk, "asked for prices"),
        ("2", "demo_request", None, ""),
    ]


def test_twice_changes_nothing_with_and_without_ids() -> None:
    rows = (
        "t1,1,,demo_request,2025-05-01,,",
        ",1,,demo_request,2025-05-02,,",
        ",1,,demo_request,2025-05-02,,x",
    )

    first, second = load("touches", HEADER, *rows), load("touches", HEADER, *rows)

    assert (first.counts["created"], second.counts["unchanged"]) == (3, 3)
    assert Touch.objects.count() == 3


def test_a_known_id_may_learn_its_campaign_but_not_change_hands() -> None:
    make_campaign("Fair")
    load("touches", HEADER, "t1,1,,demo_request,2025-05-01,,")

    report = load(
        "touches", HEADER, "t1,1,,demo_request,2025-05-01,Fair,more", "t1,2,,demo_request,2025-05-01,,"
    )

    assert report.counts == {"created": 0, "updated": 1, "unchanged": 0, "refused": 1}
    assert reasons(report) == ["Another lead, kind or time is recorded under this id."]
    assert str(Touch.objects.get().campaign) == "Fair"


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (",9,,demo_request,2025-05-01,,", (2, "lead_external_id", "9")),
        (",,c@x.example,demo_request,2025-05-01,,", (2, "email", "c@x.example")),
        (",,,demo_request,2025-05-01,,", (2, "email", "")),
        (",1,,unknown,2025-05-01,,", (2, "kind", "unknown")),
        (",1,,,2025-05-01,,", (2, "kind", "")),
        (",1,,demo_request,2025-02-30,,", (2, "at", "2025-02-30")),
        (",1,,demo_request,2025-05-01,Nobody,", (2, "campaign", "Nobody")),
        (f",1,,demo_request,2025-05-01,,{'x' * 501}", (2, "detail", "x" * 200)),
    ],
)
def test_wrong_touches_are_refused_at_their_place(row: str, refusal: tuple[int, str, str]) -> None:
    report = load("touches", HEADER, row)

    assert refusals(report) == [refusal]


def test_missing_kinds_and_campaigns_are_made_where_allowed() -> None:
    load("touches", HEADER, ",1,,Web visit,2025-05-01,Spring Fair,", create="kinds,campaigns")

    assert list(TouchKind.objects.exclude(key="demo_request").values_list("key", "label", "hand_raise")) == [
        ("web_visit", "Web visit", False)
    ]
    assert list(Campaign.objects.values_list("slug", "name")) == [("spring-fair", "Spring Fair")]


def test_a_hand_raise_of_the_past_offers_nobody() -> None:
    load("touches", HEADER, ",1,,demo_request,2025-05-01,,")

    assert list(LeadEvent.objects.exclude(kind="created")) == []
    assert set(Lead.objects.values_list("stage", flat=True)) == {"inquiry"}


def test_a_touch_before_an_assumed_creation_moves_it() -> None:
    load("touches", HEADER, ",1,,demo_request,2025-05-02,,", ",1,,demo_request,2025-05-01,,")

    lead = Lead.objects.get(external_ids__value="1")
    assert lead.created_at == datetime(2025, 5, 1, tzinfo=UTC)
    assert AttributeChange.objects.get(lead=lead).at == lead.created_at
