"""What may be asked of a lead, by whom and how: every combination that the machine tries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

SELLERS = ("a1", "a2", "ma", "b1", "mb", "c1", "mc")
EVERYBODY = ("marketer", *SELLERS)
NOWHERE: dict[str, Any] = {}
PLACES = ({"team": "a"}, {"team": "b"}, {"person": "a1"}, {"person": "a2"}, {"person": "b1"})
CLOSERS = ({"team": "c"}, {"person": "c1"})

# Verb -> the ways to say it. What is not said is the service's own default.
WAYS: dict[str, tuple[dict[str, Any], ...]] = {
    "touch": (
        {"kind": "webinar"},
        {"kind": "webinar", "ago": 5},
        {"kind": "demo_request"},
        {"kind": "demo_request", "ago": 2},
        {"kind": "demo_request", "ago": 40},
        {"kind": "download"},
    ),
    "mark_mql": (NOWHERE,),
    "set_aside": ({"reason": "nurture"}, {"reason": "close"}),
    "wake": (NOWHERE,),
    "offer": (NOWHERE, *PLACES),
    "claim": (NOWHERE,),
    "accept": (NOWHERE,),
    "reject": ({"reason": "fix"}, {"reason": "nurture"}, {"reason": "close"}),
    "redirect": PLACES,
    "return": (NOWHERE,),
    "resupply": (NOWHERE,),
    "withdraw": (NOWHERE,),
    "attempt": (
        {"outcome": "no_answer"},
        {"outcome": "talked"},
        {"outcome": "replied", "direction": "inbound"},
    ),
    "qualify": (NOWHERE,),
    "pass": CLOSERS,
    "take": (NOWHERE,),
    "send_back": (NOWHERE,),
    "disqualify": ({"reason": "no-need"}, {"reason": "unable-to-reach"}),
    "recycle": (NOWHERE, {"days": 2}),
    "win": (NOWHERE,),
    "lose": (NOWHERE, {"days": 2}),
    "reassign": (*PLACES, *CLOSERS),
    "pause": (NOWHERE, {"limit": 5}, {"limit": 30}),
    "resume": (NOWHERE,),
    "reopen": (NOWHERE,),
}
WITHOUT_A_CYCLE = ("touch", "mark_mql", "set_aside", "wake", "offer")
MINIMUM_OF_ATTEMPTS = {"unable-to-reach": 2}


@dataclass(frozen=True)
class Verb:
    name: str
    lead: int
    by: str
    said: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.said.items())
        return f"{self.by}: {self.name}({said}) on lead {self.lead}"


def every(lead: int, people: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Verb]:
    """Touches are recorded by marketing alone: who records one changes nothing."""
    for name in names:
        who = tuple(person for person in people if person == "marketer") if name == "touch" else people
        for by, said in product(who, WAYS[name]):
            yield Verb(name, lead, by, said)
