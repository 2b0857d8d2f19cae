"""No call sets what only services set (S14): every POST refuses every column that it does not name as a field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Model
from django.urls import get_resolver

from desk.api.bodies import OfferBody
from desk.api.leads import LeadBody, MarkBody, SetAsideBody
from desk.api.touches import TouchBody
from desk.api.verbs import VERBS
from leads.models import Deal, Handoff, Lead, Qualification, Touch
from sla.models import Clock
from tests.api.callers import make_world
from tests.api.test_scopes import views

pytestmark = pytest.mark.django_db
MODELS: tuple[type[Model], ...] = (Lead, Handoff, Qualification, Clock, Touch, Deal)
POSTED = {
    "leads": LeadBody, "lead-set-aside": SetAsideBody, "lead-mark-mql": MarkBody, "touches": TouchBody,
    "handoffs": OfferBody, **{f"handoff-{slug}": verb.body for slug, verb in VERBS.items()},
}  # fmt: skip

NEEDED = ("reject", "return", "disqualify", "recycle", "lose", "send-back")
BODIES: dict[str, dict[str, str]] = {
    "leads": {"email": "a@b.example"},
    "lead-set-aside": {"reason": "set-aside-it"},
    "lead-mark-mql": {"reason": "mark-mql-it"},
    "touches": {"kind": "webinar", "email": "a@b.example"},
    "handoffs": {"lead": "somebody"},
    **{f"handoff-{slug}": {"reason": f"{slug}-it"} for slug in NEEDED},
    "handoff-attempts": {"channel": "call", "outcome": "talked"},
    "handoff-move-meeting": {"meeting_at": "2030-01-01T10:00:00Z"},
}


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def columns() -> set[str]:
    """What the rows behind the API hold, under every name that code has for it."""
    fields = [field for model in MODELS for field in model._meta.get_fields()]
    return {
        "pk",
        *(field.name for field in fields),
        *(getattr(field, "attname", field.name) for field in fields),
    }


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the models that calls could reach."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


def test_every_post_of_the_api_is_tried_here_s14() -> None:
    posting = {
        route.name.removeprefix("api:")
        for route, kind in views(get_resolver().url_patterns)
        if kind is not None and hasattr(kind, "post")
    }

    assert posting == {*POSTED}


@pytest.mark.parametrize("name", POSTED)
def test_no_call_sets_a_column_it_does_not_name_s14(name: str) -> None:
    """Beside all that the call needs, each of them is told by its name; no row changes."""
    world = make_world()
    handoff = world.offered()
    address = _address(name, handoff)
    foreign = columns() - {*POSTED[name]().fields}
    before = rows()

    answer = world.marketing.post(address, BODIES.get(name, {}) | dict.fromkeys(foreign, "customer"))
    told = {error["field"]: error["reason"] for error in answer.json()["errors"]}

    assert len(foreign) > 80
    assert (answer.status_code, foreign - {*told}) == (422, set())
    assert rows() == before


def test_the_same_body_without_them_would_act_s14() -> None:
    world = make_world()
    handoff = world.offered()

    answer = world.sales.post(_address("handoff-reject", handoff), BODIES["handoff-reject"])

    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")


def _address(name: str, handoff: dict[str, Any]) -> str:
    if name.startswith("handoff-"):
        return f"handoffs/{handoff['id']}/{name.removeprefix('handoff-')}/"
    if name.startswith("lead-"):
        return f"leads/{handoff['lead']}/{name.removeprefix('lead-')}/"
    return f"{name}/"
