"""What holds for every request of a signed-in person: the zone of moments, and that read-only means it."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.queries import organisation, standing_of
from common.http import refuse
from common.refusals import NotAllowed

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# What belongs to the person alone, and so to a read-only person too.
OWN = (
    "account_",
    "mfa_",
    "accounts:theme",
    "accounts:settings-you",
    "accounts:key-",
    "notifications:",
    "demo-sign-in",
)

Handler = Callable[[HttpRequest], HttpResponse]


def local_time(get_response: Handler) -> Handler:
    """The person's own zone, else the organisation's."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone or organisation().time_zone)):
            return get_response(request)

    return handle


class ReadOnly:
    """Closes every act to read-only people at the door, before a form is even looked at. The API has its own door."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if request.method in SAFE_METHODS or match is None or not isinstance(request.user, User):
            return None
        if match.view_name.startswith((*OWN, "api:")) or not standing_of(request.user).is_read_only:
            return None
        return refuse(request, NotAllowed("Your role is read-only. An admin can give you another."))
