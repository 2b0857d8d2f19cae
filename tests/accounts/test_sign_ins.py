"""Where somebody is signed in (S11): each way in is recorded, and the person or an admin ends it."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import first_run
from accounts.services.sign_ins import end_others, sign_ins_of
from accounts.tasks import clear_sessions
from common.refusals import Conflict
from tests.accounts.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LIST = "/settings/you/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
NEW = PASSWORD + "!"


@pytest.fixture
def person() -> User:
    return make_person("Lena Vogt", email="lena@example.com")


def browser(person: User | None = None) -> Client:
    client = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    if person:
        client.force_login(person)
    return client


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(person: User, password: str = PASSWORD) -> Client:
    client = browser()
    client.post("/login/", {"login": person.email, "password": password})
    return client


def open_in(person: User, client: Client | None = None) -> list[Any]:
    key = client.session.session_key if client else ""
    person.refresh_from_db()
    return sign_ins_of(person, at=timezone.now(), key=str(key))


def is_signed_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def where(person: User) -> list[tuple[str, str]]:
    return [(one.browser, one.address) for one in open_in(person)]


def test_a_password_leaves_one_record(person: User) -> None:
    sign_in(with_password(person))

    assert where(person) == [("Firefox on Windows", "192.0.2.7")]


def test_two_steps_leave_one_record_and_the_first_alone_none(person: User) -> None:
    TOTP.activate(with_password(person), generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    client = sign_in(person)
    halfway = where(person)

    client.post("/2fa/authenticate/", {"code": codes[0]})

    assert (halfway, where(person)) == ([], [("Firefox on Windows", "192.0.2.7")])


@pytest.mark.urls("accounts.urls_demo")
def test_one_click_in_the_demo_leaves_one_record_and_strangers_read_no_address(
    person: User, settings: Any
) -> None:
    settings.DEMO = True
    person.organisation_role = "operations"
    person.save()

    client = browser()
    client.post("/demo/sign-in/", {"persona": person.email})

    assert [one.address for one in open_in(person, client)] == ["192.0.2.7"]
    assert where(person) == [("Firefox on Windows", "")]


def test_the_first_run_leaves_one_record() -> None:
    made = {"email": "ada@example.com", "name": "Ada Berg", "password": PASSWORD, "company": "Solberg"}
    sent = made | {"time_zone": "Europe/Oslo", "currency": "NOK", "token": first_run.setup_token()}

    browser().post("/start/", sent)

    assert where(User.objects.get()) == [("Firefox on Windows", "192.0.2.7")]


def test_a_new_password_by_mail_ends_what_was_open_and_signing_in_leaves_one_record(person: User) -> None:
    before = sign_in(with_password(person))
    browser().post("/password/reset/", {"email": person.email})
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    client = browser()
    form = client.get(found[1], follow=True).request["PATH_INFO"]
    asks = client.get(form).content.decode()
    said = client.post(form, {"password1": NEW, "password2": NEW}, follow=True).content.decode()
    between = where(person)

    sign_in(person, NEW)

    assert (between, len(open_in(person)), is_signed_in(before)) == ([], 1, False)
    assert ("New password, again" in asks, "placeholder" in asks) == (True, False)
    assert said.count("Every other session is ended") == 1


def test_a_changed_password_keeps_this_one_and_ends_the_others(person: User) -> None:
    client, other = sign_in(with_password(person)), sign_in(person)
    session = client.session
    session["begun_at"] -= 3600
    session.save()
    (begun_at,) = [one.begun_at for one in open_in(person, client) if one.is_this]

    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = client.post("/password/change/", sent, follow=True)

    (left,) = open_in(person, client)
    assert (left.is_this, left.begun_at, is_signed_in(other)) == (True, begun_at, False)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Every other session is ended" in answer.content.decode()


def test_a_server_that_is_told_no_address_lets_people_in(person: User) -> None:
    Client(REMOTE_ADDR="").force_login(person)

    assert where(person) == [("Another browser", "")]


def test_only_what_is_open_is_listed_and_listing_removes_nothing(person: User) -> None:
    client, gone, idle, old, changed = (browser(person) for _ in range(5))
    row = Session.objects.filter
    row(pk=gone.session.session_key).delete()
    row(pk=idle.session.session_key).update(expire_date=timezone.now())
    for other, key, value in ((old, "begun_at", 0.0), (changed, "_auth_user_hash", "of another password")):
        session = other.session
        session[key] = value
        session.save()

    shown = client.get(LIST).content.decode()

    assert [one.is_this for one in open_in(person, client)] == [True]
    assert (shown.count('scope="row"'), UserSession.objects.count()) == (1, 5)


def test_nobody_who_is_deactivated_is_signed_in(person: User) -> None:
    browser(person)
    User.objects.update(is_active=False)

    assert where(person) == []


def test_one_is_ended_and_again_is_no_mistake(person: User) -> None:
    client, other, third = browser(person), browser(person), browser(person)
    number = UserSession.objects.get(session_key=other.session.session_key).pk
    address = reverse("accounts:session-end", args=[number])

    answers = [client.post(address, follow=True) for _ in range(2)]

    assert ["You are signed out there." in one.content.decode() for one in answers] == [True, True]
    assert [is_signed_in(one) for one in (client, other, third)] == [True, False, True]
    assert client.get(address).status_code == 405


def test_nobody_ends_what_is_somebody_elses(person: User) -> None:
    client, theirs = browser(person), browser(make_person())
    number = UserSession.objects.get(session_key=theirs.session.session_key).pk

    told = [client.post(f"{LIST}{one}/end/")["Location"] for one in (number, number + 999, 10**30)]
    client.post(f"{LIST}end-others/")

    assert (told, is_signed_in(theirs)) == ([LIST] * 3, True)


def test_this_one_ends_by_signing_out(person: User) -> None:
    client = browser(person)

    refused = client.post(f"{LIST}{UserSession.objects.get().pk}/end/")

    assert (refused.status_code, is_signed_in(client)) == (409, True)
    assert "Sign out to end it." in refused.content.decode()
    client.post("/logout/")
    assert where(person) == []


def test_a_read_only_person_ends_all_others(person: User) -> None:
    person.organisation_role = "read_only"
    person.save()
    client, others = browser(person), [browser(person) for _ in range(2)]

    answer = client.post(f"{LIST}end-others/", follow=True)

    assert "You are signed out everywhere else." in answer.content.decode()
    assert [is_signed_in(one) for one in (client, *others)] == [True, False, False]


def test_of_two_that_end_each_other_at_once_the_first_stays(person: User) -> None:
    first, second = browser(person), str(browser(person).session.session_key)
    first.post(f"{LIST}end-others/")

    with pytest.raises(Conflict, match="ended meanwhile"):
        end_others(person, key=second)

    assert is_signed_in(first)


@pytest.mark.parametrize(
    ("by", "whom", "may"),
    [
        ("admin", "", True),
        ("admin", "admin", True),
        ("operations", "", True),
        ("operations", "admin", False),
        ("", "", False),
    ],
)
def test_who_may_deactivate_somebody_signs_them_out_and_reads_no_address(
    by: str, whom: str, may: bool
) -> None:
    person = make_person(role=whom)
    theirs, page = browser(person), f"/settings/people/{person.public_id}/"
    client = Client()
    client.force_login(make_person(role=by))

    shown = client.get(page).content.decode()
    asked = client.get(f"{page}sessions/")
    done = client.post(f"{page}sessions/")

    assert ("1 open session" in shown, asked.status_code, done.status_code) == (
        (True, 200, 302) if may else (False, 403, 403)
    )
    assert is_signed_in(theirs) is not may
    assert "192.0.2.7" not in shown + asked.content.decode()


def test_an_admin_ends_the_own_ones_among_the_own_settings() -> None:
    admin = make_person(role="admin")
    client, address = browser(admin), f"/settings/people/{admin.public_id}/sessions/"

    refused = client.post(address)

    assert (refused.status_code, is_signed_in(client)) == (403, True)


def test_the_night_removes_what_is_over_and_no_more(person: User) -> None:
    kept, idle, out = (browser(person) for _ in range(3))
    Session.objects.filter(pk=idle.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    out.post("/logout/")

    clear_sessions()

    left = str(kept.session.session_key)
    assert [row.session_key for row in UserSession.objects.all()] == [left]
    assert [row.session_key for row in Session.objects.all()] == [left]


def test_who_changes_how_to_sign_in_is_offered_to_end_the_others(person: User) -> None:
    client = sign_in(with_password(person))
    client.post("/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    on = client.post("/2fa/totp/activate/", {"code": code}, follow=True)
    off = client.post("/2fa/totp/deactivate/", follow=True)

    assert [one.request["PATH_INFO"] for one in (on, off)] == ["/2fa/recovery-codes/", "/2fa/"]
    assert [LIST in one.content.decode() for one in (on, off)] == [True, True]


def test_sessions_from_before_they_were_recorded_end_once(person: User) -> None:
    kept, unrecorded = browser(person), browser(person)
    UserSession.objects.filter(session_key=unrecorded.session.session_key).delete()

    import_module("accounts.migrations.0007_sessions_are_recorded").end_unrecorded(apps, None)

    assert [is_signed_in(one) for one in (kept, unrecorded)] == [True, False]
