"""What holds for every request: headers beyond those of Django and django-csp, and no NUL in an address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.cache import add_never_cache_headers

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
Handler = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Handler) -> Handler:
    """Pages of a signed-in person are never stored, unless the view says otherwise."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return handle


def no_null_characters(get_response: Handler) -> Handler:
    """PostgreSQL knows no NUL character, so nothing can be found by one (H04)."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(
                "An address cannot hold a null character.", content_type="text/plain"
            )
        return get_response(request)

    return handle
