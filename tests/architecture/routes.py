"""Every route of the product with an address that leads to a real row: what the walks over all routes stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

GROUP = re.compile(r"<(?:(?P<type>\w+):)?(?P<name>\w+)>|\(\?P<(?P<regex>\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern: its path with parameters as written, and its name with namespace."""

    path: str
    name: str

    def address(self, known: dict[str, str]) -> str:
        """The path with each parameter filled from `known`: by the route's name and its own (`app:page number`), by
        its prefix (`leads/`), else by its own name.
        """
        filled = GROUP.sub(lambda found: self._value(found, known), self.path)
        return "/" + re.sub(r"[\^$?]|\\Z", "", filled)

    def _value(self, found: re.Match[str], known: dict[str, str]) -> str:
        prefix = self.path[: found.start()].rstrip("/").rpartition("/")[2]
        name = found["name"] or found["regex"]
        for key in (f"{self.name} {name}", f"{prefix}/{name}", f"{prefix}/", name):
            if key in known:
                return known[key]
        return {"int": "1", "uuid": str(uuid4())}.get(found["type"] or "", "unknown")


def routes() -> list[Route]:
    """All of them, in the order in which the resolver tries them."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield Route(here, f"{namespace}{pattern.name or here}")
