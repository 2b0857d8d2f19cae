"""Refusals of the API as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from common.refusals import Conflict, DomainError, Invalid

CONTENT_TYPE = "application/problem+json"
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class FieldProblem(serializers.Serializer[dict[str, str]]):
    """One wrong field."""

    field = serializers.CharField()
    reason = serializers.CharField()


class CurrentShape(serializers.Serializer[dict[str, Any]]):
    """What stands instead, since when and by whom."""

    status = serializers.CharField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class ProblemShape(serializers.Serializer[dict[str, Any]]):
    """`application/problem+json`: why a call was refused."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(  # type: ignore[assignment]
        many=True, required=False, help_text="Only with 422."
    )
    current = CurrentShape(required=False, help_text="Only with 409.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """What DRF calls for every exception of a view; None lets the server answer 500."""
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.ValidationError):
        found = [{"field": field, "reason": reason} for field, reason in _flat(error.detail)]
        return _problem(UNPROCESSABLE, "Some fields are wrong.", errors=found)
    response = rest_handler(error, context)
    if response is None:
        return None
    return _problem(response.status_code, _detail(error), headers=dict(response.items()))


def _of_domain(error: DomainError) -> Response:
    extra: dict[str, Any] = {}
    if isinstance(error, Invalid):
        extra["errors"] = [{"field": field, "reason": reason} for field, reason in error.errors.items()]
    if isinstance(error, Conflict):
        at = error.at.isoformat() if error.at else None
        extra["current"] = {"status": error.state or None, "by": error.by or None, "at": at}
        if error.own:
            return _problem(error.status, f"{error.message[:-1]} at {at}.", **extra)
    return _problem(error.status, error.message, **extra)


def _detail(error: Exception) -> str:
    if isinstance(error, Http404):
        return "There is nothing here by that id."
    if isinstance(error, PermissionDenied):
        return str(error) or "You may not do this."
    return str(error.detail) if isinstance(error, exceptions.APIException) else str(error)


def _problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **extra: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    kept = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
    return Response(body | extra, status=status, headers=kept, content_type=CONTENT_TYPE)


def _flat(detail: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """DRF nests errors by field; here each is a path and a reason."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, [field, step])))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, field)
    else:
        yield field, str(detail)
