"""Counting what the engine executes: the same on every machine, so that a bound on it is never a matter of luck."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import calendars.engine

ENGINE = str(Path(calendars.engine.__file__).parent)


class EndlessError(AssertionError):
    """More lines were executed than any question may need."""


def steps_of(question: Callable[[], object], most: int) -> int:
    """How many lines of the engine the question executes. Raises EndlessError in the middle of it, at `most`."""
    count = 0

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > most:
            raise EndlessError(
                f"{most} lines were not enough; the last was {frame.f_lineno} of {frame.f_code}"
            )
        return on_line

    def on_call(frame: FrameType, *_: Any) -> Any:
        return on_line if frame.f_code.co_filename.startswith(ENGINE) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        question()
    finally:
        sys.settrace(before)
    return count
