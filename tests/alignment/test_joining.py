"""`up` on a folder whose servers another one runs: that one may end while this one starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError

from alignment.embedded.places import places_for
from alignment.embedded.servers import Servers
from alignment.management.commands.up import Command


def test_it_takes_over_and_asks_again(tmp_path: Path) -> None:
    servers = Servers(places_for(tmp_path), [])

    def ask() -> str:
        if not servers.owned:
            raise OperationalError("the server ended")
        return "Ready"

    try:
        assert Command().asking(servers, ask) == "Ready"
    finally:
        servers.stop()


def test_servers_that_are_not_its_own_are_not_waited_for() -> None:
    def ask() -> None:
        raise OperationalError("no such host")

    with pytest.raises(CommandError, match="The database does not answer: no such host"):
        Command().asking(None, ask)
