"""One address per act: GET asks in a dialog (or on a page of its own), POST does it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.refusals import Conflict, NotAllowed
from common.web.http import accepted, refuse, render_page, sent
from desk.forms.acts import ActForm
from desk.queries.acts import VERBS, check
from desk.queries.asking import asking
from desk.views.acts.answers import after, in_inbox, overtaken
from desk.views.acts.pages import PAGES
from leads import access
from leads.models import Handoff
from leads.services.overtaken import done_already, told_by_whom, told_who_holds


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: UserRequest, public_id: UUID, slug: str) -> HttpResponse:
    """The service decides; an act that the state forbids is refused before it is asked for."""
    handoff = access.handoff_for(request.user, public_id)
    try:
        return _asked_or_done(request, handoff, slug)
    except Conflict as refused:
        if in_inbox(request) and "at_once" in request.POST:
            return overtaken(request, handoff, refused)
        # a dialog says it itself and keeps what was typed
        return refuse(request, refused, reverse("desk:lead", args=[handoff.lead.public_id]))


def _asked_or_done(request: UserRequest, handoff: Handoff, slug: str) -> HttpResponse:
    page = PAGES[slug]
    if request.method != "POST":
        _refuse_late(request.user, handoff, slug)
    form = page.form(sent(request), handoff=handoff, by=request.user)
    if accepted(form, lambda: page.do(form)):
        return after(request, handoff, page.past(form))
    if request.method == "POST":
        # choices may be wrong only because the cycle has moved on: then that is what is said
        _refuse_late(request.user, handoff, slug)
    return render_page(request, f"desk/acts/{page.template}.html", _context(request, handoff, slug), form)


def _refuse_late(by: User, handoff: Handoff, slug: str) -> None:
    """What the state forbids is refused before anything is asked, with who was first."""
    verb = VERBS[slug].engine
    try:
        check(standing_of(by), handoff, slug)
    except Conflict as conflict:
        raise told_by_whom(conflict, handoff, by, verb) from None
    except NotAllowed as refused:
        raise done_already(handoff, by, verb) or told_who_holds(refused, handoff) from None


def _context(request: UserRequest, handoff: Handoff, slug: str) -> dict[str, Any]:
    page, verb = PAGES[slug], VERBS[slug]
    return {
        "handoff": handoff,
        "lead": handoff.lead,
        "verb": verb,
        "page": page,
        "dialog_title": f"{verb.label} {handoff.lead}",
        "danger": page.danger,
        "wide": page.wide,
        "target": "#pane" if in_inbox(request) else "",
        "back_url": f"/leads/{handoff.lead.public_id}/",
        **asking(handoff, slug, request.user),
    }


__all__ = ["ActForm", "act"]
