"""Periods one by one: one that cannot be measured or stored stops no other (R20)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DataError, IntegrityError, InternalError, transaction

log = logging.getLogger(__name__)
UNMEASURED = (DataError, IntegrityError, InternalError, ArithmeticError, ValueError)


def apart(act: Callable[[], bool], subject: str) -> bool:
    """What `act` answers; False where it failed, which is logged and undone: the next run tries it again.

    A lost connection, a deadlock and a mistake of the program are not caught.
    """
    try:
        with transaction.atomic():
            return act()
    except UNMEASURED:
        log.exception("%s could not be judged; the next run tries again", subject)
        return False
