"""Questions about leads that join several tables. Each says what it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from accounts.queries import as_uuid
from leads.engine.identity import email_key
from leads.models import Consent, DoNotContact, ExternalId, Lead, QualificationFinding

PLAIN = (
    "first_name",
    "last_name",
    "title",
    "country",
    "source",
)  # columns of text that people and files fill
KEYED = ("title", "country", "source")
LINKS = ("company", "campaign", "owner")  # rows that a lead points to; its history keeps their keys


def facts_now(lead: Lead) -> dict[str, Any]:
    """What is known of a lead by the names of its facts, without its addresses and its company's."""
    known: dict[str, Any] = {f"lead.{name}": getattr(lead, name) for name in PLAIN}
    known |= {f"attributes.{name}": value for name, value in lead.attributes.items()}
    return known | {f"lead.{name}": getattr(lead, f"{name}_id") for name in LINKS}


def lead_called(name: str) -> Lead | None:
    """By public id, by external id, else by e-mail; a merged lead is the one it was merged into."""
    public_id, leads = as_uuid(name), Lead.objects.select_related("company", "merged_into__company")
    named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD, value=name)
    found = (
        (leads.filter(public_id=public_id).first() if public_id else None)
        or leads.filter(pk__in=named.values("lead")).first()
        or leads.filter(emails__key=email_key(name)).first()
    )
    return (found.merged_into or found) if found else None


def contact_forbidden(lead: Lead, purpose: str = "sales_contact") -> str:
    """Why this lead may not be contacted, in a sentence; empty when it may. The newest consent row counts."""
    if DoNotContact.objects.filter(lead=lead).exists():
        return "This person asked not to be contacted."
    domains = [email.key.rpartition("@")[2] for email in lead.emails.all()]
    if domains and DoNotContact.objects.filter(domain__in=domains).exists():
        return "Nobody at this company's domain may be contacted."
    newest = Consent.objects.filter(lead=lead, purpose=purpose).order_by("-at", "-id").first()
    if newest is not None and newest.state == Consent.State.WITHDRAWN:
        return "This person withdrew consent to sales contact."
    return ""


def fetch_addresses(leads: Iterable[Lead | None]) -> None:
    """The addresses that stand in for names, for every list that shows leads: one query, or none."""
    nameless = [lead for lead in leads if lead is not None and lead.is_nameless]
    prefetch_related_objects(nameless, "emails")


def sources_known() -> QuerySet[Lead, str]:
    """Every source that some lead came from, by name."""
    return Lead.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()


def pointed_at(rejections: Iterable[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The wording of the criterion that a rejection points at: by handoff and path, as it was found."""
    wanted = {(handoff, path) for handoff, path in rejections if path}
    if not wanted:
        return {}
    rows = QualificationFinding.objects.filter(
        qualification__handoffs__in={handoff for handoff, _ in wanted}, path__in={path for _, path in wanted}
    ).values_list("qualification__handoffs", "path", "wording", "met", "helps")
    return {
        (handoff, path): wording if met == helps else f"Not: {wording}"
        for handoff, path, wording, met, helps in rows
        if (handoff, path) in wanted
    }
