"""Promises about briefs: published before the campaign starts, and acknowledged by those who will be asked about it.

A launch is the first moment of the campaign's first day in the reporting zone. A campaign that was switched off before
it brought anything was never launched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q

from accounts.queries import selling_since
from calendars.engine.business_time import BusinessCalendar, subtract_business_time
from common.database.moments import midnight
from dashboards.engine.figures import Rate
from dashboards.engine.results import Measured
from dashboards.kpis.asked import Asked, Kind, by_hours, calendar_of
from leads.models import BriefReading, Campaign, Touch
from sla.models import Commitment


@dataclass(frozen=True, slots=True)
class Launch:
    """One campaign that started: when its first brief was published, and until when that was promised."""

    campaign: Campaign
    at: datetime
    wanted_by: datetime
    published_at: datetime | None

    @property
    def in_time(self) -> bool:
        return self.published_at is not None and self.published_at <= self.wanted_by


@dataclass(frozen=True, slots=True)
class Audience:
    """Who of sales was there at a launch, and how many of them had acknowledged the brief by then."""

    launch: Launch
    asked: int
    read: int

    @property
    def counts_net(self) -> bool:
        """A brief that came late by its own promise blames no reader."""
        return self.launch.in_time


def launches(asked: Asked) -> list[Launch]:
    """Campaigns that started in the period, by day and name: one query, and those of the calendar."""
    return _launches(asked, asked.commitment)


def in_time(asked: Asked) -> Measured:
    """Of the campaigns that started, those whose brief was out as many business days before as promised."""
    found = launches(asked)
    return Measured.of_rate(Rate(sum(one.in_time for one in found), len(found)))


def audiences(asked: Asked) -> list[Audience]:
    """Launches that had a brief, each with its readers: four queries, however many.

    Asked is who sells now and did when the campaign started; any wording acknowledged by then counts. A brief that
    was not out yet at the launch is a miss of marketing alone.
    """
    promised = asked.commitment.version.commitments.filter(kind=Kind.BRIEF).select_related("calendar").first()
    found = _launches(asked, promised)
    briefed = [one for one in found if one.published_at is not None and one.published_at < one.at]
    since = selling_since()
    read = _first_read([one.campaign for one in briefed], since)
    return [_audience(one, since, read) for one in briefed]


def acknowledged(asked: Asked) -> Measured:
    """Of the sellers asked, over all launches, those who knew the brief. Net: of briefs that came in time."""
    found = audiences(asked)
    return Measured.of_rate(_rate(found), _rate([one for one in found if one.counts_net]))


def _launches(asked: Asked, promised: Commitment | None) -> list[Launch]:
    """Those known by then. Without a promise about briefs any moment before the launch is early enough."""
    first, until = (at.astimezone(asked.zone).date() for at in (asked.period.start, asked.period.end))
    brought = Exists(Touch.objects.filter(campaign=OuterRef("pk")))
    begun = Campaign.objects.filter(Q(is_active=True) | brought, starts_on__gte=first, starts_on__lt=until)
    out = Min("briefs__published_at", filter=Q(briefs__published_at__lte=asked.at))
    rows = begun.annotate(briefed_at=out).order_by("starts_on", "name", "pk")
    calendar = calendar_of(promised, asked.zone) if promised else None
    target = (promised.target if promised else None) or timedelta()
    found = []
    for row in rows:
        at = midnight(row.starts_on, asked.zone)  # type: ignore[arg-type]  # filtered by its day
        if at <= asked.at:
            found.append(Launch(row, at, _wanted_by(calendar, at, target), row.briefed_at))
    return found


def _wanted_by(calendar: BusinessCalendar | None, launch: datetime, target: timedelta) -> datetime:
    """The launch itself where nothing earlier was promised, or the hours that were begin too late for it."""
    early = by_hours(subtract_business_time, calendar, launch, target) if calendar and target else None
    return early or launch


def _first_read(
    campaigns: Sequence[Campaign], people: Mapping[int, object]
) -> dict[tuple[int, int], datetime]:
    """By campaign and person, the moment at which the first of its wordings was acknowledged."""
    read = BriefReading.objects.filter(brief__campaign__in=campaigns, person__in=people)
    first = read.order_by().values_list("brief__campaign", "person").annotate(first=Min("at"))
    return {(campaign, person): at for campaign, person, at in first}


def _audience(
    launch: Launch, since: Mapping[int, datetime | None], read: Mapping[tuple[int, int], datetime]
) -> Audience:
    there = [person for person, at in since.items() if at is None or at <= launch.at]
    known = (read.get((launch.campaign.pk, person)) for person in there)
    return Audience(launch, len(there), sum(at is not None and at < launch.at for at in known))


def _rate(found: Sequence[Audience]) -> Rate:
    return Rate(sum(one.read for one in found), sum(one.asked for one in found))
