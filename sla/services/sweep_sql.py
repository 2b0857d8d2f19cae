"""The statements of the sweep. Each does a whole batch: claims, marks, and writes everything that follows.

`moment` is read once a statement, before a row is locked; nothing is waited for, so it never grows old. A lead that
somebody works on is skipped: the time of its answer may have been read before the clock fell due. Clocks are locked
together with their leads, so no verb ever meets a half-swept one, and the next tick comes back to what was skipped.
"""

from __future__ import annotations

from sla.services.causes import CAUSE

MOMENT = "moment AS MATERIALIZED (SELECT coalesce(%(at)s::timestamptz, app_now()) AS now)"

CLAIM = """
due AS MATERIALIZED (
    SELECT c.id, c.lead_id, c.handoff_id, c.kind, c.marks, c.warned
    FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
    WHERE c.status = 'running' AND c.{due} (SELECT now FROM moment)
      AND (c.parked_until IS NULL OR c.parked_until < (SELECT now FROM moment))
      AND (%(only)s::bigint IS NULL OR c.id = %(only)s)
    ORDER BY c.{order} LIMIT %(limit)s FOR NO KEY UPDATE OF c, l SKIP LOCKED
)
"""


def _claiming(due: str, order: str, then: str) -> str:
    return "WITH " + ", ".join([MOMENT, CLAIM.format(due=due, order=order)]) + then


# The misses that a corrected calendar excuses, whose due moment by the right hours has passed. The ended ones were
# answered or cancelled by then, or later: the same is asked of both.
CLAIM_LAPSE_ROWS = """
due AS MATERIALIZED (
    SELECT c.id, c.lead_id, c.handoff_id, c.kind, e.id AS excuse, e.lapses_at, b.id AS breach, c.ended_at,
           coalesce(coalesce(c.satisfied_at, c.ended_at) > e.lapses_at, true) AS is_late
    FROM sla_excuse e JOIN sla_breach b ON b.id = e.breach_id JOIN sla_clock c ON c.id = b.clock_id
    JOIN leads_lead l ON l.id = c.lead_id
    WHERE e.decision = 'granted' AND e.lapses_at < (SELECT now FROM moment)
      AND (c.parked_until IS NULL OR c.parked_until < (SELECT now FROM moment))
      AND (%(only)s::bigint IS NULL OR c.id = %(only)s)
    ORDER BY e.lapses_at LIMIT %(limit)s FOR NO KEY UPDATE OF c, l, b, e SKIP LOCKED
)
"""

OVERDUE = ("due_at <", "due_at")
TO_WARN = ("warn_at <=", "warn_at")

# Asked before the rest is planned: most sweeps find nothing.
ANY_OVERDUE, ANY_TO_WARN = (
    f"SELECT 1 FROM sla_clock WHERE status = 'running' AND {due} "  # noqa: S608 - words of this module
    "(SELECT coalesce(%(at)s::timestamptz, app_now())) LIMIT 1"
    for due, _ in (OVERDUE, TO_WARN)
)
CLAIM_BREACH = _claiming(*OVERDUE, " SELECT id FROM due")
CLAIM_WARN = _claiming(*TO_WARN, " SELECT id FROM due")

# Warnings that nobody recorded before the miss are recorded with it; only the miss is told.
BREACH = _claiming(
    *OVERDUE,
    """,
missed AS (
    UPDATE sla_clock c
    SET status = 'breached', warned = greatest(c.warned, cardinality(c.marks)), marks = '{}', warn_at = NULL,
        risk_at = NULL
    FROM due WHERE c.id = due.id
    RETURNING c.id, c.due_at AS at, c.lead_id, c.handoff_id, c.kind, c.team_id, c.person_id
),
logged AS (
    INSERT INTO sla_clockevent (clock_id, kind, at, recorded_at, event_id, data)
    SELECT due.id, 'warned', mark.at, now, NULL::bigint, jsonb_build_object('rung', mark.rung, 'silent', true)
    FROM moment, due, unnest(due.marks) WITH ORDINALITY AS mark(at, rung) WHERE mark.rung > due.warned
    UNION ALL
    SELECT missed.id, 'breached', missed.at, now, NULL, '{}' FROM moment, missed
),
told AS (
    INSERT INTO common_outbox (topic, subject, payload, at, attempts, outcome)
    SELECT 'clock.breached', id,
           jsonb_build_object('lead', lead_id, 'handoff', handoff_id, 'kind', kind, 'rung', 0), at, 0, ''
    FROM missed
)
INSERT INTO sla_breach
    (public_id, clock_id, at, detected_at, team_id, person_id, cause, by_recalculation, historic, rung_at)
SELECT gen_random_uuid(), m.id, m.at, now, m.team_id, m.person_id, /* cause */, false, false,
       CASE WHEN promise.ladder <> '[]' THEN m.at END
FROM moment, missed m JOIN sla_clock c ON c.id = m.id JOIN sla_commitment promise ON promise.id = c.commitment_id
LEFT JOIN leads_handoff h ON h.id = m.handoff_id
RETURNING id
""",
).replace("/* cause */", CAUSE)

# After an outage several warnings may have passed: all are recorded, only the last is told (R6).
WARN = _claiming(
    *TO_WARN,
    """,
passed AS MATERIALIZED (
    SELECT due.id, due.lead_id, due.handoff_id, due.kind, mark.at, mark.rung,
           mark.rung = max(mark.rung) OVER (PARTITION BY due.id) AS is_last
    FROM moment, due, unnest(due.marks) WITH ORDINALITY AS mark(at, rung)
    WHERE mark.rung > due.warned AND mark.at <= now
),
warned AS (
    UPDATE sla_clock c SET warned = passed.rung, warn_at = c.marks[passed.rung + 1]
    FROM passed WHERE c.id = passed.id AND passed.is_last
    RETURNING c.id
),
logged AS (
    INSERT INTO sla_clockevent (clock_id, kind, at, recorded_at, event_id, data)
    SELECT id, 'warned', at, now, NULL,
           CASE WHEN is_last THEN jsonb_build_object('rung', rung)
                ELSE jsonb_build_object('rung', rung, 'silent', true) END
    FROM moment, passed
),
told AS (
    INSERT INTO common_outbox (topic, subject, payload, at, attempts, outcome)
    SELECT 'clock.warned', id,
           jsonb_build_object('lead', lead_id, 'handoff', handoff_id, 'kind', kind, 'rung', rung), at, 0, ''
    FROM passed WHERE is_last
)
SELECT id FROM warned
""",
)

ANY_TO_LAPSE = """
SELECT 1 FROM sla_excuse WHERE decision = 'granted' AND lapses_at < (SELECT coalesce(%(at)s::timestamptz, app_now()))
LIMIT 1
"""
CLAIM_LAPSE = f"WITH {MOMENT}, {CLAIM_LAPSE_ROWS} SELECT id FROM due"  # noqa: S608 - words of this module
# Late by the right hours too: it counts from now on, and its ladder goes on from then. Told where nobody was yet.
LAPSE = f"""
WITH {MOMENT}, {CLAIM_LAPSE_ROWS},
settled AS (
    UPDATE sla_excuse e SET decision = CASE WHEN due.is_late THEN 'lapsed' ELSE 'granted' END,
        decided_at = CASE WHEN due.is_late THEN due.lapses_at ELSE e.decided_at END,
        lapses_at = CASE WHEN due.is_late THEN due.lapses_at END
    FROM due WHERE e.id = due.excuse
),
late AS (SELECT * FROM due WHERE is_late),
goes_on AS (
    UPDATE sla_breach b SET late_since = late.lapses_at,
        rung_at = CASE WHEN late.ended_at IS NULL AND promise.ladder <> '[]' AND NOT b.historic
                       THEN late.lapses_at END
    FROM late JOIN sla_clock c ON c.id = late.id JOIN sla_commitment promise ON promise.id = c.commitment_id
    WHERE b.id = late.breach
    RETURNING b.id, b.historic
),
logged AS (
    INSERT INTO sla_clockevent (clock_id, kind, at, recorded_at, event_id, data)
    SELECT late.id, 'lapsed', late.lapses_at, now, NULL::bigint, jsonb_build_object('excuse', late.excuse)
    FROM moment, late
),
told AS (
    INSERT INTO common_outbox (topic, subject, payload, at, attempts, outcome)
    SELECT 'clock.breached', late.id,
           jsonb_build_object('lead', lead_id, 'handoff', handoff_id, 'kind', kind, 'rung', 0), lapses_at, 0, ''
    FROM late JOIN goes_on ON goes_on.id = late.breach
    WHERE late.ended_at IS NULL AND NOT goes_on.historic AND NOT EXISTS (
        SELECT 1 FROM common_outbox o WHERE o.topic = 'clock.breached' AND o.subject = late.id)
)
SELECT id FROM due
"""  # noqa: S608 - words of this module

PARK = """
UPDATE sla_clock SET parked_until = app_now() + interval '1 hour', parked_reason = %s WHERE id = %s
"""
