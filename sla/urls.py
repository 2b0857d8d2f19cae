"""Addresses of the contract, its misses, and calendars."""

from django.urls import URLPattern, URLResolver, path

from sla import urls_calendars, urls_contract, urls_recomputes
from sla.views import breaches, causes, contests, contract, excuses

app_name = "sla"
urlpatterns: list[URLPattern | URLResolver] = [
    path("contract/", contract.contract, name="contract"),
    path("contract/<int:number>/", contract.contract, name="contract-version"),
    *urls_contract.urlpatterns,
    path("breaches/", breaches.breaches, name="breaches"),
    path("breaches/breaches.csv", breaches.breaches_csv, name="breaches-csv"),
    path("breaches/filter/", breaches.breaches_filter, name="breaches-filter"),
    path("breaches/<uuid:public_id>/cause/", causes.cause, name="breach-cause"),
    path("handoffs/<uuid:public_id>/contest/", contests.contest, name="contest"),
    path("breaches/<uuid:public_id>/excuse/", excuses.excuse, name="breach-excuse"),
    *urls_calendars.urlpatterns,
    *urls_recomputes.urlpatterns,
]
