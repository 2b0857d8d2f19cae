"""The campaigns or recycled leads behind a promise about everybody: those it counts, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.queries import as_uuid
from calendars.engine.zones import zone_names
from common.database.moments import Period
from common.refusals import Invalid, must_be_text
from common.web.pages import Page, keyset_page
from dashboards.drill_lines import Cell, Line, address, lead_url
from dashboards.engine import periods, recycled
from dashboards.engine.periods import Days
from dashboards.engine.recycled import Recycling
from dashboards.kpis.asked import Asked, Kind
from dashboards.kpis.briefs import Audience, Launch, audiences, launches
from dashboards.kpis.nurture import judged
from dashboards.questions import Asking, read_days
from leads.models import Campaign, LeadEvent
from leads.queries import fetch_addresses
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import signed_versions, version_at

OF_EVERYBODY = (Kind.BRIEF, Kind.BRIEF_READ, Kind.NURTURE)
LONGEST = timedelta(days=366)
ASKED = ("promise", "from", "to", "zone")
HEADS = {
    Kind.BRIEF: ("Campaign", "Starts", "Brief promised by", "Brief published", "In time"),
    Kind.BRIEF_READ: ("Campaign", "Starts", "Brief published", "Counts net", "Acknowledged before"),
    Kind.NURTURE: ("Lead", "Recycled", "First touch due", "First touch", "Wakes", "Became"),
}
BECAME = {
    recycled.IN_TIME: "Touched in time", recycled.LATE: "Touched late", recycled.UNTOUCHED: "Not touched",
    recycled.WOKEN_LATE: "Woken late",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the rows behind one promise in some days."""

    asked: Asked
    days: Days
    heads: tuple[str, ...]
    lines: list[Line]
    page: Page[Any]


def url_of(commitment: Commitment, days: Days, zone: str) -> str:
    """Where they are listed."""
    query = {"promise": str(commitment.public_id), "from": days.first.isoformat(), "to": days.until.isoformat(),
             "zone": zone}  # fmt: skip
    return f"{reverse('dashboards:promise-rows', args=[commitment.kind])}?{urlencode(query)}"


def read(kind: str, given: Mapping[str, str], frame: Asking) -> tuple[Asked, Days] | None:
    """As an address asks; without days this month, without a promise the one in force. None: none was signed.

    Raises Invalid with the field and a sentence.
    """
    if unknown := set(given) - set(ASKED):
        raise Invalid(dict.fromkeys(sorted(unknown), "These rows cannot be asked for that."))
    must_be_text(given)
    days = _days(given, frame.today)
    name = given.get("zone") or frame.zone.key
    if name not in zone_names():
        raise Invalid({"zone": f"There is no time zone “{name}”."})
    commitment = _promise(kind, given.get("promise", ""), frame)
    if commitment is None:
        return None
    zone = ZoneInfo(name)
    return Asked(commitment, Period.of_days(days.first, days.until, zone), frame.at, zone), days


def listed(asked: Asked, days: Days, cursor: str = "", size: int = 50) -> Listed:
    """Newest first. Raises Invalid for a cursor of nobody's making."""
    kind = Kind(asked.commitment.kind)
    rows = _recycled if kind == Kind.NURTURE else _campaigns
    page, lines = rows(asked, cursor, size)
    return Listed(asked, days, HEADS[kind], lines, page)


def _days(given: Mapping[str, str], today: date) -> Days:
    month = periods.month_of(today)
    asked = {"from": month.first.isoformat(), "to": month.until.isoformat()}
    first, until = read_days(asked | {name: given[name] for name in ("from", "to") if given.get(name)})
    if until - first > LONGEST:
        raise Invalid({"to": "Ask for a year at most."})
    return periods.meant(first, until)


def _promise(kind: str, given: str, frame: Asking) -> Commitment | None:
    """Only a signed one promises anything."""
    signed = Commitment.objects.filter(version__status=ContractVersion.Status.SIGNED, kind=kind)
    known = signed.select_related("version", "calendar").order_by("position")
    if not given:
        return known.filter(version=version_at(signed_versions(), frame.at)).first()
    public_id = as_uuid(given)
    found = known.filter(public_id=public_id).first() if public_id else None
    if found is None:
        raise Invalid({"promise": "There is no signed promise of this kind by this id."})
    return found


def _campaigns(asked: Asked, cursor: str, size: int) -> tuple[Page[Any], list[Line]]:
    if asked.commitment.kind == Kind.BRIEF:
        lines = {one.campaign.pk: _brief(one) for one in launches(asked)}
    else:
        lines = {one.launch.campaign.pk: _audience(one) for one in audiences(asked)}
    rows = Campaign.objects.filter(pk__in=lines)
    page = keyset_page(rows, ("-starts_on", "-pk"), cursor=cursor, size=size)
    return page, [lines[row.pk] for row in page.rows]


def _brief(launch: Launch) -> Line:
    said = "In time" if launch.in_time else "Late" if launch.published_at else "No brief"
    cells = (
        Cell(_day(launch.campaign.starts_on)), Cell(at=launch.wanted_by), Cell(at=launch.published_at),
        Cell(said, right=True),
    )  # fmt: skip
    return _line(launch.campaign, cells)


def _audience(audience: Audience) -> Line:
    launch = audience.launch
    cells = (
        Cell(_day(launch.campaign.starts_on)), Cell(at=launch.published_at),
        Cell("Yes" if audience.counts_net else "No, the brief was late"),
        Cell(f"{audience.read} of {audience.asked}", right=True),
    )  # fmt: skip
    return _line(launch.campaign, cells)


def _line(campaign: Campaign, cells: tuple[Cell, ...]) -> Line:
    return Line(campaign.name, address("desk:campaign", campaign.slug), cells)


def _recycled(asked: Asked, cursor: str, size: int) -> tuple[Page[Any], list[Line]]:
    found = {one.event: (one, state) for one, state in judged(asked)}
    rows = LeadEvent.objects.filter(pk__in=found).select_related("lead")
    page = keyset_page(rows, ("-at", "-pk"), cursor=cursor, size=size)
    fetch_addresses([row.lead for row in page.rows])
    return page, [_nurtured(row, *found[row.pk]) for row in page.rows]


def _nurtured(row: LeadEvent, recycling: Recycling, state: str) -> Line:
    until = row.data.get("until")
    cells = (
        Cell(at=recycling.at), Cell(at=recycling.due_at), Cell(at=recycling.touched_at),
        Cell(_day(date.fromisoformat(until)) if until else "No date"), Cell(BECAME[state], right=True),
    )  # fmt: skip
    return Line(row.lead.name, lead_url(row.lead), cells)


def _day(day: date | None) -> str:
    return f"{day:%-d %b %Y}" if day else ""
