"""A process that stops in the middle of its work (SIGSTOP), to be woken when others have done it (F3).

`python -m tests.faults.stuck POINT`. Like `doomed`, but it goes on afterwards, with what it had claimed before.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django

# Point -> module and function of it after which the process stops once.
POINTS = {
    "sweep: before the commit": ("sla.services.sweep", "_work_off"),
    "relay: after the claim": ("common.outbox", "claim"),
    "mail: after the claim": ("notifications.services.mail", "claim"),
}


def stopping(function: Callable[..., Any]) -> Callable[..., Any]:
    stopped = []

    def stuck(*arguments: Any, **named: Any) -> Any:
        done = function(*arguments, **named)
        if not stopped:
            stopped.append(True)
            os.kill(os.getpid(), signal.SIGSTOP)
        return done

    return stuck


def main(point: str) -> None:
    django.setup()
    module_name, name = POINTS[point]
    module = import_module(module_name)
    setattr(module, name, stopping(getattr(module, name)))
    import_module("sla.services.clocks").sweep()
    import_module("notifications.services.relay").relay()
    import_module("notifications.services.mail").deliver()


if __name__ == "__main__":
    main(sys.argv[1])
