"""What a browser is shown after an act: the next lead in the inbox, else the page it came from."""

from __future__ import annotations

import json

import pytest

from tests.desk.acting import url
from tests.desk.world import HTMX, IN_INBOX, World, as_user

pytestmark = pytest.mark.django_db


def test_in_the_inbox_accepting_shows_the_next_lead_the_list_and_what_is_due(world: World) -> None:
    handoff, following = world.offer(to=world.rep), world.offer(to=world.rep)

    answer = as_user(world.rep).post(url(handoff, "accept"), **IN_INBOX)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Replace-Url"] == f"/inbox/?view=answer&lead={following.lead.public_id}"
    said = json.loads(answer["HX-Trigger"])
    assert said["toast"] == {"text": "Accepted. First response due tomorrow 10:00."}
    assert (said["counts"]["inbox"], said["counts"]["today"]) == (1, 2)
    assert url(following, "accept") in shown
    assert f"item-{handoff.public_id}" not in shown
    assert shown.count('id="inbox-list"') == 1
    assert 'hx-swap-oob="morph"' in shown


def test_elsewhere_the_page_is_shown_anew(world: World) -> None:
    handoff = world.offer(to=world.rep)
    today = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver/today/?x=1"}

    answer = as_user(world.rep).post(url(handoff, "accept"), **today)

    assert answer["HX-Redirect"] == "/today/?x=1"


def test_a_page_of_another_site_is_never_returned_to(world: World) -> None:
    handoff = world.offer(to=world.rep)
    evil = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver//evil.example/"}

    answer = as_user(world.rep).post(url(handoff, "accept"), **evil)

    assert answer["HX-Redirect"] == f"/leads/{handoff.lead.public_id}/"
