"""Addresses of the dashboard and the metrics."""

from django.urls import path

from dashboards.views import dashboard, goal, metrics, promises, signals

app_name = "dashboards"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/filter/", dashboard.filters, name="filter"),
    path("contract/goal/", goal.calculate, name="goal"),
    path("contract/<int:number>/last-quarter/", promises.last_quarter, name="last-quarter"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<slug:kind>/", promises.promise, name="promise"),
    path("promises/<slug:kind>/rows/", promises.rows, name="promise-rows"),
    path("dashboard/signals/", signals.signals, name="signals"),
    path("dashboard/signals/<slug:slug>/", signals.signal, name="signal"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/<slug:slug>/", metrics.metric, name="metric"),
    path("metrics/<slug:slug>/rows/", metrics.rows, name="rows"),
    path("metrics/<slug:slug>/rows/rows.csv", metrics.rows_csv, name="rows-csv"),
]
