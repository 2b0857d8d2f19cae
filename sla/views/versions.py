"""A refusal that the state of a version gives leads to that version as it is now, not to the person's first page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import resolve_url

from accounts.requests import UserRequest
from common.refusals import Conflict, Invalid
from common.web.http import refuse
from sla.access import contract_version_for
from sla.models import ContractVersion

View = Callable[..., HttpResponse]
PAGES = {
    ContractVersion.Status.DRAFT: "sla:contract-edit",
    ContractVersion.Status.PROPOSED: "sla:contract-amendment",
    ContractVersion.Status.SIGNED: "sla:contract-version",
}


def of_version(view: View) -> View:
    """Decorates a view of one version; its address names the number."""

    @wraps(view)
    def answered(request: UserRequest, number: int, **named: Any) -> HttpResponse:
        try:
            return view(request, number, **named)
        except (Conflict, Invalid) as refused:
            status = contract_version_for(request.user, number).status
            return refuse(request, refused, resolve_url(PAGES[ContractVersion.Status(status)], number))

    return answered
