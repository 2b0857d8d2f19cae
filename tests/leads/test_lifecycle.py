"""The lifecycle's decisions: every verb from every state, as the table of domain section 3 says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from common.refusals import Conflict
from leads.engine.journey import Act, Cycle, Journey
from leads.engine.lifecycle import VERBS, decide

AT = datetime(2026, 6, 3, 12, tzinfo=UTC)
STATES = ["", "offered", "returned", "accepted", "qualified", "rejected", "withdrawn", "disqualified", "recycled",
          "won", "lost"]  # fmt: skip
STAGE = {"": "inquiry", "offered": "marketing_qualified", "returned": "marketing_qualified",
         "accepted": "sales_accepted", "qualified": "sales_qualified", "rejected": "recycled",
         "withdrawn": "marketing_qualified", "disqualified": "disqualified", "recycled": "recycled",
         "won": "customer", "lost": "disqualified"}  # fmt: skip

# verb -> the cycle states it may be done from.
FROM = {
    "claim": {"offered", "accepted"},
    "accept": {"offered", "returned"},
    "reject": {"offered", "returned"},
    "redirect": {"offered"},
    "return": {"offered"},
    "resupply": {"returned"},
    "withdraw": {"offered", "returned"},
    "attempt": {"offered", "returned", "accepted", "qualified"},
    "qualify": {"accepted"},
    "pass": {"qualified"},
    "disqualify": {"accepted", "qualified"},
    "recycle": {"accepted", "qualified"},
    "win": {"qualified"},
    "lose": {"qualified"},
    "reassign": {"offered", "returned", "accepted", "qualified"},
    "pause": {"offered", "returned", "accepted", "qualified"},
    "book_meeting": {"offered", "returned", "accepted", "qualified"},
    "raise_again": {"offered", "returned", "accepted", "qualified"},
}

AFTER = [
    # verb, from, act fields, status, stage
    ("accept", "offered", {}, "accepted", "sales_accepted"),
    ("accept", "returned", {}, "accepted", "sales_accepted"),
    ("reject", "offered", {"next_step": "fix"}, "rejected", "marketing_qualified"),
    ("reject", "offered", {"next_step": "nurture"}, "rejected", "recycled"),
    ("reject", "returned", {"next_step": "close"}, "rejected", "disqualified"),
    ("redirect", "offered", {"team": 2}, "offered", "marketing_qualified"),
    ("return", "offered", {}, "returned", "marketing_qualified"),
    ("resupply", "returned", {}, "offered", "marketing_qualified"),
    ("withdraw", "offered", {}, "withdrawn", "marketing_qualified"),
    ("attempt", "accepted", {}, "accepted", "sales_accepted"),
    ("attempt", "offered", {"accepts": True}, "accepted", "sales_accepted"),
    ("attempt", "offered", {"accepts": False}, "offered", "marketing_qualified"),
    ("attempt", "offered", {"accepts": True, "outbound": False}, "offered", "marketing_qualified"),
    ("qualify", "accepted", {}, "qualified", "sales_qualified"),
    ("pass", "qualified", {"team": 2, "person": 9}, "qualified", "sales_qualified"),
    ("disqualify", "accepted", {}, "disqualified", "disqualified"),
    ("disqualify", "qualified", {}, "disqualified", "disqualified"),
    ("recycle", "accepted", {"until": date(2026, 9, 1)}, "recycled", "recycled"),
    ("win", "qualified", {}, "won", "customer"),
    ("win", "offered", {"joined": True}, "won", "customer"),
    ("lose", "qualified", {}, "lost", "disqualified"),
    ("lose", "qualified", {"until": date(2026, 9, 1)}, "lost", "recycled"),
    ("reassign", "returned", {"team": 1, "person": 3}, "returned", "marketing_qualified"),
]


def journey(status: str, **fields: object) -> Journey:
    cycle = Cycle(status=status, team=1, offered_at=AT, **fields) if status else None  # type: ignore[arg-type]
    return Journey(STAGE[status], cycle)


def act(verb: str, **fields: object) -> Act:
    return Act(verb, AT, 7, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verb", "status"),
    [(verb, status) for verb, allowed in FROM.items() for status in STATES if status not in allowed],
)
def test_a_verb_is_refused_in_every_other_state(verb: str, status: str) -> None:
    with pytest.raises(Conflict) as refused:
        decide(journey(status), act(verb))

    assert refused.value.state == status


@pytest.mark.parametrize(("verb", "status", "fields", "then", "stage"), AFTER)
def test_a_verb_leads_to_its_state_and_stage(
    verb: str, status: str, fields: dict, then: str, stage: str
) -> None:
    decision = decide(journey(status), act(verb, **fields))

    assert decision.journey.cycle is not None
    assert (decision.journey.cycle.status, decision.journey.stage) == (then, stage)


def test_every_verb_is_decided_somewhere() -> None:
    others = {"mql", "offer", "take", "send_back", "resume", "set_aside", "wake", "reopen", "takeover"}
    others |= {"move_meeting", "hold_meeting", "miss_meeting", "call_off_meeting"}

    assert set(VERBS) == set(FROM) | others


def test_an_attempt_that_accepts_is_one_act_with_two_rows_at_one_instant() -> None:
    decision = decide(journey("offered"), act("attempt", accepts=True, contact=True, data={"attempt": 5}))

    assert [row.kind for row in decision.rows] == ["accepted", "contacted"]
    assert decision.rows[0].data["by"] == "attempt"
    assert decision.journey.cycle is not None
    assert decision.journey.cycle.accepted_at == decision.journey.cycle.first_response_at == AT


def test_reject_is_refused_once_contact_was_made() -> None:
    with pytest.raises(Conflict, match="Contact was made"):
        decide(journey("offered", contact_made=True), act("reject"))


def test_the_third_redirect_goes_to_the_manager_of_the_team_that_holds_it() -> None:
    decision = decide(journey("offered", redirects=2, holder=4), act("redirect", team=2, manager=8))

    assert decision.journey.cycle is not None
    assert (decision.journey.cycle.team, decision.journey.cycle.holder) == (1, 8)
    assert [row.kind for row in decision.rows] == ["reassigned"]


def test_after_the_third_redirect_nobody_redirects_any_more() -> None:
    with pytest.raises(Conflict, match="redirected twice"):
        decide(journey("offered", redirects=3), act("redirect", team=2))


def test_a_pool_lead_belongs_to_whoever_accepts_it() -> None:
    decision = decide(journey("offered"), act("accept"))

    assert decision.journey.cycle is not None
    assert decision.journey.cycle.holder == 7
    assert decision.span is not None
    assert decision.span.person == 7


def test_claiming_a_held_lead_is_refused() -> None:
    with pytest.raises(Conflict, match="already holds"):
        decide(journey("offered", holder=3), act("claim"))


def test_send_back_returns_to_the_same_setter_as_an_accepted_lead() -> None:
    passed = decide(journey("qualified", holder=3), act("pass", team=2, person=9)).journey

    decision = decide(passed, act("send_back"))

    assert decision.journey.cycle is not None
    assert (decision.journey.cycle.status, decision.journey.cycle.team, decision.journey.cycle.holder) == (
        "accepted", 1, 3,
    )  # fmt: skip
    assert decision.journey.stage == "sales_accepted"


def test_take_needs_a_pass_first() -> None:
    with pytest.raises(Conflict, match="does not wait"):
        decide(journey("qualified"), act("take"))


def test_a_closed_cycle_remembers_the_state_it_was_closed_from() -> None:
    decision = decide(journey("qualified"), act("recycle", until=date(2026, 9, 1)))

    assert decision.rows[0].data["from"] == "qualified"
    assert decision.rows[0].data["until"] == "2026-09-01"


@pytest.mark.parametrize(
    ("resumes_as", "status", "stage"),
    [("offered", "offered", "marketing_qualified"), ("returned", "offered", "marketing_qualified"),
     ("accepted", "accepted", "sales_accepted"), ("qualified", "qualified", "sales_qualified")],
)  # fmt: skip
def test_reopen_starts_in_the_state_the_closing_verb_left(resumes_as: str, status: str, stage: str) -> None:
    decision = decide(journey("lost"), act("reopen", resumes_as=resumes_as, person=3))

    assert decision.journey.cycle is not None
    assert (decision.journey.cycle.status, decision.journey.stage) == (status, stage)


def test_only_a_recycled_or_disqualified_lead_wakes() -> None:
    assert decide(Journey("recycled"), act("wake")).journey.stage == "inquiry"
    assert decide(Journey("disqualified"), act("wake")).journey.stage == "inquiry"
    with pytest.raises(Conflict):
        decide(Journey("customer"), act("wake"))


def test_an_mql_with_an_open_cycle_cannot_be_set_aside() -> None:
    with pytest.raises(Conflict):
        decide(journey("offered"), act("set_aside"))


def test_a_second_offer_while_one_is_open_is_refused() -> None:
    with pytest.raises(Conflict, match="open handoff"):
        decide(replace(journey("offered"), stage="marketing_qualified"), act("offer"))


def test_a_customer_is_offered_only_for_a_hand_raise() -> None:
    assert decide(journey("won"), act("offer", hand_raise=True)).journey.cycle is not None
    with pytest.raises(Conflict, match="Only an MQL"):
        decide(journey("won"), act("offer"))


def test_pause_and_resume_take_turns() -> None:
    paused = decide(journey("accepted"), act("pause")).journey

    with pytest.raises(Conflict, match="already paused"):
        decide(paused, act("pause"))
    resumed = decide(paused, act("resume")).journey
    with pytest.raises(Conflict, match="not paused"):
        decide(resumed, act("resume"))
