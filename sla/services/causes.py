"""Causes of misses, proposed from what is known of the moment they fell due. A person may say better."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

# In this order the first that holds is proposed; set-based, so that a thousand misses cost one statement.
PROPOSE = """
UPDATE sla_breach b SET cause = CASE
    WHEN b.person_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM accounts_absence a
        WHERE a.person_id = b.person_id AND a.cover_id IS NULL AND a.from_at <= b.at AND b.at < a.until_at
    ) THEN 'absent'
    WHEN NOT c.counted THEN 'over_cap'
    WHEN c.kind = 'rework' THEN 'returned_late'
    WHEN h.redirects > 0 AND c.kind IN ('answer', 'first_response') THEN 'redirected'
    WHEN b.team_id IS NOT NULL AND b.person_id IS NULL THEN 'nobody'
    ELSE ''
END
FROM sla_clock c LEFT JOIN leads_handoff h ON h.id = c.handoff_id
WHERE b.id = ANY(%s) AND c.id = b.clock_id AND b.cause = '' AND b.cause_by_id IS NULL
"""


def propose_causes(breaches: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE, [list(breaches)])
