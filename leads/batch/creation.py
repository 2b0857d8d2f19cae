"""Moving the moment at which leads were created, and with it what was known from that moment on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

MOVE = """
UPDATE leads_attributechange AS change SET at = moved.new_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS moved (lead_id, old_at, new_at)
WHERE change.lead_id = moved.lead_id AND change.at = moved.old_at
"""


class Move(NamedTuple):
    """One lead that was created at another moment than was thought."""

    lead: int
    old: datetime
    new: datetime


def move_what_was_known(moves: Sequence[Move]) -> None:
    """Values that came with a lead count as known from its `created_at` (domain section 4)."""
    if moves:
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [list(column) for column in zip(*moves, strict=True)])
