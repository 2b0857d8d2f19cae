"""What every request of a signed-in person has: the zone in which moments are said."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.queries import organisation

Handler = Callable[[HttpRequest], HttpResponse]


def local_time(get_response: Handler) -> Handler:
    """The person's own zone, else the organisation's."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone or organisation().time_zone)):
            return get_response(request)

    return handle
