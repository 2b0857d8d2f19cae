"""The certificate of one qualification: basis and findings as they were then."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from desk.queries.qualification import certificate_of
from leads import access


@require_safe
def qualification(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = access.qualification_for(request.user, public_id)
    context = {"certificate": certificate_of(found), "nav_key": "inbox"}
    return render(request, "desk/qualification.html", context)
