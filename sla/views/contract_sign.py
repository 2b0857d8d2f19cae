"""A version before it is signed: what it changes, what it leaves open, and the two signatures."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.http import done, render_page, sent
from sla.access import contract_version_for, proposal_for
from sla.forms.contract import SignForm
from sla.models import ContractVersion
from sla.queries import talk
from sla.queries.contract_changes import change_list
from sla.queries.contracts import fingerprint, version_before
from sla.services import contract_talk, contracts
from sla.services.coverage import coverage_of
from sla.views.versions import of_version

SIDES = {"marketing": "Marketing", "sales": "Sales"}


@require_safe
def amendment(request: UserRequest, number: int) -> HttpResponse:
    """Everyone reads it."""
    version, now = contract_version_for(request.user, number), database_now()
    before = version_before(version, now)
    signed = talk.signatures_of(version)
    context = {
        "nav_key": "contract", "version": version, "before": before, "may_draft": contracts.may_draft(request.user),
        "changes": change_list(version, before), "coverage": coverage_of(version, now),
        "sides": [(side, label, signed.get(side)) for side, label in SIDES.items()], "mine": _mine(request, version),
        "said": talk.remark_count(version), "proposal": talk.proposal_of(version),
        "takes_back": contract_talk.may_take_back(version, request.user),
    }  # fmt: skip
    return render_page(request, "sla/contract_amendment.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def sign(request: UserRequest, number: int, side: str) -> HttpResponse:
    """With one's own password, for one's own side."""
    version = proposal_for(request.user, number, side)
    initial = {"seen_as": fingerprint(version), "starts": version.effective_from}
    form = SignForm(sent(request), initial=initial, person=request.user, asks_password=not settings.DEMO)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="reauthenticate", user=request.user)
        if limited:
            return limited
        if form.is_valid() and _signed(request, version, side, form):
            row = contract_version_for(request.user, number)
            both = row.status == ContractVersion.Status.SIGNED
            said = f"{row} is signed by both sides." if both else f"Signed. {row} waits for the other side."
            return done(
                request, said, number, to="sla:contract-version" if both else "sla:contract-amendment"
            )
    before = version_before(version, database_now())
    context = {"version": version, "side": side, "changes": change_list(version, before)}
    return render_page(request, "sla/contract_sign.html", context, form)


def _mine(request: UserRequest, version: ContractVersion) -> frozenset[str]:
    """The sides this person can sign it for now."""
    is_open = version.status == ContractVersion.Status.PROPOSED
    if not is_open or any(signed.person_id == request.user.pk for signed in version.signatures.all()):
        return frozenset()
    return standing_of(request.user).signs_for


def _signed(request: UserRequest, version: ContractVersion, side: str, form: SignForm) -> bool:
    starts = form.cleaned_data["starts"]
    try:
        contracts.sign(version, by=request.user, side=side, starts=starts, seen=form.seen)
    except Invalid as refused:
        for field, reason in refused.errors.items():
            form.add_error(field if field in form.fields else None, reason)
    return not form.errors
