"""The API is as it describes itself, whatever is sent: calls made up from its schema, each undone before the next."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.architecture.world import ROLES, make_world, rolled_back, shown
from tests.faults.sizes import size

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALLS = hypothesis.settings(
    max_examples=size(4, 100), deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def one_connection(db: None) -> Generator[None, None, None]:
    """Between two requests a server closes what it has of the database; here the test needs it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("role", size(["admin"], ROLES))
def test_every_answer_is_one_that_the_schema_names_s31(role: str) -> None:
    world = make_world()
    headers = shown(world["people"][role])

    wrong = {each.label: found for each in operations() if (found := asked(each, world["known"], headers))}

    assert wrong == {}


def operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    return (found.ok() for found in schema.get_all_operations())


def asked(operation: Any, known: dict[str, str], headers: dict[str, str]) -> str:
    """What an answer had that the schema does not say; empty when all is well. Addresses lead to real rows."""
    cache.clear()  # limits of calls a minute
    places = dict(place_of(operation.path, known))

    @CALLS
    @hypothesis.given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.path_parameters.update(places)
        with rolled_back():
            case.validate_response(case.call(headers=headers), checks=CHECKS)

    try:
        call()
    except FailureGroup as found:
        return str(found)
    return ""


def place_of(path: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each parameter of a path with what stands for it: by the word before it, or by its own name."""
    for word, name in re.findall(r"([\w-]*)/\{(\w+)\}", path):
        yield name, known.get(f"{word}/") or known[name]
