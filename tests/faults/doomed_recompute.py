"""A worker that dies in the middle of a recompute (F26): `python -m tests.faults.doomed_recompute LIMIT SHARE`.

It works batches of LIMIT leads off. Once SHARE per cent of the clocks are done, it kills itself after a batch
was written and before it is committed.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

import django


def main(limit: int, share: int) -> None:
    django.setup()
    work = import_module("sla.services.recompute.work")
    recompute = import_module("sla.models").Recompute
    write = work.write

    def doomed(asked: Any, *arguments: Any) -> None:
        write(asked, *arguments)
        if asked.visited * 100 >= (asked.total or 0) * share:
            os.kill(os.getpid(), signal.SIGKILL)

    work.write = doomed
    while recompute.objects.filter(done_at=None).exists():
        work.work_off_batch(limit)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
