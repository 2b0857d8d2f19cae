"""Headers that every answer carries, beyond what Django and django-csp send."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from alignment.errors import method_not_allowed

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
Handler = Callable[[HttpRequest], HttpResponse]


def said_methods(get_response: Handler) -> Handler:
    """Whoever opens the address of an act, which only answers forms, reads so instead of nothing."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        return method_not_allowed(request, response["Allow"])

    return handle


def private_pages(get_response: Handler) -> Handler:
    """Pages of a signed-in person are never stored, unless the view says otherwise."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return handle
