"""Causes of misses, proposed from what is known of the moment they fell due. A manager confirms or says better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import standing_of
from calendars.engine.business_time import BusinessCalendar, is_open, next_closing
from calendars.models import CalendarVersion
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed
from sla.models import Breach, Clock, ClockEvent
from sla.models.breach import Cause
from sla.services.hours import hours_of

CAUSES = tuple(cause for cause in Cause if cause.value)
ANSWERS = (Clock.Kind.ANSWER, Clock.Kind.FIRST_RESPONSE)
SHORTLY = 0.2  # of the target, before closing

# The first that holds is proposed. It reads a miss m (at, person_id, team_id), its clock c and the clock's handoff h.
# Whether a notice was told in time is asked of an index that holds the untold and the late ones alone, in its words.
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
    WHEN EXISTS (
        SELECT FROM common_outbox o
        WHERE o.subject = c.handoff_id AND o.at <= m.at
          AND o.topic IN ('handoff.offered', 'handoff.reassigned', 'handoff.passed', 'handoff.resupplied')
          AND (o.done_at IS NULL OR o.outcome::text LIKE 'parked%%'
               OR (o.done_at - o.at > interval '1 minute' AND o.done_at > m.at))
    ) THEN 'not_delivered'
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
    propose_late_offers(Breach.objects.filter(clock__in=clocks))


def propose_late_offers(misses: QuerySet[Breach]) -> None:
    """For answers that nothing else explains: offered so late that most of the time lay behind a closed door."""
    open_ones = misses.filter(cause=Cause.UNKNOWN, cause_by=None, clock__kind__in=ANSWERS)
    found = list(
        open_ones.filter(clock__calendar_version__isnull=False).values_list(
            "pk", "clock__calendar_version", "clock__started_at", "clock__target"
        )
    )
    versions = CalendarVersion.objects.in_bulk({version for _, version, _, _ in found}) if found else {}
    hours = {key: hours_of(version).calendar for key, version in versions.items()}
    late = [
        pk
        for pk, version, started, target in found
        if shortly_before_closing(hours[version], started, target)
    ]
    if late:
        Breach.objects.filter(pk__in=late, cause=Cause.UNKNOWN, cause_by=None).update(
            cause=Cause.OFFERED_LATE
        )


def shortly_before_closing(calendar: BusinessCalendar, started: datetime, target: timedelta) -> bool:
    """Whether less than a fifth of the target was left until the hours ended."""
    if not is_open(calendar, started):
        return False
    closing = next_closing(calendar, started)
    return closing is not None and closing - started < target * SHORTLY


@transaction.atomic
def confirm(breach: Breach, *, by: User, cause: str, at: datetime | None = None) -> Breach:
    """A manager of either side says why. Raises NotAllowed or Invalid. The clock's log keeps who said what."""
    if not may_confirm(by):
        raise NotAllowed("A manager of either side says why it was late.")
    if cause not in [known.value for known in CAUSES]:
        raise Invalid({"cause": "Choose one of the causes."})
    row = Breach.objects.select_for_update().get(pk=breach.pk)
    if row.cause == cause and row.cause_by_id is not None:
        return row
    now, before = at or database_now(), row.cause
    row.cause, row.cause_by = cause, by
    row.save(update_fields=["cause", "cause_by"])
    ClockEvent.objects.create(
        clock_id=row.clock_id, kind=ClockEvent.Kind.EXPLAINED, at=now, recorded_at=now,
        data={"cause": cause, "proposed": before, "by": by.pk},
    )  # fmt: skip
    return row


def may_confirm(person: User) -> bool:
    standing = standing_of(person)
    return standing.is_manager and not standing.is_read_only
