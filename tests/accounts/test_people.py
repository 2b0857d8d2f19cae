"""Inviting, roles, deactivating: who may, and what can never happen (S6, S11)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey, Membership, User
from accounts.queries import standing_of
from accounts.services import keys, people
from accounts.services.invitations import invitation_of
from common.models import Outbox
from common.refusals import Conflict, Invalid, NotAllowed
from tests.accounts.people import PASSWORD, make_member, make_person, make_team

pytestmark = pytest.mark.django_db
OTHERS = ["", "read_only"]


def errors_of(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return sorted(refused.value.errors)


def test_an_invited_person_is_told_and_cannot_sign_in_yet() -> None:
    team = make_team()

    person = people.invite(
        " Lena.Vogt@Example.com ", "Lena Vogt", by=make_person(role="operations"), team=team, role="rep"
    )

    assert (person.email, person.is_active, person.has_usable_password()) == (
        "lena.vogt@example.com",
        True,
        False,
    )
    assert standing_of(person).sells_in(team.pk) is True
    assert list(Outbox.objects.values_list("topic", "subject", "payload")) == [
        ("person.invited", person.pk, {})
    ]


def test_the_link_of_an_invitation_sets_a_password_once(client: Client) -> None:
    person = people.invite("lena@example.com", "Lena Vogt", by=make_person(role="admin"))
    mail = invitation_of(person, site="http://testserver/")
    assert mail is not None
    (link,) = re.findall(r"http://testserver(/\S+)", mail.text)

    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})

    assert mail.to == "lena@example.com"
    assert Client().login(email="lena@example.com", password=PASSWORD) is True
    assert invitation_of(User.objects.get(pk=person.pk), site="http://testserver") is None


def test_somebody_only_history_knew_becomes_real() -> None:
    known = make_person(email="lena@example.com", is_active=False, is_placeholder=True)

    person = people.invite("lena@example.com", "Lena Vogt", by=make_person(role="admin"))

    assert (person.pk, person.is_active, person.is_placeholder) == (known.pk, True, False)


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [
        ("lena", "Lena", "email"),
        ("", "Lena", "email"),
        ("lena@example.com", " ", "name"),
        ("known@example.com", "Lena", "email"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(email: str, name: str, field: str) -> None:
    make_person(email="known@example.com")

    with pytest.raises(Invalid) as refused:
        people.invite(email, name, by=make_person(role="admin"))

    assert errors_of(refused) == [field]


def test_a_role_of_the_other_side_undoes_the_whole_invitation() -> None:
    with pytest.raises(Invalid):
        people.invite(
            "lena@example.com",
            "Lena",
            by=make_person(role="admin"),
            team=make_team(),
            role="marketing_manager",
        )

    assert User.objects.filter(email="lena@example.com").exists() is False


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("act", ["invite", "invite_again", "edit", "deactivate", "reactivate"])
def test_only_operations_and_admins_change_people(role: str, act: str) -> None:
    by, person = make_person(role=role), make_person()
    acts: dict[str, Any] = {
        "invite": lambda: people.invite("new@example.com", "New", by=by),
        "invite_again": lambda: people.invite_again(person, by=by),
        "edit": lambda: people.edit(person, name="X", organisation_role="", by=by),
        "deactivate": lambda: people.deactivate(person, by=by),
        "reactivate": lambda: people.reactivate(person, by=by),
    }

    with pytest.raises(NotAllowed):
        acts[act]()


def test_a_manager_cannot_change_people_either() -> None:
    team = make_team()

    with pytest.raises(NotAllowed):
        people.deactivate(make_member(team), by=make_member(team, "sales_manager"))


def test_operations_cannot_make_an_admin() -> None:
    operations = make_person(role="operations")

    with pytest.raises(NotAllowed):
        people.invite("new@example.com", "New", by=operations, organisation_role="admin")
    with pytest.raises(NotAllowed):
        people.edit(make_person(), name="X", organisation_role="admin", by=operations)


def test_operations_can_change_neither_an_admin_nor_themselves() -> None:
    make_person(role="admin")
    operations, admin = make_person(role="operations"), make_person(role="admin")

    for person in (operations, admin):
        with pytest.raises(NotAllowed):
            people.edit(person, name="X", organisation_role="", by=operations)
    with pytest.raises(NotAllowed):
        people.deactivate(admin, by=operations)


def test_the_last_admin_stays_admin() -> None:
    admin = make_person(role="admin")
    make_person(role="admin", is_active=False)

    with pytest.raises(Conflict):
        people.edit(admin, name="X", organisation_role="operations", by=admin)

    assert User.objects.get(pk=admin.pk).organisation_role == "admin"


def test_with_another_admin_one_may_step_down() -> None:
    admin = make_person(role="admin")
    make_person(role="admin")

    people.edit(admin, name="Amal Haddad", organisation_role="", by=admin)

    assert standing_of(User.objects.get(pk=admin.pk)).is_admin is False


def test_nobody_deactivates_themselves() -> None:
    make_person(role="admin")
    admin = make_person(role="admin")

    with pytest.raises(NotAllowed):
        people.deactivate(admin, by=admin)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        people.edit(make_person(), name="X", organisation_role="king", by=make_person(role="admin"))

    assert errors_of(refused) == ["organisation_role"]


def test_deactivating_ends_sessions_and_keys_at_once(client: Client) -> None:
    person = make_person()
    person.set_password(PASSWORD)
    person.save()
    keys.create(person, scopes=["all"])
    client.force_login(person)
    before = client.get("/settings/people/").status_code

    people.deactivate(person, by=make_person(role="admin"))

    assert (before, client.get("/settings/people/").status_code) == (200, 302)
    assert ApiKey.objects.filter(person=person, revoked_at=None).exists() is False


def test_a_session_of_before_stays_ended_after_coming_back(client: Client) -> None:
    person, admin = make_person(), make_person(role="admin")
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    people.deactivate(person, by=admin)

    people.reactivate(person, by=admin)

    assert client.get("/settings/people/").status_code == 302
    assert Outbox.objects.filter(topic="person.invited", subject=person.pk).count() == 1


@pytest.mark.parametrize("active", [True, False])
def test_what_is_so_already_is_a_conflict(active: bool) -> None:
    person, admin = make_person(is_active=active), make_person(role="admin")

    with pytest.raises(Conflict):
        (people.reactivate if active else people.deactivate)(person, by=admin)


def test_the_link_is_sent_again_only_to_who_waits_for_it() -> None:
    admin, waiting, ready = make_person(role="admin"), make_person(), make_person()
    ready.set_password(PASSWORD)
    ready.save()

    people.invite_again(waiting, by=admin)

    assert Outbox.objects.get().subject == waiting.pk
    with pytest.raises(Conflict):
        people.invite_again(ready, by=admin)


def test_deactivating_keeps_memberships_for_the_figures() -> None:
    person = make_member(make_team())

    people.deactivate(person, by=make_person(role="admin"))

    assert Membership.objects.filter(user=person).count() == 1
