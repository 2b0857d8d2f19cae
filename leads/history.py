"""Facts of leads as they were when they were offered: what changes, spans and the journal know of then.

A fact that never changed is what it is now. Before its first recorded change it was what that change replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from definitions.engine.facts import FactValue, Raw
from leads.engine.past import OFFERS, STAGED, Change, Step, known_at, stages_at_offers
from leads.facts import LeadFacts, typed_attribute
from leads.models import (
    AttributeChange,
    Company,
    CompanyChange,
    CompanyDomain,
    CompanyRelation,
    CustomField,
    LeadEvent,
    Touch,
)

ATTRIBUTE, COMPANY, OWN = "attributes.", "company.", "lead.company"
KEPT = ("lead.source", "lead.title", "lead.country")
EVER = datetime.min.replace(tzinfo=UTC)
Changes = dict[str, list[Change]]


@dataclass(frozen=True, slots=True)
class Offer:
    """One cycle, and when its lead was offered."""

    handoff: int
    lead: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Journal:
    """The stage at each offer, which offers were imported, and touches with the moments they were recorded."""

    stages: dict[int, str] = field(default_factory=dict)
    imported: set[int] = field(default_factory=set)
    touches: dict[int, list[tuple[str, str | None, datetime, datetime]]] = field(default_factory=dict)

    def touched(self, offer: Offer) -> list[tuple[str, str | None, datetime]]:
        """Those known by then; of an imported offer nobody can say, so there each counts from its own moment."""
        is_imported = offer.handoff in self.imported
        return [
            (kind, campaign, at)
            for kind, campaign, at, recorded_at in self.touches.get(offer.lead, ())
            if at <= offer.at and (is_imported or recorded_at <= offer.at)
        ]


@dataclass(frozen=True, slots=True)
class History:
    """Changes of leads and companies by fact, oldest first, and the types of custom fields by name."""

    leads: dict[int, Changes]
    companies: dict[int, Changes]
    types: dict[str, str]
    journal: Journal | None

    def as_of(self, offer: Offer, present: LeadFacts, company: int | None) -> LeadFacts:
        """The facts right after the offer; `company` is the present one."""
        own = self.leads.get(offer.lead, {})
        values = {name: told for name, told in present.values.items() if not name.startswith(COMPANY)}
        for fact, changes in own.items():
            if fact in KEPT or fact.startswith(ATTRIBUTE):
                self._put(values, fact, known_at(changes, offer.at))
        moved = known_at(own.get(OWN, ()), offer.at)
        of_company = self._company(offer, own, moved or Change(company, None))
        relation = of_company.get("company.relation")
        is_customer = relation is not None and relation.value == Company.Relation.CUSTOMER
        values |= of_company | {
            "lead.is_customer": FactValue(is_customer, relation.at if relation else None),
            "lead.in_open_handoff": FactValue(True, offer.at),
        }
        if self.journal is None:
            return LeadFacts(offer.at, values)
        if stage := self.journal.stages.get(offer.handoff):
            values["lead.stage"] = FactValue(stage, offer.at)
        return LeadFacts(offer.at, values, self.journal.touched(offer))

    def _company(self, offer: Offer, own: Changes, since: Change) -> dict[str, FactValue]:
        """Of the company it had. What was told with this very lead counts from then on, for this lead."""
        values: dict[str, FactValue] = {}
        for fact, changes in self.companies.get(since.value or 0, {}).items():
            told = [row for row in own.get(fact, ()) if row.at and (since.at is None or row.at >= since.at)]
            newest = known_at(changes, offer.at)
            for row in told:
                if row.at and row.at <= offer.at and row.at >= ((newest and newest.at) or EVER):
                    newest = row
            self._put(values, fact, newest)
        return values

    def _put(self, values: dict[str, FactValue], fact: str, known: Change | None) -> None:
        if known is None:
            return
        values.pop(fact, None)
        if known.value not in (None, ""):
            values[fact] = FactValue(self._typed(fact, known.value), known.at, known.source or None)

    def _typed(self, fact: str, value: object) -> Raw:
        if fact.startswith(ATTRIBUTE):
            return typed_attribute(value, self.types.get(fact.removeprefix(ATTRIBUTE), "text"))
        return value if isinstance(value, int) else str(value)


def history_of(leads: Mapping[int, int | None], *, journal: bool) -> History:
    """Of leads, each with its present company: at most eight queries. `journal`: also their stages and touches."""
    own = _by_fact(
        (row.lead_id, row.fact, Change(row.value, row.at, row.was, row.source))
        for row in AttributeChange.objects.filter(lead__in=leads).order_by("at", "pk")
    )
    had = {
        company
        for changes in own.values()
        for row in changes.get(OWN, ())
        for company in (row.value, row.was)
    }
    companies = _companies({company for company in {*leads.values(), *had} if company})
    types = dict(CustomField.objects.values_list("name", "type"))
    return History(own, companies, types, _journal(leads) if journal else None)


def _by_fact(rows: Iterable[tuple[int, str, Change]]) -> dict[int, Changes]:
    found: dict[int, Changes] = {}
    for owner, fact, change in rows:
        found.setdefault(owner, {}).setdefault(fact, []).append(change)
    return found


def _companies(ids: Collection[int]) -> dict[int, Changes]:
    """Every fact of them: what it is where it never changed, else its changes; a relation by its spans."""
    found = _by_fact(
        (row.company_id, row.fact, Change(row.value, row.at, row.was, row.source))
        for row in CompanyChange.objects.filter(company__in=ids).order_by("at", "pk")
    )
    for company, changes in _by_fact(_relations(ids)).items():
        found.setdefault(company, {}).update(changes)
    named = CompanyDomain.objects.filter(company__in=ids).order_by(
        "is_primary", "-pk"
    )  # the primary, else the oldest
    domains = dict(named.values_list("company_id", "domain"))
    for row in Company.objects.filter(pk__in=ids):
        present = {
            "industry": row.industry, "employees": row.employees, "domain": domains.get(row.pk),
            "relation": str(row.relation), "tier": str(row.tier),
        }  # fmt: skip
        of_row = found.setdefault(row.pk, {})
        for name, value in present.items():
            of_row.setdefault(COMPANY + name, [Change(value, None)])
    return found


def _relations(ids: Collection[int]) -> Iterator[tuple[int, str, Change]]:
    """Before the first span there was no relation."""
    spans = CompanyRelation.objects.filter(company__in=ids).order_by("from_at", "pk")
    for company, relation, at in spans.values_list("company_id", "relation", "from_at"):
        yield company, "company.relation", Change(relation, at, was=str(Company.Relation.NONE))


def _journal(leads: Collection[int]) -> Journal:
    found, steps = Journal(), dict[int, list[Step]]()
    rows = LeadEvent.objects.filter(lead__in=leads, kind__in={*STAGED, *OFFERS}).order_by("at", "pk")
    for lead, kind, handoff, data, historic in rows.values_list(
        "lead_id", "kind", "handoff_id", "data", "historic"
    ):
        steps.setdefault(lead, []).append(Step(kind, handoff, data))
        if historic and kind in OFFERS:
            found.imported.add(handoff)
    for of_lead in steps.values():
        found.stages.update(stages_at_offers(of_lead))
    touches = Touch.objects.filter(lead__in=leads)
    for lead, *touch in touches.values_list("lead_id", "kind__key", "campaign__slug", "at", "recorded_at"):
        found.touches.setdefault(lead, []).append(tuple(touch))  # type: ignore[arg-type]
    return found
