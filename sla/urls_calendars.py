"""Addresses of the calendars among the settings; part of the app's own addresses."""

from django.urls import path

from sla.views import calendar_days as days
from sla.views import calendars

urlpatterns = [
    path("settings/calendars/", calendars.calendars, name="settings-calendars"),
    path("settings/calendars/new/", calendars.calendar_new, name="calendar-new"),
    path("settings/calendars/<uuid:public_id>/", calendars.calendar, name="calendar"),
    path("settings/calendars/<uuid:public_id>/edit/", calendars.calendar_edit, name="calendar-edit"),
    path("settings/calendars/<uuid:public_id>/days/<int:year>/", days.calendar_days, name="calendar-days"),
    path("settings/calendars/<uuid:public_id>/import/", days.calendar_import, name="calendar-import"),
    path("settings/calendars/<uuid:public_id>/import/take/", days.calendar_take, name="calendar-take"),
]
