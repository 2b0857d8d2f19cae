"""Pages of drafting and signing the contract: promises as people write them, and one editor at a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from sla.forms.contract import PromiseForm
from sla.forms.spans import read_span
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import fingerprint
from tests.factories import HOUR, make_calendar, make_member, make_person, make_team
from tests.sla.drafting import address, errors_on, put, signed_in
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db
DEMO_REQUEST = '{"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}'


def test_a_draft_opens_from_the_version_in_force_and_once(seller):
    make_contract(answer=HOUR)
    client = signed_in(seller)

    opened = [client.post(reverse("sla:contract-draft")).url for _ in range(2)]

    assert opened == ["/contract/2/edit/", "/contract/2/edit/"]
    assert list(ContractVersion.objects.get(number=2).commitments.values_list("target", flat=True)) == [HOUR]


@pytest.mark.parametrize(
    ("role", "team_role", "status"),
    [("operations", "", 200), ("admin", "", 200), ("", "marketing_manager", 200), ("", "marketing", 403),
     ("", "rep", 403), ("read_only", "", 403), ("read_only", "sales_manager", 403)],
)  # fmt: skip
def test_operations_and_managers_draft_and_nobody_else(draft, role, team_role, status):
    person = make_person(role=role)
    if team_role:
        make_member(make_team(), team_role, person=person)

    assert signed_in(person).get(address("edit", draft)).status_code == status
    assert put(person, draft).status_code == (302 if status == 200 else 403)


@pytest.mark.parametrize(
    ("text", "written"),
    [("4 h", "240m"), ("1 h 30 m", "90m"), ("45 min", "45m"), ("10 days", "10d"), ("1d", "1d"), (" 2 hours ", "120m")],
)  # fmt: skip
def test_time_is_read_as_people_write_it(text, written):
    assert read_span(text) == written


@pytest.mark.parametrize("text", ["", "soon", "4", "-1 h", "4 h 10 days"])
def test_what_is_not_time_is_refused(text):
    with pytest.raises(ValidationError):
        read_span(text)


def test_days_become_hours_of_the_calendar_and_both_are_shown(draft, seller):
    calendar = make_calendar()  # eight hours a day

    put(seller, draft, kind="disposition", name="Outcome", target="10 days", calendar=calendar.name)

    row = draft.commitments.get(kind="disposition")
    assert (row.target, row.target_days, row.side) == (timedelta(hours=80), 10, "sales")
    assert "10 days (80 h)" in signed_in(seller).get(address("edit", draft)).content.decode()


def test_a_promise_is_edited_in_its_place(draft, seller):
    row = draft.commitments.get()

    put(seller, draft, row, name="Answer at once", target="30 m", who="", segment=DEMO_REQUEST, warnings="60")

    row.refresh_from_db()
    assert (row.name, row.target, row.warnings, row.position) == ("Answer at once", HOUR / 2, [60], 0)
    assert row.segment == {"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}


def test_a_goal_is_typed_in_per_cent_with_or_without_its_sign(draft, seller):
    goals = []
    for typed in ("90", "92.5 %"):
        put(seller, draft, draft.commitments.get(), goal=typed)
        goals.append(draft.commitments.get().goal)

    assert goals == [Decimal("0.9"), Decimal("0.925")]


def test_ten_thousand_minutes_survive_being_opened_and_saved_a10(draft, seller):
    put(seller, draft, kind="take", target="10000 m")
    row = draft.commitments.get(kind="take")

    put(seller, draft, row, kind="take", target=PromiseForm.initial_of(row)["target"])

    assert draft.commitments.get(kind="take").target == timedelta(minutes=10_000)


def test_saving_a_promise_as_it_is_changes_nothing(draft, seller):
    rungs = {"rung_1_after": "1 h", "rung_1_to": "sales_manager", "rung_2_after": "4 h", "rung_2_do": "pool"}
    put(seller, draft, kind="follow_up", attempts="5", days="3", target="10 days", out_of_hours="2 h",
        warnings="50, 80", binds_up_to="8", calls="2", channels="2", **rungs)  # fmt: skip
    row = draft.commitments.select_related("calendar").get(kind="follow_up")
    before = fingerprint(draft)
    form = PromiseForm(initial=PromiseForm.initial_of(row), segments=[row.segment])

    answer = put(
        seller, draft, row, **{bound.name: bound.value() or "" for bound in form if bound.name != "seen_as"}
    )

    assert (answer.status_code, fingerprint(draft)) == (302, before)


def test_a_ladder_is_written_in_rows_and_stays_as_it_was_written(draft, seller):
    row = draft.commitments.get()
    Commitment.objects.filter(pk=row.pk).update(ladder=[{"after_hours": 1, "to": "sales_manager"}])
    rungs = {"rung_1_after": "1 h", "rung_1_do": "notify", "rung_1_to": "sales_manager"}

    put(seller, draft, row, **rungs)
    kept = draft.commitments.get().ladder
    put(seller, draft, row, **rungs, rung_2_after="1 h 30 m", rung_2_do="takeover")

    assert kept == [{"after_hours": 1, "to": "sales_manager"}]
    assert draft.commitments.get().ladder == [
        {"after": "60m", "do": "notify", "to": "sales_manager"},
        {"after": "90m", "do": "takeover"},
    ]
    page = signed_in(seller).get(address("promise", draft, row)).content.decode()
    assert 'value="1 h 30 m"' in page


@pytest.mark.parametrize(
    ("said", "fields"),
    [({"target": ""}, ["target"]), ({"target": "soon"}, ["target"]), ({"kind": "follow_up"}, ["attempts"]),
     ({"who": "", "segment": ""}, ["segment"]), ({"who": "", "segment": "{"}, ["segment"]),
     ({"who": "", "segment": '{"fact": "no.fact", "op": "exists"}'}, ["segment"]), ({"warnings": "120"}, ["warnings"]),
     ({"warnings": "half"}, ["warnings"]), ({"kind": "handover", "calendar": "team"}, ["calendar"]),
     ({"rung_1_after": "x"}, ["rung_1_after"]), ({"rung_1_after": "1 h"}, ["rung_1_to"]),
     ({"rung_1_do": "pool"}, ["rung_1_after"]), ({"rung_2_after": "0 h", "rung_2_to": "team"}, ["rung_2_after"]),
     ({"rung_1_after": "2 h", "rung_1_to": "team", "rung_3_after": "2 h", "rung_3_do": "pool"}, ["rung_3_after"]),
     ({"rung_1_after": "1 h", "rung_1_do": "shout", "rung_1_to": "team"}, ["rung_1_do"]),
     ({"kind": "handover", "rung_1_after": "1 h", "rung_1_do": "pool"}, ["rung_1_do"]),
     ({"goal": "101"}, ["goal"]), ({"out_of_hours": "2 days"}, ["out_of_hours"]),
     ({"who": "", "segment": "[" * 5_000}, ["segment"]),
     ({"kind": "volume", "period": "month", "amount": "0"}, ["amount"]),
     ({"kind": "pipeline", "period": "month", "amount": "-5"}, ["amount"]),
     ({"kind": "follow_up", "attempts": "5", "calls": "6"}, ["calls"]),
     ({"kind": "follow_up", "attempts": "5", "days": "6"}, ["days"]),
     ({"kind": "follow_up", "attempts": "9", "channels": "6"}, ["channels"])],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(draft, seller, said, fields):
    answer = put(seller, draft, **said)

    assert (answer.status_code, errors_on(answer)) == (422, fields)
    assert draft.commitments.count() == 1


def test_the_order_within_a_kind_changes_and_a_promise_goes(draft, seller):
    put(seller, draft, name="Second")
    first, second = draft.commitments.order_by("position")
    client = signed_in(seller)

    client.post(address("promise-move", draft, second), {"to": "up", "seen_as": fingerprint(draft)})
    moved = list(draft.commitments.order_by("position"))
    client.post(address("promise-remove", draft, first), {"seen_as": fingerprint(draft)})

    assert (moved, list(draft.commitments.all())) == ([second, first], [second])


def test_the_first_of_a_kind_moves_no_further(draft, seller):
    row = draft.commitments.get()

    signed_in(seller).post(address("promise-move", draft, row), {"to": "up", "seen_as": fingerprint(draft)})

    assert list(draft.commitments.values_list("position", flat=True)) == [0]


def test_removing_a_promise_asks_first_in_a_dialog_and_on_a_page(draft, seller):
    row, client = draft.commitments.get(), signed_in(seller)
    where = address("promise-remove", draft, row)

    link = f'href="{where}" hx-get="{where}" hx-target="#dialog"'
    assert link in client.get(address("edit", draft)).content.decode()
    dialog, page = client.get(where, headers={"HX-Request": "true"}), client.get(where)
    assert [b"<html" in answer.content for answer in (dialog, page)] == [False, True]
    assert all(f"Remove {row.name}".encode() in answer.content for answer in (dialog, page))
    assert all(fingerprint(draft).encode() in answer.content for answer in (dialog, page))
    assert draft.commitments.get() == row


def test_a_promise_that_is_gone_already_is_removed_once(draft, seller):
    where = address("promise-remove", draft, draft.commitments.get())
    said, client = {"seen_as": fingerprint(draft)}, signed_in(seller)

    answers = [client.post(where, said), client.post(where, said), client.get(where)]

    assert [answer.status_code for answer in answers] == [302, 409, 404]


def test_two_editors_do_not_overwrite_each_other(draft, seller):
    seen, row = fingerprint(draft), draft.commitments.get()
    put(seller, draft, row, target="2 h")

    late = [
        put(seller, draft, row, target="3 h", seen_as=seen),
        signed_in(seller).post(address("edit", draft), {"note": "Mine", "seen_as": seen}),
        signed_in(seller).post(address("promise-remove", draft, row), {"seen_as": seen}),
        signed_in(seller).post(address("promise-move", draft, row), {"to": "up", "seen_as": seen}),
    ]

    row.refresh_from_db()
    draft.refresh_from_db()
    assert [answer.status_code for answer in late] == [409] * 4
    assert (row.target, draft.note) == (2 * HOUR, "")


def test_a_brief_is_promised_before_the_launch_and_by_the_quarter(draft, seller):
    said = {"kind": "brief", "name": "Brief", "target": "5 days", "calendar": "24x7", "goal": "90"}
    put(seller, draft, period="quarter", **said)

    page = signed_in(seller).get(f"/contract/{draft.number}/").content.decode()

    assert "before launch" in page
    assert "90% in time, by the quarter" in page


def test_what_is_proposed_is_edited_no_more(draft, seller):
    proposed = signed_in(seller).post(address("propose", draft))

    answers = [signed_in(seller).get(address("edit", draft)), put(seller, draft)]

    assert (proposed.url, [answer.status_code for answer in answers]) == (
        "/contract/2/amendment/",
        [409, 409],
    )


def test_what_the_state_of_a_version_refuses_leads_to_that_version(draft, seller):
    client, row, seen = signed_in(seller), draft.commitments.get(), fingerprint(draft)
    put(seller, draft, row, target="2 h")
    changed = client.post(address("edit", draft), {"note": "Mine", "seen_as": seen})
    client.post(address("propose", draft))
    proposed = [client.get(address("edit", draft)), client.get(address("promise-remove", draft, row)),
                client.post(address("propose", draft))]  # fmt: skip

    for answer, leads_to in [(changed, "edit"), *((one, "amendment") for one in proposed)]:
        assert answer.status_code == 409
        link = f'<a class="btn primary" href="{address(leads_to, draft)}">Show it as it is now</a>'
        assert link in answer.content.decode()
