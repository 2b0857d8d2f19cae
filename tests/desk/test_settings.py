"""Settings about leads: everyone reads them, roles decide who acts, wrong input is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import BriefVersion, Campaign, CustomField, Reason, TouchKind
from tests.accounts.people import make_member, make_person, make_team
from tests.factories import NOON, make_calendar, make_definition, make_offer, make_touch_kind
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db
ROLES = ("admin", "operations", "marketing", "rep", "read-only")
READ = ("setup", "reasons", "touch-kinds", "fields", "campaigns")
SPAM = {"label": "Spam", "next_step": "close", "counts_against": "marketing", "position": "1"}


def person_of(role: str) -> User:
    if role == "marketing":
        return make_member(make_team(function="demand"), "marketing")
    if role == "rep":
        return make_member(make_team())
    return make_person(role=role.replace("-", "_"))


def sign_in(client: Client, role: str) -> User:
    person = person_of(role)
    client.force_login(person)
    return person


def make_reason(key: str = "spam", **fields: Any) -> Reason:
    return Reason.objects.create(
        **({"verb": "reject", "key": key, "label": key.title(), "next_step": "close"} | fields)
    )


def make_campaign(name: str = "webinar") -> Campaign:
    campaign = Campaign.objects.create(name=name.title(), slug=name, created_at=NOON)
    BriefVersion.objects.create(campaign=campaign, number=1, promise="A free audit", published_at=NOON)
    return campaign


def errors_on(answer: Any) -> list[str]:
    return sorted(set(re.findall(r'id="id_(\w+)_error"', answer.content.decode())))


@pytest.mark.parametrize("role", ROLES)
def test_everyone_reads_every_page(client: Client, role: str) -> None:
    sign_in(client, role)
    make_reason()
    TouchKind.objects.create(key="demo", label="Demo", hand_raise=True)
    CustomField.objects.create(name="size", label="Size", type="number")

    read = [client.get(reverse(f"desk:settings-{name}")).status_code for name in READ]
    read.append(client.get(reverse("desk:settings-campaign", args=[make_campaign().slug])).status_code)

    assert read == [200] * 6


@pytest.mark.parametrize("role", ROLES)
def test_roles_decide_who_gets_a_form(client: Client, role: str) -> None:
    leaver = make_person()
    sign_in(client, role)
    make_reason()
    make_campaign()
    configure = [
        reverse("desk:settings-reason-new", args=["reject"]),
        reverse("desk:settings-reason", args=["reject", "spam"]),
        reverse("desk:settings-touch-kind-new"),
        reverse("desk:person-deactivate", args=[leaver.public_id]),
    ]
    campaign = [reverse("desk:settings-campaign-new")]
    campaign += [reverse(f"desk:settings-{name}", args=["webinar"]) for name in ("campaign-edit", "brief")]

    got = [[client.get(address).status_code for address in group] for group in (configure, campaign)]

    may_configure = role in {"admin", "operations"}
    assert got == [
        [200 if may_configure else 403] * 4,
        [200 if may_configure or role == "marketing" else 403] * 3,
    ]


def test_a_reason_is_added_changed_and_retired(client: Client) -> None:
    sign_in(client, "operations")
    make_reason("student")
    address = reverse("desk:settings-reason", args=["reject", "spam"])

    client.post(reverse("desk:settings-reason-new", args=["reject"]), SPAM)
    client.post(address, SPAM | {"next_step": "nurture", "note_required": "on"})
    client.post(reverse("desk:settings-reason-retire", args=["reject", "spam"]))

    versions = Reason.objects.filter(key="spam").order_by("version")
    assert list(versions.values_list("version", "next_step", "note_required", "is_active")) == [
        (1, "close", False, False),
        (2, "nurture", True, False),
    ]
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        pytest.param({}, ["counts_against", "label", "next_step", "position"], id="nothing"),
        pytest.param(SPAM | {"next_step": "eat"}, ["next_step"], id="unknown step"),
        pytest.param(SPAM, ["label"], id="known name"),
    ],
)
def test_a_wrong_reason_comes_back_with_its_errors(
    client: Client, sent: dict[str, str], fields: list[str]
) -> None:
    sign_in(client, "admin")
    make_reason()

    answer = client.post(
        reverse("desk:settings-reason-new", args=["reject"]), sent, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, errors_on(answer), Reason.objects.count()) == (422, fields, 1)


@pytest.mark.parametrize("address", ["/settings/reasons/?verb=steal", "/settings/new-reason/steal/"])
def test_an_unknown_verb_is_not_found(client: Client, address: str) -> None:
    sign_in(client, "admin")

    assert client.get(address).status_code == 404


def test_a_touch_kind_becomes_a_hand_raise(client: Client) -> None:
    sign_in(client, "operations")

    client.post(reverse("desk:settings-touch-kind-new"), {"label": "Demo request", "is_active": "on"})
    client.post(
        reverse("desk:settings-touch-kind", args=["demo_request"]),
        {"label": "Demo request", "hand_raise": "on"},
    )

    kind = TouchKind.objects.get()
    assert (kind.key, kind.hand_raise, kind.is_active) == ("demo_request", True, False)


def test_marketing_writes_a_campaign_and_its_brief(client: Client) -> None:
    me = sign_in(client, "marketing")

    made = client.post(
        reverse("desk:settings-campaign-new"), {"name": "Partner Days", "spend": "14500", "is_active": "on"}
    )
    client.post(reverse("desk:settings-brief", args=["partner-days"]), {"promise": "A free <b>audit</b>"})

    page = client.get(made["Location"]).content.decode()
    brief = BriefVersion.objects.get()
    assert (brief.number, brief.author, "A free &lt;b&gt;audit&lt;/b&gt;" in page) == (1, me, True)


def test_an_empty_brief_is_refused_at_its_field(client: Client) -> None:
    sign_in(client, "marketing")
    make_campaign()

    answer = client.post(reverse("desk:settings-brief", args=["webinar"]), {})

    assert (answer.status_code, errors_on(answer), BriefVersion.objects.count()) == (422, ["promise"], 1)


def test_deactivating_lists_the_open_leads_that_stay(client: Client) -> None:
    team = make_team(calendar=make_calendar())
    rep = make_member(team, name="Marcus Bell")
    held = [make_offer(team, rep), make_offer(team, rep)]
    make_offer(team, make_member(team))
    sign_in(client, "admin")
    address = reverse("desk:person-deactivate", args=[rep.public_id])

    page = client.get(address).content.decode()
    client.post(address)

    rep.refresh_from_db()
    assert ("holds 2 open leads" in page, [str(one.lead) in page for one in held]) == (True, [True, True])
    assert (rep.is_active, [one.holder for one in held]) == (False, [rep, rep])


def test_the_steps_of_setting_up_say_how_far_they_are(client: Client) -> None:
    sign_in(client, "admin")
    before = client.get(reverse("desk:settings-setup")).context["done_count"]
    make_member(make_team(function="demand"), "marketing")
    make_offer()

    after = client.get(reverse("desk:settings-setup"))

    done = {step.name for step in after.context["steps"] if step.done}
    assert (before, done) == (0, {"Teams and people", "Working hours", "Leads"})


def test_setting_up_promises_no_silence_where_people_are_invited_and_asked_to_sign(client: Client) -> None:
    sign_in(client, "admin")

    page = client.get(reverse("desk:settings-setup")).content.decode()

    assert "No clock starts before both teams have signed." in page
    assert "Nothing is sent" not in page


@pytest.mark.parametrize("name", ["reasons", "touch-kinds", "fields", "campaigns"])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    client: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, "operations")
    address = reverse(f"desk:settings-{name}")
    make = {
        "reasons": lambda number: make_reason(f"reason-{number}"),
        "touch-kinds": lambda number: TouchKind.objects.create(key=f"k{number}", label=f"Kind {number}"),
        "fields": lambda number: CustomField.objects.create(
            name=f"f{number}", label=f"F{number}", type="text"
        ),
        "campaigns": lambda number: make_campaign(f"campaign-{number}"),
    }[name]
    make(0)
    with django_assert_max_num_queries(100) as one:
        client.get(address)

    make(1), make(2)
    with django_assert_max_num_queries(100) as three:
        client.get(address)

    assert len(three) == len(one)


def test_setting_up_is_reached_again_from_settings_by_who_configures(client: Client) -> None:
    setup = reverse("desk:settings-setup")
    for role, offered in (("admin", True), ("read_only", False)):
        client.force_login(make_person(role=role))
        page = client.get(reverse("accounts:settings-teams")).content.decode()
        assert (f'href="{setup}"' in page) is offered


@pytest.mark.parametrize(
    ("role", "button", "contract"),
    [("admin", "Edit", "Draft it"), ("", "Open", "Open"), ("read_only", "Open", "Open")],
)
def test_a_step_of_setting_up_says_what_the_person_can_do_there(
    client: Client, role: str, button: str, contract: str
) -> None:
    client.force_login(make_person(role=role))
    make_team(), make_calendar(), make_touch_kind()
    for verb in Reason.Verb.values:
        make_reason("why", verb=verb)

    steps = client.get(reverse("desk:settings-setup")).context["steps"]

    assert [step.button for step in steps] == [*[button] * 4, "Open", contract, "Open"]


def test_the_contract_is_begun_from_three_questions_until_there_is_one(client: Client) -> None:
    sign_in(client, "admin")
    setup, start = reverse("desk:settings-setup"), reverse("sla:contract-start")
    before = client.get(setup).content.decode()
    make_contract()

    assert [f'href="{start}"' in page for page in (before, client.get(setup).content.decode())] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [("draft", "to be proposed"), ("proposed", "for both signatures"), ("signed", "for its first day")],
)
def test_the_way_to_a_first_definition_says_what_it_waits_for(
    client: Client, status: str, words: str
) -> None:
    """One that both had signed for a day to come was said to wait for their signatures."""
    begins = NOON + timedelta(days=3_650) if status == "signed" else None
    number = make_definition(status=status, effective_from=begins).number
    sign_in(client, "admin")

    shown = client.get(reverse("desk:settings-setup")).content.decode()

    assert f"MQL v{number} waits {words}" in shown
