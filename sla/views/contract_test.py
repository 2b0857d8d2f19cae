"""Test a lead: which promise of each kind would win, why, and when it would be due."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import render_page
from leads.access import leads_for
from sla.forms.contract_test import TestLeadForm, first_try
from sla.models import ContractVersion
from sla.queries.contracts import contract_in_force, worth_a_test
from sla.services.trying import answers


@require_safe
def test_lead(request: UserRequest) -> HttpResponse:
    """`?version=…&lead=…&trigger=…&team=…&at=…&facts=…`; without a moment, an offer made now."""
    now = database_now()
    versions = worth_a_test(now)
    version = _chosen(versions, request.GET.get("version", ""), contract_in_force(now))
    asked = request.GET if "at" in request.GET else first_try(now)
    form = TestLeadForm(asked, leads=leads_for(request.user))
    found = answers(version, form.question()) if version and form.is_valid() else []
    context = {
        "nav_key": "contract", "version": version, "versions": versions, "in_force": contract_in_force(now),
        "found": found, "started": [one for one in found if one.starts_now],
        "later": [one for one in found if not one.starts_now],
    }  # fmt: skip
    return render_page(request, "sla/contract_test.html", context, form)


def _chosen(
    versions: list[ContractVersion], asked: str, in_force: ContractVersion | None
) -> ContractVersion | None:
    """Raises Http404 for a version that is superseded or was never written."""
    if not asked:
        return in_force or (versions[-1] if versions else None)
    found = next((version for version in versions if str(version.number) == asked), None)
    if found is None:
        raise Http404("There is no such version to test.")
    return found
