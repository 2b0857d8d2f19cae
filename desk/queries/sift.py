"""What a person asks of the inbox beside its view: words, a source, whose, and the order within each group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from definitions.engine.text import text_key
from leads.models import Handoff

WHOSE = {"mine": "Held by you", "pool": "In a pool"}
SORTS = {"clock": "Time left", "newest": "Newest offer", "grade": "Grade", "name": "Name"}
LABELS = {"q": "Text", "source": "Source", "whose": "Whose"}
LONGEST = 200
UNGRADED = "~"  # after every letter


@dataclass(frozen=True, slots=True)
class Sift:
    """One question. What an address says that means nothing is as if it was not said."""

    q: str = ""
    source: str = ""
    whose: str = ""
    sort: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The parameters that say it."""
        return self.filters | ({"sort": self.sort} if self.sort else {})

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list."""
        said = {"q": self.q, "source": self.source, "whose": self.whose}
        return {name: value for name, value in said.items() if value}

    def narrowed(self, handoffs: QuerySet[Handoff], person: int | None) -> QuerySet[Handoff]:
        wanted = Q()
        for word in text_key(self.q).split()[:8]:
            wanted &= Q(lead__search_text__contains=word)
        if self.source:
            wanted &= Q(lead__source_key=text_key(self.source))
        if self.whose:
            wanted &= Q(holder=person, holder__isnull=False) if self.whose == "mine" else Q(holder=None)
        return handoffs.filter(wanted)

    @property
    def key(self) -> Callable[[Handoff], Any] | None:
        """By what the rows of a group are sorted; None leaves the most urgent first."""
        return _KEYS.get(self.sort)


EVERYTHING = Sift()
_KEYS: Mapping[str, Callable[[Handoff], Any]] = {
    "newest": lambda handoff: -handoff.offered_at.timestamp(),
    "grade": lambda handoff: handoff.qualification.grade or UNGRADED,
    "name": lambda handoff: handoff.lead.name.casefold(),
}


def read_sift(said: Callable[[str], str]) -> Sift:
    """`said` answers what the address says under a name."""
    whose, sort = said("whose"), said("sort")
    return Sift(
        q=_clean(said("q")),
        source=_clean(said("source")),
        whose=whose if whose in WHOSE else "",
        sort=sort if sort in _KEYS else "",
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]
