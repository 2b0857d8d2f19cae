"""Addresses of the contract, its clocks, and calendars."""

from django.urls import URLPattern, URLResolver

from sla import urls_calendars

app_name = "sla"
urlpatterns: list[URLPattern | URLResolver] = [*urls_calendars.urlpatterns]
