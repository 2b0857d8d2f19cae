"""Reminding people of decisions, signatures and reviews that wait: each once for its number, whoever runs this."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from common import outbox
from common.database.moments import database_now
from common.models import Outbox
from sla.models import Reminder
from sla.queries.left_undone import RHYTHMS, left_undone

# The second of two at once waits, and finds what the first has written.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('sla.reminders'))"


@transaction.atomic
def remind(at: datetime | None = None) -> int:
    """Leave a fact in the outbox for every reminder that is due and was not left before; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN)
    now = at or database_now()
    due = {
        (one.about.value, one.subject, number)
        for one in left_undone(now)
        if (number := RHYTHMS[one.about].number(one.since, now)) is not None
    }
    fresh = sorted(due - _told(due))
    Reminder.objects.bulk_create(
        Reminder(about=about, subject=subject, number=number, at=now) for about, subject, number in fresh
    )
    outbox.leave_many(
        Outbox(topic=f"reminder.{about}", subject=subject, at=now, payload={"number": number})
        for about, subject, number in fresh
    )
    return len(fresh)


def _told(due: set[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
    subjects = {subject for _, subject, _ in due}
    rows = Reminder.objects.filter(subject__in=subjects)
    return set(rows.values_list("about", "subject", "number"))
