"""Finding leads, companies, campaigns and people by words. Keys are compared, made in Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.urls import reverse

from accounts.models import User
from definitions.engine.text import text_key
from leads.models import Campaign, Company, Lead, Stage
from leads.queries import fetch_addresses

KINDS = {"lead": "Leads", "company": "Companies", "campaign": "Campaigns", "person": "People"}
SHORTEST = 2
SHOWN = 50
CLOSED = (Stage.CUSTOMER, Stage.RECYCLED, Stage.DISQUALIFIED)
CLOSED_LAST = Case(When(stage__in=CLOSED, then=1), default=0, output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    kind: str
    title: str
    line: str
    state: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question, by kind; the counts are of what is shown."""

    words: str
    hits: tuple[Hit, ...]

    @property
    def too_short(self) -> bool:
        return len(text_key(self.words)) < SHORTEST

    def of(self, kind: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind == kind]

    @property
    def groups(self) -> list[tuple[str, list[Hit]]]:
        return [(label, hits) for kind, label in KINDS.items() if (hits := self.of(kind))]


def search(words: str, *, leads: QuerySet[Lead], companies: QuerySet[Company], most: int = SHOWN) -> Found:
    """Every word must occur. Five queries at most; leads go by the trigram index."""
    said = words.replace("\x00", "").strip()[:200]
    keys = text_key(said).split()[:8]
    if len(text_key(said)) < SHORTEST:
        return Found(said, ())
    hits = [
        *_leads(leads.filter(merged_into=None), said, keys, most),
        *_companies(companies, keys, most),
        *_campaigns(keys, most),
        *_people(keys, most),
    ]
    return Found(said, tuple(hits))


def _leads(leads: QuerySet[Lead], said: str, keys: list[str], most: int) -> Iterable[Hit]:
    """What is still worked on comes before what is closed, each the newest first."""
    named = leads.filter(_all("search_text", keys))
    by_words = named.order_by("-created_at", "-pk").values_list("pk", flat=True)
    by_id = leads.filter(external_ids__kind="lead", external_ids__value=said).values_list("pk", flat=True)
    ids = {*by_words[: max(most, SHOWN)], *by_id[:1]}
    found = leads.filter(pk__in=ids).select_related("company")
    rows = found.order_by(CLOSED_LAST, "-created_at", "-pk")[:most]
    fetch_addresses(rows)
    for lead in rows:
        line = ", ".join(filter(None, [lead.title, str(lead.company or "")]))
        url = reverse("desk:lead", args=[lead.public_id])
        yield Hit("lead", lead.name, line, str(lead.get_stage_display()), url, "user")


def _companies(companies: QuerySet[Company], keys: list[str], most: int) -> Iterable[Hit]:
    for company in companies.filter(_all("name_key", keys)).order_by("name", "pk")[:most]:
        size = f"{company.employees:,} employees" if company.employees else ""
        line = ", ".join(filter(None, [company.country, size]))
        relation = "" if company.relation == Company.Relation.NONE else str(company.get_relation_display())
        url = reverse("desk:company", args=[company.public_id])
        yield Hit("company", company.name, line, relation, url, "building")


def _campaigns(keys: list[str], most: int) -> Iterable[Hit]:
    found = [row for row in Campaign.objects.order_by("name") if _has(row.name, keys)]
    for campaign in found[:most]:
        state = "Live" if campaign.is_active else "Ended"
        url = reverse("desk:campaign", args=[campaign.slug])
        yield Hit("campaign", campaign.name, campaign.channel, state, url, "speakerphone")


def _people(keys: list[str], most: int) -> Iterable[Hit]:
    people = User.objects.filter(is_active=True).order_by("name").prefetch_related("memberships__team")
    for person in [row for row in people if _has(f"{row.name} {row.email}", keys)][:most]:
        teams = ", ".join(str(seat.team) for seat in person.memberships.all())
        url = f"{reverse('desk:queue')}?view=open&owner={person.email}"
        yield Hit("person", person.name, teams, "", url, "users")


def _all(column: str, keys: list[str]) -> Q:
    wanted = Q()
    for key in keys:
        wanted &= Q(**{f"{column}__contains": key})
    return wanted


def _has(text: str, keys: list[str]) -> bool:
    key = text_key(text)
    return all(word in key for word in keys)
