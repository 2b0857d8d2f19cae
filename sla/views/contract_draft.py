"""Drafting the contract: its promises one by one, the terms around them, proposing."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from common.web.http import accepted, done, render_page, sent
from sla.access import contract_version_for, draft_for, promise_for
from sla.forms.contract import PromiseForm, SeenForm
from sla.forms.contract_terms import TermsForm
from sla.models import Commitment, ContractVersion
from sla.queries import terms
from sla.queries.contracts import fingerprint
from sla.queries.drafting import segments_of
from sla.queries.talk import remark_count
from sla.services import contract_drafts
from sla.views.versions import of_version

EDIT = "sla:contract-edit"


@require_POST
def start(request: UserRequest) -> HttpResponse:
    """Open the draft that is being written, or begin one from the version in force."""
    version = contract_drafts.open_draft(by=request.user)
    return redirect(EDIT, version.number)


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def edit(request: UserRequest, number: int) -> HttpResponse:
    version = draft_for(request.user, number)
    form = TermsForm(sent(request), version=version)
    if accepted(form, lambda: contract_drafts.revise(version, form.terms(), seen=form.seen, by=request.user)):
        return done(request, "Saved.", number, to=EDIT)
    context = {"version": version, "rows": terms.rows_of(version), **_seen(version)}
    context["said"] = remark_count(version)
    return render_page(request, "sla/contract_edit.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def promise(request: UserRequest, number: int, public_id: UUID | None = None) -> HttpResponse:
    """Add a promise, or edit one."""
    version = draft_for(request.user, number)
    row = promise_for(version, public_id) if public_id else None
    initial = PromiseForm.initial_of(row) if row else {"who": '{"all": []}', "kind": "answer"}
    form = PromiseForm(sent(request), initial=initial, segments=segments_of(version))
    if accepted(form, lambda: _put(request, version, form, public_id)):
        return done(request, f"{form.cleaned_data['name']} is saved.", number, to=EDIT)
    context = {"version": version, "row": row, "term": terms.term_of(row) if row else None, **_seen(version)}
    return render_page(request, "sla/contract_promise.html", context, form)


def _put(request: UserRequest, version: ContractVersion, form: PromiseForm, which: UUID | None) -> None:
    contract_drafts.put(version, form.node(), seen=form.seen, by=request.user, which=which)


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def remove(request: UserRequest, number: int, public_id: UUID) -> HttpResponse:
    """Asks before the promise goes, with all that was written into it."""
    version = draft_for(request.user, number)
    form, removed = SeenForm(sent(request), initial={"seen_as": fingerprint(version)}), list[Commitment]()
    act = partial(contract_drafts.remove, version, public_id, by=request.user)
    if accepted(form, lambda: removed.append(act(seen=form.seen))):
        return done(request, f"{removed[0]} is removed.", number, to=EDIT)
    row = promise_for(version, public_id)
    context = {
        "row": row, "term": terms.term_of(row), "danger": True, "back_url": resolve_url(EDIT, number),
        "dialog_title": f"Remove {row}",
    }  # fmt: skip
    return render_page(request, "sla/contract_promise_remove.html", context, form)


@require_POST
@of_version
def move(request: UserRequest, number: int, public_id: UUID) -> HttpResponse:
    version = draft_for(request.user, number)
    up = request.POST.get("to") == "up"
    contract_drafts.move(version, public_id, up=up, seen=request.POST.get("seen_as", ""), by=request.user)
    return done(request, "The order is changed.", number, to=EDIT)


@require_POST
@of_version
def propose(request: UserRequest, number: int) -> HttpResponse:
    """Put it before both sides."""
    version = contract_drafts.propose(contract_version_for(request.user, number), by=request.user)
    return done(
        request, f"{version} is proposed. Both sides can sign it.", number, to="sla:contract-amendment"
    )


def _seen(version: ContractVersion) -> dict[str, Any]:
    return {"nav_key": "contract", "seen_as": fingerprint(version)}
