"""`touches/`: what a lead did. The same `external_id` again changes nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from common.refusals import Invalid
from desk.api.base import Endpoint, person, told
from desk.api.fields import Strict, Text, meeting_time, moment
from desk.api.limits import CREATE
from desk.api.references import campaign_named, kind_named, lead_told, owner_named
from desk.api.shapes import TouchShape
from leads.access import touches_for
from leads.services import touches
from leads.services.meetings import Booking
from leads.services.touches import Interaction


class TouchBody(Strict):
    """One touch in the field names of the history files. Name its lead by one of three."""

    external_id = Text(max_length=200)
    lead = Text(help_text="Id or external id.")
    lead_external_id = Text(max_length=200)
    email = Text()
    kind = Text(required=True, allow_blank=False, help_text="Key, as in `touch-kinds/`.")
    at = moment("When it happened; now unless given.")
    campaign = Text(help_text="Slug or name.")
    detail = Text(max_length=500)
    meeting_at = meeting_time("A meeting that the buyer booked with it: when it begins. Needs `owner`.")
    owner = Text(help_text="On whose calendar it was booked: e-mail or id of a person who sells.")


def _booking(said: dict[str, Any]) -> Booking | None:
    starts_at, owner = said.get("meeting_at"), owner_named(said.get("owner", ""))
    if starts_at is None and owner is not None:
        raise Invalid({"meeting_at": "Say when the meeting begins."})
    return Booking(starts_at, owner) if starts_at else None


class TouchList(Endpoint):
    """Recording touches."""

    scopes: ClassVar = {"POST": "touches:write"}
    rates: ClassVar = {"POST": CREATE}

    @extend_schema(request=TouchBody, responses={201: TouchShape, 200: TouchShape})
    @idempotent
    def post(self, request: Request) -> Response:
        """201 for a new touch, 200 for one that is known by its `external_id`; 409 where that is another lead's."""
        said = told(request, TouchBody)
        lead = lead_told(person(request), said)
        seen = Interaction(
            kind=kind_named(said["kind"]),
            campaign=campaign_named(said.get("campaign", "")),
            happened_at=said.get("at"),
            detail=said.get("detail", ""),
            external_id=said.get("external_id", ""),
            booking=_booking(said),
        )
        recorded = touches.record(lead, seen, by=person(request))
        rows = touches_for(request.user).select_related("lead", "kind", "campaign")
        touch = rows.get(pk=recorded.touch.pk)
        return Response(TouchShape(touch).data, status=201 if recorded.created else 200)
