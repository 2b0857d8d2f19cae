"""`/api/v1/`: what each app offers to programs, its schema and a page to read it."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

APPS = ("definitions", "accounts", "sla", "desk", "dashboards", "leads", "intake")

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *(path("", include(f"{app}.api")) for app in APPS if find_spec(f"{app}.api")),
]
