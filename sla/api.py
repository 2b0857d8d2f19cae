"""`/api/v1/clocks/` and `/api/v1/breaches/`: lists for programs, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from accounts.queries import as_uuid, person_by, team_in_filter
from common.refusals import Invalid
from common.web.lists import PAGING, only
from common.web.pages import ApiPages
from definitions.engine.text import text_key
from sla.access import breaches_for, clocks_for
from sla.models import Breach, Clock, Escalation, Excuse
from sla.models.breach import Cause

Read = Callable[[str], Q]


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """One time commitment, measured on one handoff or qualification."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Clock
        fields = ("id", "kind", "round", "status", "started_at", "due_at", "satisfied_at")


class RungSerializer(serializers.ModelSerializer[Escalation]):
    """One rung of a miss's ladder that was climbed. A silent one was overtaken by a later rung and told nobody."""

    person = serializers.EmailField(source="person.email", allow_null=True, default=None)

    class Meta:
        model = Escalation
        fields = ("rung", "do", "to", "at", "detected_at", "silent", "done", "why", "person")


class BreachSerializer(serializers.ModelSerializer[Breach]):
    """One missed clock, dated when it was due."""

    id = serializers.UUIDField(source="public_id")
    clock = ClockSerializer()
    lead = serializers.UUIDField(source="clock.lead.public_id")
    handoff = serializers.UUIDField(source="clock.handoff.public_id", allow_null=True, default=None)
    team = serializers.CharField(source="team.name", allow_null=True, default=None)
    owner = serializers.EmailField(source="named.email", allow_null=True, default=None)
    cause = serializers.SerializerMethodField()
    excused = serializers.SerializerMethodField()
    ladder = RungSerializer(source="escalations", many=True)
    next_rung_at = serializers.DateTimeField(source="rung_at", allow_null=True)

    class Meta:
        model = Breach
        fields = (
            "id",
            "clock",
            "lead",
            "handoff",
            "at",
            "detected_at",
            "team",
            "owner",
            "cause",
            "historic",
            "excused",
            "ladder",
            "next_rung_at",
        )

    def get_cause(self, breach: Breach) -> str | None:
        return breach.cause or None

    def get_excused(self, breach: Breach) -> bool:
        granted = any(excuse.decision == Excuse.Decision.GRANTED for excuse in breach.excuses.all())
        return breach.by_recalculation or granted


def _one_of(column: str, known: list[str]) -> Read:
    def read(value: str) -> Q:
        if value not in known:
            raise ValueError(f"Choose one of: {', '.join(filter(None, known))}.")
        return Q(**{column: value})

    return read


def _row(column: str) -> Read:
    def read(value: str) -> Q:
        public_id: UUID | None = as_uuid(value)
        if public_id is None:
            raise ValueError("Enter the id of a row.")
        return Q(**{column: public_id})

    return read


def _team(value: str) -> Q:
    return Q(team=team_in_filter(value))


def _owner(value: str) -> Q:
    return Q(person=person_by(value))


def _named(value: str) -> Q:
    """Whom a miss names: who got the lead shortly before is not found by it either."""
    return _owner(value) & Q(got_late=False)


def _moment(column: str) -> Read:
    def read(value: str) -> Q:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("Enter a date or moment such as 2026-11-24T09:00Z.") from None
        return Q(**{column: at if at.tzinfo else at.replace(tzinfo=UTC)})

    return read


def _yes_or_no(column: str) -> Read:
    def read(value: str) -> Q:
        if value not in ("true", "false"):
            raise ValueError("Enter true or false.")
        return Q(**{column: value == "true"})

    return read


class FilteredList(ListAPIView[Any]):
    """A list with the filters that it names; another name is refused, not ignored."""

    pagination_class = ApiPages
    ordering = ("-pk",)
    filters: ClassVar[Mapping[str, Read]] = {}

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        only(self.request, self.filters)
        wanted, errors = Q(), {}
        for name, value in self.request.query_params.items():
            if name in PAGING:
                continue
            try:
                wanted &= self.filters[name](str(value))
            except ValueError as refusal:
                errors[name] = str(refusal)
        if errors:
            raise Invalid(errors)
        return rows.filter(wanted)


MEANS = {
    "kind": f"One of {', '.join(Clock.Kind.values)}.",
    "status": f"One of {', '.join(Clock.Status.values)}.",
    "cause": f"One of {', '.join(filter(None, Cause.values))}.",
    "lead": "The id of a lead.",
    "handoff": "The id of a handoff.",
    "team": "The name of a team, its id, or its slug.",
    "owner": "The e-mail of a person, or their id.",
    "source": "As leads name it.",
    "open": "true or false: whether the clock still waits.",
    "due_from": "Due at this moment or later, such as 2026-11-24T09:00Z.",
    "due_to": "Due before this moment.",
    "from": "Missed at this moment or later, such as 2026-11-24T09:00Z.",
    "to": "Missed before this moment.",
}


def _described(names: Mapping[str, Read]) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, str, description=MEANS[name]) for name in names]


CLOCK_FILTERS: Mapping[str, Read] = {
    "kind": _one_of("kind", Clock.Kind.values),
    "status": _one_of("status", Clock.Status.values),
    "lead": _row("lead__public_id"),
    "handoff": _row("handoff__public_id"),
    "team": _team,
    "owner": _owner,
    "due_from": _moment("due_at__gte"),
    "due_to": _moment("due_at__lt"),
}
BREACH_FILTERS: Mapping[str, Read] = {
    "kind": _one_of("clock__kind", Clock.Kind.values),
    "cause": _one_of("cause", Cause.values),
    "lead": _row("clock__lead__public_id"),
    "handoff": _row("clock__handoff__public_id"),
    "team": _team,
    "owner": _named,
    "source": lambda value: Q(clock__lead__source_key=text_key(value)),
    "open": _yes_or_no("clock__ended_at__isnull"),
    "from": _moment("at__gte"),
    "to": _moment("at__lt"),
}


@extend_schema(tags=["clocks"], parameters=_described(CLOCK_FILTERS))
class ClockList(FilteredList):
    """Every clock, newest first."""

    scopes: ClassVar = {"GET": "clocks:read"}
    serializer_class = ClockSerializer
    filters = CLOCK_FILTERS

    def get_queryset(self) -> QuerySet[Clock]:
        return self.narrowed(clocks_for(self.request.user))


@extend_schema(tags=["breaches"], parameters=_described(BREACH_FILTERS))
class BreachList(FilteredList):
    """Every miss, newest first."""

    scopes: ClassVar = {"GET": "breaches:read"}
    serializer_class = BreachSerializer
    filters = BREACH_FILTERS

    def get_queryset(self) -> QuerySet[Breach]:
        rows = breaches_for(self.request.user).select_related(
            "clock__lead", "clock__handoff", "team", "person"
        )
        return self.narrowed(rows.prefetch_related("excuses", "escalations__person"))


urlpatterns = [
    path("clocks/", ClockList.as_view(), name="clocks"),
    path("breaches/", BreachList.as_view(), name="breaches"),
]
