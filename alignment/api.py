"""`/api/v1/`: what each app offers to programs, and its schema."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from alignment.api_docs import docs

APPS = ("accounts", "definitions", "leads", "sla", "intake", "desk", "dashboards")
MODULES = ("urls_api", "api", "api_catalogue")


def routes(app: str) -> list[URLPattern | URLResolver]:
    """The addresses of one app, wherever it keeps them."""
    names = [f"{app}.{module}" for module in MODULES if find_spec(f"{app}.{module}")]
    return [path("", include(name)) for name in names if hasattr(import_module(name), "urlpatterns")]


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    *(route for app in APPS for route in routes(app)),
]
