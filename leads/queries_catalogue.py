"""What leads are worked with: reasons, kinds of touches, custom fields, campaigns with their brief."""

from __future__ import annotations

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from leads.engine.usual import REASONS, TOUCH_KINDS, UsualKind, UsualReason
from leads.models import BriefVersion, Campaign, CustomField, Reason, TouchKind


def reasons_of(verb: str) -> QuerySet[Reason]:
    """The reasons offered for one verb, in their order."""
    return Reason.objects.filter(verb=verb, is_active=True).order_by("position", "label")


def reasons_offered() -> QuerySet[Reason]:
    """The reasons of every verb that can be given now."""
    return Reason.objects.filter(is_active=True)


def reason_by(verb: str, key: str) -> Reason | None:
    """The version of a reason that is offered now."""
    return reasons_offered().filter(verb=verb, key=key).first()


def reason_label(verb: str, key: str) -> str | None:
    """What the newest version of a reason says, also when it is no longer offered."""
    known = Reason.objects.filter(verb=verb, key=key).order_by("-version")
    return known.values_list("label", flat=True).first()


def verbs_without_reasons() -> list[str]:
    """The verbs that nobody can give a reason for, in their order: none was ever written."""
    known = set(Reason.objects.values_list("verb", flat=True).distinct())
    return [verb for verb in Reason.Verb.values if verb not in known]


def usual_reasons() -> list[tuple[str, list[UsualReason]]]:
    """The usual reasons of each verb that has none yet."""
    return [(verb, [said for said in REASONS if said.verb == verb]) for verb in verbs_without_reasons()]


def usual_kinds() -> tuple[UsualKind, ...]:
    """The usual kinds of touches while there is none."""
    return () if TouchKind.objects.exists() else TOUCH_KINDS


def touch_kinds_listed() -> QuerySet[TouchKind]:
    """Every kind of touches by name, also those no longer offered."""
    return TouchKind.objects.order_by("label", "pk")


def touch_kind_by(key: str) -> TouchKind | None:
    return TouchKind.objects.filter(key=key).first()


def field_by(name: str) -> CustomField | None:
    return CustomField.objects.filter(name=name).first()


def fields_listed() -> QuerySet[CustomField]:
    """Every custom field by name."""
    return CustomField.objects.order_by("label", "pk")


def campaign_name(slug: str) -> str | None:
    return Campaign.objects.filter(slug=slug).values_list("name", flat=True).first()


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
