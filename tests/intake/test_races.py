"""Imports that meet somebody who writes the same leads at the same moment (R23, R33)."""

from __future__ import annotations

import pytest

from accounts.models import User
from intake.models import ImportRun
from intake.services import runs, work
from intake.services.runs import Choice
from leads.models import Lead
from leads.services import leads, touches
from leads.services.touches import Interaction
from tests.factories import make_lead, make_marketer, make_touch_kind
from tests.intake.files import lines, load
from tests.threads import first_then_second

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"email": "maren@buyer.com", "first_name": "Maren"}


def started(by: User) -> ImportRun:
    content = lines("email,first_name,title", "maren@buyer.com,Maja,COO", "tom@buyer.com,Tom,CFO")
    run = runs.upload("leads.csv", content, by=by)
    runs.check(run, Choice(["email", "first_name", "title"]), by=by)
    work.work_on(run.pk)
    return runs.start(run, by=by)


def test_an_import_by_page_finds_the_lead_that_somebody_wrote_meanwhile() -> None:
    marketer = make_marketer()
    run = started(marketer)

    outcomes = first_then_second(
        lambda: leads.capture(PERSON, by=marketer).created, lambda: work.work_on(run.pk)
    )

    run.refresh_from_db()
    assert outcomes == [True, None]
    assert (run.status, run.report["created"], run.report["updated"]) == ("done", 1, 1)
    assert sorted(Lead.objects.values_list("first_name", "title")) == [("Maren", "COO"), ("Tom", "CFO")]


def test_an_import_by_command_finds_it_too() -> None:
    marketer = make_marketer()

    outcomes = first_then_second(
        lambda: leads.capture(PERSON, by=marketer).created,
        lambda: load("leads", "email,title", "maren@buyer.com,COO").counts["updated"],
    )

    assert outcomes == [True, 1]


def test_whoever_captures_a_lead_that_an_import_just_wrote_finds_it() -> None:
    """The import holds other locks, so the constraint says so first; nobody sees that."""
    marketer = make_marketer()

    outcomes = first_then_second(
        lambda: load("leads", "email,title", "maren@buyer.com,COO").counts["created"],
        lambda: leads.capture(PERSON, by=marketer).created,
    )

    assert outcomes == [1, False]
    assert list(Lead.objects.values_list("first_name", "title")) == [("Maren", "COO")]


def test_a_touch_that_an_import_just_wrote_is_known() -> None:
    lead, kind = make_lead(email="maren@buyer.com"), make_touch_kind("webinar")

    outcomes = first_then_second(
        lambda: load("touches", "external_id,email,kind,at", "t-1,maren@buyer.com,webinar,2026-01-01").counts[
            "created"
        ],
        lambda: touches.record(lead, Interaction(kind, external_id="t-1")).created,
    )

    assert outcomes == [1, False]
