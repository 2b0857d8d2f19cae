"""The 28 campaigns of Northwater with what they promised and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from accounts.models import User
from leads.models import BriefReading, BriefVersion, Campaign

PROGRAMMES = 95_000  # a month


@dataclass(frozen=True, slots=True)
class Plan:
    """One campaign: its source of leads, first and last week before today, promise and share of its channel."""

    name: str
    source: str
    first: int
    last: int
    promise: str = ""
    weight: float = 1.0


# Source of leads: channel, share of the money.
CHANNELS = {
    "Demo request": ("Website", 0.06),
    "Webinar": ("Webinar", 0.17),
    "Content": ("Content", 0.16),
    "Paid search": ("Paid search", 0.31),
    "Event": ("Fair", 0.24),
    "Partner": ("Partner", 0.05),
    "Organic": ("Website", 0.01),
}
AUDIT = "A free leak audit on one vessel or site within two weeks of the webinar."
RUN_BY = "Our own engineers run it; the date is fixed on the first call."
# Who of sales reads a brief, and how many hours after it is published. Marcus and Rachel do not.
READERS = {
    "Dana Whitfield": 2, "Idris Khan": 3, "Ingrid Dahl": 30, "Joana Reis": 20, "Kofi Mensah": 9, "Lena Vogt": 5,
    "Nadia Petrova": 40, "Sofia Duarte": 14, "Tom Okafor": 6,
}  # fmt: skip
UNREAD = {("Lena Vogt", 3), ("Joana Reis", 3)}  # they still know the wording before
# Days from a brief to the first day of its campaign; a list that was bought in a hurry, and a tour nobody planned.
BRIEFED, HURRIED = 12, {"Compliance Checklist": 2, "Food Plant Open Day": 3}
PLANS = (
    Plan("Water Loss Webinar", "Webinar", 14, -2, AUDIT, 1.6),
    Plan("Ballast Lines Explained", "Webinar", 60, 46, "The calculation sheet by e-mail the same day."),
    Plan(
        "Pump Health in 30 Minutes", "Webinar", 46, 33, "A health check of three pumps, on site or by phone."
    ),
    Plan("Night Flow Analysis", "Webinar", 33, 22, "Your own night flow, read by one of our engineers."),
    Plan("Leaks Under Cold Stores", "Webinar", 22, 14, "A call with the plant that speaks in the webinar."),
    Plan(
        "Pump Efficiency Benchmark",
        "Content",
        30,
        -6,
        "Your plant against 212 others, by name only to you.",
        1.4,
    ),
    Plan("Cost of a Silent Leak", "Content", 60, 40, "The spreadsheet behind the article."),
    Plan("Maintenance Calendar", "Content", 52, 20, "A printed calendar for the plant."),
    Plan("Fjordline Case Study", "Content", 40, -8, "A call with Fjordline's chief engineer."),
    Plan("Water Audit Handbook", "Content", 26, 4, "The handbook and a template to fill in."),
    Plan("Search, leak detection", "Paid search", 60, -8, "A price on the call.", 1.6),
    Plan("Search, pump monitoring", "Paid search", 60, -8, "A price on the call."),
    Plan("Search, water audit", "Paid search", 44, -8, "A quote for an audit within a week."),
    Plan("Search, competitors", "Paid search", 7, -8, "A comparison with what you have."),
    Plan("AquaTech Amsterdam", "Event", 60, -3, "A demo unit on the stand and one on loan for a month.", 1.8),
    Plan("Nordic Water Days", "Event", 50, 30, "A seat at the round table."),
    Plan("Paper and Pulp Summit", "Event", 44, 16, "A look at a mill that uses LeakWatch."),
    Plan("Ship Maintenance Forum", "Event", 34, 8, "A quote that needs no dry dock."),
    Plan("Food Plant Open Day", "Event", 24, 1, "Lunch and a tour of the cold store."),
    Plan("Partner Days", "Partner", 60, -4, "Introduced by name, with the partner on the first call.", 1.5),
    Plan("Grundvik Referrals", "Partner", 50, -8, "The partner's service price stays as it is."),
    Plan("Insurers' Programme", "Partner", 4, -8, "A lower premium once sensors are in."),
    Plan("Book a demo", "Demo request", 60, -8, "A person who calls back the same day.", 2.0),
    Plan("LeakWatch product page", "Demo request", 60, -8, "A demo on your own drawings."),
    Plan("PumpSense product page", "Demo request", 40, -8, "A demo on your own pumps."),
    Plan("Website", "Organic", 60, -8, ""),
    Plan("Customer stories", "Organic", 5, -8, "A visit to a customer near you."),
    Plan("Compliance Checklist", "Bought list", 6, 3, "The checklist for the new water directive."),
)


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign with its brief versions and the time in which it brings leads."""

    row: Campaign
    plan: Plan
    briefs: tuple[BriefVersion, ...]
    starts_at: datetime
    ends_at: datetime

    def brief_at(self, at: datetime) -> BriefVersion | None:
        published = [brief for brief in self.briefs if brief.published_at <= at]
        return published[-1] if published else None


def create(people: dict[str, User], at: datetime) -> dict[str, Running]:
    """All of them by name."""
    sums: dict[str, float] = {}
    for plan in PLANS:
        sums[plan.source] = sums.get(plan.source, 0) + _months(plan) * plan.weight
    return {plan.name: _create(plan, sums[plan.source], people, at) for plan in PLANS}


def _create(plan: Plan, total: float, people: dict[str, User], at: datetime) -> Running:
    channel, share = CHANNELS.get(plan.source, ("Bought list", 0.0))
    spent = round(PROGRAMMES * 13.5 * share * _months(plan) * plan.weight / total, -2) or 9_000
    starts_at, ends_at = at - timedelta(weeks=plan.first), at - timedelta(weeks=plan.last)
    campaign = Campaign.objects.create(
        name=plan.name,
        slug=slugify(plan.name),
        channel=channel,
        budget=Decimal(round(spent * 1.1, -3)),
        spend=Decimal(spent),
        starts_on=starts_at.date(),
        ends_on=ends_at.date() if plan.last >= 0 else None,
        is_active=plan.last < 0,
        created_at=starts_at - timedelta(days=21),
    )
    return Running(campaign, plan, tuple(_briefs(campaign, plan, people, at)), starts_at, ends_at)


def _briefs(campaign: Campaign, plan: Plan, people: dict[str, User], at: datetime) -> list[BriefVersion]:
    """One wording; of the Water Loss Webinar three, the newest since yesterday. Search has none."""
    if not plan.promise or plan.name == "Search, leak detection":
        return []
    first = at - timedelta(weeks=plan.first, days=HURRIED.get(plan.name, BRIEFED))
    dates = [first]
    if plan.name == "Water Loss Webinar":
        dates = [first, at - timedelta(days=16), at - timedelta(hours=22)]
    briefs = BriefVersion.objects.bulk_create(
        BriefVersion(
            campaign=campaign,
            number=number,
            audience="Operations and maintenance leads, 200 to 5,000 employees",
            problem="Unmetered loss of 8 to 15% in process and ballast lines",
            message="Find it before it costs a shift, without opening a line.",
            promise=f"{plan.promise} {RUN_BY}" if number == 3 else plan.promise,
            avoid="Any figure of loss without an audit",
            published_at=published_at,
            author=people["Mei Tanaka" if plan.source == "Content" else "Jonas Weber"],
        )
        for number, published_at in enumerate(dates, 1)
    )
    BriefReading.objects.bulk_create(
        BriefReading(brief=brief, person=people[name], at=brief.published_at + timedelta(hours=hours))
        for brief in briefs
        for name, hours in READERS.items()
        if (name, brief.number) not in UNREAD and brief.published_at + timedelta(hours=hours) < at
    )
    return briefs


def _months(plan: Plan) -> float:
    """How long it has run so far."""
    return max(plan.first - max(plan.last, 0), 1) / 4.35
