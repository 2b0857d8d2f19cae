"""Settings pages: everyone reads them, roles decide who acts, and what was typed is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, Membership, Organisation, Team, User
from accounts.services import keys
from common.database.moments import database_now
from common.models import Outbox
from tests.accounts.people import make_member, make_person, make_team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ROLES = ("admin", "operations", "sales manager", "rep", "marketing", "read-only")
CONFIGURE = {"admin", "operations"}


@pytest.fixture
def team() -> Team:
    return make_team("North")


def person_of(role: str, team: Team) -> User:
    if role in CONFIGURE:
        return make_person(role=role)
    if role == "read-only":
        return make_person(role="read_only")
    if role == "marketing":
        return make_member(make_team(function="demand"), "marketing")
    return make_member(team, role.replace(" ", "_"))


def errors_on(answer: Any) -> list[str]:
    return sorted(re.findall(r'id="id_(\w+)_error"', answer.content.decode()))


@pytest.mark.parametrize("role", ROLES)
def test_everyone_reads_every_settings_page(client: Client, team: Team, role: str) -> None:
    client.force_login(person_of(role, team))
    colleague = make_member(team, "rep")

    pages = [
        "settings-you",
        "settings-people",
        "settings-teams",
        "settings-keys",
        "settings-organisation",
        "key-new",
    ]
    read = [client.get(reverse(f"accounts:{name}")) for name in pages]
    read += [client.get(reverse("accounts:person", args=[colleague.public_id]))]
    read += [client.get(reverse("accounts:team", args=[team.public_id]))]

    assert [answer.status_code for answer in read] == [200] * 8


@pytest.mark.parametrize("role", ROLES)
def test_only_who_configures_gets_the_dialogs(client: Client, team: Team, role: str) -> None:
    client.force_login(person_of(role, team))

    asked = [client.get(reverse("accounts:person-invite")), client.get(reverse("accounts:team-new"))]
    asked += [client.get(reverse("accounts:member-add", args=[team.public_id]))]

    assert [answer.status_code for answer in asked] == [200 if role in CONFIGURE else 403] * 3


@pytest.mark.parametrize("role", ROLES)
def test_the_share_of_a_member_is_changed_by_who_leads_the_team(
    client: Client, team: Team, role: str
) -> None:
    client.force_login(person_of(role, team))
    seat = make_member(team, "rep").memberships.get()

    answer = client.post(
        reverse("accounts:member", args=[team.public_id, seat.user.public_id]), {"role": "rep", "weight": "3"}
    )

    seat.refresh_from_db()
    may = role in CONFIGURE | {"sales manager"}
    assert (answer.status_code, seat.weight) == ((302, 3) if may else (403, 1))


@pytest.mark.parametrize("role", [role for role in ROLES if role not in CONFIGURE])
def test_a_forged_form_changes_nothing(client: Client, team: Team, role: str) -> None:
    client.force_login(person_of(role, team))
    seat = make_member(team, "rep").memberships.get()
    person = reverse("accounts:person", args=[seat.user.public_id])
    forged = [
        (person, {"name": "Forged", "organisation_role": "admin"}),
        (f"{person}invite/", {}),
        (f"{person}reactivate/", {}),
        (
            reverse("accounts:person-invite"),
            {"email": "eve@example.com", "name": "Eve", "organisation_role": "admin"},
        ),
        (reverse("accounts:team", args=[team.public_id]), {"name": "Forged"}),
        (reverse("accounts:member-remove", args=[team.public_id, seat.user.public_id]), {}),
        (
            reverse("accounts:settings-organisation"),
            {"company": "Forged", "time_zone": "UTC", "currency": "EUR"},
        ),
    ]

    answers = [client.post(address, sent).status_code for address, sent in forged]

    assert answers == [403] * len(forged)
    assert User.objects.filter(name__in=["Forged", "Eve"]).exists() is False
    assert (Organisation.objects.exists(), Membership.objects.filter(pk=seat.pk).exists()) == (False, True)


def test_nobody_sees_anything_without_signing_in(client: Client, team: Team) -> None:
    names = ["settings-you", "settings-people", "settings-teams", "settings-keys", "settings-organisation"]

    answers = [client.get(reverse(f"accounts:{name}")) for name in names]

    assert [(answer.status_code, "/login/" in answer["Location"]) for answer in answers] == [(302, True)] * 5


def test_inviting_says_who_and_leaves_the_mail_to_the_outbox(client: Client, team: Team) -> None:
    client.force_login(make_person(role="operations"))
    sent = {"email": "lena@example.com", "name": "Lena Vogt", "team": team.pk, "role": "rep"}

    answer = client.post(reverse("accounts:person-invite"), sent, follow=True)

    assert "Lena Vogt is invited" in answer.content.decode()
    assert (Outbox.objects.get().topic, team.memberships.get().user.email) == (
        "person.invited",
        "lena@example.com",
    )


def test_a_dialog_answers_htmx_with_a_new_address(client: Client) -> None:
    client.force_login(make_person(role="admin"))

    answer = client.post(
        reverse("accounts:person-invite"),
        {"email": "lena@example.com", "name": "Lena"},
        headers={"HX-Request": "true"},
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/settings/people/")


@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_form_comes_back_with_what_was_typed(client: Client, htmx: bool) -> None:
    client.force_login(make_person(role="admin"))

    answer = client.post(
        reverse("accounts:person-invite"),
        {"email": "not an e-mail", "name": ""},
        headers={"HX-Request": "true"} if htmx else {},
    )

    page = answer.content.decode()
    assert (answer.status_code, errors_on(answer)) == (422, ["email", "name"]) or errors_on(answer) == [
        "name"
    ]
    assert ('value="not an e-mail"' in page, "<html" in page) == (True, not htmx)


def test_what_the_service_refuses_stands_at_its_field(client: Client, team: Team) -> None:
    client.force_login(make_person(role="admin"))
    make_person(email="known@example.com")

    answer = client.post(
        reverse("accounts:person-invite"),
        {"email": "known@example.com", "name": "L", "team": team.pk, "role": "rep"},
    )

    assert (answer.status_code, errors_on(answer)) == (422, ["email"])


def test_an_act_that_is_refused_answers_htmx_with_a_note(client: Client) -> None:
    admin = make_person(role="admin")
    client.force_login(admin)

    answer = client.post(
        reverse("accounts:person", args=[admin.public_id]),
        {"name": "Amal", "organisation_role": ""},
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert (answer.status_code, "is the last admin" in page, "<html" in page) == (409, True, False)


def test_a_team_is_made_and_changed_on_its_page(client: Client, team: Team) -> None:
    client.force_login(make_person(role="admin"))
    sent = {
        "name": "Nordics",
        "function": "sales",
        "calendar": team.calendar_id,
        "routing": "pool",
        "position": 1,
    }

    made = client.post(reverse("accounts:team-new"), sent | {"countries": "no, se; dk", "is_active": "on"})
    client.post(made["Location"], sent | {"routing": "round_robin", "countries": "", "min_employees": 200})

    nordics = Team.objects.get(name="Nordics")
    assert (nordics.routing, nordics.countries, nordics.min_employees) == ("round_robin", [], 200)
    assert (nordics.is_active, nordics.full_cycle) == (False, False)


def test_an_absence_is_entered_and_ended_on_the_page_of_a_person(client: Client, team: Team) -> None:
    person, cover = make_member(team, person=make_person(time_zone="Europe/Oslo")), make_member(team)
    client.force_login(make_member(team, "sales_manager"))
    page = reverse("accounts:person", args=[person.public_id])
    sent = {"first_day": "2999-06-01", "back_on": "2999-06-08", "cover": cover.pk}

    entered = client.post(f"{page}absence/", sent)
    absence = Absence.objects.get()
    ended = client.post(f"{page}absence/end/", {"from_at": absence.from_at.isoformat()})

    assert (entered.status_code, absence.cover, ended.status_code) == (302, cover, 302)
    assert (absence.from_at.isoformat(), Absence.objects.count()) == ("2999-05-31T22:00:00+00:00", 0)


@pytest.mark.parametrize(
    ("first", "asks"),
    [(-DAY, "End the absence of Ann"), (DAY, "Remove the absence of Ann")],
    ids=["runs", "has not begun"],
)
def test_before_an_absence_ends_it_is_asked(client: Client, team: Team, first: timedelta, asks: str) -> None:
    person, now = make_member(team, person=make_person(name="Ann")), database_now()
    absence = Absence.objects.create(person=person, from_at=now + first, until_at=now + 9 * DAY)
    client.force_login(person)

    asked = client.get(
        reverse("accounts:absence-end", args=[person.public_id]), {"from_at": absence.from_at.isoformat()}
    )

    assert asks in asked.content.decode()
    assert list(Absence.objects.all()) == [absence]


def test_the_question_is_about_the_next_absence_where_none_is_named(client: Client, team: Team) -> None:
    person, now = make_member(team), database_now()
    Absence.objects.create(person=person, from_at=now + DAY, until_at=now + 9 * DAY)
    client.force_login(person)
    address = reverse("accounts:absence-end", args=[person.public_id])

    action = re.search(r'action="([^"]+from_at[^"]+)"', client.get(address).content.decode())

    assert action is not None
    assert client.post(unescape(action[1])).status_code == 302
    assert not Absence.objects.exists()


def test_before_somebody_leaves_a_team_it_is_asked(client: Client, team: Team) -> None:
    client.force_login(make_person(role="operations"))
    seat = make_member(team, "rep", person=make_person(name="Ann")).memberships.get()
    address = reverse("accounts:member-remove", args=[team.public_id, seat.user.public_id])

    asked, still = client.get(address), Membership.objects.filter(pk=seat.pk).exists()
    client.post(address)

    assert "Remove Ann from North" in asked.content.decode()
    assert (still, Membership.objects.filter(pk=seat.pk).exists()) == (True, False)


@pytest.mark.parametrize(("function", "shown"), [("demand", False), ("sales", True)])
@pytest.mark.parametrize("role", ["read_only", "operations"])
def test_of_a_team_of_marketing_nothing_is_said_of_routing(
    client: Client, role: str, function: str, shown: bool
) -> None:
    client.force_login(make_person(role=role))
    team = make_team(function=function)
    make_member(team)

    page = client.get(reverse("accounts:team", args=[team.public_id])).content.decode()

    assert ('<th scope="col" class="r p5">Weight</th>' in page) == shown
    assert ("<h2>Routing</h2>" in page) == (shown or role == "operations")  # its form asks by what is chosen


@pytest.mark.parametrize("moment", ["", "yesterday", "2999-06-01T00:00", "2999-06-01T00:00+00:00"])
def test_an_absence_that_does_not_exist_is_not_found(client: Client, team: Team, moment: str) -> None:
    client.force_login(make_person(role="admin"))
    page = reverse("accounts:person", args=[make_member(team).public_id])

    assert client.post(f"{page}absence/end/", {"from_at": moment}).status_code == 404


def test_the_organisation_is_changed_by_operations(client: Client) -> None:
    client.force_login(make_person(role="operations"))
    address = reverse("accounts:settings-organisation")

    wrong = client.post(address, {"company": "", "time_zone": "Mars", "currency": "12"})
    fields = {"company": "Northwater", "time_zone": "Europe/Oslo", "currency": "nok"}
    right = client.post(address, {**fields, "people_in_figures": "teams"})

    row = Organisation.objects.get()
    assert (wrong.status_code, errors_on(wrong)) == (
        422, ["company", "currency", "people_in_figures", "time_zone"]
    )  # fmt: skip
    assert (right.status_code, row.currency, row.people_in_figures) == (302, "NOK", "teams")


def test_a_rule_for_figures_that_is_none_changes_nothing(client: Client) -> None:
    client.force_login(make_person(role="operations"))
    fields = {"company": "Northwater", "time_zone": "Europe/Oslo", "currency": "NOK"}

    answer = client.post(
        reverse("accounts:settings-organisation"), {**fields, "people_in_figures": "everybody"}
    )

    assert (answer.status_code, Organisation.objects.exists()) == (422, False)


@pytest.mark.parametrize("name", ["settings-people", "settings-teams", "settings-keys", "team"])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    client: Client, team: Team, name: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_person(role="admin"))
    args = [team.public_id] if name == "team" else []
    address = reverse(f"accounts:{name}", args=args)
    add_a_row(team, name)
    cache.clear()  # what the shell asks once every few seconds is asked both times
    with django_assert_max_num_queries(100) as one:
        client.get(address)

    for _ in range(2):
        add_a_row(team, name)
    cache.clear()
    with django_assert_max_num_queries(100) as three:
        client.get(address)

    assert len(three) == len(one)


def add_a_row(team: Team, name: str) -> None:
    if name == "settings-teams":
        make_team()
        return
    person, now = make_member(team), database_now()
    Absence.objects.create(
        person=person, from_at=now, until_at=now + timedelta(days=1), cover=make_member(team)
    )
    keys.create(person, scopes=["all"])
