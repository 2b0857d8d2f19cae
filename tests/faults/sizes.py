"""How big the fault tests are: small in `make test`, full with `make faults` (FAULTS=full)."""

import os

FULL = os.environ.get("FAULTS") == "full"


def size(small: int, full: int) -> int:
    return full if FULL else small
