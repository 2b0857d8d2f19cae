"""Addresses of the rep's side: inbox, today, leads, acts and certificates."""

from django.urls import path

from desk.queries.acts import VERBS
from desk.views.acts import act
from desk.views.inbox import inbox
from desk.views.lead import comment, edit, lead, touch
from desk.views.qualification import qualification
from desk.views.today import today

urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("today/", today, name="today"),
    path("leads/<uuid:public_id>/", lead, name="lead"),
    path("leads/<uuid:public_id>/comments/", lead, {"tab": "comments"}, name="lead-comments"),
    path("leads/<uuid:public_id>/comments/add/", comment, name="lead-comment"),
    path("leads/<uuid:public_id>/clocks/", lead, {"tab": "clocks"}, name="lead-clocks"),
    path("leads/<uuid:public_id>/changes/", lead, {"tab": "changes"}, name="lead-changes"),
    path("leads/<uuid:public_id>/edit/", edit, name="lead-edit"),
    path("leads/<uuid:public_id>/touch/", touch, name="lead-touch"),
    path("qualifications/<uuid:public_id>/", qualification, name="qualification"),
    *(
        path(f"handoffs/<uuid:public_id>/{slug}/", act, {"slug": slug}, name=f"handoff-{slug}")
        for slug in VERBS
    ),
]
