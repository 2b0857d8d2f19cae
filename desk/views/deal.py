"""One deal: its money once, and the handoffs that brought it about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from desk.queries.company import deal_views
from leads.access import deal_for, deals_for


@require_safe
def deal(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = deal_for(request.user, public_id)
    view = deal_views(deals_for(request.user).filter(pk=found.pk), standing_of(request.user))[0]
    return render(request, "desk/company/deal.html", {"view": view, "deal": view.deal, "at": database_now()})
