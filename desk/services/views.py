"""Keeping a view of the lead queue under a name. It is one's own: nobody else sees or changes it."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from common.refusals import Invalid
from desk.models import SavedView
from desk.queries.filters import read_filters
from desk.queries.saved import FIRST, own_views, written

MOST = 12  # each is counted whenever the queue is opened
LONGEST = 1_000


@transaction.atomic
def save(name: str, query: str, *, by: User) -> SavedView:
    """Name the list of this address; a view of the same name now shows it instead. Raises Invalid."""
    said = QueryDict(query)
    name, query = _name(name), written(said)
    if read_filters(said, view=FIRST).errors or len(query) > LONGEST:
        raise Invalid({"": "This list cannot be kept: a filter in it means nothing. Drop it and save again."})
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    known = own_views(by).filter(name=name).first()
    if known is None and own_views(by).count() >= MOST:
        raise Invalid({"name": f"You have {MOST} views. Delete one, or save under a name you have."})
    view = known or SavedView(person=by, name=name)
    view.query = query
    view.save()
    return view


@transaction.atomic
def rename(view: SavedView, name: str) -> SavedView:
    """Raises Invalid where another view of this person has the name."""
    name = _name(name)
    User.objects.select_for_update(no_key=True).get(pk=view.person_id)
    if SavedView.objects.filter(person=view.person_id, name=name).exclude(pk=view.pk).exists():
        raise Invalid({"name": "You have a view of this name."})
    view.name = name
    view.save(update_fields=["name"])
    return view


def delete(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()


def _name(name: str) -> str:
    cleaned = " ".join(name.replace("\x00", "").split())
    if not cleaned or len(cleaned) > 40:
        raise Invalid({"name": "Enter a name of up to 40 characters."})
    return cleaned
