"""How long history takes: 10,000 leads, 30,000 touches and 30,000 events under a contract, first time and again."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

import csv
import random
import resource
from datetime import UTC, datetime, timedelta
from io import StringIO
from time import process_time

from _stand import machine, own_servers, postgres, seconds

LEADS = 10_000
WANTED = 90.0  # seconds for leads and events, clocks included
BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
TEAMS = ("Central", "East", "West")
PATHS = (
    ("offered", "accepted", "attempted", "contacted", "qualified", "won"),
    ("offered", "rejected"),
    ("offered", "attempted", "disqualified"),
    ("accepted", "recycled"),
)
AGREEMENT = {
    "calendars": {"Office": {"tz": "Europe/Oslo", "hours": {day: [["08:00", "17:00"]] for day in
                                                          ("mon", "tue", "wed", "thu", "fri")}}},
    "definitions": {"mql": {"criteria": {"all": []}}, "sql": {"criteria": {"all": []}}},
    "contract": {
        "effective_from": "2025-01-01T00:00:00Z",
        "signed": {"marketing": "elise@bench.example", "sales": "dana@bench.example"},
        "commitments": [
            {"kind": "answer", "target": "4h", "calendar": "Office"},
            {"kind": "first_response", "target": "8h", "calendar": "Office"},
            {"kind": "disposition", "target": "10d", "calendar": "Office"},
            {"kind": "follow_up", "target": "5d", "calendar": "Office", "attempts": 3},
            {"kind": "handover", "target": "2h", "calendar": "Office"},
            {"kind": "buyer_wait", "target": "8h", "calendar": "24x7"},
        ],
    },
}  # fmt: skip


def main() -> None:
    with own_servers():
        measure()


def measure() -> None:
    agree()
    files = {"leads": leads(), "touches": touches(), "events": events()}
    took = {f"{kind}, first": timed(kind, content) for kind, content in files.items()}
    took |= {f"{kind}, again": timed(kind, content) for kind, content in files.items()}
    print(f"{machine()}, {postgres()}")
    for label, time in took.items():
        print(f"{label:16} {time:7.1f} s")
    whole = took["leads, first"] + took["events, first"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
    print(f"leads and events {whole:7.1f} s, wanted under {WANTED:.0f} s; peak memory {memory} MB")


def agree() -> None:
    from accounts.models import Membership, Team, User
    from calendars import services as calendars
    from sla.services import agreements

    hours = AGREEMENT["calendars"]["Office"]  # type: ignore[index]
    office = calendars.create("Office", hours, by=None)
    for name, function, role, email in (
        ("Demand", "demand", "marketing_manager", "elise@bench.example"),
        ("Central", "sales", "sales_manager", "dana@bench.example"),
    ):
        team = Team.objects.create(name=name, slug=name.lower(), function=function, calendar=office)
        person = User.objects.create_user(email, name=email.partition("@")[0])
        Membership.objects.create(team=team, user=person, role=role)
    agreements.load(AGREEMENT)


def timed(kind: str, content: bytes) -> float:
    from intake.history import Request, import_file
    from intake.references import CREATABLE

    cpu, reports = process_time(), []
    took = seconds(
        lambda: reports.append(import_file(content, Request(kind=kind, create=frozenset(CREATABLE))))
    )
    (report,) = reports
    print(f"{kind}: {report.read} rows, {report.counts}, {process_time() - cpu:.1f} s of this process")
    return took


def leads() -> bytes:
    chance = random.Random(7)
    rows = (
        [f"L{n}", f"lead{n}@buyer{n % 3_000}.example", f"First {n}", "Silva", f"Role {n % 40}", f"+4722{n:06}",
         f"Buyer {n % 3_000}", chance.choice(["food", "paper", "shipping"]), chance.randint(10, 9_000), "NO",
         chance.choice(["web", "event", "partner"]), begin(n).isoformat(), chance.choice("ABC")]
        for n in range(LEADS)
    )  # fmt: skip
    header = "external_id,email,first_name,last_name,title,phone,company,industry,employees,country,source"
    return table([*header.split(","), "created_at", "tier"], rows)


def touches() -> bytes:
    rows = (
        [
            f"T{n}-{k}",
            f"L{n}",
            ("webinar", "demo_request", "download")[k],
            (begin(n) + timedelta(hours=k)).isoformat(),
        ]
        for n in range(LEADS)
        for k in range(3)
    )
    return table(["external_id", "lead_external_id", "kind", "at"], rows)


def events() -> bytes:
    rows = []
    for n in range(LEADS):
        path = PATHS[n % len(PATHS)]
        for k, word in enumerate(path):
            at = begin(n) + timedelta(hours=5 * (k + 1))
            amount = 1_000 + n if word == "won" else ""
            rows.append([f"L{n}", word, at.isoformat(), f"Rep {n % 30}", TEAMS[n % 3], amount])
    return table(["lead_external_id", "event", "at", "actor", "team", "amount"], rows[:30_000])


def begin(n: int) -> datetime:
    return BEGIN + timedelta(minutes=37 * n)


def table(header: list[str], rows: object) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
