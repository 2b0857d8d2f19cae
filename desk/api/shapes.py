"""What calls are answered: leads, handoffs with their clocks, touches. The schema is made from these."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.models import DealLead, Handoff, Lead, Touch
from sla.models import Clock


class ClockShape(serializers.ModelSerializer[Clock]):
    """One time commitment, measured."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Clock
        fields = ("id", "kind", "round", "status", "started_at", "due_at", "satisfied_at")
        read_only_fields = fields


class DealShape(serializers.ModelSerializer[DealLead]):
    """One deal a handoff works on, and its part in it."""

    id = serializers.UUIDField(source="deal.public_id", read_only=True)
    name = serializers.CharField(source="deal.name", read_only=True)
    outcome = serializers.CharField(source="deal.outcome", read_only=True)
    amount = serializers.DecimalField(
        source="deal.amount", max_digits=14, decimal_places=2, coerce_to_string=False, read_only=True,
        allow_null=True,
    )  # fmt: skip
    currency = serializers.CharField(source="deal.currency", read_only=True)

    class Meta:
        model = DealLead
        fields = ("id", "name", "outcome", "amount", "currency", "part")
        read_only_fields = fields


class HandoffShape(serializers.ModelSerializer[Handoff]):
    """One cycle: where it stands, who holds it, and its clocks with those of its qualification."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    lead = serializers.UUIDField(source="lead.public_id", read_only=True)
    lead_external_id = serializers.SerializerMethodField()
    team = serializers.CharField(source="team.name", read_only=True, allow_null=True, default=None)
    owner = serializers.CharField(source="holder.email", read_only=True, allow_null=True, default=None)
    hand_raise = serializers.BooleanField(source="qualification.hand_raise", read_only=True)
    grade = serializers.CharField(source="qualification.grade", read_only=True)
    reason = serializers.CharField(source="reason.key", read_only=True, allow_null=True, default=None)
    until = serializers.DateField(source="until_on", read_only=True, allow_null=True)
    attempts = serializers.IntegerField(source="attempts_count", read_only=True)
    follows = serializers.UUIDField(source="follows.public_id", read_only=True, allow_null=True, default=None)
    missing = serializers.ListField(source="missing_fields", child=serializers.CharField(), read_only=True)
    deals = DealShape(source="deal_leads", many=True, read_only=True)
    clocks = serializers.SerializerMethodField()

    class Meta:
        model = Handoff
        fields = (
            "id", "lead", "lead_external_id", "status", "cycle", "team", "owner", "basis", "motion", "hand_raise",
            "grade", "raised_at", "offered_at", "answered_at", "accepted_at", "first_response_at",
            "meeting_at", "qualified_at", "passed_at", "taken_at", "closed_at", "reason", "criterion", "until",
            "missing", "redirects", "attempts", "contact_made", "follows", "deals", "clocks",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lead_external_id(self, handoff: Handoff) -> str | None:
        return _external_id(handoff.lead)

    @extend_schema_field(ClockShape(many=True))
    def get_clocks(self, handoff: Handoff) -> Any:
        rows = [*handoff.clocks.all(), *handoff.qualification.clocks.all()]
        return ClockShape(sorted(rows, key=lambda row: (row.started_at, row.pk)), many=True).data


class LeadShape(serializers.ModelSerializer[Lead]):
    """One lead, in the field names of the history files, with where it stands."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    external_id = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    company = serializers.CharField(source="company.name", read_only=True, allow_null=True, default=None)
    company_domain = serializers.SerializerMethodField()
    industry = serializers.CharField(source="company.industry", read_only=True, allow_null=True, default=None)
    employees = serializers.IntegerField(
        source="company.employees", read_only=True, allow_null=True, default=None
    )
    campaign = serializers.CharField(source="campaign.slug", read_only=True, allow_null=True, default=None)
    owner = serializers.CharField(source="owner.email", read_only=True, allow_null=True, default=None)
    merged_into = serializers.UUIDField(
        source="merged_into.public_id", read_only=True, allow_null=True, default=None
    )
    handoff = serializers.SerializerMethodField(help_text="Id of the open handoff.")

    class Meta:
        model = Lead
        fields = (
            "id", "external_id", "email", "first_name", "last_name", "title", "phone", "company",
            "company_domain", "industry", "employees", "country", "source", "campaign", "owner", "created_at",
            "attributes", "stage", "stage_at", "wake_at", "origin", "merged_into", "handoff",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_external_id(self, lead: Lead) -> str | None:
        return _external_id(lead)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_email(self, lead: Lead) -> str | None:
        return next((row.email for row in lead.emails.all() if row.is_primary), None)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_phone(self, lead: Lead) -> str | None:
        return next((row.phone for row in lead.phones.all() if row.is_primary), None)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_company_domain(self, lead: Lead) -> str | None:
        domains = lead.company.domains.all() if lead.company else ()
        return next((row.domain for row in domains if row.is_primary), None)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_handoff(self, lead: Lead) -> str | None:
        return next((str(row.public_id) for row in lead.handoffs.all() if row.is_open), None)


class TouchShape(serializers.ModelSerializer[Touch]):
    """One recorded interaction."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    external_id = serializers.SerializerMethodField()
    lead = serializers.UUIDField(source="lead.public_id", read_only=True)
    kind = serializers.CharField(source="kind.key", read_only=True)
    campaign = serializers.CharField(source="campaign.slug", read_only=True, allow_null=True, default=None)
    stage = serializers.CharField(source="lead.stage", read_only=True, help_text="The lead's, after it.")

    class Meta:
        model = Touch
        fields = ("id", "external_id", "lead", "kind", "at", "campaign", "detail", "stage")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_external_id(self, touch: Touch) -> str | None:
        return next((row.value for row in touch.external_ids.all() if row.system == "import"), None)


class TimelineShape(serializers.Serializer[Any]):
    """One thing that happened: an act of the journal, a touch or a comment."""

    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="Journal word such as `offered`; else `touch` or `comment`.")
    handoff = serializers.UUIDField(allow_null=True)
    by = serializers.CharField(allow_null=True, help_text="E-mail; null is Baton itself.")
    words = serializers.CharField(help_text="The same in a sentence.")
    note = serializers.CharField(allow_blank=True)
    implied = serializers.BooleanField()
    historic = serializers.BooleanField()


def _external_id(lead: Lead) -> str | None:
    return next((row.value for row in lead.external_ids.all() if row.system == "import"), None)
