"""One company."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from desk.queries.company import company_view
from leads.access import companies_for, company_for


@require_safe
def company(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = company_for(request.user, public_id)
    view = company_view(found, standing_of(request.user), at=database_now())
    family = companies_for(request.user).filter(parent=found).order_by("name")[:20]
    return render(request, "desk/company/company.html", {"view": view, "company": found, "children": family})
