"""From due to committed miss: 10,000 clocks fall due within one second while beat and workers run as in `make run`."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from _stand import machine, own_servers, postgres
from sweep import GOOD_FOR, build, run

SCALE = float(os.environ.get("SCALE", "1"))
OPEN = max(int(200_000 * SCALE), 20_000)
DUE = OPEN // 20
ROUNDS = 5
AHEAD = 5.0  # seconds until the first of a round falls due
PATIENCE = 60.0
LOOK_EVERY = 0.05  # seconds; counted as lateness
WANTED = 3.0  # seconds, 99 of 100
CELERY = (sys.executable, "-m", "celery", "--quiet", "--app", "alignment.worker")
WORKER = ("worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")
PROGRAMS = (
    (*CELERY, *WORKER, "--queues", "sla", "--concurrency", "1", "--hostname", "sla@bench"),
    (*CELERY, *WORKER, "--queues", "sync,notify,bulk", "--concurrency", "2", "--hostname", "rest@bench"),
    (*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", "{folder}/beat"),
)
# Each time other clocks, one of a lead.
FALL_DUE = """
UPDATE sla_clock SET due_at = %s::timestamptz + random() * interval '1 second',
    started_at = now() - interval '5 hours', running_since = now() - interval '5 hours'
WHERE id %% 20 = %s AND status = 'running'
"""
NEW = "SELECT id, extract(epoch FROM at)::float FROM sla_breach WHERE id > %s"


def main() -> None:
    with own_servers() as stand:
        stand.use(f"open-{OPEN}", lambda: build(OPEN), good_for=GOOD_FOR)
        with everything_running():
            rounds = [measure(number) for number in range(ROUNDS + 1)]
        tell(rounds[1:])  # the first warms up


@contextmanager
def everything_running() -> Iterator[None]:
    folder = Path(os.environ["DATA_DIR"])
    with ExitStack() as stack, (folder / "programs.log").open("wb") as log:
        for program in PROGRAMS:
            argv = [word.format(folder=folder) for word in program]
            process = stack.enter_context(subprocess.Popen(argv, stdout=log, stderr=log))
            stack.callback(process.terminate)
        yield


def measure(number: int) -> list[float]:
    """Seconds from each due moment until another connection saw the committed miss."""
    start, last = time.time() + AHEAD, newest()
    run(FALL_DUE, datetime.fromtimestamp(start, UTC), number)
    assert time.time() < start, "the clocks fell due while they were set"
    late: dict[int, float] = {}  # by key of the miss: two sweeps commit theirs in any order
    while len(late) < DUE:
        rows, now = seen_since(last), time.time()
        assert now < start + PATIENCE, f"{len(late)} of {DUE} were published"
        late |= {key: now - due for key, due in rows if key not in late}
        time.sleep(LOOK_EVERY)
    print(f"round {number}: {shape(list(late.values()))}", flush=True)
    return list(late.values())


def seen_since(last: int) -> list[tuple[int, float]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(NEW, [last])
        found: list[tuple[int, float]] = cursor.fetchall()
    return found


def newest() -> int:
    from sla.models import Breach

    return Breach.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def shape(late: list[float]) -> str:
    cuts = statistics.quantiles(late, n=100)
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(late):.2f} s"


def tell(rounds: list[list[float]]) -> None:
    every = [seconds for late in rounds for seconds in late]
    print(f"\n{machine()}, {postgres()}; {DUE:,} of {OPEN:,} open clocks within one second, {ROUNDS} times")
    print(f"from due to committed: {shape(every)}")
    print(f"wanted: p99 under {WANTED} s, the tick of one second included")


if __name__ == "__main__":
    main()
