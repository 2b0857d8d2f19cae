"""Causes of misses, proposed from what is known of the moment they fell due. A person may say better."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

# The first that holds is proposed. It reads a miss m (at, person_id, team_id), its clock c and the clock's handoff h.
CAUSE = """
CASE
    WHEN m.person_id IS NOT NULL AND EXISTS (
        SELECT FROM accounts_absence a
        WHERE a.person_id = m.person_id AND a.cover_id IS NULL AND a.from_at <= m.at AND m.at < a.until_at
    ) THEN 'absent'
    WHEN NOT c.counted THEN 'over_cap'
    WHEN c.kind = 'rework' THEN 'returned_late'
    WHEN h.redirects > 0 AND c.kind IN ('answer', 'first_response') THEN 'redirected'
    WHEN m.team_id IS NOT NULL AND m.person_id IS NULL THEN 'nobody'
    ELSE ''
END
"""
PROPOSE = """
UPDATE sla_breach m SET cause = /* cause */
FROM sla_clock c LEFT JOIN leads_handoff h ON h.id = c.handoff_id
WHERE c.id = ANY(%s) AND m.clock_id = c.id AND m.cause = '' AND m.cause_by_id IS NULL
""".replace("/* cause */", CAUSE)


def propose_causes(clocks: Sequence[int]) -> None:
    """For the misses of these clocks."""
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE, [list(clocks)])
