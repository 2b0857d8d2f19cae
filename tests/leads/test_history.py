"""Which acts one imported event stands for: the implied steps, their order and their actors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leads.engine.history import BEFORE, VERB, steps, taken_up
from leads.engine.journey import Act, Cycle, Journey
from leads.engine.lifecycle import decide

AT = datetime(2026, 6, 3, 12, tzinfo=UTC)
REP, TEAM = 7, 3
CHAIN = {
    "mql": "mql",
    "offered": "mql offer",
    "accepted": "mql offer accept",
    "rejected": "mql offer reject",
    "redirected": "mql offer redirect",
    "returned": "mql offer return",
    "resupplied": "mql offer return resupply",
    "withdrawn": "mql offer withdraw",
    "attempted": "mql offer attempt",
    "contacted": "mql offer attempt",
    "qualified": "mql offer accept qualify",
    "disqualified": "mql offer accept disqualify",
    "recycled": "mql offer accept recycle",
    "passed": "mql offer accept qualify pass",
    "taken": "mql offer accept qualify pass take",
    "sent_back": "mql offer accept qualify pass send_back",
    "won": "mql offer accept qualify win",
    "lost": "mql offer accept qualify lose",
}


def verbs(journey: Journey, word: str) -> str:
    return " ".join(act.verb for act, _ in steps(journey, Act(VERB[word], AT, REP, team=TEAM)))


@pytest.mark.parametrize("word", VERB)
def test_a_new_lead_takes_every_step_that_its_first_event_implies(word: str) -> None:
    assert verbs(Journey(), word) == CHAIN[word]


@pytest.mark.parametrize("word", VERB)
def test_every_chain_of_steps_is_one_that_the_lifecycle_allows(word: str) -> None:
    journey = Journey()

    for act, _ in steps(Journey(), Act(VERB[word], AT, REP, team=TEAM, accepts=True, next_step="fix")):
        journey = decide(journey, act).journey

    assert (journey.cycle is None) == (word == "mql")


@pytest.mark.parametrize("word", VERB)
def test_only_the_last_step_is_the_event_itself(word: str) -> None:
    implied = [implied for _, implied in steps(Journey(), Act(VERB[word], AT, REP, team=TEAM))]

    assert implied == [True] * (len(implied) - 1) + [False]


@pytest.mark.parametrize(
    ("status", "word", "expected"),
    [
        ("offered", "qualified", "accept qualify"),
        ("returned", "qualified", "accept qualify"),
        ("returned", "resupplied", "resupply"),
        ("returned", "rejected", "reject"),
        ("offered", "resupplied", "return resupply"),
        ("accepted", "won", "qualify win"),
        ("accepted", "attempted", "attempt"),
        ("qualified", "won", "win"),
        ("offered", "taken", "accept qualify pass take"),
        ("accepted", "accepted", "accept"),
        ("accepted", "resupplied", "resupply"),
        ("accepted", "mql", "mql"),
    ],
)
def test_steps_that_were_taken_are_not_taken_again(status: str, word: str, expected: str) -> None:
    assert verbs(Journey("marketing_qualified", Cycle(status, team=TEAM)), word) == expected


@pytest.mark.parametrize(
    ("stage", "word", "expected"),
    [
        ("marketing_qualified", "offered", "offer"),
        ("marketing_qualified", "accepted", "offer accept"),
        ("recycled", "offered", "wake mql offer"),
        ("disqualified", "mql", "wake mql"),
        ("customer", "offered", "mql offer"),
        ("customer", "won", "mql offer accept qualify win"),
    ],
)
def test_after_a_closed_cycle_a_new_one_opens(stage: str, word: str, expected: str) -> None:
    journey = Journey(stage, Cycle("lost", team=TEAM, closed_at=AT))

    for act, _ in steps(journey, Act(VERB[word], AT, REP, team=TEAM)):
        journey = decide(journey, act).journey

    closed = Journey(stage, Cycle("lost", team=TEAM, closed_at=AT))
    assert verbs(closed, word) == expected
    assert (journey.open_cycle is None) == (word in {"mql", "won"})


def test_an_implied_step_is_the_actors_only_on_the_same_side() -> None:
    acts = {act.verb: act.by for act, _ in steps(Journey(), Act("qualify", AT, REP, team=TEAM))}

    assert acts == {"mql": None, "offer": None, "accept": REP, "qualify": REP}


def test_implied_offers_go_to_the_team_and_implied_passes_to_the_taker() -> None:
    acts = {act.verb: (act.team, act.person) for act, _ in steps(Journey(), Act("take", AT, REP, team=TEAM))}

    assert (acts["offer"], acts["pass"]) == ((TEAM, None), (TEAM, REP))


@pytest.mark.parametrize(
    ("cycle", "verb", "holder"),
    [
        (Cycle("accepted", team=1), "qualify", REP),
        (Cycle("accepted", team=1), "attempt", None),
        (Cycle("accepted", team=1, holder=9), "qualify", 9),
        (Cycle("offered", team=1), "qualify", None),
        (Cycle("qualified", team=1), "win", REP),
    ],
)
def test_who_does_what_a_holder_does_holds_what_nobody_held(
    cycle: Cycle, verb: str, holder: int | None
) -> None:
    assert taken_up(cycle, Act(verb, AT, REP, team=TEAM)).holder == holder


def test_a_cycle_without_a_team_takes_the_one_that_is_named() -> None:
    assert taken_up(Cycle("offered"), Act("accept", AT, REP, team=TEAM)).team == TEAM


def test_every_step_before_is_a_verb() -> None:
    assert {verb for verb, _ in BEFORE.values()} <= set(VERB.values())
