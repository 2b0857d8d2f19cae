"""The ladder in the database: each rung once, in order, at its own instant, and nothing after the answer."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import Outbox
from leads.models import Handoff
from sla.models import Breach, Commitment, Escalation
from sla.queries import sweep_health
from sla.services import clocks, excuses, invariants
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_handoff, make_member, make_team
from tests.sla.makers import clock_of, draft, happens, promise, sign
from tests.threads import at_once

pytestmark = pytest.mark.django_db
THREE = [
    {"after": "1h", "to": "sales_manager"},
    {"after_hours": 2, "to": "both_managers"},
    {"after": "4h", "to": "admin"},
]
DUE = NOON + HOUR


def make_ladder(said=THREE, kind="answer", **fields) -> Commitment:
    version = draft()
    made = promise(version, kind, HOUR, ladder=said, **fields)
    sign(version)
    return made


def offered(**fields) -> Handoff:
    handoff = make_handoff(**fields)
    happens("offered", handoff, NOON)
    return handoff


def rungs() -> list[tuple]:
    return list(Escalation.objects.order_by("pk").values_list("rung", "at", "silent", "done"))


def told() -> list[int]:
    return [row.payload["rung"] for row in Outbox.objects.filter(topic="clock.escalated").order_by("pk")]


def test_each_rung_is_climbed_at_its_own_instant_in_order_and_once(database_clock):
    """R2, R6."""
    make_ladder()
    offered()
    seen = []

    for minutes in range(0, 420, 30):
        database_clock.set(NOON + minutes * MINUTE + MINUTE)
        clocks.sweep()
        seen.append(Escalation.objects.count())

    assert rungs() == [
        (1, DUE + HOUR, False, True),
        (2, DUE + 2 * HOUR, False, True),
        (3, DUE + 4 * HOUR, False, True),
    ]
    assert (told(), seen) == ([1, 2, 3], [0] * 4 + [1] * 2 + [2] * 4 + [3] * 4)
    assert Breach.objects.values_list("rungs", "rung_at").get() == (3, None)


def test_one_microsecond_before_its_instant_no_rung_is_climbed(database_clock):
    make_ladder()
    offered()
    clocks.breach_overdue(DUE + MINUTE)
    clocks.climb(DUE + MINUTE)

    assert (clocks.climb(DUE + HOUR - MINUTE / 60_000_000), clocks.climb(DUE + HOUR)) == (0, 1)


def test_after_an_outage_all_rungs_are_recorded_and_the_highest_is_told(database_clock):
    """R6: three rungs in one sweep."""
    make_ladder()
    handoff = offered()
    database_clock.set(DUE + 9 * HOUR)

    swept = clocks.sweep()

    assert [(rung, silent) for rung, _, silent, _ in rungs()] == [(1, True), (2, True), (3, False)]
    assert (swept.breached, swept.climbed, told()) == (1, 1, [3])
    lines = clock_of(handoff, "answer").log.filter(kind="escalated").order_by("pk").values_list("at", "data")
    assert lines[0] == (DUE + HOUR, {"rung": 1, "do": "notify", "to": "sales_manager", "silent": True})


def test_nothing_is_climbed_once_it_was_answered(database_clock):
    """R7."""
    make_ladder()
    handoff = offered()
    clocks.breach_overdue(DUE + MINUTE)
    happens("accepted", handoff, DUE + 2 * MINUTE)
    database_clock.set(DUE + 9 * HOUR)

    clocks.sweep()

    assert (rungs(), Breach.objects.get().rung_at) == ([], None)


def test_a_miss_that_an_event_found_has_its_ladder_too(database_clock):
    """Rule 16: the clock was breached by what happened to the lead, before any sweep."""
    make_ladder(kind="disposition")
    handoff = make_handoff("accepted")
    happens("accepted", handoff, NOON)
    happens("attempted", handoff, DUE + MINUTE)
    database_clock.set(DUE + HOUR)

    clocks.sweep()

    assert [rung for rung, *_ in rungs()] == [1]


@pytest.mark.parametrize("fields", [{"historic": True}, {"by_recalculation": True}])
def test_history_and_corrections_have_no_ladder(fields):
    make_ladder()
    offered()
    clocks.breach_overdue(DUE + MINUTE)
    Breach.objects.update(**fields)

    clocks.climb(DUE + 9 * HOUR)

    assert (rungs(), Breach.objects.get().rung_at) == ([], None)


def test_imported_history_climbs_nothing(database_clock):
    make_ladder()
    handoff = make_handoff()
    happens("offered", handoff, NOON, historic=True, recorded_at=DUE + 5 * HOUR)
    database_clock.set(DUE + 9 * HOUR)

    clocks.sweep()

    assert (Breach.objects.get().historic, rungs()) == (True, [])


def test_a_promise_without_a_ladder_costs_nothing_more():
    make_ladder([])
    offered()

    clocks.breach_overdue(DUE + MINUTE)

    assert Breach.objects.get().rung_at is None


def test_replaying_is_not_disturbed_by_the_ladder(database_clock):
    """Rule 1."""
    make_ladder()
    offered()
    database_clock.set(DUE + 9 * HOUR)
    clocks.sweep()

    assert (clocks.replay().differs, invariants.broken()) == (0, {})


def test_the_ladder_takes_the_same_statements_for_one_miss_and_for_twenty():
    make_ladder()
    offered()
    clocks.breach_overdue(DUE + MINUTE)
    with CaptureQueriesContext(connection) as one:
        clocks.climb(DUE + HOUR)
    for _ in range(20):
        offered()
    clocks.breach_overdue(DUE + MINUTE)

    with CaptureQueriesContext(connection) as twenty:
        clocks.climb(DUE + HOUR)

    assert (len(one), Escalation.objects.count()) == (len(twenty), 21)


def test_an_idle_ladder_is_one_probe_of_its_index():
    make_ladder()
    offered()
    with CaptureQueriesContext(connection) as queries:
        clocks.climb(DUE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert (len(queries), "breach_rung_due" in plan) == (1, True)


SPOILT = {
    "no time": [{"after": "soon"}],
    "an object": {"after": "1h"},
    "a word": "4h",
    "nothing": [None],
    "nobody": [{"after": "1h", "to": "the moon"}],
    "a moving word": [{"after": "1h", "do": ["pool"]}],
}


@pytest.mark.parametrize("said", SPOILT.values(), ids=SPOILT.keys())
def test_a_ladder_that_makes_no_sense_is_parked_and_the_others_go_on(said, database_clock):
    """R20, F31: parked with its reason, admins told once, and never a crash loop."""
    version = draft()
    promise(version, "answer", HOUR, ladder=said)
    promise(version, "first_response", HOUR, ladder=THREE)
    sign(version)
    handoff = offered()

    for minutes in (61, 62, 121, 190):
        database_clock.set(NOON + minutes * MINUTE)
        clocks.sweep()

    spoilt = clock_of(handoff, "answer").breach
    assert (spoilt.rung_at, bool(spoilt.ladder_error)) == (NOON + 250 * MINUTE, True)
    assert Outbox.objects.filter(topic="ladder.parked").values_list("subject", flat=True).get() == spoilt.pk
    assert set(Escalation.objects.values_list("breach__clock__kind", flat=True)) == {"first_response"}
    assert sweep_health(database_clock.now()).parked == 1


def test_a_parked_ladder_ends_with_its_clock(database_clock):
    make_ladder("spoilt")
    handoff = offered()
    database_clock.set(DUE + MINUTE)
    clocks.sweep()
    happens("accepted", handoff, DUE + 2 * MINUTE)
    database_clock.set(DUE + 2 * HOUR)

    clocks.sweep()

    assert Breach.objects.values_list("rung_at", "ladder_error").get() == (None, "")


def test_a_row_that_the_database_refuses_spoils_no_other(database_clock):
    """R20: a rung that stands already, as only a mistake could make it."""
    make_ladder()
    handoffs_due = [offered() for _ in range(5)]
    clocks.breach_overdue(DUE + MINUTE)
    spoilt = clock_of(handoffs_due[2], "answer").breach
    Escalation.objects.create(breach=spoilt, rung=1, do="notify", at=DUE + HOUR, detected_at=DUE + HOUR)
    database_clock.set(DUE + HOUR)

    clocks.sweep()

    spoilt.refresh_from_db()
    assert "one_escalation_per_breach_and_rung" in spoilt.ladder_error
    assert Escalation.objects.filter(rung=1).count() == 5


def test_a_clock_whose_hours_cannot_be_read_climbs_by_all_hours(database_clock):
    """F31: defaulted, not parked."""
    make_ladder(calendar=(calendar := make_calendar()))
    handoff = offered()
    clocks.breach_overdue(DUE + MINUTE)
    calendar.versions.update(rules={"tz": "Moon/Base", "hours": {}})
    database_clock.set(DUE + 9 * HOUR)

    clocks.sweep()

    assert (clock_of(handoff, "answer").breach.ladder_error, len(rungs())) == ("", 3)


def granted(breach: Breach, at: datetime) -> None:
    rep = make_member(breach.clock.handoff.team)
    manager = make_member(make_team(function="demand"), "marketing_manager")
    asked = excuses.ask(breach, by=rep, reason="Sudden illness", at=DUE + MINUTE)
    excuses.decide(asked, by=manager, decision="granted", at=at)


def test_an_excused_miss_climbs_no_further(database_clock):
    """Domain section 5, rules 12 and 13: what the other side forgave needs no manager."""
    make_ladder()
    offered(team=make_team())
    clocks.breach_overdue(DUE + MINUTE)
    clocks.climb(DUE + HOUR)

    granted(Breach.objects.get(), DUE + HOUR + MINUTE)
    database_clock.set(DUE + 9 * HOUR)
    clocks.sweep()

    assert ([rung for rung, *_ in rungs()], Breach.objects.get().rung_at) == ([1], None)
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


def test_a_refused_excuse_leaves_the_ladder_as_it_was():
    make_ladder()
    offered(team=make_team())
    clocks.breach_overdue(DUE + MINUTE)
    breach = Breach.objects.get()
    asked = excuses.ask(breach, by=make_member(breach.clock.handoff.team), reason="Busy", at=DUE + MINUTE)
    manager = make_member(make_team(function="demand"), "marketing_manager")

    excuses.decide(asked, by=manager, decision="refused", at=DUE + 2 * MINUTE)

    assert clocks.climb(DUE + HOUR) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", [THREE, [{"after": "1h", "do": "pool"}]], ids=["telling", "moving"])
def test_an_excuse_and_a_step_at_once_end_with_no_step_after_the_excuse(said):
    """F16: whichever holds the miss first; the other one sees what it did."""
    make_ladder(said)
    offered(team=make_team())
    clocks.breach_overdue(DUE + MINUTE)
    breach = Breach.objects.get()

    results = at_once([lambda: granted(breach, DUE + HOUR), lambda: clocks.climb(DUE + HOUR)])

    assert not [one for one in results if isinstance(one, Exception)]
    assert Breach.objects.get().rung_at is None
    assert (clocks.climb(DUE + 9 * HOUR), clocks.replay().differs, invariants.broken()) == (0, 0, {})
