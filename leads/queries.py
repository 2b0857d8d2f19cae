"""Questions about leads that join several tables. Each says what it counts."""

from __future__ import annotations

from django.db.models import QuerySet

from leads.models import Consent, DoNotContact, Lead


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


def sources_known() -> QuerySet[Lead, str]:
    """Every source that some lead came from, by name."""
    return Lead.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
