"""What rows say of a lead, word by word, and letting a lead hear it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from definitions.engine.text import text_key
from leads.batch.companies import CompanyBook
from leads.batch.drafts import LeadDraft
from leads.batch.matching import Slot
from leads.engine.identity import email_key
from leads.models import Lead
from leads.queries import KEYED, PLAIN

COMPANY = ("industry", "employees")

# name -> value: a column of Lead, `attributes.<name>`, `industry <company>`, `email <key>`, `phone <number>` ...
Words = dict[str, Any]


def words_of(draft: LeadDraft, slot: Slot, companies: CompanyBook, *, keep: bool) -> Words:
    """Everything one row says. Its company is found or made, unless the lead keeps the one it has."""
    told = draft.told
    words: Words = {name: told.text(name) for name in PLAIN if told.text(name)}
    words |= {f"attributes.{name}": value for name, value in draft.attributes.items()}
    named = {"campaign_id": draft.campaign, "owner_id": draft.owner, "created_at": told.created_at}
    words |= {name: value for name, value in named.items() if value is not None}
    if told.email:
        words[f"email {email_key(told.email)}"] = told.email
    if told.phone:
        words[f"phone {told.phone}"] = told.e164
    if told.text("external_id"):
        words[f"external_id {told.text('external_id')}"] = True
    return words | _company_words(draft, slot, companies, keep=keep)


def _company_words(draft: LeadDraft, slot: Slot, companies: CompanyBook, *, keep: bool) -> Words:
    """The company a row names and what it tells of it; a row that names none speaks of the lead's own."""
    told, own = draft.told, slot.lead.company_id
    words: Words = {}
    company = own
    if told.company_domain or told.text("company"):
        if keep and own:
            company = companies.find(told)
            if company != own:
                return {}
        elif companies.is_new_domain(told.company_domain):
            words[f"domain {told.company_domain}"] = True
        company = words["company_id"] = companies.find_or_make(told, slot.lead.created_at)
    facts = company_facts(draft)
    return words | {f"{name} {company or 0}": facts[name] for name in facts if name in draft.speaks_for}


def company_facts(draft: LeadDraft) -> dict[str, Any]:
    facts = {"industry": draft.told.text("industry"), "employees": draft.told.employees}
    return {name: value for name, value in facts.items() if value not in (None, "")}


def addresses_of(slot: Slot) -> Words:
    """The address and the number to use and an id elsewhere, if there are any."""
    known = next(iter(slot.external_ids), None)
    return {"lead.email": slot.email, "lead.phone": slot.phone, "lead.external_id": known}


def new_addresses(changed: Words) -> Words:
    """The last new address, number and id among what a lead heard."""
    told: Words = {}
    for name, value in changed.items():
        kind, _, rest = name.partition(" ")
        if kind == "email":
            told["lead.email"] = value
        elif kind in ("phone", "external_id"):
            told[f"lead.{kind}"] = rest
    return told


def hear(slot: Slot, words: Mapping[str, Any], companies: CompanyBook, *, keep: bool) -> Words:
    """Let the lead and its company be what the words say; answers those that changed something, in order.

    With `keep` only what is empty is filled.
    """
    changed: Words = {}
    for name, value in words.items():
        kind, _, rest = name.partition(" ")
        if kind in COMPANY:
            company = int(rest) or slot.lead.company_id
            heard = company is not None and companies.tell(company, kind, value, keep=keep)
        else:
            heard = _hear_one(slot, name, value, keep=keep)
        if heard:
            changed[name] = value
    return changed


def _hear_one(slot: Slot, name: str, value: Any, *, keep: bool) -> bool:
    kind, _, rest = name.partition(" ")
    if kind == "email":
        return slot.emails.setdefault(rest, value) is value
    if kind == "phone":
        return _added(slot.phones, rest)
    if kind == "external_id":
        return _added(slot.external_ids, rest)
    if kind == "domain":
        return True
    if name == "created_at":
        return _hear_created(slot.lead, value, keep=keep)
    if name.startswith("attributes."):
        return _hear_attribute(slot, name.removeprefix("attributes."), value, keep=keep)
    return _hear_column(slot.lead, name, value, keep=keep)


def _added(known: set[str], one: str) -> bool:
    is_new = one not in known
    known.add(one)
    return is_new


def _hear_column(lead: Lead, name: str, value: Any, *, keep: bool) -> bool:
    old = getattr(lead, name)
    if old == value or (keep and old):
        return False
    setattr(lead, name, value)
    if name in KEYED:
        setattr(lead, f"{name}_key", text_key(value))
    return True


def _hear_attribute(slot: Slot, name: str, value: Any, *, keep: bool) -> bool:
    lead = slot.lead
    old = lead.attributes.get(name)
    if old == value or (keep and old is not None):
        return False
    lead.attributes[name] = value
    if isinstance(value, str):
        lead.attribute_keys[name] = text_key(value)
    return True


def _hear_created(lead: Lead, given: datetime, *, keep: bool) -> bool:
    """A given moment takes the place of an assumed one, and of one that was given otherwise."""
    if given == lead.created_at and not lead.created_at_assumed:
        return False
    if keep and not lead.created_at_assumed:
        return False
    lead.created_at, lead.created_at_assumed = given, False
    return True
