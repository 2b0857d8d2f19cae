"""The web server of `up` opens its port only when there is something whole to show."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

from alignment import web


def test_the_port_stays_closed_for_as_long_as_the_data_is_written(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    opens = Event()
    thread = Thread(target=lambda: (web.on_starting(None), opens.set()))

    with web.gate().briefly():
        thread.start()
        opened_meanwhile = opens.wait(0.5)
    thread.join(20)

    assert not opened_meanwhile
    assert opens.is_set()
