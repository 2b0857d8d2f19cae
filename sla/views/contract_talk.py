"""The discussion of a version of the contract, and sending a proposal back with a comment."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.refusals import NotAllowed
from common.web.http import accepted, done, render_page, sent
from sla.access import contract_version_for, returnable_for
from sla.forms.contract_talk import SendBackForm, TalkForm
from sla.models import ContractVersion
from sla.queries import talk
from sla.queries.contracts import fingerprint
from sla.services import contract_talk, contracts
from sla.services.threads import may_say
from sla.views.versions import of_version

DISCUSSION = "sla:contract-discussion"


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def discussion(request: UserRequest, number: int) -> HttpResponse:
    """Everyone reads it; people of either side write, until both have signed."""
    version = contract_version_for(request.user, number)
    may_write = may_say(standing_of(request.user))
    if request.method == "POST" and not may_write:
        raise NotAllowed("Only people of marketing and sales write here.")
    form = TalkForm(sent(request), promises=talk.promise_names(version))
    if accepted(form, lambda: contract_talk.say(version, by=request.user, **form.cleaned_data)):
        return done(request, "Said. The other side is told.", number, to=DISCUSSION)
    context = {
        "nav_key": "contract", "version": version, "remarks": talk.discussion_of(version),
        "may_say": may_write and version.status != ContractVersion.Status.SIGNED,
        "may_draft": contracts.may_draft(request.user), "said": talk.remark_count(version),
        "takes_back": contract_talk.may_take_back(version, request.user),
    }  # fmt: skip
    return render_page(request, "sla/contract_discussion.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def send_back(request: UserRequest, number: int) -> HttpResponse:
    """Asks what should change; a proposal becomes a draft again."""
    version = returnable_for(request.user, number)
    takes_back = contract_talk.may_take_back(version, request.user)
    form = SendBackForm(sent(request), initial={"seen_as": fingerprint(version)}, takes_back=takes_back)
    if accepted(form, lambda: _send_back(request, version, form)):
        return done(request, f"{version} is a draft again.", number, to=DISCUSSION)
    context = {
        "version": version, "takes_back": takes_back, "signatures": list(talk.signatures_of(version).values()),
        "proposal": talk.proposal_of(version),
    }  # fmt: skip
    return render_page(request, "sla/contract_send_back.html", context, form)


def _send_back(request: UserRequest, version: ContractVersion, form: SendBackForm) -> None:
    contract_talk.send_back(version, by=request.user, text=form.cleaned_data["text"], seen=form.seen)
