"""One's own views of the lead queue: saving the list that is open, renaming, deleting."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from common.web.http import accepted, done, render_page, sent
from desk.access import own_view_for
from desk.forms.views import ViewNameForm
from desk.models import SavedView
from desk.queries.saved import written
from desk.services import views


@require_http_methods(["GET", "HEAD", "POST"])
def view_save(request: UserRequest) -> HttpResponse:
    """The address of this dialog carries the list that is saved."""
    query = written(request.GET)
    form, made = ViewNameForm(sent(request)), list[SavedView]()
    if accepted(form, lambda: made.append(views.save(form.cleaned_data["name"], query, by=request.user))):
        return done(request, f"“{made[0]}” is saved.", to=address_of(made[0]))
    context = {"dialog_title": "Save view", "button": "Save view", "back_url": _list(query)}
    return render_page(request, "desk/queue/view.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def view_edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    view = own_view_for(request.user, public_id)
    form = ViewNameForm(sent(request), initial={"name": view.name})
    if accepted(form, lambda: views.rename(view, form.cleaned_data["name"])):
        return done(request, "Saved.", to=address_of(view))
    context = {
        "view": view, "dialog_title": "Edit view", "button": "Rename view", "back_url": address_of(view)
    }  # fmt: skip
    return render_page(request, "desk/queue/view.html", context, form)


@require_POST
def view_delete(request: UserRequest, public_id: UUID) -> HttpResponse:
    view = own_view_for(request.user, public_id)
    views.delete(view)
    return done(request, f"The view “{view}” is deleted. Its leads are as they were.", to="desk:queue")


def address_of(view: SavedView) -> str:
    return _list(view.query)


def _list(query: str) -> str:
    return f"{reverse('desk:queue')}?{QueryDict(query).urlencode()}"
