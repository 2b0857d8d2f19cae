"""Addresses of the queue, companies, deals, campaigns and search."""

from django.urls import path

from desk.views.bulk import bulk_act, bulk_run
from desk.views.campaigns import acknowledge, campaign, campaigns
from desk.views.company import company
from desk.views.deal import deal
from desk.views.home import home
from desk.views.new_lead import new_lead
from desk.views.offer import DECISIONS, decide
from desk.views.queue import queue, queue_columns, queue_csv, queue_filter
from desk.views.saved import view_delete, view_edit, view_save
from desk.views.search import search

urlpatterns = [
    path("", home, name="home"),
    path("leads/", queue, name="queue"),
    path("leads/filter/", queue_filter, name="queue-filter"),
    path("leads/columns/", queue_columns, name="queue-columns"),
    path("leads/views/", view_save, name="view-save"),
    path("leads/views/<uuid:public_id>/", view_edit, name="view-edit"),
    path("leads/views/<uuid:public_id>/delete/", view_delete, name="view-delete"),
    path("leads/csv/", queue_csv, name="queue-csv"),
    path("leads/new/", new_lead, name="lead-new"),
    path("leads/bulk/<uuid:public_id>/", bulk_run, name="queue-run"),
    path("leads/bulk/<slug:act>/", bulk_act, name="bulk"),
    *(
        path(f"leads/<uuid:public_id>/{slug}/", decide, {"slug": slug}, name=f"lead-{slug}")
        for slug in DECISIONS
    ),
    path("companies/<uuid:public_id>/", company, name="company"),
    path("deals/<uuid:public_id>/", deal, name="deal"),
    path("campaigns/", campaigns, name="campaigns"),
    path("campaigns/<slug:slug>/", campaign, name="campaign"),
    path("campaigns/<slug:slug>/brief/<int:number>/acknowledge/", acknowledge, name="brief-acknowledge"),
    path("search/", search, name="search"),
]
