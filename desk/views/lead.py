"""One lead: its head and facts, and a tab for each kind of history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import people_to_name, standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import accepted, done, is_htmx, render_page, sent
from desk.forms.lead import CommentForm, ContactForm, TouchForm
from desk.navigation import say_counts, waiting
from desk.queries.bands import bands_of
from desk.queries.changes import changes_of
from desk.queries.inbox import VIEWS
from desk.queries.lead import LeadView, lead_view, tab_counts
from desk.queries.neighbours import place_of
from desk.queries.timeline import comments_of, timeline_of
from desk.views.inbox import address, list_query, pane_context, sift_of, view_of
from leads import access
from leads.models import Lead
from leads.queries_catalogue import fields_listed
from leads.services import leads, touches
from sla.queries.ownership import holdings

TABS = {"timeline": "Timeline", "comments": "Comments", "clocks": "Clocks", "changes": "Changes"}
CLOCKS = {"clocks": "desk/lead/_clocks_part.html", "pane-clocks": "desk/inbox/_pane_clocks_part.html"}


@require_safe
def lead(request: UserRequest, public_id: UUID, tab: str = "timeline") -> HttpResponse:
    found = access.lead_for(request.user, public_id)
    if found.merged_into is not None:
        return _merged(request, found)
    part = request.GET.get("part", "")
    if part == "pane":
        return _pane(request, found)
    if part in CLOCKS:
        view = lead_view(found, standing_of(request.user), at=database_now())
        response = render(request, CLOCKS[part], {"view": view, "lead": found})
        return response if part == "pane-clocks" else say_counts(response, waiting(request.user))
    return render(request, f"desk/lead/{tab}.html", page_context(request, found, tab))


def page_context(request: UserRequest, found: Lead, tab: str) -> dict[str, Any]:
    """What the frame of the page needs, and what stands behind its open tab."""
    at = database_now()
    view = lead_view(found, standing_of(request.user), at=at)
    counts = tab_counts(found)
    place = _place(request, view, at)
    context: dict[str, Any] = {
        "nav_key": "inbox" if place else "queue",
        "view": view,
        "tab": tab,
        "tabs": _tabs(found, counts, place["query"] if place else ""),
        "place": place,
        "may_comment": not standing_of(request.user).is_read_only,
    }
    if tab == "timeline":
        context |= {"history": timeline_of(found), "comment_form": CommentForm(people=list(people_to_name()))}
    elif tab == "comments":
        context |= {
            "comments": comments_of(found),
            "comment_form": CommentForm(people=list(people_to_name())),
        }
    elif tab == "clocks":
        context["bands"] = bands_of(view.faces, view.handoff, at=at)
        context["holdings"] = holdings(view.assignments, context["bands"].timelines, at=at)
    else:
        context["changes"] = changes_of(found)
    return context


def _tabs(found: Lead, counts: dict[str, int], query: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": label,
            "count": counts[key],
            "url": _address(f"lead-{key}" if key != "timeline" else "lead", found, query),
        }
        for key, label in TABS.items()
    ]


def _place(request: UserRequest, view: LeadView, at: datetime) -> dict[str, Any] | None:
    """Where the lead stands in the inbox it was opened from, with the addresses beside it; at least the way back."""
    wanted, sift = request.GET.get("view", ""), sift_of(request)
    wanted = wanted if wanted in VIEWS else ""
    place = place_of(view.handoff, standing_of(request.user), wanted, at=at, sift=sift)
    if place is None and wanted:  # answered, it left the list from which it was opened
        return {"query": list_query(wanted, sift), "list_url": address(wanted, "", sift)}
    if place is None:
        return None
    query = list_query(place.view, sift)
    return {
        "number": place.number,
        "of": place.of,
        "query": query,
        "list_url": address(place.view, view.lead.public_id, sift),
        "before_url": _address("lead", place.before, query) if place.before else "",
        "after_url": _address("lead", place.after, query) if place.after else "",
    }


def _address(name: str, found: Lead, query: str) -> str:
    return f"{reverse(f'desk:{name}', args=[found.public_id])}{f'?{query}' if query else ''}"


def _merged(request: UserRequest, found: Lead) -> HttpResponse:
    """Says where it went; the address stays good for old links."""
    return render(
        request, "desk/lead/merged.html", {"lead": found, "survivor": found.merged_into}, status=404
    )


def _pane(request: UserRequest, found: Lead) -> HttpResponse:
    if not is_htmx(request):
        return HttpResponseRedirect(address(view_of(request), found.public_id))
    response = render(
        request, "desk/inbox/_pane.html", pane_context(request, str(found.public_id), database_now())
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def comment(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Said to both teams. An empty or overlong comment comes back with the reason beside it."""
    found = access.lead_for(request.user, public_id)
    form = CommentForm(request.POST, people=list(people_to_name()))
    if accepted(form, lambda: leads.comment(found, form.addressed, by=request.user)):
        return done(request, "Commented. Who you named is told.", found.public_id, to="desk:lead-comments")
    context = page_context(request, found, "comments") | {"comment_form": form}
    return render(request, "desk/lead/comments.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Refused with what stands there now where someone else was quicker (I10); what was typed stays."""
    found = access.lead_for(request.user, public_id)
    form = ContactForm(sent(request), lead=found, custom=fields_listed())
    if overtaken := form.overtaken(found):
        return _overtaken(request, found, form, overtaken)
    version = form.version(found)
    if accepted(form, lambda: leads.edit(found, form.fields_changed(), by=request.user, version=version)):
        return done(request, "Saved.", found.public_id, to="desk:lead")
    return render_page(request, "desk/lead/edit.html", {"lead": found, "wide": True}, form)


def _overtaken(
    request: UserRequest, found: Lead, form: ContactForm, overtaken: list[tuple[str, str]]
) -> HttpResponse:
    """The dialog again with what stands there now; what was typed stays in its fields."""
    form.catch_up(found)
    context = {"lead": found, "wide": True, "form": form, "overtaken": overtaken}
    response = render(request, "desk/lead/edit.html", context, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def touch(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Something marketing did or saw, recorded by hand; a hand raise is offered at once."""
    found = access.lead_for(request.user, public_id)
    form = TouchForm(sent(request))
    if accepted(form, lambda: touches.record(found, form.interaction(), by=request.user)):
        return done(request, "Touch added.", found.public_id, to="desk:lead")
    return render_page(request, "desk/lead/touch.html", {"lead": found}, form)
