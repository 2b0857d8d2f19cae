"""The SLA dashboard: one page for both teams."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.queries import active_teams
from accounts.requests import UserRequest
from common.web.http import render_page
from dashboards import ledger, panels, period_lines, questions, scope, table, trend, watchers
from dashboards.engine import periods
from dashboards.groups import people_shown
from dashboards.scope import Scope
from dashboards.signals import SIGNALS
from dashboards.views.signals import said
from leads.queries import sources_known
from sla.models import ContractVersion
from sla.queries.contracts import signed_versions, version_at

DEFAULT_SPLIT = "team"
SOURCES_OFFERED = 200


@require_safe
def dashboard(request: UserRequest) -> HttpResponse:
    """What its address asks for and is not there is said on it; the rest of the address holds."""
    frame = questions.asking()
    seen, wrong = scope.read_kindly(request.GET.dict(), frame)
    rule = frame.people_in_figures
    contract = _contract(seen)
    split = _split(request.GET.get("split", ""), rule)
    context = {
        "scope": seen,
        "wrong": wrong,
        "ledger": ledger.ledger(seen, contract),
        "contract": contract,
        "judged_by": period_lines.judged_by(seen, contract) if contract else None,
        "goal": ledger.answer_goal(seen, contract),
        "table": table.split_table(seen, split, people_shown(request.user, rule)),
        "splits": _splits(seen, split, rule),
        "own_people": rule == Organisation.PeopleInFigures.OWN,
        "weeks": trend.by_week(seen),
        "waits": panels.waits(seen),
        "rejections": panels.rejections(seen),
        "sources": panels.by_source(seen),
        "signals": [row for signal in SIGNALS.values() for row in said(seen, signal)],
        "signals_url": reverse("dashboards:signals") + seen.as_query(),
        "funnel": panels.funnel(seen),
        "watched": watchers.watched(seen.frame.at),
    }
    context |= _frame(seen) | {"nav_key": "dashboard"}
    return render(request, "dashboards/dashboard.html", context, status=422 if wrong else 200)


@require_safe
def filters(request: UserRequest) -> HttpResponse:
    """Choosing period, team and source: a dialog, and a page without script."""
    seen, _ = scope.read_kindly(request.GET.dict(), questions.asking())
    context = {"scope": seen, "teams": active_teams(), "sources": sources_known()[:SOURCES_OFFERED]}
    return render_page(request, "dashboards/filters.html", context | {"nav_key": "dashboard"})


def _contract(seen: Scope) -> ContractVersion | None:
    """The version in force now, or at the end of a period that is over."""
    end = seen.question("attainment")[1].period.end
    moment = min(seen.frame.at, end - periods.MOMENT)
    return version_at(signed_versions(), moment)


def _split(given: str, rule: str) -> str:
    return given if given in table.SPLITS and _may_split(given, rule) else DEFAULT_SPLIT


def _may_split(by: str, rule: str) -> bool:
    return by != "owner" or rule != Organisation.PeopleInFigures.TEAMS


def _splits(seen: Scope, split: str, rule: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": seen.as_query(split=by), "current": by == split}
        for by, label in table.SPLITS.items()
        if _may_split(by, rule)
    ]


def _frame(seen: Scope) -> dict[str, Any]:
    """What stands around the figures: which period, which filters, and where their neighbours are."""
    kinds = {kind: make(min(seen.days.last, seen.frame.today)) for kind, make in periods.KINDS.items()}
    choose = reverse("dashboards:filter") + seen.as_query()
    chips = [
        {
            "field": name.capitalize(),
            "value": str(value or "All"),
            "url": choose,
            "remove_url": seen.as_query(**{name: ""}) if value else "",
        }
        for name, value in (("team", seen.filters.team), ("source", seen.filters.source))
    ]
    return {
        "periods": [
            {
                "label": seen.days.name if kind == seen.days.kind else kind.capitalize(),
                "url": seen.over(days).as_query(),
                "current": kind == seen.days.kind,
            }
            for kind, days in kinds.items()
        ],
        "earlier": seen.over(periods.before(seen.days)).as_query(),
        "later": seen.over(periods.after(seen.days)).as_query(),
        "chips": chips,
        "choose": choose,
    }
