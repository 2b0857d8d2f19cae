"""A model to try criteria on, with every kind of binding, and the same rows as facts in memory."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, F, Func, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from definitions.catalogue import Catalogue, FactGroup, FactSpec, Names, TouchCounts
from definitions.engine import literals
from definitions.engine.facts import Raw, Touch
from definitions.engine.text import text_key
from tests.definitions.known import NOON, Told

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


class Place(models.Model):
    """Where a specimen comes from; reached over a relation that may be empty."""

    industry_key = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "specimens"
        managed = False

    def __str__(self) -> str:
        return self.industry_key


class Specimen(models.Model):
    """One tested row."""

    place = models.ForeignKey(Place, models.CASCADE, null=True)
    title_key = models.CharField(max_length=120, null=True)  # noqa: DJ001 - NULL and empty must agree
    budget = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    seen_at = models.DateTimeField(null=True)
    born_on = models.DateField(null=True)
    is_customer = models.BooleanField(null=True)
    attributes = models.JSONField(default=dict)
    attribute_keys = models.JSONField(default=dict)

    class Meta:
        app_label = "specimens"
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


class Visit(models.Model):
    """One touch of a specimen."""

    specimen = models.ForeignKey(Specimen, models.CASCADE, related_name="visits")
    kind = models.CharField(max_length=20)
    campaign = models.CharField(max_length=20, null=True)  # noqa: DJ001 - a visit without a campaign
    at = models.DateTimeField()

    class Meta:
        app_label = "specimens"
        managed = False

    def __str__(self) -> str:
        return self.kind


MODELS = (Place, Specimen, Visit)

VALUES: dict[str, list[Raw]] = {
    "place.industry": [None, "", "SaaS", " saas", "100% Organic_Food\\"],
    "place.employees": [None, 0, 199, 200, 5000],
    "row.title": [None, "", "  ", "Head of IT", "VP Sales", "Straße", "it's"],
    "row.budget": [None, Decimal(0), Decimal("-2.5"), Decimal("0.1"), Decimal(200)],
    "row.seen_at": [None, NOON, NOON - 30 * DAY, NOON - 30 * DAY - MICROSECOND, NOON + MICROSECOND],
    "row.born_on": [None, date(2026, 3, 20), date(2026, 2, 18), date(1999, 12, 31)],
    "row.is_customer": [None, True, False],
    "attributes.region": [None, "", "EMEA", "emea north"],
    "attributes.seats": [None, 0, 7, Decimal("7.5")],
    "attributes.renewal": [None, datetime(2026, 3, 20, tzinfo=UTC), NOON - 400 * DAY],
    "attributes.vip": [None, True, False],
    "score.total": [Decimal(0), Decimal("12.50"), Decimal(75)],
}
TOUCHED: list[list[Touch]] = [
    [],
    [Touch("webinar", None, NOON)],
    [Touch("webinar", "spring", NOON - 30 * DAY), Touch("demo", "spring", NOON - 31 * DAY)],
    [Touch("webinar", "autumn", NOON + MICROSECOND)],
    [
        Touch("demo", None, NOON - DAY),
        Touch("demo", None, NOON - 2 * DAY),
        Touch("mail", "spring", NOON - DAY),
    ],
]


def make_specimens(count: int) -> dict[int, Told]:
    """Rows in the database, each with the same facts in memory, by primary key."""
    chance = random.Random(7)
    return dict(_make_specimen(chance) for _ in range(count))


def specimens() -> models.QuerySet:
    """Scores stand elsewhere than in a column of the row: an annotation can be bound too."""
    return Specimen.objects.annotate(points=_number("points"))


def bound_catalogue() -> Catalogue:
    """How an app to the right registers what it stores."""
    catalogue = Catalogue()
    catalogue.register(
        FactSpec("place.industry", "Industry", "text", F("place__industry_key")),
        FactSpec("place.employees", "Employees", "number", F("place__employees")),
        FactSpec("row.title", "Title", "text", F("title_key")),
        FactSpec("row.budget", "Budget", "number", F("budget")),
        FactSpec("row.seen_at", "Seen", "date", F("seen_at")),
        FactSpec("row.born_on", "Born", "date", F("born_on")),
        FactSpec("row.is_customer", "Customer", "boolean", F("is_customer")),
        FactSpec("score.total", "Score", "number", F("points")),
        FactSpec("handoff.team", "Team", "text"),
    )
    catalogue.register_group("attributes", FactGroup(ATTRIBUTES.get, ATTRIBUTES.values))
    catalogue.register_touches(TouchCounts(_count_visits, dict, dict))
    return catalogue


def _attribute(name: str, field: models.Field) -> Cast:
    return Cast(KeyTextTransform(name, "attributes"), field)


def _number(name: str) -> Func:
    """Django casts to numeric(n, m) alone, which overflows where the engine does not."""
    text = KeyTextTransform(name, "attributes")
    return Func(text, template="(%(expressions)s)::numeric", output_field=models.DecimalField())


ATTRIBUTES = {
    spec.name: spec
    for spec in (
        FactSpec("attributes.region", "Region", "choice", KeyTextTransform("region", "attribute_keys")),
        FactSpec("attributes.seats", "Seats", "number", _number("seats")),
        FactSpec("attributes.renewal", "Renewal", "date", _attribute("renewal", models.DateTimeField())),
        FactSpec("attributes.vip", "VIP", "boolean", _attribute("vip", models.BooleanField())),
    )
}


def _count_visits(
    kinds: Names | None, campaigns: Names | None, since: datetime | None, until: datetime
) -> Subquery:
    visits = Visit.objects.filter(specimen=OuterRef("pk"), at__lte=until)
    if kinds is not None:
        visits = visits.filter(kind__in=kinds)
    if campaigns is not None:
        visits = visits.filter(campaign__in=campaigns)
    if since is not None:
        visits = visits.filter(at__gte=since)
    return Subquery(visits.values("specimen").annotate(count=Count("pk")).values("count"))


def _make_specimen(chance: random.Random) -> tuple[int, Told]:
    values = {fact: chance.choice(choices) for fact, choices in VALUES.items()}
    touched = chance.choice(TOUCHED)
    place = None
    if chance.random() < 0.2:
        values |= {"place.industry": None, "place.employees": None}
    else:
        place = Place.objects.create(
            industry_key=_key(values["place.industry"]) or "", employees=values["place.employees"]
        )
    row = Specimen.objects.create(
        place=place,
        title_key=_key(values["row.title"]),
        attribute_keys={"region": _key(values["attributes.region"])},
        attributes=_attributes(values),
        **{name: values[f"row.{name}"] for name in ("budget", "seen_at", "born_on", "is_customer")},
    )
    Visit.objects.bulk_create(Visit(specimen=row, **touch._asdict()) for touch in touched)
    return row.pk, Told(values, touched)


def _attributes(values: dict[str, Raw]) -> dict[str, Any]:
    """As JSON holds them; an absent value is an absent key."""
    named = {name: values[f"attributes.{name}"] for name in ("seats", "renewal", "vip")}
    named["points"] = values["score.total"]
    return {name: literals.write(value) for name, value in named.items() if value is not None}


def _key(value: Raw) -> str | None:
    return None if value is None else text_key(str(value))
