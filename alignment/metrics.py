"""`/metrics`: the reading of the watchers in Prometheus' text format, for whoever has the token (S38)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alignment.watch import Watch, watch

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
GAUGES = {
    "overdue": ("baton_sweep_lag_seconds", "How long the oldest miss waits to be published."),
    "outbox": ("baton_relay_lag_seconds", "How long the oldest fact waits to be told; absent: none waits."),
    "sweep": ("baton_sweep_age_seconds", "Since the last sweep; absent: never."),
    "beat": ("baton_beat_age_seconds", "Since the last tick of beat that came through; absent: never."),
    "heartbeat": ("baton_heartbeat_age_seconds", "Since a task last came through the broker; absent: never."),
    "round_trip": ("baton_broker_round_trip_seconds", "From beat through the broker to the end of a task."),
    "skew": (
        "baton_host_clock_skew_seconds",
        "The host clock that is furthest off, minus the clock of the database.",
    ),
    "due_soon": ("baton_clocks_due_next_hour", "Running clocks that fall due within an hour."),
    "parked": (
        "baton_clocks_parked",
        "Running clocks that the sweep cannot judge, and ladders that it cannot read.",
    ),
    "untold": ("baton_facts_parked", "Facts of the last day that could not be told."),
    "calendars": ("baton_calendars_unreadable", "Calendars whose current version cannot be read."),
    "waiting": ("baton_relay_backlog", "Facts that wait for the relay."),
}


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponseBase:
    """People who are signed in mean the page of this name; everybody else shows the token."""
    if request.user.is_authenticated:
        return redirect("dashboards:metrics")
    if not _may_read(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        lines = _lines(watch())
    except DatabaseError:
        return HttpResponse("baton_up 0\n", content_type=CONTENT_TYPE)
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    """In the demo, where anyone can be anyone, no token need be set; elsewhere nobody reads without one."""
    if not settings.METRICS_TOKEN:
        return bool(settings.DEMO)
    given = request.headers.get("Authorization", "")
    return secrets.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def _lines(seen: Watch) -> Iterator[str]:
    yield from ("# HELP baton_up Whether the database answers.", "# TYPE baton_up gauge", "baton_up 1")
    for field, (name, explained) in GAUGES.items():
        yield f"# HELP {name} {explained}"
        yield f"# TYPE {name} gauge"
        value = getattr(seen, field)
        if value is not None:
            yield f"{name} {value}"
