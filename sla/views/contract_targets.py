"""Targets of a month become promises in a draft of the contract."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from common.web.http import accepted, done, render_page, sent
from sla.forms.targets import TargetsForm
from sla.models import ContractVersion
from sla.queries.contracts import drafts
from sla.services import contracts, targets


@require_http_methods(["GET", "HEAD", "POST"])
def draft_targets(request: UserRequest) -> HttpResponse:
    """Posted, the targets are drafted. Where a draft is being written already, the page asks before it is changed."""
    contracts.must_draft(request.user)
    form, open_draft = TargetsForm(sent(request)), drafts().first()
    made: list[ContractVersion] = []
    asks = open_draft is not None and request.POST.get("replace") != str(open_draft.number)
    if not asks and accepted(form, lambda: made.append(_draft(request, form))):
        words = f"{made[0]} is drafted with these targets."
        return done(request, words, made[0].number, to="sla:contract-edit")
    context = {"nav_key": "contract", "open_draft": open_draft}
    return render_page(request, "sla/contract_targets.html", context, form)


def _draft(request: UserRequest, form: TargetsForm) -> ContractVersion:
    replace = form.cleaned_data["replace"]
    return targets.draft_targets(form.targets(), replace=replace, by=request.user)
