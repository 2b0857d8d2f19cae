"""Reasons, touch kinds, campaigns and briefs: versions that history can name, and who may write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import BriefVersion, Campaign, Reason, TouchKind
from leads.queries_catalogue import campaigns_listed, campaigns_with_brief
from leads.services import catalogue
from leads.services.catalogue import BriefFields, CampaignFields, ReasonFields
from tests.accounts.people import make_member, make_person, make_team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
SPAM = ReasonFields("Spam", group="Not a buyer", next_step="close", counts_against="marketing")
WEBINAR = CampaignFields("Water Loss Webinar", "Webinar", Decimal(20_000), Decimal(18_400))
BRIEF = BriefFields(promise="A free leak audit within two weeks.", avoid="Any loss figure.")


@pytest.fixture
def operations() -> User:
    return make_person(role="operations")


def marketer() -> User:
    return make_member(make_team(function="demand"), "marketing")


def errors_of(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return sorted(refused.value.errors)


def test_a_changed_reason_is_a_new_version_under_the_same_key(operations: User) -> None:
    first = catalogue.add_reason("reject", SPAM, by=operations)

    second = catalogue.revise_reason(first, replace(SPAM, label="Spam or robot"), by=operations)

    first.refresh_from_db()
    assert (second.key, second.version, second.is_active) == ("spam", 2, True)
    assert (first.label, first.is_active) == ("Spam", False)


def test_saving_a_reason_as_it_is_makes_no_version(operations: User) -> None:
    reason = catalogue.add_reason("reject", SPAM, by=operations)

    assert catalogue.revise_reason(reason, SPAM, by=operations) == reason


def test_a_reason_that_somebody_changed_meanwhile_is_a_conflict(operations: User) -> None:
    stale = catalogue.add_reason("reject", SPAM, by=operations)
    catalogue.revise_reason(stale, replace(SPAM, label="Robot"), by=operations)

    with pytest.raises(Conflict):
        catalogue.revise_reason(stale, replace(SPAM, label="Bot"), by=operations)


def test_the_last_reason_of_a_verb_stays(operations: User) -> None:
    only = catalogue.add_reason("reject", SPAM, by=operations)
    other = catalogue.add_reason("reject", replace(SPAM, label="Student"), by=operations)

    catalogue.retire_reason(other, by=operations)

    with pytest.raises(Conflict):
        catalogue.retire_reason(only, by=operations)


@pytest.mark.parametrize(
    ("verb", "changes", "field"),
    [
        ("reject", {"next_step": ""}, "next_step"),
        ("lose", {}, "next_step"),
        ("reject", {"minimum_attempts": 3}, "minimum_attempts"),
        ("reject", {"label": " "}, "label"),
        ("accept", {}, "verb"),
    ],
)
def test_a_reason_knows_only_what_its_verb_knows(
    verb: str, changes: dict[str, Any], field: str, operations: User
) -> None:
    with pytest.raises(Invalid) as refused:
        catalogue.add_reason(verb, replace(SPAM, **changes), by=operations)

    assert errors_of(refused) == [field]


def test_two_reasons_of_one_name_need_different_verbs(operations: User) -> None:
    price = ReasonFields("Price")
    catalogue.add_reason("lose", price, by=operations)

    with pytest.raises(Invalid):
        catalogue.add_reason("lose", price, by=operations)

    assert catalogue.add_reason("disqualify", price, by=operations).key == "price"


def test_a_reason_cannot_be_renamed_to_read_like_another(operations: User) -> None:
    catalogue.add_reason("lose", ReasonFields("Price"), by=operations)
    budget = catalogue.add_reason("lose", ReasonFields("Budget"), by=operations)

    with pytest.raises(Invalid) as refused:
        catalogue.revise_reason(budget, ReasonFields("PRICE "), by=operations)

    assert errors_of(refused) == ["label"]
    assert catalogue.revise_reason(budget, ReasonFields("budget"), by=operations).label == "budget"


@pytest.mark.django_db(transaction=True)
def test_of_two_reasons_that_read_the_same_one_is_made() -> None:
    people = [make_person(role="operations") for _ in range(2)]

    made = at_once(
        [lambda by=by: catalogue.add_reason("lose", ReasonFields("Price"), by=by) for by in people]
    )

    assert sorted(type(one).__name__ for one in made) == ["Invalid", "Reason"]


def test_a_touch_kind_keeps_its_key_under_another_name(operations: User) -> None:
    kind = catalogue.write_touch_kind(None, label="Demo request", hand_raise=True, by=operations)

    catalogue.write_touch_kind(kind, label="Asked for a demo", hand_raise=False, by=operations)

    assert list(TouchKind.objects.values_list("key", "label", "hand_raise")) == [
        ("demo_request", "Asked for a demo", False)
    ]


@pytest.mark.parametrize("label", ["Demo request", "asked FOR a demo ", "", "!!!"])
def test_a_touch_kind_needs_a_name_of_its_own(label: str, operations: User) -> None:
    kind = catalogue.write_touch_kind(None, label="Demo request", hand_raise=True, by=operations)
    catalogue.write_touch_kind(kind, label="Asked for a demo", hand_raise=True, by=operations)

    with pytest.raises(Invalid):
        catalogue.write_touch_kind(None, label=label, hand_raise=True, by=operations)


def test_marketing_makes_a_campaign() -> None:
    campaign = catalogue.create_campaign(WEBINAR, by=marketer())

    assert (campaign.slug, campaign.spend) == ("water-loss-webinar", Decimal(18_400))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "partner days"}, "name"),
        ({"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 1)}, "ends_on"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    catalogue.create_campaign(CampaignFields("Partner Days"), by=marketer())

    with pytest.raises(Invalid) as refused:
        catalogue.create_campaign(replace(WEBINAR, **changes), by=marketer())

    assert errors_of(refused) == [field]


def test_each_change_of_a_brief_is_a_version() -> None:
    by = marketer()
    campaign = catalogue.create_campaign(WEBINAR, by=by)

    for promise in ("In two weeks.", "In two weeks.", "In five weeks."):
        catalogue.publish_brief(campaign, replace(BRIEF, promise=promise), by=by)

    assert list(campaign.briefs.values_list("number", "promise", "author")) == [
        (2, "In five weeks.", by.pk),
        (1, "In two weeks.", by.pk),
    ]


def test_an_empty_brief_is_none() -> None:
    by = marketer()

    with pytest.raises(Invalid):
        catalogue.publish_brief(catalogue.create_campaign(WEBINAR, by=by), BriefFields(), by=by)

    assert BriefVersion.objects.exists() is False


@pytest.mark.parametrize("who", ["rep", "read-only", "nobody"])
def test_sales_and_readers_write_no_campaign(who: str, operations: User) -> None:
    campaign = catalogue.create_campaign(WEBINAR, by=operations)
    by = (
        make_member(make_team())
        if who == "rep"
        else make_person(role="read_only" if who == "read-only" else "")
    )
    acts: list[Any] = [
        lambda: catalogue.create_campaign(replace(WEBINAR, name="Other"), by=by),
        lambda: catalogue.edit_campaign(campaign, WEBINAR, by=by),
        lambda: catalogue.publish_brief(campaign, BRIEF, by=by),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert (Campaign.objects.count(), BriefVersion.objects.count()) == (1, 0)


def test_marketing_configures_neither_reasons_nor_kinds(operations: User) -> None:
    by, reason = marketer(), catalogue.add_reason("reject", SPAM, by=operations)
    acts: list[Any] = [
        lambda: catalogue.add_reason("reject", replace(SPAM, label="Bot"), by=by),
        lambda: catalogue.revise_reason(reason, replace(SPAM, label="Bot"), by=by),
        lambda: catalogue.retire_reason(reason, by=by),
        lambda: catalogue.write_touch_kind(None, label="Fax", hand_raise=True, by=by),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert (Reason.objects.count(), TouchKind.objects.count()) == (1, 0)


def test_campaigns_are_listed_with_their_latest_brief(django_assert_num_queries: Any) -> None:
    by = marketer()
    for name in ("A", "B", "C"):
        campaign = catalogue.create_campaign(replace(WEBINAR, name=name), by=by)
        for number in range(2 if name == "B" else 0):
            catalogue.publish_brief(campaign, replace(BRIEF, promise=str(number)), by=by)

    with django_assert_num_queries(3):
        listed = [(one.name, vars(one)["brief_number"]) for one in campaigns_listed()]
        latest = [[brief.promise for brief in vars(one)["latest"]] for one in campaigns_with_brief()]

    assert (listed, latest) == ([("A", None), ("B", 2), ("C", None)], [[], ["1"], []])
