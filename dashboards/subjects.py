"""What metrics count (deals, handoffs, qualifications, leads, clocks), and how each is split and filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from common.database.moments import midnight
from dashboards.engine.periods import months, weeks
from dashboards.hours import hour_of
from dashboards.questions import ATTRIBUTE, Filters, Question
from definitions.engine.text import text_key
from leads.models import Handoff

# What a row says through its lead, whatever the row is.
OF_THE_LEAD = {
    "source": "source",
    "country": "country",
    "industry": "company__industry",
    "stage": "stage",
}
CALENDAR = {"month": months, "week": weeks}


@dataclass(frozen=True)
class Subject:
    """One kind of row. `lead` is the path to its lead; `own` are the splits it knows itself."""

    name: str
    lead: str
    own: Mapping[str, Combinable]

    def split(self, by: str, moment: str, question: Question) -> Combinable:
        """The raw value that puts a row into its group; names come later, from `groups`."""
        if by in CALENDAR:
            return Bucket(F(moment), starts_of(by, question))
        if by.startswith(ATTRIBUTE):
            return KeyTextTransform(by.removeprefix(ATTRIBUTE), f"{self.lead}attributes")
        if by == "hour":
            return hour_of("started_at", question)
        if by in OF_THE_LEAD:
            return F(self.lead + OF_THE_LEAD[by])
        return self.own[by]

    def narrowed(self, rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
        """Only the rows of the team, source, person and kind of clock asked for."""
        if filters.source:
            rows = rows.filter(**{f"{self.lead}source_key": text_key(filters.source)})
        if filters.team is not None:
            rows = rows.alias(of_team=self.own["team"]).filter(of_team=filters.team.pk)
        if filters.owner is not None:
            rows = rows.alias(of_owner=self.own["owner"]).filter(of_owner=filters.owner.pk)
        if filters.clock:
            rows = rows.filter(kind=filters.clock)
        return rows


class Bucket(Func):
    """The number, from 1, of the stretch that a moment falls into; the stretches begin at `starts`."""

    function = "WIDTH_BUCKET"
    output_field = IntegerField()

    def __init__(self, moment: Combinable, starts: list[datetime]) -> None:
        super().__init__(moment, Value(starts, output_field=ArrayField(DateTimeField())))


def starts_of(by: str, question: Question) -> list[datetime]:
    """The first instants of the months or weeks of the period, in the reporting zone."""
    return [midnight(day, question.zone) for _, day in CALENDAR[by](question.first, question.until)]


def first_known(*paths: str) -> Combinable:
    """The first of some references that is not empty."""
    return Coalesce(*(F(path) for path in paths), output_field=BigIntegerField())


def newest_cycle(column: Combinable, **match: OuterRef) -> Combinable:
    """One column of the newest handoff of a lead or qualification."""
    cycles = Handoff.objects.filter(**match).order_by("-cycle").annotate(found=column)
    return Subquery(cycles.values("found")[:1], output_field=BigIntegerField())


# Until it is passed on, a cycle is the setter's; what happened before is not the closer's doing.
SETTING_TEAM = first_known("setter_team_id", "team_id")
SETTING_PERSON = first_known("setter_id", "holder_id", "answered_by_id")

HANDOFFS = Subject(
    "handoff",
    "lead__",
    {
        "team": SETTING_TEAM,
        "owner": SETTING_PERSON,
        "campaign": first_known("trigger__campaign_id", "lead__campaign_id"),
        "reason": F("reason__label"),
        "grade": F("qualification__grade"),
        "definition-version": F("qualification__version_id"),
    },
)

# A deal's source, team, owner and campaign are its sourcing handoff's, which rows carry as `sourcing`.
DEALS = Subject(
    "deal",
    "sourcing__handoff__lead__",
    {
        "team": F("sourcing__handoff__team_id"),
        "owner": F("sourcing__handoff__holder_id"),
        "campaign": first_known(
            "sourcing__handoff__trigger__campaign_id", "sourcing__handoff__lead__campaign_id"
        ),
        "reason": F("lost_reason__label"),
        "grade": F("sourcing__handoff__qualification__grade"),
        "definition-version": F("sourcing__handoff__qualification__version_id"),
    },
)

QUALIFICATIONS = Subject(
    "qualification",
    "lead__",
    {
        "team": newest_cycle(SETTING_TEAM, qualification=OuterRef("pk")),
        "owner": newest_cycle(SETTING_PERSON, qualification=OuterRef("pk")),
        "campaign": first_known("trigger__campaign_id", "lead__campaign_id"),
        "grade": F("grade"),
        "definition-version": F("version_id"),
    },
)

LEADS = Subject(
    "lead",
    "",
    {
        "team": newest_cycle(SETTING_TEAM, lead=OuterRef("pk")),
        "owner": newest_cycle(SETTING_PERSON, lead=OuterRef("pk")),
        "campaign": F("campaign_id"),
    },
)

# Once it is missed, a clock is whoever's it was when it was due, not whoever's it became; but nobody's who got the
# lead when most of its time was gone (rule 8).
CLOCKS = Subject(
    "clock",
    "lead__",
    {
        "team": first_known("breach__team_id", "team_id"),
        "owner": Case(
            When(breach__got_late=True, then=None),
            When(breach__isnull=False, then=F("breach__person_id")),
            default=F("person_id"),
            output_field=BigIntegerField(),
        ),
        "campaign": F("lead__campaign_id"),
        "reason": F("handoff__reason__label"),
        "clock": F("kind"),
        "commitment": F("commitment_id"),
        "cause": F("breach__cause"),
    },
)
