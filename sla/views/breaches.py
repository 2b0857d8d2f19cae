"""Misses: why they happened, open first, then closed, and what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.engine.standing import Standing
from accounts.queries import every_team, organisation, standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.csv_export import write_csv
from common.web.http import page_shown, render_page, too_many
from common.web.pages import Page, keyset_page
from common.web.rates import EXPORT, wait_for
from leads.models import Deal
from sla import access
from sla.forms.breaches import FilterForm
from sla.models import Breach, Clock, Excuse
from sla.models.breach import Cause
from sla.queries import breaches as queries
from sla.queries.breach_lines import HEADER, lines_of
from sla.queries.breaches import Asked, climbed_of
from sla.queries.climbed import ClimbedFace, face_of_ladder
from sla.queries.contests import waiting_contests
from sla.queries.faces import ClockFace, face_of
from sla.services import causes, excuses
from sla.services.contests import ContestFace, face_of_contest

SIZE = 50
MOST_OPEN = 200
TONES = ("c1", "c2", "c3", "c4", "c5", "c6")  # what nobody has explained yet is mute
DAYS = {"from", "to"}
LABELS = {"kind": "Clock", "cause": "Cause", "team": "Team", "source": "Source"}


@dataclass(frozen=True, slots=True)
class Row:
    """One miss of the list: the clock as it stands, and what this person may do about it."""

    breach: Breach
    face: ClockFace
    excuse: Excuse | None
    may_ask: bool
    may_decide: bool
    may_reassign: bool
    may_explain: bool
    overdue: bool
    ladder: ClimbedFace | None
    deal: Deal | None


@require_safe
def breaches(request: UserRequest) -> HttpResponse:
    at, zone = database_now(), ZoneInfo(organisation().time_zone)
    asked, refused = _asked(request, at, zone)
    found = queries.found_for(asked, access.breaches_for(request.user))
    page = _page(found, request.GET.get("cursor", ""))
    open_rows = [] if page.start > 1 else list(_open(found)[:MOST_OPEN])
    by_cause = queries.counts_by_cause(found)
    context = {
        "nav_key": "breaches",
        "asked": asked,
        "refused": refused,
        "open_rows": [_row(row, request, at) for row in open_rows],
        "rows": [_row(row, request, at) for row in page.rows],
        "total": sum(n for _, _, n in by_cause),
        "excused": queries.excused(found).count(),
        "contests": _contests(request, at) if asked.view == "excuses" else [],
        "tabs": _tabs(request, asked),
        "chips": _chips(request, asked),
        "causes": _parts(request, by_cause),
        "csv_url": f"{reverse('sla:breaches-csv')}?{request.GET.urlencode()}",
        "filter_url": f"{reverse('sla:breaches-filter')}?{request.GET.urlencode()}",
        "page": _neighbours(request, page),
        **_without_filters(request, asked),
    }
    return render_page(request, "sla/breaches.html", context)


@require_safe
def breaches_csv(request: UserRequest) -> HttpResponseBase:
    """The whole list with its filters, in pieces; at most five an hour and person (S26)."""
    seconds = wait_for(EXPORT, f"user{request.user.pk}")
    if seconds:
        return too_many(request, seconds)
    at, zone = database_now(), ZoneInfo(organisation().time_zone)
    asked, _ = _asked(request, at, zone)
    found = queries.found_for(asked, access.breaches_for(request.user))
    name = f"breaches-{asked.view}-{at.astimezone(zone):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        write_csv(HEADER, lines_of(found, at)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def breaches_filter(request: UserRequest) -> HttpResponse:
    """Choosing clock, cause, team and source: a dialog, and a page without script."""
    known = [(cause.value or queries.UNKNOWN, str(cause.label)) for cause in Cause]
    teams = [(team.slug, team.name) for team in every_team()]
    choices = {"kind": list(Clock.Kind.choices), "cause": known, "team": teams}
    form = FilterForm(initial=request.GET.dict(), choices=choices)
    kept = {name: request.GET[name] for name in ("view", "from", "to") if request.GET.get(name)}
    return render_page(request, "sla/breaches_filter.html", {"fields": form, "kept": kept})


def list_shown(request: UserRequest) -> str:
    """The list as it was when one of its dialogs was opened, with its view and filters."""
    shown, here = page_shown(request), reverse("sla:breaches")
    return f"{here}?{shown.query}" if shown.path == here and shown.query else here


def _asked(request: UserRequest, at: datetime, zone: ZoneInfo) -> tuple[Asked, list[str]]:
    """Words that mean nothing are left out; of days that cannot be meant the reader is told."""
    today, refused = at.astimezone(zone).date(), list[str]()
    told = {name: request.GET[name].strip() for name in queries.NAMES if name in request.GET}
    while True:
        try:
            return queries.read_asked(told, today=today, zone=zone), refused
        except Invalid as refusal:
            wrong = DAYS & refusal.errors.keys()
            refused += [refusal.errors[name] for name in sorted(wrong)]
            dropped = refusal.errors.keys() | (DAYS if wrong else set())
            told = (
                {name: said for name, said in told.items() if name not in dropped}
                if dropped & told.keys()
                else {}
            )


def _open(found: Any) -> Any:
    return queries.with_details(found.filter(clock__ended_at=None)).order_by("at", "pk")


def _page(found: Any, cursor: str) -> Page[Breach]:
    """Closed ones, newest first. An old cursor shows the first page."""
    closed = queries.with_details(found.filter(clock__ended_at__isnull=False))
    try:
        return keyset_page(closed, ("-at", "-pk"), cursor=cursor, size=SIZE)
    except Invalid:
        return keyset_page(closed, ("-at", "-pk"), size=SIZE)


def _row(breach: Breach, request: UserRequest, at: datetime) -> Row:
    standing, asked = standing_of(request.user), vars(breach)["asked"]
    newest: Excuse | None = asked[0] if asked else None
    free = not breach.by_recalculation and (newest is None or newest.decision in Excuse.OVER)
    vars(breach)["granted"] = [one for one in asked if one.decision == Excuse.Decision.GRANTED]
    breach.clock.breach = breach
    return Row(
        breach=breach,
        face=face_of(breach.clock, at),
        excuse=newest,
        may_ask=free and excuses.asking_side(breach, standing) is not None,
        may_decide=newest is not None and excuses.may_decide(newest, standing),
        may_reassign=_may_reassign(breach, standing),
        may_explain=causes.may_confirm(request.user),
        overdue=newest is not None and newest.overdue(at),
        ladder=face_of_ladder(breach, climbed_of(breach)),
        deal=queries.deal_of(breach),
    )


def _may_reassign(breach: Breach, standing: Standing) -> bool:
    """A manager, while the clock still runs: of one that has ended nothing is left to give to somebody."""
    handoff, owed = breach.clock.handoff, breach.clock.commitment.side == "sales"
    if handoff is None or not handoff.is_open or breach.clock.ended_at is not None or not owed:
        return False
    return standing.manages(handoff.team_id)


def _contests(request: UserRequest, at: datetime) -> list[ContestFace]:
    standing = standing_of(request.user)
    return [face_of_contest(contest, standing, at) for contest in waiting_contests()[:MOST_OPEN]]


def _address(request: UserRequest, **changes: str | None) -> str:
    query = {**request.GET.dict(), "cursor": None, **changes}
    said = urlencode({name: value for name, value in query.items() if value})
    return reverse("sla:breaches") + (f"?{said}" if said else "")


def _tabs(request: UserRequest, asked: Asked) -> list[dict[str, Any]]:
    counted = {}
    for view in ("open", "excuses"):
        about_now = Asked(view, asked.first, asked.last, asked.zone)
        counted[view] = queries.found_for(about_now, access.breaches_for(request.user)).count()
    counted["excuses"] += waiting_contests().count()
    tabs = [
        {"key": view, "url": _address(request, view=view), "label": label, "count": counted.get(view)}
        for view, label in queries.VIEWS.items()
    ]
    return [{**tab, "current": tab["key"] == asked.view} for tab in tabs]


def _without_filters(request: UserRequest, asked: Asked) -> dict[str, str]:
    """What filters that leave nothing are told by, and the view without them."""
    said = " and ".join(LABELS[name].lower() for name in asked.narrowed)
    return {
        "empty_words": f"Nothing in this view has this {said}.",
        "plain_url": _address(request, **dict.fromkeys(asked.narrowed)),
    }


def _chips(request: UserRequest, asked: Asked) -> list[dict[str, str]]:
    said = {
        "kind": dict(Clock.Kind.choices),
        "cause": {**dict(Cause.choices), queries.UNKNOWN: "Not yet known"},
    }
    chips = [
        {"field": LABELS[name], "value": str(said.get(name, {}).get(value, value)),
         "remove_url": _address(request, **{name: None})}
        for name, value in asked.narrowed.items()
    ]  # fmt: skip
    if asked.view not in ("open", "excuses"):
        days = f"{asked.first.day} {asked.first:%b} to {asked.last.day} {asked.last:%b %Y}"
        this_month = _address(request, **dict.fromkeys(DAYS)) if DAYS & request.GET.keys() else ""
        chips.append({"field": "Period", "value": days, "remove_url": this_month})
    return chips


def _parts(request: UserRequest, by_cause: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    tones = iter((*TONES, *["mute"] * len(by_cause)))
    return [
        {"value": n, "tone": "mute" if cause == queries.UNKNOWN else next(tones), "label": label,
         "url": _address(request, cause=cause)}
        for cause, label, n in by_cause
    ]  # fmt: skip


def _neighbours(request: UserRequest, page: Page[Breach]) -> dict[str, str]:
    return {
        "summary": f"{page.words} closed" if page.words else "",
        "previous_url": _address(request, cursor=page.previous) if page.previous else "",
        "next_url": _address(request, cursor=page.next) if page.next else "",
    }
