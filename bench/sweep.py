"""The sweep over a million open clocks, idle and with 10,000 due, beside the same work in raw SQL in the same run.

Then 40,000 due at once for one worker and for two: two are no slower, and no miss is published twice.
"""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

import multiprocessing
import os
import statistics
from datetime import timedelta
from time import perf_counter
from typing import Any

from _stand import Stand, machine, own_servers, postgres, seconds

OPEN = max(int(1_000_000 * float(os.environ.get("SCALE", "1"))), 4_000)  # clocks
DUE = OPEN // 100
ROUNDS = 5
IDLE_CALLS = 200
TURNS = 3
WANTED = 0.7
GOOD_FOR = timedelta(hours=20)  # the first clock is due a day after it was built

FOUNDATION = """
INSERT INTO calendars_calendar (id, public_id, name, slug, is_active)
VALUES (1, gen_random_uuid(), 'Office', 'office', true);
INSERT INTO accounts_team
    (id, public_id, name, slug, function, calendar_id, routing, countries, position, full_cycle, is_active)
VALUES (1, gen_random_uuid(), 'Sales', 'sales', 'sales', 1, 'pool', '[]', 0, true, true);
INSERT INTO sla_contract (id, name) VALUES (1, 'SLA contract');
INSERT INTO sla_contractversion
    (id, public_id, contract_id, number, status, agreed_fields, counting_rules, pause_rules, note, created_at)
VALUES (1, gen_random_uuid(), 1, 1, 'draft', '{}', '{}', '{}', '', now());
INSERT INTO sla_commitment
    (id, public_id, version_id, side, kind, position, name, segment, target, calendar_choice, warnings, period,
     restart_on_reassign, ladder)
VALUES (1, gen_random_uuid(), 1, 'marketing', 'handover', 0, 'Handover', '{"all": []}', '4 hours', 'always', '{}',
        '', false, '[]');
"""
# Four clocks a lead, warnings recorded, due within a month from tomorrow on.
LEADS = """
INSERT INTO leads_lead
    (id, public_id, first_name, last_name, title, title_key, country, country_key, source, source_key, origin, stage,
     stage_at, attributes, attribute_keys, created_at, created_at_assumed, recorded_at, search_text, version)
SELECT n, gen_random_uuid(), 'Lead', n::text, '', '', '', '', '', '', 'marketing', 'marketing_qualified', now(), '{}',
       '{}', now(), false, now(), '', 0
FROM generate_series(1, %(last)s) n;
INSERT INTO leads_qualification
    (id, public_id, lead_id, basis, raised_at, hand_raise, motion, grade, at, implied)
SELECT n, gen_random_uuid(), n, 'import', now(), false, 'new', '', now(), false
FROM generate_series(1, %(last)s) n;
"""
CLOCKS = """
INSERT INTO sla_clock
    (public_id, lead_id, qualification_id, kind, round, status, commitment_id, team_id, target, started_at,
     running_since, consumed, due_at, warned, risk_at, marks, holds, needed, progress, met_by_booking, counted, applied,
     parked_reason)
SELECT gen_random_uuid(), n, n, 'handover', round, 'running', 1, 1, '4 hours', due - interval '4 hours',
       due - interval '4 hours', '0', due, 2, due - interval '1 hour',
       ARRAY[due - interval '2 hours', due - interval '1 hour'], '{}', 1, 0, false, true, 0, ''
FROM generate_series(1, %(last)s) n, generate_series(1, 4) round,
     LATERAL (SELECT now() + interval '1 day' + (n %% 30) * interval '1 day' + round * interval '1 hour') AS d(due);
"""
# Every hundredth clock, another hundredth each time, each of another lead.
MAKE_DUE = """
UPDATE sla_clock SET due_at = now() - random() * interval '5 minutes', started_at = now() - interval '5 hours',
    running_since = now() - interval '5 hours' WHERE id %% 100 = %s AND status = 'running'
"""
RAW_DUE = """
WITH due AS MATERIALIZED (
    SELECT c.id FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
    WHERE c.status = 'running' AND c.due_at < (SELECT clock_timestamp())
    ORDER BY c.due_at LIMIT 10000 FOR NO KEY UPDATE OF c, l SKIP LOCKED
),
missed AS (
    UPDATE sla_clock c SET status = 'breached', marks = '{}', warn_at = NULL, risk_at = NULL
    FROM due WHERE c.id = due.id RETURNING c.id, c.due_at, c.lead_id, c.handoff_id, c.kind, c.team_id, c.person_id
),
logged AS (
    INSERT INTO sla_clockevent (clock_id, kind, at, recorded_at, data)
    SELECT id, 'breached', due_at, clock_timestamp(), '{}' FROM missed
),
told AS (
    INSERT INTO common_outbox (topic, subject, payload, at, attempts, outcome)
    SELECT 'clock.breached', id,
           jsonb_build_object('lead', lead_id, 'handoff', handoff_id, 'kind', kind, 'rung', 0), due_at, 0, ''
    FROM missed
)
INSERT INTO sla_breach
    (public_id, clock_id, at, detected_at, team_id, person_id, cause, by_recalculation, historic)
SELECT gen_random_uuid(), id, due_at, clock_timestamp(), team_id, person_id, 'nobody', false, false FROM missed
"""
RAW_IDLE = """
SELECT c.id FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
WHERE c.status = 'running' AND c.{moment} < (SELECT clock_timestamp())
ORDER BY c.{moment} LIMIT 10000 FOR NO KEY UPDATE OF c, l SKIP LOCKED
"""


def main() -> None:
    with own_servers() as stand:
        measure(stand)


def measure(stand: Stand) -> None:
    small = OPEN // 100
    build(small)
    few = idle()
    stand.use(f"open-{OPEN}", lambda: build(OPEN), good_for=GOOD_FOR)
    many = idle()
    ours, raw = due()
    together = side_by_side()
    print(f"{machine()}, {postgres()}")
    print(f"{'':34}{'sweep':>12}{'raw SQL':>12}{'raw / sweep':>13}")
    line(f"idle, {small:,} open", *few)
    line(f"idle, {OPEN:,} open", *many)
    line(f"{DUE:,} due of {OPEN:,} open", ours, raw)
    for workers, speed in together.items():
        print(f"{workers} workers, {4 * DUE:,} due: {speed:10,.0f} a second")
    print(
        f"two workers are {together[2] / together[1]:.2f} times as fast as one; wanted: no slower, no duplicate"
    )
    print(f"\nidle with {OPEN:,} open costs {many[0] / few[0]:.2f} times what it costs with {small:,}")
    print(f"wanted: raw / sweep at least {WANTED}, and the idle cost independent of the number open")


def build(clocks: int) -> None:
    """So many open clocks in an empty database."""
    run(FOUNDATION)
    for statement in (LEADS, CLOCKS):
        run(statement, last=clocks // 4)
    for table in ("sla_clock", "leads_lead"):
        run(f"VACUUM ANALYZE {table}")


def idle() -> tuple[float, float]:
    """Medians of the sweep and of its two lookups in raw SQL, taken in turn."""
    from sla.services import clocks

    ours, raw = [], []
    for _ in range(IDLE_CALLS):
        ours.append(seconds(clocks.sweep))
        raw.append(
            seconds(lambda: (run(RAW_IDLE.format(moment="due_at")), run(RAW_IDLE.format(moment="warn_at"))))
        )
    return statistics.median(ours), statistics.median(raw)


def due() -> tuple[float, float]:
    """Medians over rounds that take turns, each with 10,000 other clocks; the first round warms up."""
    from sla.services import clocks

    ours, raw = [], []
    for number in range(ROUNDS + 1):
        run(MAKE_DUE, 2 * number)
        ours.append(seconds(clocks.breach_overdue))
        run(MAKE_DUE, 2 * number + 1)
        raw.append(seconds(lambda: run(RAW_DUE)))
        print(f"round {number}: sweep {ours[-1]:.2f} s, raw SQL {raw[-1]:.2f} s", flush=True)
    assert breaches() == 2 * (ROUNDS + 1) * DUE
    return statistics.median(ours[1:]), statistics.median(raw[1:])


def side_by_side() -> dict[int, float]:
    """Misses a second by one worker and by two, each a process that sweeps until nothing is due; medians of turns."""
    found: dict[int, list[float]] = {1: [], 2: []}
    remainder = 2 * (ROUNDS + 1)
    for _ in range(TURNS):
        for workers, speeds in found.items():
            for _ in range(4):
                run(MAKE_DUE, remainder)
                remainder += 1
            before = breaches()
            speeds.append(4 * DUE / swept_by(workers))
            assert breaches() - before == 4 * DUE
            print(f"{workers} workers: {speeds[-1]:,.0f} a second", flush=True)
    return {workers: statistics.median(speeds) for workers, speeds in found.items()}


def swept_by(workers: int) -> float:
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, ended = fork.Barrier(workers + 1), fork.SimpleQueue()
    children = [fork.Process(target=work, args=(barrier, ended)) for _ in range(workers)]
    for child in children:
        child.start()
    barrier.wait()
    begin = perf_counter()
    for child in children:
        child.join()
    assert all(child.exitcode == 0 for child in children)
    return max(ended.get() for _ in children) - begin


def work(barrier: Any, ended: Any) -> None:
    """Sweeps until nothing is due; what the other one holds is published by the other one."""
    from sla.services import clocks

    clocks.breach_overdue(limit=1)  # connected and warm
    barrier.wait()
    clocks.sweep()
    ended.put(perf_counter())


def run(statement: str, *values: object, **named: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, named or list(values) or None)


def breaches() -> int:
    from sla.models import Breach

    return Breach.objects.count()


def line(label: str, ours: float, raw: float) -> None:
    print(f"{label:34}{ours * 1e3:9.2f} ms{raw * 1e3:9.2f} ms{raw / ours:13.2f}")


if __name__ == "__main__":
    main()
