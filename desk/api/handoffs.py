"""`handoffs/`: the list, offering, and one address a verb. Every answer shows the clocks."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.queries import as_uuid
from common.refusals import Invalid
from common.web.lists import only
from desk.api.base import Endpoint, person, told
from desk.api.bodies import OfferBody
from desk.api.references import lead_named, owner_named, team_named
from desk.api.shapes import HandoffShape
from desk.api.verbs import VERBS, Verb
from leads.access import handoff_for, handoffs_for, lead_known_as
from leads.models import Handoff
from leads.services import handoffs

FILTERS = ("status", "team", "owner", "lead")
RELATED = ("lead", "team", "holder", "qualification", "reason", "follows")
ROWS = ("lead__external_ids", "clocks", "qualification__clocks", "deal_leads__deal")
QUESTIONS = [
    OpenApiParameter("status", many=True, enum=[*Handoff.Status.values, "open"]),
    OpenApiParameter("team", description="Name or id."),
    OpenApiParameter("owner", description="E-mail or id of the holder; `none` for the pool."),
    OpenApiParameter("lead", description="Id or external id."),
]


class HandoffList(Endpoint):
    """Every cycle, the newest first; offering."""

    scopes: ClassVar = {"GET": "handoffs:read", "POST": "handoffs:write"}
    ordering = ("-offered_at", "-pk")

    @extend_schema(responses={200: HandoffShape(many=True)}, parameters=QUESTIONS)
    def get(self, request: Request) -> Response:
        only(request, FILTERS)
        return self.listed(with_all(handoffs_for(request.user).filter(_wanted(request))), HandoffShape)

    @extend_schema(request=OfferBody, responses={201: HandoffShape})
    @idempotent
    def post(self, request: Request) -> Response:
        """Marketing offers a lead to a team, a person, or whom routing chooses."""
        said, by = told(request, OfferBody), person(request)
        team, owner = team_named(said.get("team", "")), owner_named(said.get("owner", ""))
        made = handoffs.offer(lead_named(by, said["lead"]), by=by, team=team, person=owner)
        return Response(shown(request, made), status=201)


class HandoffDetail(Endpoint):
    """One cycle."""

    scopes: ClassVar = {"GET": "handoffs:read"}

    @extend_schema(responses={200: HandoffShape})
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(shown(request, handoff_for(request.user, public_id)))


class HandoffVerb(Endpoint):
    """One verb on one cycle; `of` makes the class of each."""

    scopes: ClassVar = {"POST": "handoffs:write"}
    verb: ClassVar[Verb]

    @classmethod
    def of(cls, slug: str, verb: Verb) -> type[HandoffVerb]:
        status = 201 if verb.opens else 200
        kind: type[HandoffVerb] = type(
            f"Handoff{slug.title()}", (cls,), {"verb": verb, "__doc__": verb.words}
        )
        documented = extend_schema(
            request=verb.body, responses={status: HandoffShape}, summary=verb.words,
            description=verb.body.__doc__, operation_id=f"handoffs_{slug.replace('-', '_')}",
        )  # fmt: skip
        return extend_schema_view(post=documented)(kind)

    @idempotent
    def post(self, request: Request, public_id: UUID) -> Response:
        handoff = handoff_for(request.user, public_id)
        made = self.verb.run(handoff, person(request), told(request, self.verb.body))
        if self.verb.opens and isinstance(made, Handoff):
            return Response(shown(request, made), status=201)
        return Response(shown(request, handoff))


def with_all(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """Handoffs with whatever their answer shows, in a constant number of queries."""
    return rows.select_related(*RELATED).prefetch_related(*ROWS)


def shown(request: Request, handoff: Handoff) -> dict[str, Any]:
    """One handoff as it stands now."""
    return dict(HandoffShape(with_all(handoffs_for(request.user)).get(pk=handoff.pk)).data)


def _wanted(request: Request) -> Q:
    said = request.query_params
    statuses = said.getlist("status")
    if set(statuses) - {*Handoff.Status.values, "open"}:
        raise Invalid({"status": f"Choose one of: open, {', '.join(Handoff.Status.values)}."})
    wanted = Q(status__in=[*statuses, *(Handoff.OPEN if "open" in statuses else ())]) if statuses else Q()
    if said.get("team"):
        wanted &= Q(team=team_named(said["team"]))
    if said.get("owner"):
        wanted &= Q(holder=None) if said["owner"] == "none" else Q(holder=owner_named(said["owner"]))
    if said.get("lead"):
        named = Q(lead=lead_known_as(request.user, said["lead"]))
        public_id = as_uuid(said["lead"])
        wanted &= named | Q(lead__public_id=public_id) if public_id else named
    return wanted


VERB_VIEWS = {slug: HandoffVerb.of(slug, verb) for slug, verb in VERBS.items()}
