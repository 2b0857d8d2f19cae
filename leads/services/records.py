"""Writing what is known of one lead: its row, addresses, company, attributes and the history of values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from accounts.queries import person_by
from common.refusals import Invalid
from definitions.engine.text import text_key
from leads.engine import identity
from leads.engine.profile import Profile
from leads.models import (
    AttributeChange,
    Campaign,
    Company,
    CompanyChange,
    CompanyDomain,
    ExternalId,
    Lead,
    LeadEmail,
    LeadPhone,
)
from leads.queries import KEYED, LINKS, PLAIN, facts_now
from leads.services import attributes


class Hearing(NamedTuple):
    """Who says it, and when that is recorded."""

    source: str
    at: datetime


def create(told: Profile, *, source: str, at: datetime) -> Lead:
    """A new inquiry. What came with it counts as known from its `created_at` (domain section 4)."""
    lead = Lead(
        created_at=told.created_at or at,
        created_at_assumed=told.created_at is None,
        recorded_at=at,
        stage_at=at,
    )
    changes = _apply(lead, told, frozenset(), Hearing(source, at))
    lead.save(force_insert=True)
    _store_addresses(lead, told)
    if told.text("external_id"):
        ExternalId.objects.create(kind=ExternalId.Kind.LEAD, value=told.text("external_id"), lead=lead)
    _finish(lead, changes | _company_facts(told), {}, Hearing(source, lead.created_at))
    return lead


def update(
    lead: Lead, told: Profile, *, source: str, at: datetime, clears: frozenset[str] = frozenset()
) -> None:
    """Change a locked lead. A field in `clears` that is said to be empty is emptied; others are left."""
    before = facts_now(lead) | _addresses(lead, told, clears)
    changes = _apply(lead, told, clears, Hearing(source, at))
    is_otherwise = _store_addresses(lead, told) | _drop_phone(lead, told, clears) | _move_creation(lead, told)
    is_otherwise |= _store_external_id(lead, told)
    now = facts_now(lead)
    changes |= {fact: now[fact] for fact in (f"lead.{name}" for name in LINKS) if now[fact] != before[fact]}
    if changes or is_otherwise:
        lead.version += 1
        used = _addresses(lead, told, clears)
        changes |= {fact: address for fact, address in used.items() if address != before[fact]}
        _finish(lead, changes, before, Hearing(source, at))


def _addresses(lead: Lead, told: Profile, clears: frozenset[str]) -> dict[str, Any]:
    """The address and the number to use and the id elsewhere, of those that may change."""
    found: dict[str, Any] = {}
    if told.email or told.phone or "phone" in clears:
        found["lead.email"] = lead.emails.filter(is_primary=True).values_list("email", flat=True).first()
        found["lead.phone"] = lead.phones.filter(is_primary=True).values_list("phone", flat=True).first()
    if told.text("external_id"):
        found["lead.external_id"] = lead.external_ids.order_by("-pk").values_list("value", flat=True).first()
    return found


def _move_creation(lead: Lead, told: Profile) -> bool:
    """A given moment takes the place of an assumed one or of another, and with it what was known from then on."""
    given = told.created_at
    if given is None or (given == lead.created_at and not lead.created_at_assumed):
        return False
    lead.changes.filter(at=lead.created_at).update(at=given)
    lead.created_at, lead.created_at_assumed = given, False
    return True


def gaps(told: Profile, lead: Lead | None = None) -> Profile:
    """What of this is not known yet: of the lead, if there is one, and of the company that it names."""
    return _company_gaps(_personal_gaps(told, lead) if lead else told, lead.company if lead else None)


def _personal_gaps(told: Profile, lead: Lead) -> Profile:
    known = {name for name in PLAIN if getattr(lead, name)}
    told = told.without(known)
    return replace(
        told,
        email="" if lead.emails.exists() else told.email,
        phone="" if lead.phones.exists() else told.phone,
        campaign="" if lead.campaign_id else told.campaign,
        owner="" if lead.owner_id else told.owner,
        created_at=told.created_at if lead.created_at_assumed else None,
        attributes={name: told.attributes[name] for name in told.attributes if name not in lead.attributes},
    )


def _company_gaps(told: Profile, own: Company | None) -> Profile:
    """A lead keeps its company; of another one that is named nothing is heard."""
    company = _known_company(told) if told.text("company") or told.company_domain else own
    is_strange = own is not None and company != own
    knows_industry = company is not None and bool(company.industry)
    knows_employees = company is not None and company.employees is not None
    silent = {"company"} if own is not None else set[str]()
    told = told.without(silent | ({"industry"} if is_strange or knows_industry else set()))
    return replace(
        told,
        company_domain="" if own is not None else told.company_domain,
        employees=None if is_strange or knows_employees else told.employees,
    )


def lead_of_email(address: str) -> Lead | None:
    """Whose address this is."""
    found = LeadEmail.objects.filter(key=identity.email_key(address)).select_related("lead").first()
    return found.lead if found else None


def _apply(lead: Lead, told: Profile, clears: frozenset[str], heard: Hearing) -> dict[str, Any]:
    """Set the fields that change; answers the facts that changed with their new values."""
    changes: dict[str, Any] = {}
    for name in PLAIN:
        value = told.text(name)
        if (value or name in clears) and getattr(lead, name) != value:
            setattr(lead, name, value)
            changes[f"lead.{name}"] = value
        if name in KEYED:
            setattr(lead, f"{name}_key", text_key(getattr(lead, name)))
    if told.campaign:
        lead.campaign = campaign_by(told.campaign)
    if told.owner:
        lead.owner = person_by(told.owner)
    if "company" in clears and not told.text("company"):
        lead.company = None
    changes |= _apply_company(lead, told, heard)
    return changes | _apply_attributes(lead, told, clears)


def _apply_attributes(lead: Lead, told: Profile, clears: frozenset[str]) -> dict[str, Any]:
    stored, keys = attributes.typed(told.attributes) if told.attributes else ({}, {})
    emptied = {name for name in lead.attributes if f"attributes.{name}" in clears and name not in stored}
    changed = {name: value for name, value in stored.items() if lead.attributes.get(name) != value}
    lead.attributes = {name: value for name, value in lead.attributes.items() if name not in emptied} | stored
    lead.attribute_keys = {
        name: key for name, key in lead.attribute_keys.items() if name not in emptied
    } | keys
    return {f"attributes.{name}": value for name, value in (changed | dict.fromkeys(emptied)).items()}


def hold_company(told: Profile, lead: Lead | None = None) -> None:
    """Lock the company of which this tells something: after the lead, before the moment is read.

    So of two who speak of it at once, through two leads, the second replaces what the first said.
    """
    if not (told.company_domain or told.text("industry") or told.employees is not None):
        return
    known = _known_company(told)
    key = known.pk if known else lead.company_id if lead else None
    if key is not None:
        Company.objects.select_for_update(no_key=True).filter(pk=key).first()


def _apply_company(lead: Lead, told: Profile, heard: Hearing) -> dict[str, Any]:
    """What a company is made with is no change of it; what is said of it later is kept as one."""
    known = _known_company(told)
    if known is None and (told.text("company") or told.company_domain):
        lead.company = _new_company(told, lead.created_at)
        _add_domain(lead.company, told.company_domain)
        return _tell(lead.company, told)
    company = lead.company = known or lead.company
    if company is None:
        return {}
    before = {"company.industry": company.industry, "company.employees": company.employees}
    domain, changes = _add_domain(company, told.company_domain), _tell(company, told)
    CompanyChange.objects.bulk_create(
        CompanyChange(
            company=company, fact=fact, value=value, was=before.get(fact), at=heard.at, source=heard.source
        )
        for fact, value in (domain | changes).items()
    )
    return changes


def _tell(company: Company, told: Profile) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if told.text("industry") and company.industry != told.text("industry"):
        company.industry = changes["company.industry"] = told.text("industry")
        company.industry_key = text_key(company.industry)
    if told.employees is not None and company.employees != told.employees:
        company.employees = changes["company.employees"] = told.employees
    if changes:
        company.save(update_fields=["industry", "industry_key", "employees"])
    return changes


def _company_facts(told: Profile) -> dict[str, Any]:
    """What came with a lead is known of it from then on, also where its company was known before."""
    facts = {"company.industry": told.text("industry"), "company.employees": told.employees}
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _new_company(told: Profile, created_at: datetime) -> Company:
    name = told.text("company") or told.company_domain
    return Company.objects.create(
        name=name, name_key=identity.name_key(name), created_at=created_at, country=told.text("country")
    )


def _add_domain(company: Company, domain: str) -> dict[str, Any]:
    """One that nobody has; the first of a company is a fact of it."""
    if not domain or CompanyDomain.objects.filter(domain=domain).exists():
        return {}
    first = not company.domains.exists()
    CompanyDomain.objects.create(company=company, domain=domain, is_primary=first)
    return {"company.domain": domain} if first else {}


def _known_company(told: Profile) -> Company | None:
    """By domain, else by name."""
    domain, name = told.company_domain, told.text("company")
    known = CompanyDomain.objects.filter(domain=domain).select_related("company").first() if domain else None
    if known is not None or not name:
        return known.company if known else None
    return Company.objects.filter(name_key=identity.name_key(name)).order_by("pk").first()


def campaign_by(name_or_slug: str) -> Campaign:
    """Raises Invalid."""
    found = (
        Campaign.objects.filter(slug=name_or_slug).first()
        or Campaign.objects.filter(name=name_or_slug).first()
    )
    if found is None:
        raise Invalid({"campaign": f"There is no campaign “{name_or_slug}”."})
    return found


def _store_addresses(lead: Lead, told: Profile) -> bool:
    """Answers whether there was a new one; it is the one to use from now on."""
    mails, phones = lead.emails.count(), lead.phones.count()
    if told.email and not lead.emails.filter(key=identity.email_key(told.email)).exists():
        lead.emails.filter(is_primary=True).update(is_primary=False)
        LeadEmail.objects.create(lead=lead, email=told.email, key=identity.email_key(told.email))
    if told.phone and not lead.phones.filter(phone=told.phone).exists():
        lead.phones.filter(is_primary=True).update(is_primary=False)
        LeadPhone.objects.create(lead=lead, phone=told.phone, e164=told.e164)
    return (mails, phones) != (lead.emails.count(), lead.phones.count())


def _store_external_id(lead: Lead, told: Profile) -> bool:
    """Answers whether it is new; one that is known stays with whom it names."""
    value = told.text("external_id")
    if not value:
        return False
    _, is_new = ExternalId.objects.get_or_create(
        system="import", kind=ExternalId.Kind.LEAD, value=value, defaults={"lead": lead}
    )
    return is_new


def _drop_phone(lead: Lead, told: Profile, clears: frozenset[str]) -> bool:
    """The number that was shown goes; the newest other one is to be used from then on."""
    shown = lead.phones.filter(is_primary=True).first()
    if shown is None or told.phone or "phone" not in clears:
        return False
    shown.delete()
    newest = lead.phones.order_by("-pk").values("pk")[:1]
    LeadPhone.objects.filter(pk__in=newest).update(is_primary=True)
    return True


def _finish(lead: Lead, changes: dict[str, Any], before: dict[str, Any], heard: Hearing) -> None:
    mails = lead.emails.values_list("email", flat=True)
    company = lead.company.name if lead.company else ""
    lead.search_text = identity.search_text([lead.first_name, lead.last_name, lead.title, company, *mails])
    names = (*PLAIN, *(f"{name}_key" for name in KEYED), "campaign", "owner", "company", "attributes")
    written = ("attribute_keys", "search_text", "version", "created_at", "created_at_assumed")
    lead.save(update_fields=[*names, *written])
    AttributeChange.objects.bulk_create(
        AttributeChange(
            lead=lead, fact=fact, value=value, was=before.get(fact), at=heard.at, source=heard.source
        )
        for fact, value in changes.items()
    )
