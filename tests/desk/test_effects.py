"""What the dialogs of acts say of the clocks: only of those that somebody promised."""

from __future__ import annotations

import pytest

from desk.forms.bulk import ACTS
from desk.queries.effects import (
    EFFECTS,
    OF_MARKETING,
    OF_THE_DEAL,
    effects,
    effects_of_marketing,
    in_words,
)
from desk.views.acts.pages import PAGES
from desk.views.offer import DECISIONS
from sla.models import Commitment
from tests.factories import HOUR, NOON, make_handoff, make_mql
from tests.sla.makers import happens, make_contract


@pytest.mark.parametrize(
    ("slug", "promised", "said"),
    [
        ("accept", {"answer", "follow_up", "disposition"}, "Ends answer. Starts follow-up and outcome."),
        ("accept", {"answer"}, "Ends answer."),
        ("accept", {"take"}, "No clock of the contract changes."),
        ("reject", {"answer"}, "Ends answer. Final: reopen starts a new cycle."),
        ("pass", set(), "You stay the setter. No clock of the contract changes."),
        (
            "lose",
            {"disposition", "first_response", "follow_up", "buyer_wait"},
            f"{OF_THE_DEAL[0]} Ends outcome. Cancels first response, follow-up and buyer wait.",
        ),
    ],
)
def test_only_clocks_that_are_promised_are_named(slug: str, promised: set[str], said: str) -> None:
    assert in_words(EFFECTS[slug], promised) == said


def test_every_act_and_clock_that_is_named_exists() -> None:
    every = (*EFFECTS.values(), *OF_MARKETING.values())
    kinds = {kind for parts in every for _, named in parts for kind in named}

    assert EFFECTS.keys() <= PAGES.keys()
    assert OF_MARKETING.keys() <= {*DECISIONS, *ACTS}
    assert kinds <= set(Commitment.Kind.values)


@pytest.mark.django_db
def test_the_clocks_are_those_of_the_contract_in_force() -> None:
    make_contract(disposition=HOUR)

    assert effects("qualify", make_handoff(), NOON) == "Ends outcome."


@pytest.mark.django_db
def test_a_clock_that_runs_by_an_older_contract_is_named_too() -> None:
    make_contract(until=NOON + HOUR, answer=9 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    make_contract(since=NOON + HOUR, take=HOUR)

    assert effects("accept", handoff, NOON + 2 * HOUR) == "Ends answer."


@pytest.mark.django_db
def test_marketing_reads_only_of_clocks_that_are_promised_or_run() -> None:
    make_contract(until=NOON + HOUR, handover=9 * HOUR)
    lead = make_mql(NOON)
    happens("mql", lead, NOON)
    make_contract(since=NOON + HOUR, answer=HOUR)

    later = NOON + 2 * HOUR
    assert effects_of_marketing("offer", later, lead) == "Ends handover. Starts answer."
    assert effects_of_marketing("offer", later, make_mql(later)) == "Starts answer."
    assert effects_of_marketing("mark-mql", later) == "No clock of the contract changes."
