"""The table of events and clocks, cell by cell, as the domain prints it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sla.engine import clock as clocks
from sla.engine.clock import Status
from sla.engine.effort import Attempt
from sla.engine.entry import Choice, Entry
from sla.engine.reading import Place
from sla.engine.table import ON_QUALIFICATION, TABLE, Kind
from tests.sla.hours import HOUR, moment
from tests.sla.pages import (
    HANDOFF,
    HOURS,
    LEAD,
    OTHER_REP,
    OTHER_TEAM,
    QUALIFICATION,
    REP,
    TEAM,
    OnePromiseEach,
    happens,
    make_book,
    make_cycle,
)

COLUMNS = (
    "handover",
    "answer",
    "first_response",
    "rework",
    "follow_up",
    "disposition",
    "buyer_wait",
    "take",
    "re_response",
    "meeting",
)
# S start or new round, E end, P pause, R resume, X cancel, X S cancel and a new round, C recompute,
# n one attempt counted, - nothing. The first six columns are the table of domain section 5, the others its prose.
CELLS = """
mql                         S   -   -   -   -   -    S   -   -   -
set_aside                   X   -   -   -   -   -    X   -   -   -
offered                     E   S   S   -   -   -    -   -   -   -
claimed                     -   -   -   -   -   -    -   -   -   -
reassigned                  -   -   -   -   -   -    -   -   -   -
redirected                  -   XS  -   -   -   -    -   -   -   -
redirected_elsewhere        -   XS  C   -   -   -    -   -   C   -
returned                    -   P   P   S   -   -    -   -   -   -
returned_hand_raise         -   P   -   S   -   -    -   -   -   -
resupplied                  -   R   R   E   -   -    -   -   -   -
accepted                    -   E   -   X   S   S    -   -   -   -
rejected_to_fix             S   E   X   X   -   -    -   X   X   X
rejected_to_nurture         -   E   X   X   -   -    X   X   X   X
rejected_and_closed         -   E   X   X   -   -    X   X   X   X
withdrawn                   S   X   X   E   -   -    -   X   X   X
attempted                   -   -   E   -   n   -    E   -   E   -
attempted_nth               -   -   E   -   E   -    E   -   E   -
meeting_booked              -   -   E   -   E   -    E   -   E   -
contacted                   -   -   E   -   E   -    E   -   E   -
qualified                   -   -   -   -   E   E    -   -   -   -
disqualified                -   -   X   -   X   E    X   X   X   X
recycled                    -   -   X   -   X   E    X   X   X   X
passed                      -   -   -   -   -   -    -   S   -   -
taken                       -   -   -   -   -   -    -   E   -   -
sent_back                   -   -   -   -   -   S    -   E   -   -
won                         -   X   X   X   X   E    -   X   X   X
lost                        -   X   X   X   X   E    X   X   X   X
reassigned_elsewhere        -   C   C   -   C   C    -   C   C   -
paused                      -   P   P   -   P   P    -   -   -   -
resumed                     -   R   R   -   R   R    -   -   -   -
raised_again                -   -   -   -   -   -    -   -   S   -
merged                      X   X   X   X   X   X    X   X   X   X
anonymised                  X   X   X   X   X   X    X   X   X   X
reopened_rejection          E   S   S   -   -   -    -   -   -   -
reopened_disqualification   E   -   -   -   -   S    -   -   -   -
reopened_win                E   -   -   -   -   -    -   -   -   -
created                     -   -   -   -   -   -    -   -   -   -
woken                       -   -   -   -   -   -    -   -   -   -
booked                      -   -   -   -   -   -    -   -   -   S
booked_by_buyer             -   -   E   -   E   -    E   -   E   S
moved                       -   -   -   -   -   -    -   -   -   XS
moved_by_buyer              -   -   E   -   E   -    E   -   E   XS
held                        -   -   -   -   -   -    -   -   -   E
no_show                     -   -   -   -   -   -    -   -   -   X
called_off                  -   -   -   -   -   -    -   -   -   X
"""
AT = "tue 09:00"
EVENTS = {
    "claimed": ("claimed", {"person": REP}),
    "reassigned": ("reassigned", {"from_team": TEAM, "team": TEAM, "person": OTHER_REP}),
    "reassigned_elsewhere": ("reassigned", {"from_team": TEAM, "team": OTHER_TEAM, "person": OTHER_REP}),
    "redirected": ("redirected", {"from_team": TEAM, "team": TEAM, "person": OTHER_REP}),
    "redirected_elsewhere": ("redirected", {"from_team": TEAM, "team": OTHER_TEAM, "person": OTHER_REP}),
    "returned_hand_raise": ("returned", {}),
    "rejected_to_fix": ("rejected", {"next_step": "fix"}),
    "rejected_to_nurture": ("rejected", {"next_step": "nurture"}),
    "rejected_and_closed": ("rejected", {"next_step": "close"}),
    "attempted": ("attempted", {"channel": "call", "outcome": "no_answer"}),
    "attempted_nth": ("attempted", {"channel": "call", "outcome": "no_answer"}),
    "meeting_booked": ("attempted", {"channel": "call", "outcome": "meeting_booked"}),
    "booked": ("booked", {"starts_at": "2026-06-05T10:00:00+00:00"}),
    "booked_by_buyer": ("booked", {"starts_at": "2026-06-05T10:00:00+00:00", "booked_by": "buyer"}),
    "moved": ("moved", {"starts_at": "2026-06-05T10:00:00+00:00"}),
    "moved_by_buyer": ("moved", {"starts_at": "2026-06-05T10:00:00+00:00", "booked_by": "buyer"}),
    "passed": ("passed", {"team": OTHER_TEAM, "person": OTHER_REP}),
    "reopened_rejection": ("reopened", {"status": "offered", "team": TEAM, "person": REP}),
    "reopened_disqualification": ("reopened", {"status": "accepted", "team": TEAM, "person": REP}),
    "reopened_win": ("reopened", {"status": "qualified", "team": TEAM, "person": REP}),
}
FOLLOWED = {
    "reopened_rejection": "rejected",
    "reopened_disqualification": "disqualified",
    "reopened_win": "won",
}
ROWS = {line.split()[0]: line.split()[1:] for line in CELLS.strip().splitlines()}
CASES = [(row, kind, cell) for row, cells in ROWS.items() for kind, cell in zip(COLUMNS, cells, strict=True)]


def clock_before(kind: str, cell: str) -> Entry:
    """A clock of this kind as the event finds it: running, or paused where it shall resume."""
    state = clocks.start(HOURS[TEAM].calendar, 100 * HOUR, moment("mon 09:00"), needed=2)
    if cell == "R":
        hold = "hand" if kind in ("follow_up", "disposition") else "return"
        state = clocks.pause(state, moment("mon 10:00"), hold)
    on_qualification = Kind(kind) in ON_QUALIFICATION
    return Entry(
        lead=LEAD, handoff=None if on_qualification else HANDOFF,
        qualification=QUALIFICATION if on_qualification else None, kind=Kind(kind), round=1, state=state,
        choice=Choice(1, HOURS[TEAM], 100 * HOUR, effort=OnePromiseEach().effort), place=Place(TEAM, REP), pk=1,
    )  # fmt: skip


def effect(before: clocks.ClockState, entry: Entry, started: bool) -> str:
    """What happened, in the letters of the table."""
    after, said = entry.state, [line.kind for line in entry.lines]
    new = "S" if started else ""
    if after.status is Status.MET:
        return "E" + new
    if after.status is Status.CANCELLED:
        return "X" + new
    if said == ["recomputed"]:
        return "C" + new
    if said == ["counted"] and after.progress == before.progress + 1:
        return "n" + new
    changed = {("running", "paused"): "P", ("paused", "running"): "R"}
    return changed.get((before.status.value, after.status.value), "") + new or "-"


@pytest.mark.parametrize(("row", "kind", "cell"), CASES, ids=[f"{row}-{kind}" for row, kind, _ in CASES])
def test_each_event_does_to_each_clock_what_the_table_says(row, kind, cell):
    attempts = [Attempt(moment("mon 12:00"))] if row == "attempted_nth" else []
    cycle = make_cycle(
        hand_raise=row == "returned_hand_raise", followed=FOLLOWED.get(row, ""), attempts=attempts
    )
    entry = clock_before(kind, cell)
    if row == "resumed" and cell == "R":
        entry.state = clocks.pause(clock_before(kind, "-").state, moment("mon 10:00"), "hand")
    before, book = entry.state, make_book(cycle=cycle)
    book._by_lead[LEAD].append(entry)
    name, data = EVENTS.get(row, (row, {}))

    book.apply(happens(name, AT, **data))

    rounds = [found for found in book.entries() if found.kind is Kind(kind)]
    expected = (
        "-" if (cell, kind) == ("S", "buyer_wait") else cell
    )  # one round only; its start has its own test
    assert effect(before, rounds[0], len(rounds) == 2) == expected


def test_every_row_of_the_code_is_a_row_of_this_table():
    """`accepted by a booking` is the one row that the domain tells in prose alone; it has its own tests."""
    said = {
        "reassigned to another team", "redirected to another team", "returned while a hand raise waits",
        "rejected to fix", "rejected for good", "reopened as an offer", "reopened as accepted", "reopened",
        "accepted by a booking", "booked by the buyer", "moved by the buyer",
    }  # fmt: skip

    assert set(TABLE) == (set(ROWS) & set(TABLE)) | said


def test_events_that_are_in_no_row_do_nothing():
    book = make_book(happens("mql"), happens("offered"))
    before = [entry.state for entry in book.entries()]

    for kind in ("created", "woken", "commented"):
        book.apply(happens(kind, AT))

    assert [entry.state for entry in book.entries()] == before


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_clock_that_ended_is_touched_by_nothing(kind):
    entry = clock_before(kind, "-")
    entry.state = ended = clocks.stop(entry.state, moment("mon 10:00"))
    book = make_book()
    book._by_lead[LEAD].append(entry)

    for row in ROWS:
        name, data = EVENTS.get(row, (row, {}))
        book.apply(happens(name, AT, **data))

    assert entry.state == ended


@pytest.mark.parametrize("kind", COLUMNS)
def test_what_is_due_before_any_event_is_breached_at_its_due_moment(kind):
    """Rule 16, and the row `due_at passes` of the table."""
    entry = clock_before(kind, "-")
    book = make_book()
    book._by_lead[LEAD].append(entry)

    book.apply(happens("claimed", "+tue 09:00", person=REP))

    assert (entry.state.status, entry.miss.at) == (
        Status.BREACHED,
        moment("mon 09:00") + timedelta(hours=100),
    )


@pytest.mark.parametrize("row", ["paused", "returned", "reassigned_elsewhere"])
def test_a_missed_clock_is_not_paused_moved_or_resumed(row):
    """Rule 15: its end alone may be filled in."""
    entry = clock_before("answer", "-")
    book = make_book()
    book._by_lead[LEAD].append(entry)
    name, data = EVENTS.get(row, (row, {}))

    book.apply(happens(name, "+tue 09:00", **data))

    assert [line.kind for line in entry.lines] == ["warned", "warned", "breached"]
