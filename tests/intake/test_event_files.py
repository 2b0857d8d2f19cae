"""Importing events: order, implied steps, refusals, and that twice changes nothing (surfaces section 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Team, User
from common.models import Outbox
from leads.models import (
    Assignment,
    Attempt,
    AttributeChange,
    Company,
    Deal,
    DealLead,
    EventNote,
    ExternalId,
    Handoff,
    Lead,
    LeadEvent,
    Qualification,
    Reason,
)
from tests.factories import make_member, make_person, make_reason, make_team
from tests.intake.events import HEADER, T0, events, journal, known_leads, lead, row
from tests.intake.files import load, reasons, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def leads() -> None:
    known_leads()


def test_one_event_brings_the_steps_it_implies_marked_and_at_its_time() -> None:
    report = events(row("1", "qualified", 0, actor="Moses Frase", team="Central", amount="900", deal="D1"))

    handoff = Handoff.objects.get()
    rows = LeadEvent.objects.filter(handoff=handoff)
    assert report.counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    assert journal() == "(mql) (offered) (accepted) qualified"
    assert set(rows.values_list("at", "historic")) == {(T0, True)}
    assert (handoff.offer_implied, handoff.answer_implied, handoff.qualify_implied) == (True, True, False)
    assert (handoff.offered_at, handoff.accepted_at, handoff.qualified_at) == (T0, T0, T0)
    assert (str(handoff.team), str(handoff.holder), lead().stage) == (
        "Central",
        "Moses Frase",
        "sales_qualified",
    )
    assert list(Qualification.objects.values_list("basis", "implied", "at", "version")) == [
        ("import", True, T0, None)
    ]


def test_rows_apply_in_the_order_of_time_then_line() -> None:
    report = events(
        row("1", "won", 9, amount="1200"),
        row("1", "accepted", 2, actor="Lena Vogt"),
        row("1", "offered", 1),
        row("1", "mql", 1),
        row("1", "qualified", 5),
    )

    assert report.counts == {"created": 4, "updated": 0, "unchanged": 1, "refused": 0}
    assert journal() == "(mql) offered accepted qualified won"


def test_twice_changes_nothing_not_even_implied_steps() -> None:
    rows = [
        row("1", "accepted", 1, actor="Lena Vogt", team="Central"),
        row("1", "offered", 1),
        row("1", "contacted", 2, actor="Lena Vogt", note="asked for prices"),
        row("1", "won", 8, amount="1200", deal="D1"),
        row("1", "won", 8, amount="1200", deal="D1"),
        row("2", "attempted", 3),
        row("2", "rejected", 4, reason="No budget"),
    ]
    first = events(*rows)
    before = [list(model.objects.order_by("pk").values()) for model in STORED]

    second = events(*rows)

    assert first.counts == {"created": 4, "updated": 0, "unchanged": 2, "refused": 1}
    assert second.counts == {"created": 0, "updated": 0, "unchanged": 6, "refused": 1}
    assert [list(model.objects.order_by("pk").values()) for model in STORED] == before


STORED = (
    Lead,
    Handoff,
    Assignment,
    Attempt,
    Deal,
    DealLead,
    LeadEvent,
    EventNote,
    Qualification,
    ExternalId,
    Company,
)


def test_an_event_before_the_leads_last_is_refused() -> None:
    events(row("1", "accepted", 5))

    report = events(row("1", "attempted", 4), row("1", "attempted", 5), row("1", "accepted", 5))

    assert refusals(report) == [(2, "at", (T0 + timedelta(days=4)).isoformat())]
    assert reasons(report) == ["This lead has a later event already, at 2025-03-08T00:00:00Z."]
    assert report.counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ("offered", "offered"),
        ("offered", "mql"),
        ("accepted", "accepted"),
        ("accepted", "rejected"),
        ("accepted", "returned"),
        ("accepted", "resupplied"),
        ("accepted", "withdrawn"),
        ("accepted", "redirected"),
        ("contacted", "rejected"),
        ("qualified", "accepted"),
        ("qualified", "qualified"),
        ("passed", "passed"),
    ],
)
def test_states_bind_history(before: str, event: str) -> None:
    events(row("1", before, 1))
    told = journal()

    report = events(row("1", event, 2))

    assert refusals(report) == [(2, "event", event)]
    assert journal() == told


def test_roles_attempts_and_notes_do_not_bind_history() -> None:
    make_reason("disqualify", "unable_to_reach", minimum_attempts=5, note_required=True)
    make_person("Priya Raman")

    report = events(row("1", "disqualified", 1, actor="Priya Raman", reason="unable to reach"), create="")

    assert report.counts["created"] == 1
    assert str(Handoff.objects.get().reason) == "Unable_to_reach"


def test_after_a_closed_cycle_a_new_one_opens_and_wakes_the_lead() -> None:
    events(row("1", "recycled", 1), row("1", "accepted", 2), row("1", "lost", 3), row("1", "offered", 4))

    cycles = Handoff.objects.order_by("cycle")
    assert list(cycles.values_list("cycle", "status")) == [(1, "recycled"), (2, "lost"), (3, "offered")]
    assert journal() == (
        "(mql) (offered) (accepted) recycled (woken) (mql) (offered) accepted (qualified) lost (woken) (mql) offered"
    )


def test_a_customer_is_offered_again_as_expansion() -> None:
    events(row("1", "won", 1, amount="10"), row("1", "offered", 5))

    second = Handoff.objects.get(cycle=2)
    assert (second.status, second.motion, lead().stage) == ("offered", "expansion", "customer")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lead_external_id", "forged"),
        ("event", "kidnapped"),
        ("at", "31/11/2025"),
        ("at", "2999-01-01"),
        ("at", ""),
        ("actor", "Nobody Known"),
        ("team", "No Such Team"),
        ("reason", "No such reason"),
        ("amount", "12.50 EUR"),
        ("currency", "euro"),
        ("deal_kind", "barter"),
        ("deal", "x" * 201),
    ],
)
def test_a_wrong_cell_is_refused_at_its_place(column: str, value: str) -> None:
    cells = dict(zip(HEADER.split(","), row("1", "lost", 1).split(","), strict=True)) | {column: value}

    report = events(",".join(cells.values()), row("2", "lost", 1), create="")

    assert refusals(report) == [(2, column, value[:200])]
    assert report.counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}


def test_the_team_is_the_actors_where_none_is_named() -> None:
    team = make_team("Central")
    rep = make_member(team, name="Lena Vogt")
    make_member(make_team(function="demand"), "marketing", name="Priya Raman")

    events(
        row("1", "accepted", 1, actor=rep.email),
        row("2", "offered", 1, actor="Priya Raman"),
        row("2", "accepted", 2, actor="Lena Vogt"),
        create="",
    )  # fmt: skip

    assert list(Handoff.objects.order_by("lead_id").values_list("team", "holder")) == [
        (team.pk, rep.pk),
        (team.pk, rep.pk),
    ]


def test_who_does_what_a_holder_does_holds_the_cycle() -> None:
    events(row("1", "accepted", 1, team="Central"), row("1", "qualified", 2, actor="Lena Vogt"))

    handoff = Handoff.objects.get()
    spans = handoff.assignments.order_by("id").values_list("person__name", "ended")
    assert str(handoff.holder) == "Lena Vogt"
    assert list(spans) == [(None, "claimed"), ("Lena Vogt", "")]


def test_an_attempt_accepts_counts_at_its_own_time_and_says_whether_contact_was_made() -> None:
    events(
        row("1", "attempted", 1, actor="Lena Vogt", note="left word"),
        row("1", "contacted", 2, actor="Lena Vogt"),
    )

    handoff = Handoff.objects.get()
    assert journal() == "(mql) (offered) accepted attempted contacted"
    assert (handoff.answer_implied, handoff.first_response_at, handoff.attempts_count) == (
        False,
        T0 + timedelta(1),
        2,
    )
    tried = Attempt.objects.order_by("at").values_list(
        "channel", "direction", "contact", "origin", "note", "by__name"
    )
    assert list(tried) == [
        ("unknown", "outbound", False, "history", "left word", "Lena Vogt"),
        ("unknown", "outbound", True, "history", "", "Lena Vogt"),
    ]


def test_notes_stand_beside_the_journal_and_reasons_nobody_catalogues_are_kept_in_them() -> None:
    events(
        row("1", "accepted", 1, note="Met at the fair", reason="good fit"),
        row("1", "disqualified", 2, note="Gone"),
    )

    notes = EventNote.objects.order_by("event").values_list("event__kind", "text")
    assert list(notes) == [("accepted", "good fit\nMet at the fair"), ("disqualified", "Gone")]
    assert all("note" not in row.data for row in LeadEvent.objects.all())


def test_reasons_are_found_by_key_or_label_and_made_where_allowed() -> None:
    known = make_reason("reject", "no_fit", next_step="close")

    events(
        row("1", "rejected", 1, reason="No-fit"),
        row("2", "rejected", 1, reason="Wrong number"),
        create="reasons",
    )

    made = Reason.objects.get(key="wrong_number")
    assert (made.verb, made.label, made.next_step, made.counts_against) == (
        "reject",
        "Wrong number",
        "nurture",
        "nobody",
    )
    assert list(Handoff.objects.order_by("lead_id").values_list("reason", flat=True)) == [known.pk, made.pk]
    assert [lead("1").stage, lead("2").stage] == ["disqualified", "recycled"]


def test_an_event_before_an_assumed_creation_moves_it_and_a_given_one_stays() -> None:
    load("leads", "external_id,title", "new,Plant lead")

    events(row("new", "accepted", 0), row("1", "accepted", -300))

    assert lead("new").created_at == T0
    assert AttributeChange.objects.filter(lead=lead("new"), at=T0).count() == 0  # told later, so known later
    assert lead("1").created_at == datetime(2025, 1, 1, tzinfo=UTC)


def test_values_that_came_with_a_lead_move_with_its_creation() -> None:
    load("leads", "external_id,title", "later,Plant lead")

    events(row("later", "accepted", 0))

    assert AttributeChange.objects.get(lead=lead("later")).at == T0


def test_passing_and_sending_back_keep_the_setter() -> None:
    report = events(
        row("1", "qualified", 1, actor="Kofi Mensah", team="Setters"),
        row("1", "taken", 2, actor="Rachel Stein", team="Closers"),
        row("1", "sent_back", 3, actor="Rachel Stein", team="Closers", reason="No authority"),
    )

    handoff = Handoff.objects.get()
    assert report.counts["created"] == 3
    assert journal() == "(mql) (offered) (accepted) qualified (passed) taken sent_back"
    assert (str(handoff.team), str(handoff.holder), handoff.status) == ("Setters", "Kofi Mensah", "accepted")
    assert list(
        handoff.assignments.order_by("id").values_list("part", "team__name", "person__name", "ended")
    ) == [
        ("setter", "Setters", None, "answered"),
        ("setter", "Setters", "Kofi Mensah", "passed"),
        ("closer", "Closers", "Rachel Stein", "sent_back"),
        ("setter", "Setters", "Kofi Mensah", ""),
    ]


def test_the_third_redirect_goes_to_the_manager_also_twice() -> None:
    manager = make_member(make_team("C"), "sales_manager")
    rows = [row("1", "redirected", day, team=team) for day, team in enumerate("ABCD", start=1)]

    events(*rows)
    again = events(*rows)

    handoff = Handoff.objects.get()
    assert (handoff.redirects, handoff.holder) == (3, None)
    assert again.counts["unchanged"] + again.counts["refused"] == 4
    assert manager is not None


def test_nobody_is_told_and_nobody_is_judged() -> None:
    events(row("1", "won", 1, amount="5"), row("2", "rejected", 1))

    assert Outbox.objects.count() == 0
    assert set(Qualification.objects.values_list("basis", flat=True)) == {"import"}


def test_a_dry_run_writes_nothing() -> None:
    before = LeadEvent.objects.count()

    report = events(
        row("1", "won", 1, actor="Lena Vogt", team="Central"), row("1", "accepted", 2), dry_run=True
    )

    assert report.counts == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert LeadEvent.objects.count() == before
    assert [model.objects.count() for model in (Handoff, Team, User)] == [0, 0, 0]
