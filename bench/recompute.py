"""A calendar corrected under 100,000 running clocks while sweeps go on: how long it takes, and how late they are."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

import os
import statistics
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from _stand import machine, own_servers, postgres, seconds

SCALE = float(os.environ.get("SCALE", "1"))
PER_LEAD = 3  # first response, follow-up and outcome by the calendar; the buyer's wait in all hours
LEADS = max(int(100_000 * SCALE) // PER_LEAD, 300)
CHUNK = 1_000
DUE = LEADS // 30  # buyers' waits that fall due meanwhile
WANTED = 60  # seconds
TICK = 0.5
GOOD_FOR = timedelta(hours=8)  # the days that become holidays are told from today

HOURS = {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
TARGETS = {"first_response": 80, "follow_up": 120, "disposition": 240}  # business hours
WATCHED = """
UPDATE sla_clock SET due_at = now() + %s * random() * interval '1 second', started_at = now() - interval '9 hours',
    running_since = now() - interval '9 hours', marks = '{}', warn_at = NULL, risk_at = NULL
WHERE kind = 'buyer_wait' AND id IN (
    SELECT id FROM sla_clock WHERE kind = 'buyer_wait' ORDER BY random() LIMIT %s)
"""


def main() -> None:
    with own_servers() as stand:
        stand.use(f"running-{LEADS * PER_LEAD}", build, good_for=GOOD_FOR)
        measure()


def measure() -> None:
    from calendars.models import Calendar
    from sla.models import Recompute
    from sla.services.recompute import work

    calendar = Calendar.objects.get()
    asked = seconds(lambda: correct(calendar))
    run(WATCHED, WANTED / 2 * min(SCALE, 1), DUE)
    over, batches = Event(), []
    sweeper = Thread(target=sweep_until, args=(over,))
    sweeper.start()
    while Recompute.objects.filter(done_at=None).exists():
        batches.append(seconds(work.work_off_batch))
    over.set()
    sweeper.join()
    tell(Recompute.objects.get(), asked, batches)


def tell(done: Any, asked: float, batches: list[float]) -> None:
    from sla.models import Breach
    from sla.services import clocks

    lags = [(late - at).total_seconds() for at, late in Breach.objects.values_list("at", "detected_at")]
    print(f"{machine()}, {postgres()}")
    print(f"{done.moved:,} of {done.total:,} running clocks recomputed in {sum(batches):.1f} s")
    print(f"{done.moved / sum(batches):,.0f} clocks a second; asked for in {asked * 1e3:.0f} ms")
    print(f"{len(batches)} batches: median {statistics.median(batches):.2f} s, longest {max(batches):.2f} s")
    print(
        f"{len(lags):,} misses swept meanwhile: longest lag {max(lags, default=0):.2f} s, one sweep each {TICK} s"
    )
    print(f"wanted: 100,000 in less than {WANTED} s, and no sweep later than a batch and a tick")
    took = seconds(lambda: print(f"replayed: {clocks.replay(sample()).differs} clocks differ"))
    print(f"(a replay of {CHUNK:,} leads takes {took:.1f} s)")


def foundation() -> None:
    from accounts.models import Team
    from calendars import services
    from sla.models import Commitment, Contract, ContractVersion

    long_ago = now() - timedelta(days=90)
    calendar = services.create("Office", {"tz": "Europe/Berlin", "hours": HOURS}, by=None)
    Team.objects.create(name="Sales", slug="sales", function="sales", calendar=calendar)
    version = ContractVersion.objects.create(
        contract=Contract.objects.create(), number=1, effective_from=long_ago, created_at=long_ago
    )
    named = {"calendar_choice": "named", "calendar": calendar}
    for kind, hours in TARGETS.items():
        promise(Commitment, version, kind, hours, named)
    promise(Commitment, version, "buyer_wait", 2000, {"calendar_choice": "always"})
    version.status = "signed"
    version.save()


def promise(model: Any, version: Any, kind: str, hours: int, by: dict[str, Any]) -> None:
    model.objects.create(
        version=version, side="sales", kind=kind, name=kind, segment={"all": []}, attempts=3,
        target=timedelta(hours=hours), **by,
    )  # fmt: skip


def build() -> None:
    """Leads that became MQLs within the last four days, were offered and accepted; every tenth was paused a while."""
    from django.db import transaction

    foundation()
    began = now() - timedelta(days=4)
    for first in range(0, LEADS, CHUNK):
        numbers = range(first, min(first + CHUNK, LEADS))
        with transaction.atomic():
            build_chunk([began + timedelta(days=3) * number / LEADS for number in numbers])
    analyze()


def build_chunk(moments: list[datetime]) -> None:
    from accounts.models import Team
    from leads.models import Assignment, Handoff, Lead, Qualification

    team = Team.objects.get()
    leads = Lead.objects.bulk_create(
        Lead(last_name=f"{at}", stage="sales_accepted", created_at=at, recorded_at=at, stage_at=at)
        for at in moments
    )
    qualified = Qualification.objects.bulk_create(
        Qualification(lead=lead, at=lead.stage_at, raised_at=lead.stage_at, basis="definition")
        for lead in leads
    )
    offered = Handoff.objects.bulk_create(
        Handoff(lead=row.lead, qualification=row, team=team, basis="definition", status="accepted",
                raised_at=row.at, offered_at=row.at, accepted_at=row.at)
        for row in qualified
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(handoff=row, team=team, from_at=row.offered_at) for row in offered
    )
    journal(offered, team)


def journal(offered: list[Any], team: Any) -> None:
    from leads import events

    for kind, minutes in (("mql", 0), ("offered", 1), ("accepted", 60), ("paused", 120), ("resumed", 600)):
        rows = offered[::10] if kind in ("paused", "resumed") else offered
        data = {"team": team.pk, "person": None, "hand_raise": False} if kind == "offered" else {}
        events.record([event(kind, row, timedelta(minutes=minutes), data) for row in rows])


def event(kind: str, row: Any, after: timedelta, data: dict[str, Any]) -> Any:
    from leads.models import LeadEvent

    at, is_mql = row.offered_at + after, kind == "mql"
    return LeadEvent(
        kind=kind, lead=row.lead, handoff=None if is_mql else row, at=at, recorded_at=at, data=data,
        qualification=row.qualification if is_mql else None,
    )  # fmt: skip


def correct(calendar: Any) -> None:
    """The day before yesterday and the day after tomorrow were holidays all along."""
    from accounts.models import User
    from calendars import services
    from sla.services.recompute import requests

    days = [(now() + timedelta(days=day)).date().isoformat() for day in (-2, 2)]
    version = services.revise(calendar, {"tz": "Europe/Berlin", "hours": HOURS, "holidays": days}, by=None)
    by = User.objects.create_user("ops@example.com", name="Ops", organisation_role="operations")
    requests.correct(calendar, seen=version.number, by=by)


def analyze() -> None:
    """What autovacuum does within a minute. Only the owner of the tables may."""
    from contextlib import closing

    import psycopg2
    from django.conf import settings
    from django.db import connection

    from alignment.embedded.places import places_for

    database = str(connection.settings_dict["NAME"])
    owner = places_for(settings.DATA_DIR).database_url("postgres", database)
    with closing(psycopg2.connect(owner)) as boss:
        boss.autocommit = True
        boss.cursor().execute("VACUUM ANALYZE")


def sweep_until(over: Event) -> None:
    from django.db import connection

    from sla.services import clocks

    while not over.wait(TICK):
        clocks.sweep()
    clocks.sweep()
    connection.close()


def sample() -> list[int]:
    """Leads whose clocks are as the journal made them: no due moment was set by hand."""
    from sla.models import Clock

    by_hand = Clock.objects.filter(started_at__gte=now() - timedelta(days=1))
    ours = Clock.objects.exclude(lead__in=by_hand.values("lead"))
    return list(ours.order_by("lead_id").values_list("lead_id", flat=True).distinct()[:CHUNK])


def now() -> datetime:
    from common.database.moments import database_now

    return database_now()


def run(statement: str, *values: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


if __name__ == "__main__":
    main()
