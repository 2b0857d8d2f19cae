"""Where every address of the product begins."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from alignment import health, metrics

WITH_PAGES = ("accounts", "definitions", "sla", "dashboards", "notifications", "intake", "desk")
handler404 = "alignment.errors.not_found"
handler500 = "alignment.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("health/deadlines", health.deadlines, name="health-deadlines"),
    path("metrics", metrics.metrics, name="health-metrics"),  # with a slash it is the page of figures
    path("", include("alignment.sign_in")),
    path("api/v1/", include("alignment.api")),
    *(path("", include(f"{app}.urls")) for app in WITH_PAGES),
]
if settings.DEMO:
    urlpatterns.append(path("", include("accounts.urls_demo")))
