"""What must be true of the data at any time, each as one statement that counts the rows where it is not."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import connection, transaction

from common import outbox
from common.database.moments import database_now
from common.models import Outbox

log = logging.getLogger(__name__)

BROKEN = "invariants.broken"
RULES, CLOCKS = 0, 1  # what of this the fact is about: its subject
NIGHT = timedelta(hours=12)
IN_TURN = "SELECT pg_advisory_xact_lock(hashtext(%s))"
PATIENCE = "SET LOCAL statement_timeout = '10min'"
NEVER = {
    "a missed clock has its breach": """
        SELECT count(*) FROM sla_clock c LEFT JOIN sla_breach b ON b.clock_id = c.id
        WHERE c.status = 'breached' AND b.id IS NULL""",
    "a breach has a missed clock": """
        SELECT count(*) FROM sla_breach b JOIN sla_clock c ON c.id = b.clock_id WHERE c.status <> 'breached'""",
    "a breach is dated when its clock was due": """
        SELECT count(*) FROM sla_breach b JOIN sla_clock c ON c.id = b.clock_id WHERE b.at <> c.due_at""",
    "a breach stands in the log of its clock once": """
        SELECT count(*) FROM sla_breach b WHERE 1 <> (
            SELECT count(*) FROM sla_clockevent e WHERE e.clock_id = b.clock_id AND e.kind = 'breached')""",
    "nobody is told of a miss that is none, or twice": """
        SELECT count(*) FROM (
            SELECT o.subject FROM common_outbox o LEFT JOIN sla_breach b ON b.clock_id = o.subject
            WHERE o.topic = 'clock.breached' GROUP BY o.subject HAVING count(*) > 1 OR count(b.id) = 0) told""",
    "a warning is told once": """
        SELECT count(*) FROM (
            SELECT 1 FROM common_outbox WHERE topic = 'clock.warned'
            GROUP BY subject, payload -> 'rung' HAVING count(*) > 1) told""",
    "a step after a miss is told once": """
        SELECT count(*) FROM (
            SELECT 1 FROM common_outbox WHERE topic = 'clock.escalated'
            GROUP BY payload -> 'escalation' HAVING count(*) > 1) told""",
    "the steps of a miss are recorded without a gap, and stand in its clock's log": """
        SELECT count(*) FROM sla_breach b WHERE b.rungs > 0 AND (
            b.rungs <> (SELECT count(*) FROM sla_escalation x WHERE x.breach_id = b.id)
            OR b.rungs <> (SELECT max(x.rung) FROM sla_escalation x WHERE x.breach_id = b.id)
            OR b.rungs <> (SELECT count(*) FROM sla_clockevent e
                           WHERE e.clock_id = b.clock_id AND e.kind = 'escalated'))""",
    "no step was taken after the answer": """
        SELECT count(*) FROM sla_escalation x JOIN sla_breach b ON b.id = x.breach_id
        JOIN sla_clock c ON c.id = b.clock_id WHERE c.ended_at < x.detected_at""",
    "what was due a minute ago is published, unless it is parked": """
        SELECT count(*) FROM sla_clock WHERE status = 'running' AND parked_until IS NULL
        AND due_at < (SELECT app_now()) - interval '1 minute'""",
    "a clock that was answered or cancelled has ended": """
        SELECT count(*) FROM sla_clock WHERE (status IN ('met', 'cancelled')) AND ended_at IS NULL""",
    "no clock has used negative time": """
        SELECT count(*) FROM sla_clock WHERE consumed < interval '0'""",
    "a clock that was met used no more than its target": """
        SELECT count(*) FROM sla_clock WHERE status = 'met' AND consumed > target""",
    "every clock says what was chosen, and when it started": """
        SELECT count(*) FROM sla_clock c WHERE 2 <> (
            SELECT count(*) FROM sla_clockevent e WHERE e.clock_id = c.id AND e.kind IN ('chosen', 'started'))""",
    "a lead has one open handoff at most": """
        SELECT count(*) FROM (
            SELECT lead_id FROM leads_handoff WHERE status IN ('offered', 'returned', 'accepted', 'qualified')
            GROUP BY lead_id HAVING count(*) > 1) twice""",
    "a closed handoff has no open clock": """
        SELECT count(*) FROM sla_clock c JOIN leads_handoff h ON h.id = c.handoff_id
        WHERE h.closed_at IS NOT NULL AND c.ended_at IS NULL""",
    "an open handoff is held by one assignment": """
        SELECT count(*) FROM leads_handoff h WHERE h.closed_at IS NULL AND 1 <> (
            SELECT count(*) FROM leads_assignment a WHERE a.handoff_id = h.id AND a.until_at IS NULL)""",
}


def broken() -> dict[str, int]:
    """The invariants that do not hold, each with the number of rows it fails for."""
    found = {}
    with connection.cursor() as cursor:
        for sentence, statement in NEVER.items():
            cursor.execute(statement)
            (count,) = cursor.fetchone()
            if count:
                found[sentence] = count
    return found


@transaction.atomic
def tell() -> None:
    """Leave a fact for the admins where something does not hold, one a night however often it is asked.

    The log names what was found each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
    found = broken()
    for sentence, count in found.items():
        log.error("%d rows: not true that %s", count, sentence)
    if found:
        leave_once_a_night(RULES, {"invariants": len(found), "rows": sum(found.values())})


@transaction.atomic
def leave_once_a_night(check: int, payload: dict[str, int]) -> None:
    """The fact for the admins, of one check (`RULES`, `CLOCKS`). Of two at once the second finds the first's."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN, [BROKEN])
    now = database_now()
    if not Outbox.objects.filter(topic=BROKEN, subject=check, at__gt=now - NIGHT).exists():
        outbox.leave(BROKEN, check, at=now, payload=payload)
