"""Campaigns: the list by name, and one with its brief and what became of its leads."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import organisation, standing_of
from accounts.requests import UserRequest
from common.web.http import done
from desk.queries.campaigns import LISTS, CampaignRow, campaign_rows, campaign_view, state_of
from leads.access import brief_for, campaign_for, campaigns_for
from leads.services import briefs


@require_safe
def campaigns(request: UserRequest) -> HttpResponse:
    """One list at a time: live, planned, without a brief, ended."""
    chosen = request.GET.get("list", "live")
    chosen = chosen if chosen in LISTS else "live"
    lists = _by_list(campaign_rows(campaigns_for(request.user)))
    tabs = [
        {
            "key": key,
            "label": label,
            "url": f"{reverse('desk:campaigns')}?list={key}",
            "count": len(lists[key]),
        }
        for key, label in LISTS.items()
    ]
    context = {"nav_key": "campaigns", "rows": lists[chosen], "tabs": tabs, "chosen": chosen}
    return render(request, "desk/campaign/campaigns.html", context | _settings(request))


@require_safe
def campaign(request: UserRequest, slug: str) -> HttpResponse:
    found = campaign_for(request.user, slug)
    view = campaign_view(found)
    context = {
        "nav_key": "campaigns", "view": view, "campaign": found, "state": state_of(found, localdate()),
        "mine": view.readers.of(request.user), "address": f"{reverse('desk:queue')}?view=all&campaign={slug}",
    }  # fmt: skip
    return render(request, "desk/campaign/campaign.html", context | _settings(request))


@require_POST
def acknowledge(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Sales says that this wording is known."""
    found = brief_for(request.user, slug, number)
    briefs.acknowledge(found, by=request.user)
    return done(request, f"Acknowledged v{number}.", slug, to="desk:campaign")


def _by_list(rows: list[CampaignRow]) -> dict[str, list[CampaignRow]]:
    lists: dict[str, list[CampaignRow]] = {key: [] for key in LISTS}
    for row in rows:
        state = state_of(row.campaign, localdate())
        lists[state].append(row)
        if row.brief is None and state != "ended":
            lists["brief"].append(row)
    return lists


def _settings(request: UserRequest) -> dict[str, object]:
    return {"currency": organisation().currency, "may_edit": standing_of(request.user).is_marketing}
