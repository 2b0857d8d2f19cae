"""`reasons/`, `touch-kinds/` and `campaigns/`: the words that calls use, for every key to read."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.permissions import ANY_KEY
from common.web.lists import WholeList
from leads.models import BriefVersion, Campaign, Reason, TouchKind
from leads.queries_catalogue import campaigns_with_brief, reasons_offered, touch_kinds_listed


class ReasonSerializer(serializers.ModelSerializer[Reason]):
    """A reason; calls name it by `key`."""

    class Meta:
        model = Reason
        fields = (
            "verb", "key", "version", "group", "label", "note_required", "next_step", "counts_against",
            "minimum_attempts",
        )  # fmt: skip
        read_only_fields = fields


class TouchKindSerializer(serializers.ModelSerializer[TouchKind]):
    """A kind of touches; calls name it by `key`."""

    active = serializers.BooleanField(source="is_active", read_only=True)

    class Meta:
        model = TouchKind
        fields = ("key", "label", "hand_raise", "active")
        read_only_fields = fields


class BriefSerializer(serializers.ModelSerializer[BriefVersion]):
    """The latest wording of what a campaign told its audience."""

    class Meta:
        model = BriefVersion
        fields = ("number", "promise", "audience", "problem", "message", "avoid", "published_at")
        read_only_fields = fields


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign; calls name it by `slug`."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    budget = serializers.FloatField(read_only=True, allow_null=True)
    spend = serializers.FloatField(read_only=True)
    active = serializers.BooleanField(source="is_active", read_only=True)
    brief = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = (
            "id", "slug", "name", "channel", "budget", "spend", "starts_on", "ends_on", "active", "brief"
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(BriefSerializer(allow_null=True))
    def get_brief(self, campaign: Campaign) -> dict[str, Any] | None:
        latest: list[BriefVersion] = vars(campaign)["latest"]
        return dict(BriefSerializer(latest[0]).data) if latest else None


class ReasonList(WholeList[Reason]):
    """The reasons that can be given now, by verb."""

    scopes = {"GET": ANY_KEY}
    serializer_class = ReasonSerializer
    queryset = reasons_offered()
    ordering = ("verb", "position", "pk")


class TouchKindList(WholeList[TouchKind]):
    """Every kind of touches, by name."""

    scopes = {"GET": ANY_KEY}
    serializer_class = TouchKindSerializer
    queryset = touch_kinds_listed()
    ordering = ("label", "pk")


class CampaignList(WholeList[Campaign]):
    """Every campaign with its latest brief, by name."""

    scopes = {"GET": ANY_KEY}
    serializer_class = CampaignSerializer
    queryset = campaigns_with_brief()
    ordering = ("name", "pk")


urlpatterns: list[Any] = [
    path("reasons/", ReasonList.as_view(), name="reasons"),
    path("touch-kinds/", TouchKindList.as_view(), name="touch-kinds"),
    path("campaigns/", CampaignList.as_view(), name="campaigns"),
]
