"""The garbage collector, out of the way of work that makes much and throws nothing away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Looking for garbage among so many living objects would take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
