"""How big the fault tests are: small in `make test`, full with `make faults` (FAULTS=full)."""

import os

import pytest

FULL = os.environ.get("FAULTS") == "full"
full_only = pytest.mark.skipif(not FULL, reason="only in full size: make faults")


def size(small: int, full: int) -> int:
    return full if FULL else small
