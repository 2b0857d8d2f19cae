"""What holds for every request of a signed-in person: how long a session lasts, the zone, that read-only means it."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.queries import organisation, standing_of
from accounts.services import sessions
from common.refusals import NotAllowed
from common.web.http import refuse

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# What belongs to the person alone, and so to a read-only person too.
OWN = (
    "account_",
    "mfa_",
    "accounts:theme",
    "accounts:settings-you",
    "accounts:session",
    "accounts:key-",
    "notifications:",
    "demo-sign-in",
)

Handler = Callable[[HttpRequest], HttpResponse]


def lasting_session(get_response: Handler) -> Handler:
    """A session ends 12 hours after the last thing done in it, and 14 days after signing in whatever is done (S11).

    The idle part is SESSION_COOKIE_AGE: saving the session begins it anew. A list that asks for itself does nothing.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            session, now = request.session, timezone.now()
            if sessions.is_over(session, now):
                logout(request)
            elif request.GET.get("part") != "list":
                sessions.renew(session, now)
        return get_response(request)

    return handle


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
