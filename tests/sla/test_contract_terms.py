"""The page of a draft's terms: what stands around its promises, saved, listed as changes and printed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sla.forms.contract_terms import TermsForm
from sla.models import Commitment, ContractVersion
from sla.queries.contract_changes import Change, change_list
from sla.queries.contracts import fingerprint
from tests.factories import HOUR, NOON
from tests.sla.drafting import address, errors_on, put, signed_in

pytestmark = pytest.mark.django_db


def test_how_clocks_write_mail_is_part_of_the_terms(draft, seller):
    said = {"cool_down_minutes": "30", "daily_cap": "12", "seen_as": fingerprint(draft)}

    signed_in(seller).post(address("edit", draft), said)

    draft.refresh_from_db()
    assert draft.alerts == {"cool_down_minutes": 30, "daily_cap": 12, "quiet_hours": False}
    page = signed_in(seller).get(f"/contract/{draft.number}/").content.decode()
    assert "30 m between two about one clock, at most 12 a person and day, at any hour" in page


def test_the_terms_around_the_promises_are_saved(draft, seller, database_clock):
    database_clock.set(NOON)
    said = {"note": "Fewer, better leads.", "review_on": "2027-01-08", "agreed_fields": ["lead.email", "lead.phone"],
            "cap_hours": "45", "seen_as": fingerprint(draft)}  # fmt: skip

    answer = signed_in(seller).post(address("edit", draft), said)

    draft.refresh_from_db()
    assert (answer.status_code, draft.note, str(draft.review_on)) == (
        302,
        "Fewer, better leads.",
        "2027-01-08",
    )
    assert (draft.agreed_fields, draft.pause_rules) == (
        ["lead.email", "lead.phone"],
        {"reasons": [], "cap_hours": 45},
    )


@pytest.mark.parametrize(
    ("days", "status"), [(-1, 422), (0, 422), (1, 302), (4_000, 422), (-400, 302)], ids=str
)
def test_a_review_is_agreed_for_a_day_to_come_unless_it_stood_there(
    draft, seller, database_clock, days, status
):
    database_clock.set(NOON)
    ContractVersion.objects.filter(pk=draft.pk).update(review_on=NOON.date() - timedelta(days=400))
    said = {"review_on": str(NOON.date() + timedelta(days=days)), "seen_as": fingerprint(draft)}

    answer = signed_in(seller).post(address("edit", draft), said)

    assert (answer.status_code, errors_on(answer)) == (status, ["review_on"] if status == 422 else [])


def test_what_a_version_counts_is_drafted_listed_as_a_change_and_printed(draft, seller):
    said = {"bases": ["definition", "hand_raise"], "seen_as": fingerprint(draft)}

    signed_in(seller).post(address("edit", draft), said)

    draft.refresh_from_db()
    before = ContractVersion.objects.get(number=1)
    page = signed_in(seller).get(f"/contract/{draft.number}/").content.decode()
    assert draft.counting_rules == {"bases": ["definition", "hand_raise"]}
    assert change_list(draft, before)[0].now == "Definition, Hand raise"
    assert "counts Definition, Hand raise" in page


def test_the_next_review_is_listed_as_a_change(draft):
    draft.review_on = date(2027, 1, 8)

    changes = change_list(draft, ContractVersion.objects.get(number=1))

    assert [change for change in changes if change.name == "Next review"] == [
        Change("", "Next review", "", "8 Jan 2027")
    ]


def test_terms_saved_as_they_are_stay_as_they_are(draft, seller):
    ContractVersion.objects.filter(pk=draft.pk).update(counting_rules={"bases": ["list"]})
    draft.refresh_from_db()
    seen, form = fingerprint(draft), TermsForm(version=draft)

    signed_in(seller).post(
        address("edit", draft), {bound.name: bound.value() or "" for bound in form} | {"seen_as": seen}
    )

    draft.refresh_from_db()
    assert draft.counting_rules == {"bases": ["list"]}


def test_days_are_counted_anew_when_both_sides_are_to_read_them(draft, seller):
    put(seller, draft, kind="disposition", name="Outcome", target="2 days", calendar="team")
    Commitment.objects.filter(kind="disposition").update(target=HOUR)  # as if the hours had changed since

    signed_in(seller).post(address("propose", draft))

    assert draft.commitments.get(kind="disposition").target == 16 * HOUR


@pytest.mark.parametrize("spoilt", [[], "none", {"reasons": 7, "cap_hours": "5"}])
def test_rules_that_something_has_spoilt_are_shown_as_none_and_written_anew(draft, seller, spoilt):
    """F31"""
    ContractVersion.objects.filter(pk=draft.pk).update(pause_rules=spoilt, counting_rules=[], alerts=[])
    draft.refresh_from_db()
    client = signed_in(seller)

    page = client.get(address("edit", draft))
    answer = client.post(address("edit", draft), {"cap_hours": "45", "seen_as": fingerprint(draft)})

    draft.refresh_from_db()
    assert (page.status_code, answer.status_code) == (200, 302)
    assert draft.pause_rules == {"reasons": [], "cap_hours": 45}
    assert (draft.counting_rules, draft.alerts) == ({}, {"quiet_hours": False})
