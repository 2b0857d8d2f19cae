"""Each kind of promise has its own fields; what was left in those of another kind is not saved."""

from __future__ import annotations

import pytest
from django.test import Client

from sla.forms.contract import PromiseForm
from sla.models import Commitment
from sla.queries.contracts import fingerprint
from sla.services import contracts
from tests.factories import HOUR, NOON, make_member, make_team
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "has"),
    [
        ("answer", "has-clock has-goal has-timed has-whom"),
        ("follow_up", "has-clock has-follow has-goal has-timed has-whom"),
        ("volume", "has-amount has-whom"),
        ("quality", "has-goal has-whom"),
        ("brief", "has-goal has-timed"),
        ("brief_read", "has-goal"),
    ],
)
def test_every_kind_says_which_fields_it_has(kind, has):
    page = str(PromiseForm()["kind"])

    assert f'<option value="{kind}" class="{has}">' in page


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        ("take", ["name", "target"]),
        ("follow_up", ["attempts", "name", "target"]),
        ("handover", ["calendar", "name", "target"]),
        ("volume", ["amount", "name", "period"]),
        ("quality", ["goal", "name", "period"]),
        ("brief", ["calendar", "goal", "name", "period", "target"]),
        ("brief_read", ["goal", "name", "period"]),
    ],
)
def test_all_that_a_kind_lacks_is_said_at_once_and_no_promise_that_nothing_judges_is_saved(kind, lacks):
    form = PromiseForm({"kind": kind, "who": '{"all": []}', "calendar": "team"})

    assert sorted(form.errors) == lacks


def test_what_was_left_in_the_fields_of_another_kind_is_not_saved():
    make_contract(answer=HOUR)
    seller = make_member(make_team(), "sales_manager")
    draft, client = contracts.draft(by=seller, at=NOON), Client()
    client.force_login(seller)

    client.post(f"/contract/{draft.number}/edit/promises/new/", {
        "seen_as": fingerprint(draft), "kind": "volume", "name": "Volume", "who": '{"all": []}', "amount": "240",
        "period": "month", "target": "4 h", "calendar": "24x7", "goal": "90", "attempts": "3", "warnings": "60",
        "rung_1_after": "1 h", "rung_1_do": "notify",
    })  # fmt: skip

    saved = Commitment.objects.get(kind="volume")
    assert (saved.amount, saved.period, saved.target, saved.goal, saved.attempts) == (
        240,
        "month",
        None,
        None,
        None,
    )
    assert (saved.warnings, saved.ladder) == ([], [])
