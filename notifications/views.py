"""The notices of the signed-in person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import UserRequest
from common.database.moments import database_now
from notifications.models import Notice
from notifications.queries import notices_of

SHOWN = 100


@require_safe
def notice_list(request: UserRequest) -> HttpResponse:
    """The newest hundred, with those not seen yet marked."""
    notices = list(notices_of(request.user)[:SHOWN])
    unseen = any(notice.seen_at is None for notice in notices)
    context = {"notices": notices, "nav_key": "notices", "unseen": unseen}
    return render(request, "notifications/notices.html", context)


@require_POST
def open_notice(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Mark one as seen and go where it leads."""
    notice = get_object_or_404(notices_of(request.user), public_id=public_id)
    notices_of(request.user).filter(pk=notice.pk, seen_at=None).update(seen_at=database_now())
    return redirect(_inside(request, notice))


@require_POST
def mark_all_seen(request: UserRequest) -> HttpResponse:
    notices_of(request.user).filter(seen_at=None).update(seen_at=database_now())
    return redirect("notifications:notices")


def _inside(request: HttpRequest, notice: Notice) -> str:
    safe = url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()})
    return notice.url if safe and notice.url else "notifications:notices"
