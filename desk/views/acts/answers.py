"""What a browser gets after an act: the next lead in the inbox, else the page it came from, and what happens next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Conflict
from common.web.http import done, is_htmx, page_shown, said
from desk.navigation import say_counts, waiting
from desk.queries.inbox import Inbox
from desk.queries.said import next_due
from desk.views.inbox import address, inbox_context, listed, pane_context
from leads.models import Handoff


def after(request: UserRequest, handoff: Handoff, past: str) -> HttpResponse:
    """In the inbox the pane, list and counts change in place; elsewhere the page is shown anew."""
    words = " ".join(filter(None, [past, next_due(handoff, at=database_now())]))
    if in_inbox(request):
        return _next(request, handoff, words)
    return done(request, words, to=came_from(request, handoff))


def in_inbox(request: HttpRequest) -> bool:
    return is_htmx(request) and _page(request) == reverse("desk:inbox")


def came_from(request: HttpRequest, handoff: Handoff) -> str:
    """The page the dialog was opened on (its own site's path), else the lead's."""
    lead = reverse("desk:lead", args=[handoff.lead.public_id])
    page = _page(request) if is_htmx(request) else ""
    here = page.startswith("/") and not page.startswith("//") and not page.startswith("/handoffs/")
    return page + _query(request) if here else lead


def _page(request: HttpRequest) -> str:
    return page_shown(request).path


def _query(request: HttpRequest) -> str:
    query = page_shown(request).query
    return f"?{query}" if query else ""


def overtaken(request: UserRequest, handoff: Handoff, refusal: Conflict) -> HttpResponse:
    """One click came too late: the pane shows the same lead as it is now, says why, and the list is as it is now."""
    at, lead = database_now(), str(handoff.lead.public_id)
    context = pane_context(request, lead, at) | inbox_context(request, listed(request, at), current=lead)
    context |= {"refused": said(request, refusal)}
    response = render(request, "desk/inbox/_after.html", context, status=refusal.status)
    response["HX-Retarget"] = "#pane"
    return say_counts(response, waiting(request.user))


def _next(request: UserRequest, handoff: Handoff, words: str) -> HttpResponse:
    at = database_now()
    page = listed(request, at)
    lead = _successor(page, handoff)
    context = pane_context(request, lead, at) | inbox_context(request, page, current=lead or "none")
    response = render(request, "desk/inbox/_after.html", context)
    response["HX-Replace-Url"] = address(page.view, lead, page.sift)
    return say_counts(response, waiting(request.user), toast={"text": words})


def _successor(page: Inbox, handoff: Handoff) -> str:
    """The same lead while it stays in this view, else the most pressing one."""
    leads = {item.handoff.pk: str(item.handoff.lead.public_id) for item in page.items}
    return leads.get(handoff.pk) or next(iter(leads.values()), "")
