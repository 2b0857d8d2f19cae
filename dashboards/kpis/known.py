"""Which agreed fields of a lead were filled when it was offered, as conditions on handoffs.

By the last change recorded until then; before the first change by what that one replaced; what never changed is
what it is now. A consent counts from its own moment. Facts of a company are those of the company it had at the offer,
as `leads.history` reads them one lead at a time (tests hold the two together).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import Exact, GreaterThan

from leads.models import (
    AttributeChange,
    Company,
    CompanyChange,
    CompanyDomain,
    Consent,
    ExternalId,
    LeadEmail,
    LeadPhone,
)

TEXTS = ("first_name", "last_name", "title", "country", "source")
LINKS = ("company", "campaign", "owner")
EVER = Value(datetime.min.replace(tzinfo=UTC), output_field=DateTimeField())


class Key(Func):
    """The primary key that a change keeps as its value."""

    template = "(%(expressions)s #>> '{}')::bigint"
    output_field = BigIntegerField()


def complete_by(agreed_fields: Iterable[str]) -> Q:
    """Each of these fields was known when the lead was offered."""
    found = Q(pk__isnull=False)
    for field in agreed_fields:
        found &= known_at_offer(field)
    return found


def known_at_offer(field: str) -> Q:
    group, _, name = field.rpartition(".")
    if group == "attributes":  # also one that is called as a field of Baton
        return _of_the_lead(field, name)
    if name == "consent":
        given = Consent.objects.exclude(state=Consent.State.WITHDRAWN)
        return Q(Exists(given.filter(lead=OuterRef("lead"), at__lte=OuterRef("offered_at"))))
    if name == "company_domain" or (name == "domain" and field.startswith("company.")):
        return _of_the_company("domain")
    if name in ("employees", "industry"):
        return _of_the_company(name)
    return _of_the_lead(f"{'lead' if name in FIELDS else 'attributes'}.{name}", name)


def _of_the_lead(fact: str, name: str) -> Q:
    changes = AttributeChange.objects.filter(lead=OuterRef("lead"), fact=fact)
    return Q(Exact(_as_of(changes, OuterRef("offered_at"), _now(fact, name)), 1))


def _of_the_company(name: str) -> Q:
    """Of the company it had then: what was told with the lead since it has that company, else what was known of it.

    Whichever is newer counts.
    """
    lead, offered, fact = OuterRef(OuterRef("lead")), OuterRef(OuterRef("offered_at")), f"company.{name}"
    own = AttributeChange.objects.filter(lead=lead)
    changes = CompanyChange.objects.filter(company=OuterRef("pk"), fact=fact)
    moved, changed = (_by_then(rows, offered) for rows in (own.filter(fact="lead.company"), changes))
    since = Greatest(Subquery(moved.values("at")[:1]), Subquery(changed.values("at")[:1]), EVER)
    told = _by_then(own.filter(fact=fact, at__gte=OuterRef("since")), offered)
    known = Coalesce(_one(told, "value"), _as_of(changes, offered, OF_COMPANY[name]()))
    companies = Company.objects.filter(pk=_company_then()).annotate(since=since)
    return Q(Exists(companies.filter(Exact(known, 1))))


def _company_then() -> Case:
    """The key of the company that the lead had at the offer; read from within a question about companies."""
    moves = AttributeChange.objects.filter(lead=OuterRef(OuterRef("lead")), fact="lead.company")
    offered = OuterRef(OuterRef("offered_at"))
    by_then, later = _by_then(moves, offered), _after(moves, offered)
    return Case(
        When(Exists(by_then), then=Subquery(by_then.values(key=Key(F("value")))[:1])),
        When(Exists(later), then=Subquery(later.values(key=Key(F("was")))[:1])),
        default=OuterRef("lead__company"),
        output_field=BigIntegerField(),
    )


def _now(fact: str, name: str) -> Q:
    if fact.startswith("attributes."):
        return Q(GreaterThan(KeyTextTransform(name, "lead__attributes"), Value("")))
    if name in TEXTS:
        return Q(**{f"lead__{name}__gt": ""})
    if name in LINKS:
        return Q(**{f"lead__{name}__isnull": False})
    return PRESENT[name]()


PRESENT: dict[str, Callable[[], Q]] = {
    "phone": lambda: Q(Exists(LeadPhone.objects.filter(lead=OuterRef("lead")))),
    "email": lambda: Q(Exists(LeadEmail.objects.filter(lead=OuterRef("lead")))),
    "external_id": lambda: Q(Exists(ExternalId.objects.filter(lead=OuterRef("lead")))),
    "created_at": lambda: Q(lead__created_at__isnull=False),
}
FIELDS = (*TEXTS, *LINKS, *PRESENT)
OF_COMPANY: dict[str, Callable[[], Q]] = {
    "employees": lambda: Q(employees__isnull=False),
    "industry": lambda: Q(industry__gt=""),
    "domain": lambda: Q(Exists(CompanyDomain.objects.filter(company=OuterRef("pk")))),
}


def _as_of(changes: QuerySet[Any], offered: OuterRef, now: Q) -> Coalesce:
    """1 where it was filled at the moment, else 0."""
    by_then, later = _by_then(changes, offered), _after(changes, offered)
    return Coalesce(_one(by_then, "value"), _one(later, "was"), _flag(now))


def _by_then(changes: QuerySet[Any], offered: OuterRef) -> QuerySet[Any]:
    return changes.filter(at__lte=offered).order_by("-at", "-pk")


def _after(changes: QuerySet[Any], offered: OuterRef) -> QuerySet[Any]:
    return changes.filter(at__gt=offered).order_by("at", "pk")


def _one(changes: QuerySet[Any], column: str) -> Subquery:
    return Subquery(changes.annotate(is_filled=_flag(_filled(column))).values("is_filled")[:1])


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _filled(column: str) -> Q:
    """Neither nothing, nor the null of JSON, nor an empty text."""
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: None}) & ~Q(**{column: ""})
