"""A process that dies by its own hand at a named point of the sweep, the relay or the mail (F1).

`python -m tests.faults.doomed POINT`. The product has no failpoints in it: this process wraps one function of
the running code so that it kills itself right before or after it, and then does the work until it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django

# Point -> module, function of it, and whether to die before or after it ran.
POINTS = {
    "sweep: before the statement": ("sla.services.sweep", "_run", "before"),
    "sweep: after the statement": ("sla.services.sweep", "_run", "after"),
    "sweep: before the commit": ("sla.services.sweep", "_work_off", "after"),
    "sweep: after the commit": ("sla.services.sweep", "warn_due", "before"),
    "relay: after the claim": ("common.outbox", "claim", "after"),
    "relay: before the commit": ("common.outbox", "finish", "after"),
    "relay: after the commit": ("notifications.services.relay", "_handle", "after"),
    "mail: before it is sent": ("notifications.services.mail", "_mail", "after"),
    "mail: after it was sent": ("notifications.services.mail", "_note", "before"),
    "mail: after it was noted": ("notifications.services.mail", "_note", "after"),
}


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wrapped(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    def doomed(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
        function(*arguments, **named)
        die()

    return doomed


def main(point: str) -> None:
    django.setup()
    module_name, name, when = POINTS[point]
    module = import_module(module_name)
    setattr(module, name, wrapped(getattr(module, name), when))
    clocks = import_module("sla.services.clocks")
    relay = import_module("notifications.services.relay")
    mail = import_module("notifications.services.mail")
    clocks.sweep()
    relay.relay()
    mail.deliver()


if __name__ == "__main__":
    main(sys.argv[1])
