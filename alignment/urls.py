"""Where every address of the product begins."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from alignment import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("sign-in/", include("allauth.urls")),
    *(path("", include(f"{app}.urls")) for app in ("accounts", "desk") if find_spec(f"{app}.urls")),
]
