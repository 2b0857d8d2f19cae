"""Acts on the leads that are ticked in the queue: a dialog asks, one answer tells what was done and what not.

A longer list is left to a worker, and its page tells how far it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.queries import as_uuid
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.http import done, is_htmx, render_page, sent
from desk.access import bulk_run_for
from desk.forms.bulk import ACTS, BulkAct
from desk.models import BulkRun
from desk.queries.effects import effects_of_marketing
from desk.queries.filters import read_filters
from desk.queries.lists import leads_for_filters
from desk.services import bulk, bulk_runs
from desk.tasks import run_bulk
from desk.views.queue_words import address
from leads.access import leads_for
from leads.models import Lead

SHOWN = 500  # refused leads on the page of a run


@dataclass(frozen=True, slots=True)
class Picked:
    """The leads that were ticked, or all of a list."""

    leads: QuerySet[Lead]
    number: int

    @property
    def first(self) -> list[Lead]:
        return list(self.leads[:3])

    @property
    def is_long(self) -> bool:
        """Whether a page would have to wait too long for them."""
        return self.number > bulk.MOST


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_act(request: UserRequest, act: str) -> HttpResponse:
    """GET asks, POST does it to each lead; what was refused is listed, and stays ticked."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    chosen.door(request.user)
    said = request.POST if request.method == "POST" else request.GET
    picked = picked_leads(request.user, said)
    form = chosen.form(sent(request))
    if not form.is_valid():
        foot = chosen.foot or effects_of_marketing(act, database_now())
        context = _context(chosen, said, picked) | {"foot": foot}
        return render_page(request, "desk/queue/bulk.html", context, form)
    if picked.is_long:
        return _leave_to_a_worker(request, act, picked, form)
    outcome = bulk.each(picked.leads, lambda lead: chosen.act(lead, request.user, form))
    words = f"{outcome.done:,} of {picked.number:,} {chosen.told}."
    if not outcome.refused:
        return done(request, words, to=_list_url(said.get("list", "")))
    context = {**_context(chosen, said, picked), "outcome": outcome, "words": words}
    response = render(request, "desk/queue/bulk_done.html", context, status=422)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _leave_to_a_worker(request: UserRequest, act: str, picked: Picked, form: forms.Form) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in form.fields}
    order = bulk_runs.Order(act, said, ACTS[act].told, request.POST.get("list", "")[:1000])
    run = bulk_runs.start(order, list(picked.leads.values_list("pk", flat=True)), by=request.user)
    transaction.on_commit(partial(run_bulk.delay, run.pk), robust=True)
    url = reverse("desk:queue-run", args=[run.public_id])
    return HttpResponse(headers={"HX-Redirect": url}) if is_htmx(request) else redirect(url)


def _context(chosen: BulkAct, said: QueryDict, picked: Picked) -> dict[str, object]:
    return {
        "chosen": chosen,
        "dialog_title": chosen.title,
        "picked": picked,
        "picks": said.getlist("pick"),
        "whole": said.get("whole", ""),
        "list": said.get("list", ""),
        "back_url": _list_url(said.get("list", "")),
    }


def _list_url(query: str) -> str:
    """The list in which the leads were ticked, with its filters and order."""
    return address(query) if query else reverse("desk:queue")


def picked_leads(user: User, said: QueryDict) -> Picked:
    """The ticked leads, or with `whole` all of the list they stand in. One id that is none is 404 for all (I01)."""
    if said.get("whole"):
        filters = read_filters(QueryDict(said.get("list", "")), view="open")
        found = leads_for_filters(leads_for(user), filters, database_now()).order_by("pk")
        return _not_too_many(Picked(found, found[: bulk_runs.MOST + 1].count()), bulk_runs.MOST)
    ids = {as_uuid(value) for value in said.getlist("pick")}
    rows = leads_for(user).filter(public_id__in=[known for known in ids if known]).order_by("pk")
    if rows.count() != len(ids):
        raise Http404("One of these leads does not exist.")
    return _not_too_many(Picked(rows, len(ids)), bulk.MOST)


def _not_too_many(picked: Picked, most: int) -> Picked:
    if not picked.number:
        raise Invalid({"": "Tick at least one lead."})
    if picked.number > most:
        raise Invalid({"": f"Choose at most {most:,} leads at once. Narrow the list with filters."})
    return picked


@require_safe
def bulk_run(request: UserRequest, public_id: UUID) -> HttpResponse:
    """How far a worker is with a long list, then how it went; the page asks by itself while it runs."""
    run = bulk_run_for(request.user, public_id)
    busy = run.status == BulkRun.Status.RUNNING
    if is_htmx(request) and not busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "nav_key": "queue", "run": run, "busy": busy, "title": ACTS[run.act].title, "parts": _parts(run),
        "words": bulk_runs.words_of(run), "refused": [] if busy else _refused(request.user, run),
        "back_url": _list_url(run.back),
    }  # fmt: skip
    return render_page(
        request, "desk/queue/_bulk_progress.html" if is_htmx(request) else "desk/queue/bulk_run.html", context
    )


def _parts(run: BulkRun) -> list[dict[str, Any]]:
    counts = (
        (run.done, "ok", run.told.capitalize()),
        (run.position - run.done, "bad", "Refused"),
        (run.total - run.position, "mute", "Not reached" if run.finished_at else "To come"),
    )
    return [{"value": value, "tone": tone, "label": label} for value, tone, label in counts]


def _refused(user: User, run: BulkRun) -> list[tuple[Lead, str]]:
    """The first of them, by name."""
    why = dict(run.refused[:SHOWN])
    found = leads_for(user).filter(pk__in=why)
    return sorted(((lead, why[lead.pk]) for lead in found), key=lambda pair: str(pair[0]).casefold())
