"""Lists of what leads are worked with: reasons, and campaigns with the state of their brief."""

from __future__ import annotations

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from leads.models import BriefVersion, Campaign, Reason


def reasons_of(verb: str) -> QuerySet[Reason]:
    """The reasons offered for one verb, in their order."""
    return Reason.objects.filter(verb=verb, is_active=True).order_by("position", "label")


def campaigns_listed() -> QuerySet[Campaign]:
    """Every campaign by name, with number and time of its latest brief."""
    latest = BriefVersion.objects.filter(campaign=OuterRef("pk")).order_by("-number")
    return Campaign.objects.annotate(
        brief_number=Subquery(latest.values("number")[:1]),
        brief_at=Subquery(latest.values("published_at")[:1]),
    ).order_by("name")


def campaigns_with_brief() -> QuerySet[Campaign]:
    """Every campaign; `latest` of each is a list with its latest brief, or empty."""
    newest = BriefVersion.objects.order_by("campaign_id", "-number").distinct("campaign_id")
    return Campaign.objects.prefetch_related(Prefetch("briefs", newest, to_attr="latest"))
