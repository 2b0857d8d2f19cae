"""The sidebar: the same for everyone, only pages that exist, with what waits for this person."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership, User
from accounts.queries import standing_of
from desk.access import may_add
from desk.queries.badges import badges

Item = dict[str, Any]
# Each group: heading, place, items. An item: key, address, icon, label, letter after G, its label on the phone.
GROUPS: tuple[tuple[str, str, tuple[tuple[str, str, str, str, str, str], ...]], ...] = (
    ("", "", (
        ("inbox", "/inbox/", "inbox", "Inbox", "i", "Inbox"),
        ("today", "/today/", "sunrise", "Today", "t", "Today"),
        ("queue", "/leads/", "stack-2", "Lead queue", "q", ""),
        ("mentions", "/mentions/", "at", "Mentions", "", ""),
        ("notices", "/notices/", "bell", "Notices", "", ""),
    )),
    ("Shared view", "", (
        ("dashboard", "/dashboard/", "gauge", "SLA dashboard", "d", "Dashboard"),
        ("breaches", "/breaches/", "alert-octagon", "Breaches", "b", ""),
        ("review", "/review/", "report", "Weekly review", "w", ""),
        ("metrics", "/metrics/", "sum", "Metrics", "", ""),
    )),
    ("Agreements", "", (
        ("definitions", "/definitions/mql/", "list-check", "Definitions", "", ""),
        ("contract", "/contract/", "writing-sign", "SLA contract", "c", ""),
    )),
    ("Marketing", "", (
        ("campaigns", "/campaigns/", "speakerphone", "Campaigns", "", ""),
        ("import", "/import/", "file-import", "Import", "", ""),
    )),
    ("", "foot", (
        ("tour", "/tour/", "compass", "Tour of the demo", "", ""),
        ("settings", "/settings/", "settings", "Settings", "", ""),
    )),
)  # fmt: skip


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For templates. Nothing is counted until a page draws its sidebar."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "nav": SimpleLazyObject(lambda: groups(user)),
        "me_line": SimpleLazyObject(lambda: line_of(user)),
        "me_side": standing_of(user).side,
        "may_add_leads": may_add(standing_of(user)),
    }


def groups(user: User) -> list[dict[str, Any]]:
    """The groups with items, each with its count where something waits."""
    counts = waiting(user)
    found = []
    for label, place, entries in GROUPS:
        shown = [
            {**item, "count": counts.get(item["key"], 0), "counted": item["key"] in counts}
            for item in map(_item, entries)
            if _exists(item["url"])
        ]
        if shown:
            found.append({"label": label, "place": place, "items": shown})
    return found


def items() -> list[Item]:
    """Every page of the sidebar, without counts."""
    return [item for _, _, entries in GROUPS for item in map(_item, entries) if _exists(item["url"])]


def say_counts(response: HttpResponse, counts: dict[str, int], **more: Any) -> HttpResponse:
    """With an answer that changes a part of a page, the counts of its sidebar; `more` happens on the page as well."""
    response["HX-Trigger"] = json.dumps({**more, "counts": counts})
    return response


def waiting(user: User) -> dict[str, int]:
    """What waits for this person, by page."""
    return badges(standing_of(user))


def line_of(user: User) -> str:
    """Role and team under the name."""
    if user.organisation_role:
        return str(user.get_organisation_role_display())
    seat = next(iter(standing_of(user).memberships), None)
    return f"{Membership.Role(seat.role).label}, {seat.team}" if seat else ""


def _item(entry: tuple[str, str, str, str, str, str]) -> Item:
    key, url, icon, label, go, short = entry
    return {
        "key": key, "url": url, "icon": icon, "label": label, "go": go, "short": short, "phone": bool(short),
        "hot": key == "breaches",
    }  # fmt: skip


@cache
def _exists(url: str) -> bool:
    """The sidebar shows only pages that exist; the tour only in the demo."""
    if url == "/tour/" and not settings.DEMO:
        return False
    try:
        resolve(url)
    except Resolver404:
        return False
    return True
