"""The registry of facts."""

import pytest

from definitions.catalogue import Catalogue, FactGroup, FactSpec, TouchCounts
from definitions.engine.codec import CriteriaError, parse
from definitions.engine.operators import operators_for
from tests.definitions.specimens import bound_catalogue

REGION = FactSpec("attributes.region", "Region", "choice", values=lambda: {"EMEA": "Europe and Africa"})


def catalogue() -> Catalogue:
    made = Catalogue()
    made.register(FactSpec("lead.title", "Title", "text"), FactSpec("handoff.team", "Team", "text"))
    made.register_group("attributes", FactGroup({REGION.name: REGION}.get, lambda: [REGION]))
    return made


def test_a_registered_fact_is_found_by_its_name() -> None:
    assert catalogue().lookup("lead.title") == FactSpec("lead.title", "Title", "text")


@pytest.mark.parametrize("name", ["lead.shoe_size", "attributes.shoe_size", "attributes", "", "lead"])
def test_an_unknown_fact_is_not_found(name: str) -> None:
    assert catalogue().lookup(name) is None


def test_a_fact_of_a_group_is_found_when_asked_for() -> None:
    assert catalogue().lookup("attributes.region") == REGION


def test_the_editor_sees_every_fact() -> None:
    names = [spec.name for spec in catalogue().facts()]

    assert names == ["lead.title", "handoff.team", "attributes.region"]


def test_the_operators_follow_from_the_type() -> None:
    assert FactSpec("lead.title", "Title", "text").operators == {
        "eq", "ne", "in", "not_in", "contains", "starts_with", "exists", "missing",
    }  # fmt: skip
    assert operators_for("choice") == operators_for("text")
    assert operators_for("boolean") == {"eq", "ne", "in", "not_in", "exists", "missing"}
    assert operators_for("date") - operators_for("number") == {"within_days", "older_than_days"}


def test_nothing_is_registered_twice() -> None:
    made = bound_catalogue()

    with pytest.raises(ValueError, match=r"row\.title is registered already"):
        made.register(FactSpec("row.title", "Title", "text"))
    with pytest.raises(ValueError, match=r"attributes\.\* are registered already"):
        made.register_group("attributes", FactGroup(lambda name: None, list))
    with pytest.raises(ValueError, match="touches are registered already"):
        made.register_touches(made.touches)


@pytest.mark.parametrize("group", ["handoff", "attributes"])
def test_a_group_can_be_left_out(group: str) -> None:
    whole = catalogue()

    rest = whole.without(group)

    assert [spec.group for spec in rest.facts()] == [
        spec.group for spec in whole.facts() if spec.group != group
    ]


def test_criteria_cannot_name_a_fact_that_was_left_out() -> None:
    with pytest.raises(CriteriaError):
        parse({"fact": "handoff.team", "op": "exists"}, catalogue().without("handoff"))


def test_values_kinds_and_campaigns_have_labels_or_speak_for_themselves() -> None:
    made = catalogue()
    made.register_touches(
        TouchCounts(lambda *window: None, lambda: {"demo": "Demo"}, lambda: {"q1": "Spring"})
    )

    labels = [
        made.value_label("attributes.region", " emea"),
        made.touch_label("demo"),
        made.campaign_label("q1"),
    ]
    bare = [made.value_label("lead.title", "CEO"), made.touch_label("fax"), Catalogue().campaign_label("q1")]

    assert (labels, bare) == (["Europe and Africa", "Demo", "Spring"], ["CEO", "fax", "q1"])
