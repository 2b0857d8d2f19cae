"""Addresses of recomputes; part of the app's own addresses."""

from django.urls import path

from sla.views import amendments, corrections

urlpatterns = [
    path(
        "settings/calendars/<uuid:public_id>/correct/", corrections.calendar_correct, name="calendar-correct"
    ),
    path("contract/<int:number>/running/", amendments.running_clocks, name="contract-running"),
]
