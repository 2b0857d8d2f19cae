"""A sweep that dies on the ladder (F1): `python -m tests.faults.doomed_ladder POINT`.

As in `doomed`, this process wraps one function of the running code so that it kills itself before or after it.
"""

from __future__ import annotations

import sys
from importlib import import_module

import django

from tests.faults.doomed import wrapped

POINTS = {
    "before the move": ("moving", "_move", "before"),
    "after the move": ("moving", "_move", "after"),
    "before it is recorded": ("climbing", "keep", "before"),
    "before the commit": ("climbing", "keep", "after"),
    "after the commit": ("climbing", "_alone", "after"),
}


def main(point: str) -> None:
    django.setup()
    name, function, when = POINTS[point]
    module = import_module(f"sla.services.ladder.{name}")
    setattr(module, function, wrapped(getattr(module, function), when))
    import_module("sla.services.clocks").sweep()


if __name__ == "__main__":
    main(sys.argv[1])
