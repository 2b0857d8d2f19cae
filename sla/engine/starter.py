"""A contract to begin with: three answers become promises, each with the reason for its number.

Nothing here is advice: it is a first wording that both sides change before they sign. Targets and segments are
written as in an agreement file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Node = Mapping[str, Any]
HAND_RAISE: Node = {"fact": "handoff.hand_raise", "op": "eq", "value": True}
AGREED_FIELDS = ("lead.first_name", "lead.last_name", "lead.company", "lead.email")
ALL_HOURS = "24x7"
OFFERS_A_REP = 40  # two on each of twenty working days


class Cycle(StrEnum):
    """From the first talk to the signature."""

    WEEKS = "weeks"
    MONTHS = "months"
    LONG = "long"


class Reps(StrEnum):
    """People who answer leads."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


class Cover(StrEnum):
    """When somebody is there to answer."""

    OFFICE = "office"
    ZONES = "zones"
    LONG_HOURS = "long_hours"


@dataclass(frozen=True, slots=True)
class Answers:
    cycle: Cycle
    reps: Reps
    cover: Cover


@dataclass(frozen=True, slots=True)
class Company:
    """What the proposal needs to know: keys of touch kinds that are webinars and events, and marketing's hours."""

    events: tuple[str, ...]
    marketing_calendar: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """One promise: as an agreement file writes it, why this number, and whether it is on at first."""

    key: str
    node: Node
    why: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class _Pace:
    """Attempts of a follow-up, and the days of an outcome."""

    attempts: int
    within: int
    days: int
    outcome: int
    words: str


@dataclass(frozen=True, slots=True)
class _Size:
    goal: float
    binds_up_to: int
    handover: str
    head: int
    words: str


PACES = {
    Cycle.WEEKS: _Pace(5, 5, 3, 10, "Sales that close within weeks are lost within days"),
    Cycle.MONTHS: _Pace(6, 10, 4, 15, "Two weeks of trying fit a sale of one to three months"),
    Cycle.LONG: _Pace(8, 20, 5, 30, "Buyers who take long to decide take long to reach"),
}
SIZES = {
    Reps.FEW: _Size(0.8, 6, "4h", 2, "one person away is a third of the team"),
    Reps.SOME: _Size(0.85, 10, "2h", 8, "somebody can stand in"),
    Reps.MANY: _Size(0.9, 15, "2h", 20, "somebody is always free"),
}
OVERNIGHT = {Cover.OFFICE: "1h", Cover.ZONES: "30m", Cover.LONG_HOURS: ""}
OVERNIGHT_WORDS = {
    Cover.OFFICE: " What came in overnight waits together at opening, so it gets an hour.",
    Cover.ZONES: " What no zone was open for gets half an hour from opening.",
    Cover.LONG_HOURS: "",
}


def propose(answers: Answers, company: Company) -> tuple[Proposed, ...]:
    """In the order in which the promises are tried: the first that fits a lead applies within its kind."""
    pace, size = PACES[answers.cycle], SIZES[answers.reps]
    return (
        *_first_responses(answers.cover, size, company.events),
        _answer(size),
        _follow_up(pace, size),
        *_of_marketing(size, company),
        *_off_of_sales(pace, size),
        *_off_of_marketing(size, company),
        _buyer_wait(company),
    )


def _first_responses(cover: Cover, size: _Size, events: Sequence[str]) -> list[Proposed]:
    rules = {"kind": "first_response", "calendar": "team", "goal": size.goal, "binds_up_to": size.binds_up_to}
    raised: dict[str, Any] = rules | {
        "name": "First response to a raised hand", "segment": HAND_RAISE, "target": "15m",
        "ladder": [{"after": "30m", "to": "sales_manager"}],
    }  # fmt: skip
    if OVERNIGHT[cover]:
        raised["out_of_hours"] = OVERNIGHT[cover]
    attended = rules | {
        "name": "First response after a webinar or event", "target": "4h",
        "segment": {"fact": "handoff.trigger", "op": "in", "value": list(events)},
    }  # fmt: skip
    rest = rules | {"name": "First response", "target": "24h"}
    found = [
        Proposed("raised", raised, "Whoever asked for a call is waiting for it." + OVERNIGHT_WORDS[cover]),
        Proposed(
            "attended",
            attended,
            "They gave an hour of their time, and half a day later still know why.",
        ),
        Proposed(
            "rest",
            rest,
            "They read something and asked for nothing: within three days is soon enough.",
        ),
    ]
    return found if events else [found[0], found[2]]


def _answer(size: _Size) -> Proposed:
    node = {"kind": "answer", "name": "Answer", "target": "8h", "calendar": "team", "goal": size.goal,
            "binds_up_to": size.binds_up_to}  # fmt: skip
    why = f"Accept or reject within a working day; {size.goal:.0%} in time, since {size.words}."
    return Proposed("answer", node, why)


def _follow_up(pace: _Pace, size: _Size) -> Proposed:
    node = {
        "kind": "follow_up", "name": "Follow-up", "target": f"{pace.within}d", "attempts": pace.attempts,
        "days": pace.days, "calls": 2, "channels": 2, "calendar": "team", "goal": size.goal,
    }  # fmt: skip
    return Proposed(
        "follow_up", node, f"{pace.words}: {pace.attempts} attempts on {pace.days} days, not one call."
    )


def _of_marketing(size: _Size, company: Company) -> list[Proposed]:
    handover = {"kind": "handover", "name": "Handover", "target": size.handover, "goal": 0.95,
                "calendar": company.marketing_calendar}  # fmt: skip
    looks = "twice" if size.handover == "4h" else "four times"
    return [
        Proposed("handover", handover, f"Marketing looks at what qualified {looks} a day, so sales meets it fresh."),
        Proposed("completeness", {"kind": "completeness", "name": "Completeness", "goal": 0.9, "period": "month"},
                 "Without name, company and address nobody can be called; one in ten may lack a field."),
        Proposed("quality", {"kind": "quality", "name": "Accepted leads", "goal": 0.7, "period": "month"},
                 "Of ten leads that sales decides, seven are accepted: strict enough to matter, loose enough to try."),
    ]  # fmt: skip


def _off_of_sales(pace: _Pace, size: _Size) -> list[Proposed]:
    rules = {"calendar": "team", "goal": size.goal}
    return [
        Proposed("disposition", rules | {"kind": "disposition", "name": "Outcome", "target": f"{pace.outcome}d"},
                 "On once follow-up works: no lead stays accepted for ever.", on=False),
        Proposed("take", rules | {"kind": "take", "name": "Take", "target": "8h"},
                 "Only where one team sets meetings and another closes.", on=False),
        Proposed("re_response", rules | {"kind": "re_response", "name": "Re-response", "target": "4h"},
                 "When buyers raise a hand again while somebody works on them.", on=False),
        Proposed("meeting", rules | {"kind": "meeting", "name": "Meeting", "target": "24h"},
                 "When reps write down within a day whether a meeting was held.", on=False),
        Proposed("conversion", {"kind": "conversion", "name": "Conversion", "goal": 0.4, "period": "quarter"},
                 "A rate of sales, to agree on after a quarter of figures.", on=False),
        Proposed("brief_read", {"kind": "brief_read", "name": "Brief acknowledged", "goal": 0.9, "period": "month"},
                 "When campaigns have briefs that reps must know before buyers ask about them.", on=False),
    ]  # fmt: skip


def _off_of_marketing(size: _Size, company: Company) -> list[Proposed]:
    rules = {"calendar": company.marketing_calendar}
    brief = {"kind": "brief", "name": "Brief", "target": "5d", "goal": 0.9, "period": "quarter"}
    nurture = {"kind": "nurture", "name": "Nurture", "target": "10d", "goal": 0.8, "period": "month"}
    offers = size.head * OFFERS_A_REP
    return [
        Proposed("rework", rules | {"kind": "rework", "name": "Rework", "target": "8h", "goal": 0.9},
                 "When sales returns leads for information: a day, while its own clock stands.", on=False),
        Proposed("volume", {"kind": "volume", "name": "Volume", "amount": offers, "period": "month"},
                 f"Two offers a rep and working day would be {offers}; put in what marketing can make.", on=False),
        Proposed("pipeline", {"kind": "pipeline", "name": "Pipeline", "period": "quarter"},
                 "An amount that both sides name themselves, once deals are entered.", on=False),
        Proposed("brief", rules | brief,
                 "A week before launch, when campaigns are planned that far ahead.", on=False),
        Proposed("nurture", rules | nurture,
                 "When recycled leads are written to again: two weeks after they came back.", on=False),
    ]  # fmt: skip


def _buyer_wait(company: Company) -> Proposed:
    node = {"kind": "buyer_wait", "name": "Buyer wait", "target": "12h", "goal": 0.85,
            "calendar": company.marketing_calendar}  # fmt: skip
    why = "What the buyer feels: the time of both sides in one figure. To agree on when each keeps its own."
    return Proposed("buyer_wait", node, why, on=False)
