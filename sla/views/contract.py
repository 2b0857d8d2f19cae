"""The contract as both teams read it: the ledger of promises, hours, signatures, and what changed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import render_page
from sla.access import contract_version_for
from sla.models import ContractVersion
from sla.queries import terms
from sla.queries.calendars import weeks_of
from sla.queries.cited_reasons import cited_by
from sla.queries.contract_changes import change_list
from sla.queries.contracts import (
    contract_in_force,
    every_version,
    history,
    proposed,
    review_is_due,
    version_before,
)
from sla.queries.rungs import ladders_of, mail_words
from sla.queries.talk import remark_count
from sla.services.contracts import may_draft

DRAFT = ContractVersion.Status.DRAFT


@require_safe
def contract(request: UserRequest, number: int | None = None) -> HttpResponse:
    """The version in force, else the newest; or the one of a number."""
    now = database_now()
    in_force = contract_in_force(now)
    versions = list(every_version())
    newest = versions[0] if versions else None
    shown = contract_version_for(request.user, number) if number else in_force or newest
    past = history(now)
    context: dict[str, object] = {
        "nav_key": "contract",
        "versions": versions,
        "in_force": in_force,
        "may_draft": may_draft(request.user),
        "proposed": proposed(),
        "drafted": next((one.version for one in past if one.version.status == DRAFT), None),
        "history": past,
    }
    if shown is not None:
        context |= _told(shown, now) | {"state": next(one.state for one in past if one.version == shown)}
        context["review_is_due"] = shown == in_force and review_is_due(shown, now)
    return render_page(request, "sla/contract.html", context)


def _told(version: ContractVersion, now: datetime) -> dict[str, object]:
    before = version_before(version, now)
    return {
        "version": version,
        "sides": terms.sides_of(version),
        "signatures": list(version.signatures.select_related("person").order_by("side")),
        "changes": change_list(version, before) if before else [],
        "before": before,
        "said": remark_count(version),
        "ladders": ladders_of(version),
        "mail": mail_words(version),
        "fields": terms.field_words(version),
        "counted": terms.counting_words(version),
        "by_hand": terms.by_hand_words(version),
        "cited": cited_by(version),
        "calendars": weeks_of(version),
    }
