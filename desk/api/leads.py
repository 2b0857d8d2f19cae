"""`leads/`: the queue's list, upsert, one lead with its timeline, and what marketing decides about it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.lists import only
from common.web.pages import ApiPages, Neighbours
from desk.api.base import Endpoint, person, told
from desk.api.fields import Strict, Text, day, moment, note, reason
from desk.api.limits import CREATE
from desk.api.shapes import LeadShape, TimelineShape
from desk.queries import filters, history
from desk.queries.lists import in_order, leads_for_filters
from desk.queries.reached import STEPS
from desk.queries.views import VIEWS
from leads.access import lead_for, leads_for
from leads.models import Lead
from leads.services import leads

RELATED = ("emails", "phones", "external_ids", "company__domains", "handoffs")
QUESTIONS = [
    *(OpenApiParameter(name, many=True, description="May be repeated.") for name in filters.MANY),
    *(
        OpenApiParameter(name, enum=words)
        for name, words in (
            ("view", list(VIEWS)),
            ("clock", list(filters.CLOCKS)),
            ("created", list(filters.PERIODS)),
            ("reached", list(STEPS)),
            ("sort", [*filters.SORTS, *(f"-{name}" for name in filters.SORTS)]),
        )
    ),
    OpenApiParameter("created_from", OpenApiTypes.DATE),
    OpenApiParameter("created_to", OpenApiTypes.DATE, description="This day included."),
    OpenApiParameter("q", description="Words in name, title, company or e-mail."),
]


class LeadBody(Strict):
    """One lead in the field names of the history files. Empty fields erase nothing."""

    external_id = Text(max_length=200)
    email = Text()
    first_name = Text(max_length=120)
    last_name = Text(max_length=120)
    title = Text(max_length=160)
    phone = Text(max_length=60)
    company = Text(max_length=200)
    company_domain = Text()
    industry = Text(max_length=120)
    employees = serializers.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    country = Text(max_length=80)
    source = Text(max_length=120)  # type: ignore[assignment]
    campaign = Text(help_text="Slug or name.")
    owner = Text(help_text="E-mail or id.")
    created_at = moment("When the lead came in; now unless given.")
    attributes = serializers.DictField(required=False, help_text="Custom attributes by name.")


class SetAsideBody(Strict):
    """Why, and until when it rests."""

    reason = reason("set_aside")
    until = day("Recycled until this day.")
    note = note()


class MarkBody(Strict):
    """Why marketing qualifies it by hand."""

    reason = reason("mark_mql")
    note = note()


class LeadList(Endpoint):
    """Every lead, or one saved view of them; creating and updating."""

    scopes: ClassVar = {"GET": "leads:read", "POST": "leads:write"}
    rates: ClassVar = {"POST": CREATE}
    searched_by: ClassVar = "q"

    @extend_schema(responses={200: LeadShape(many=True)}, parameters=QUESTIONS)
    def get(self, request: Request) -> Response:
        only(request, (*filters.MANY, *filters.ONE))
        asked = filters.read_filters(request.query_params, view="all")
        if asked.errors:
            raise Invalid(asked.errors)
        found = leads_for_filters(leads_for(request.user), asked, database_now())
        rows, self.ordering = in_order(found, asked.sort)
        return self.listed(with_all(rows), LeadShape)

    @extend_schema(request=LeadBody, responses={201: LeadShape, 200: LeadShape})
    @idempotent
    def post(self, request: Request) -> Response:
        """Upsert by `external_id`, else e-mail: 201 for a new lead, 200 for a known one.

        Marketing, managers and the holder may change what is known; everybody else fills empty fields only.
        """
        if not isinstance(request.data, dict):
            raise ValidationError({"": "Send one object."})
        fields = {name: value for name, value in request.data.items() if value is not None}
        captured = leads.capture(fields, by=person(request), source="api")
        return Response(shown(request, captured.lead), status=201 if captured.created else 200)


class LeadDetail(Endpoint):
    """One lead."""

    scopes: ClassVar = {"GET": "leads:read"}

    @extend_schema(responses={200: LeadShape})
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(shown(request, lead_for(request.user, public_id)))


class TimelinePages(ApiPages):
    """Pages of what happened to one lead."""

    def cut(self, rows: Lead, cursor: str, size: int, view: Any) -> Neighbours:
        return history.page(rows, cursor=cursor, size=size)


class LeadTimeline(Endpoint):
    """What happened to one lead, the newest first."""

    scopes: ClassVar = {"GET": "leads:read"}
    pagination_class = TimelinePages

    @extend_schema(responses={200: TimelineShape(many=True)})
    def get(self, request: Request, public_id: UUID) -> Response:
        only(request)
        return self.listed(lead_for(request.user, public_id), TimelineShape)


class LeadSetAside(Endpoint):
    """Marketing sets an MQL aside."""

    scopes: ClassVar = {"POST": "leads:write"}

    @extend_schema(request=SetAsideBody, responses={200: LeadShape})
    @idempotent
    def post(self, request: Request, public_id: UUID) -> Response:
        """Recycled until a day, or for good where the reason says so."""
        lead = lead_for(request.user, public_id)
        done = leads.set_aside(lead, by=person(request), **told(request, SetAsideBody))
        return Response(shown(request, done))


class LeadMarkMql(Endpoint):
    """Marketing qualifies an inquiry by hand."""

    scopes: ClassVar = {"POST": "leads:write"}

    @extend_schema(request=MarkBody, responses={200: LeadShape})
    @idempotent
    def post(self, request: Request, public_id: UUID) -> Response:
        """Needs a reason; only an inquiry can be marked."""
        lead = lead_for(request.user, public_id)
        done = leads.mark_mql(lead, by=person(request), **told(request, MarkBody))
        return Response(shown(request, done))


def with_all(rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """Leads with whatever their answer shows, in a constant number of queries."""
    return rows.select_related("company", "campaign", "owner", "merged_into").prefetch_related(*RELATED)


def shown(request: Request, lead: Lead) -> dict[str, Any]:
    """One lead as it stands now."""
    return dict(LeadShape(with_all(leads_for(request.user)).get(pk=lead.pk)).data)
