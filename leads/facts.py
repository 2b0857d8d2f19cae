"""The facts of leads: registered for the editor and the compiler, and read in bulk for the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from common.web.once import once_a_page
from definitions.catalogue import FactGroup, FactSpec, Names, TouchCounts, catalogue
from definitions.engine.facts import FactType, FactValue, Raw
from leads.models import (
    AttributeChange,
    Campaign,
    Company,
    CompanyDomain,
    CustomField,
    Handoff,
    Lead,
    Stage,
    Touch,
    TouchKind,
)

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """One lead at one moment, as criteria see it (`definitions.engine.facts.Facts`)."""

    at: datetime
    values: Mapping[str, FactValue]
    touched: Sequence[tuple[str, str | None, datetime]] = ()

    def value(self, name: str) -> FactValue | None:
        return self.values.get(name)

    def touches(self) -> Sequence[tuple[str, str | None, datetime]]:
        return self.touched


@dataclass(slots=True)
class _Known:
    """What further tables know of the leads asked for."""

    domains: dict[int, str] = field(default_factory=dict)
    open_leads: set[int] = field(default_factory=set)
    changes: dict[tuple[int, str], AttributeChange] = field(default_factory=dict)
    touches: dict[int, list[tuple[str, str | None, datetime]]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


def facts_of(leads: Iterable[Lead], at: datetime) -> dict[int, LeadFacts]:
    """The present facts of leads, by primary key, in five queries. Select `company` with the leads."""
    rows = list(leads)
    known = _read(rows)
    return {lead.pk: LeadFacts(at, _values(lead, known), known.touches.get(lead.pk, ())) for lead in rows}


def _read(rows: list[Lead]) -> _Known:
    ids = [lead.pk for lead in rows]
    companies = {lead.company_id for lead in rows if lead.company_id}
    known = _Known()
    domains = CompanyDomain.objects.filter(company__in=companies).order_by("is_primary")
    known.domains = dict(domains.values_list("company_id", "domain"))
    known.open_leads = set(Handoff.objects.open().filter(lead__in=ids).values_list("lead_id", flat=True))
    for change in AttributeChange.objects.filter(lead__in=ids).order_by("at", "pk"):
        known.changes[change.lead_id, change.fact] = change
    rows_of = Touch.objects.filter(lead__in=ids).values_list("lead_id", "kind__key", "campaign__slug", "at")
    for lead_id, kind, campaign, moment in rows_of:
        known.touches.setdefault(lead_id, []).append((kind, campaign, moment))
    known.types = dict(CustomField.objects.values_list("name", "type"))
    return known


def _values(lead: Lead, known: _Known) -> dict[str, FactValue]:
    raw: dict[str, Raw] = {
        "lead.source": lead.source,
        "lead.title": lead.title,
        "lead.country": lead.country,
        "lead.stage": str(lead.stage),
        "lead.origin": str(lead.origin),
        "lead.created_at": lead.created_at,
        "lead.in_open_handoff": lead.pk in known.open_leads,
        "lead.is_customer": bool(lead.company and lead.company.relation == Company.Relation.CUSTOMER),
    }
    if lead.company is not None:
        raw |= _company_values(lead.company, known)
    for name, value in lead.attributes.items():
        raw[f"attributes.{name}"] = typed_attribute(value, known.types.get(name, "text"))
    return {name: _told(lead, name, value, known) for name, value in raw.items() if value not in (None, "")}


def _company_values(company: Company, known: _Known) -> dict[str, Raw]:
    return {
        "company.industry": company.industry,
        "company.employees": company.employees,
        "company.domain": known.domains.get(company.pk),
        "company.relation": str(company.relation),
        "company.tier": str(company.tier),
    }


def _told(lead: Lead, name: str, value: Raw, known: _Known) -> FactValue:
    change = known.changes.get((lead.pk, name))
    return FactValue(value, change.at if change else lead.created_at, change.source if change else None)


def typed_attribute(value: object, type_: str) -> Raw:
    """A custom attribute as it is stored in JSON, in the type of its field; dates are midnight UTC."""
    if value is None or isinstance(value, bool):
        return value
    if type_ == CustomField.Type.NUMBER:
        return Decimal(str(value))
    if type_ == CustomField.Type.DATE:
        moment = datetime.fromisoformat(str(value))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return str(value)


def register() -> None:
    """Tell the catalogue what a lead can be asked; `leads.apps` calls it once."""
    catalogue.register(*_lead_specs(), *_company_specs(), *_score_specs(), *_handoff_specs())
    catalogue.register_group("attributes", FactGroup(_find_attribute, _every_attribute))
    catalogue.register_touches(TouchCounts(_touch_count, _touch_kinds, _campaigns))


def _choices(choices: type) -> Callable[[], Labels]:
    return lambda: dict(getattr(choices, "choices"))  # noqa: B009 - a TextChoices class, which mypy cannot name


def _lead_specs() -> list[FactSpec]:
    customer = ExpressionWrapper(Q(company__relation=Company.Relation.CUSTOMER), output_field=BooleanField())
    in_handoff = Exists(Handoff.objects.open().filter(lead=OuterRef("pk")))
    return [
        FactSpec("lead.source", "Source", "choice", F("source_key"), _sources),
        FactSpec("lead.title", "Role", "text", F("title_key")),
        FactSpec("lead.country", "Country", "text", F("country_key")),
        FactSpec("lead.stage", "Stage", "choice", F("stage"), _choices(Stage)),
        FactSpec("lead.origin", "Origin", "choice", F("origin"), _choices(Lead.Origin)),
        FactSpec("lead.created_at", "Created", "date", F("created_at")),
        FactSpec("lead.is_customer", "Is a customer", "boolean", Coalesce(customer, False)),
        FactSpec("lead.in_open_handoff", "Is with sales", "boolean", in_handoff),
    ]


def _company_specs() -> list[FactSpec]:
    primary = (
        CompanyDomain.objects.filter(company=OuterRef("company")).order_by("-is_primary").values("domain")[:1]
    )
    return [
        FactSpec("company.industry", "Industry", "choice", F("company__industry_key"), _industries),
        FactSpec(
            "company.employees",
            "Company employees",
            "number",
            F("company__employees"),
            phrase="Company has {} employees",
        ),
        FactSpec("company.domain", "Company domain", "text", Subquery(primary)),
        FactSpec(
            "company.relation",
            "Company relation",
            "choice",
            F("company__relation"),
            _choices(Company.Relation),
        ),
        FactSpec("company.tier", "Company tier", "choice", F("company__tier"), _choices(Company.Tier)),
    ]


def _score_specs() -> list[FactSpec]:
    numbers = (("total", "Score"), ("fit", "Fit score"), ("engagement", "Engagement score"))
    specs = [FactSpec(f"score.{name}", label, "number") for name, label in numbers]
    return [*specs, FactSpec("score.grade", "Grade", "text")]


def _handoff_specs() -> list[FactSpec]:
    return [
        FactSpec("handoff.trigger", "What caused the handoff", "choice", values=_touch_kinds),
        FactSpec("handoff.hand_raise", "The buyer raised a hand", "boolean"),
        FactSpec("handoff.grade", "Grade at the offer", "text"),
        FactSpec("handoff.basis", "Basis of the qualification", "choice"),
        FactSpec("handoff.motion", "Motion", "choice"),
        FactSpec("handoff.team", "Team offered to", "choice"),
    ]


@once_a_page
def _sources() -> Labels:
    return {
        name: name
        for name in Lead.objects.exclude(source="").values_list("source", flat=True).distinct()[:200]
    }


@once_a_page
def _industries() -> Labels:
    found = Company.objects.exclude(industry="").values_list("industry", flat=True).distinct()[:200]
    return {name: name for name in found}


@once_a_page
def _touch_kinds() -> Labels:
    return dict(TouchKind.objects.values_list("key", "label"))


@once_a_page
def _campaigns() -> Labels:
    return dict(Campaign.objects.values_list("slug", "name"))


def _touch_count(
    kinds: Names | None, campaigns: Names | None, since: datetime | None, until: datetime
) -> Combinable:
    touches = Touch.objects.filter(lead=OuterRef("pk"), at__lte=until)
    if since is not None:
        touches = touches.filter(at__gte=since)
    if kinds is not None:
        touches = touches.filter(kind__key__in=kinds)
    if campaigns is not None:
        touches = touches.filter(campaign__slug__in=campaigns)
    counted = touches.order_by().values("lead").annotate(n=Count("pk")).values("n")
    return Subquery(counted)


def _find_attribute(name: str) -> FactSpec | None:
    found = CustomField.objects.filter(name=name.removeprefix("attributes.")).first()
    return _attribute_spec(found) if found else None


def _every_attribute() -> Iterable[FactSpec]:
    return [_attribute_spec(custom) for custom in CustomField.objects.all()]


def _attribute_spec(custom: CustomField) -> FactSpec:
    choices = {str(choice): str(choice) for choice in custom.choices}
    type_: FactType = custom.type  # type: ignore[assignment]
    return FactSpec(
        f"attributes.{custom.name}",
        custom.label,
        type_,
        _attribute_column(custom),
        (lambda: choices) if choices else None,
    )


def _attribute_column(custom: CustomField) -> Combinable:
    if custom.type in (CustomField.Type.TEXT, CustomField.Type.CHOICE):
        return KeyTextTransform(custom.name, "attribute_keys")
    stored = KeyTextTransform(custom.name, "attributes")
    if custom.type == CustomField.Type.NUMBER:
        return Func(stored, template="(%(expressions)s)::numeric", output_field=DecimalField())
    if custom.type == CustomField.Type.DATE:
        template = "((%(expressions)s)::timestamp AT TIME ZONE 'UTC')"
        return Func(stored, template=template, output_field=DateTimeField())
    return Cast(stored, BooleanField())
