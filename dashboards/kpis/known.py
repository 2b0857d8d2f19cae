"""Which agreed fields of a lead were filled when it was offered, as conditions on handoffs.

By the last change recorded until then; before the first change by what that one replaced; what never changed is
what it is now. A consent counts from its own moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from leads.models import (
    AttributeChange,
    CompanyChange,
    CompanyDomain,
    Consent,
    ExternalId,
    LeadEmail,
    LeadPhone,
)

TEXTS = ("first_name", "last_name", "title", "country", "source")
LINKS = ("company", "campaign", "owner")


def complete_by(agreed_fields: Iterable[str]) -> Q:
    """Each of these fields was known when the lead was offered."""
    found = Q(pk__isnull=False)
    for field in agreed_fields:
        found &= known_at_offer(field)
    return found


def known_at_offer(field: str) -> Q:
    name = field.rpartition(".")[2]
    if name == "consent":
        given = Consent.objects.exclude(state=Consent.State.WITHDRAWN)
        return Q(Exists(given.filter(lead=OuterRef("lead"), at__lte=OuterRef("offered_at"))))
    if name in ("employees", "industry", "company_domain"):
        return _of_the_company("domain" if name == "company_domain" else name)
    in_group = "lead" if name in (*TEXTS, *LINKS, *PRESENT) else "attributes"
    changes = AttributeChange.objects.filter(lead=OuterRef("lead"), fact=f"{in_group}.{name}")
    return _as_of(changes, _now(name))


def _of_the_company(name: str) -> Q:
    """Told with the lead by then, or known of its company."""
    fact = f"company.{name}"
    told = AttributeChange.objects.filter(
        _filled("value"), lead=OuterRef("lead"), fact=fact, at__lte=OuterRef("offered_at")
    )
    changes = CompanyChange.objects.filter(company=OuterRef("lead__company"), fact=fact)
    now = Q(Exists(CompanyDomain.objects.filter(company=OuterRef("lead__company"))))
    if name == "employees":
        now = Q(lead__company__employees__isnull=False)
    elif name == "industry":
        now = Q(lead__company__industry__gt="")
    return Q(Exists(told)) | _as_of(changes, now)


def _now(name: str) -> Q:
    if name in TEXTS:
        return Q(**{f"lead__{name}__gt": ""})
    if name in LINKS:
        return Q(**{f"lead__{name}__isnull": False})
    return PRESENT[name]() if name in PRESENT else Q(lead__attributes__has_key=name)


PRESENT: dict[str, Callable[[], Q]] = {
    "phone": lambda: Q(Exists(LeadPhone.objects.filter(lead=OuterRef("lead")))),
    "email": lambda: Q(Exists(LeadEmail.objects.filter(lead=OuterRef("lead")))),
    "external_id": lambda: Q(Exists(ExternalId.objects.filter(lead=OuterRef("lead")))),
    "created_at": lambda: Q(lead__created_at__isnull=False),
}


def _as_of(changes: QuerySet[Any], now: Q) -> Q:
    by_then = changes.filter(at__lte=OuterRef("offered_at")).order_by("-at", "-pk")
    later = changes.filter(at__gt=OuterRef("offered_at")).order_by("at", "pk")
    return Q(Exact(Coalesce(_one(by_then, "value"), _one(later, "was"), _flag(now)), 1))


def _one(changes: QuerySet[Any], column: str) -> Subquery:
    return Subquery(changes.annotate(is_filled=_flag(_filled(column))).values("is_filled")[:1])


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _filled(column: str) -> Q:
    """Neither nothing, nor the null of JSON, nor an empty text."""
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: None}) & ~Q(**{column: ""})
