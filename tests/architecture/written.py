"""Which tables somebody writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)', re.IGNORECASE)


class Written:
    """Wraps the statements of a connection and keeps the tables that they write."""

    def __init__(self) -> None:
        self._tables: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := WRITE.match(sql):
            self._tables.add(found[1])
        return execute(sql, *rest)

    def since(self) -> set[str]:
        """What was written since this was asked last."""
        tables, self._tables = self._tables, set()
        return tables
