"""Units of background work that the database ended for another's sake: done again, or left to the next tick (R23)."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

# It ended one of two transactions: deadlock, serialization failure, a lock that nobody let go of.
LOST = ("40P01", "40001", "55P03")
RETRIES = 3
PAUSE = 0.2  # seconds before the first retry, at most; twice as long before each next


def code_of(error: BaseException | None) -> str:
    """The SQLSTATE that PostgreSQL gave; empty where it gave none."""
    return getattr(getattr(error, "__cause__", None), "pgcode", None) or ""


def is_lost(error: BaseException | None) -> bool:
    """Nothing of the transaction was kept; the same work may do next time."""
    return code_of(error) in LOST


def retried(unit: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """For a unit that may be done any number of times: up to three more tries, each after a random pause.

    Within a transaction of the caller nothing is tried again: the database has ended that one.
    """

    @functools.wraps(unit)
    def tried(*arguments: Given.args, **named: Given.kwargs) -> Answer:
        for retry in range(RETRIES):
            try:
                return unit(*arguments, **named)
            except OperationalError as error:
                if not is_lost(error) or connection.in_atomic_block:
                    raise
                log.info("%s lost to another (%s); tried again", unit.__qualname__, code_of(error))
                time.sleep(random.uniform(0, PAUSE * 2**retry))  # noqa: S311 - no secret: two must not meet again
        return unit(*arguments, **named)

    return tried
