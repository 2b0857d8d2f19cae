"""How long a session lasts: 12 hours without doing anything, 14 days whatever is done (S11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import make_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/you/"


@pytest.fixture
def rep(client: Client) -> Client:
    client.force_login(make_person())
    return client


def expires_in(client: Client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def ago(client: Client, **keys: timedelta) -> None:
    """Move what the session remembers, and with `idle` its last renewal, into the past."""
    session = client.session
    for key, span in keys.items():
        session[key] = (timezone.now() - span).timestamp()
    session.save()
    idle = keys.get("renewed_at", timedelta())
    row = Session.objects.filter(pk=session.session_key)
    row.update(expire_date=timezone.now() + timedelta(hours=12) - idle)


def signed_in(client: Client, url: str = PAGE) -> bool:
    return client.get(url).status_code == 200


def test_each_act_gives_another_twelve_hours(rep: Client) -> None:
    ago(rep, renewed_at=timedelta(hours=11))

    answer = rep.get(PAGE)

    assert expires_in(rep) > timedelta(hours=11, minutes=59)
    assert answer.cookies["sessionid"]["max-age"] == 12 * 3600


def test_twelve_idle_hours_end_it(rep: Client) -> None:
    ago(rep, renewed_at=timedelta(hours=12))

    assert not signed_in(rep)


@pytest.mark.parametrize(("days", "stays"), [(13.99, True), (14, False)])
def test_fourteen_days_end_it_whatever_is_done(rep: Client, days: float, stays: bool) -> None:
    ago(rep, begun_at=timedelta(days=days))

    assert signed_in(rep) is stays
    assert ("_auth_user_id" in rep.session) is stays


def test_renewing_does_not_begin_it_anew(rep: Client) -> None:
    begun_at = rep.session["begun_at"]
    ago(rep, renewed_at=timedelta(hours=1))

    rep.get(PAGE)

    assert rep.session["begun_at"] == begun_at


def test_signing_in_again_begins_it_anew(rep: Client) -> None:
    ago(rep, begun_at=timedelta(days=13))

    rep.force_login(make_person())

    assert timezone.now().timestamp() - rep.session["begun_at"] < 60


def test_a_session_from_before_begins_when_it_is_next_used(rep: Client) -> None:
    session = rep.session
    del session["begun_at"], session["renewed_at"]
    session.save()

    rep.get(PAGE)

    assert {"begun_at", "renewed_at"} < set(rep.session.keys())


def test_a_list_that_asks_for_itself_keeps_nobody_signed_in(rep: Client) -> None:
    ago(rep, renewed_at=timedelta(hours=11))

    rep.get("/inbox/?part=list")

    assert expires_in(rep) < timedelta(hours=1, minutes=1)


def test_pages_in_quick_succession_write_no_session(rep: Client) -> None:
    answer = rep.get(PAGE)

    assert "sessionid" not in answer.cookies
