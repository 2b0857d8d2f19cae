"""The contract between marketing and sales: its signed versions and the promises in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

from common.models import PublicId


class TstzRange(Func):
    """The half-open span between two moments, as PostgreSQL sees it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Contract(models.Model):
    """The agreement. One row, by constraint; what it says lives in its versions."""

    name = models.CharField(max_length=120, default="SLA contract")

    class Meta:
        constraints = [models.UniqueConstraint(models.Value(1), name="one_contract")]

    def __str__(self) -> str:
        return self.name


class ContractVersion(PublicId):
    """One signed wording of the contract. It cites what it judges by and is never edited once signed."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        SIGNED = "signed", "Signed"

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    effective_from = models.DateTimeField(null=True, blank=True)
    effective_until = models.DateTimeField(
        null=True, blank=True, help_text="Half-open end; empty: until amended."
    )
    mql_version = models.ForeignKey(
        "definitions.DefinitionVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sql_version = models.ForeignKey(
        "definitions.DefinitionVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reasons = models.ManyToManyField("leads.Reason", blank=True, related_name="+")
    agreed_fields = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    counting_rules = models.JSONField(default=dict, blank=True)
    pause_rules = models.JSONField(
        default=dict, blank=True, help_text="Reason keys allowed, cap in business hours."
    )
    alerts = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="How messages about clocks are sent: cool-down, cap, quiet hours.",
    )
    also_running = models.BooleanField(
        default=False, db_default=False, help_text="Clocks that run when it comes into force go over to it."
    )
    review_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_number_once"),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(effective_from__isnull=False),
                name="signed_version_has_a_start",
            ),
            ExclusionConstraint(
                name="contract_versions_do_not_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    (TstzRange("effective_from", "effective_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="signed"),
            ),
        ]

    def __str__(self) -> str:
        return f"Contract v{self.number}"


class ContractSignature(models.Model):
    """One side's agreement to one version."""

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=9, choices=[("marketing", "Marketing"), ("sales", "Sales")])
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_contract_signature_per_side"),
        ]

    def __str__(self) -> str:
        return f"{self.version} signed by {self.person} for {self.side}"


class Commitment(PublicId):
    """One promise in one version. Within its kind the first whose segment matches applies."""

    class Side(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        SALES = "sales", "Sales"
        JOINT = "joint", "Joint"

    class Kind(models.TextChoices):
        ANSWER = "answer", "Answer"
        FIRST_RESPONSE = "first_response", "First response"
        FOLLOW_UP = "follow_up", "Follow-up"
        DISPOSITION = "disposition", "Outcome"
        TAKE = "take", "Take"
        RE_RESPONSE = "re_response", "Re-response"
        MEETING = "meeting", "Meeting"
        HANDOVER = "handover", "Handover"
        REWORK = "rework", "Rework"
        BUYER_WAIT = "buyer_wait", "Buyer wait"
        VOLUME = "volume", "Volume"
        QUALITY = "quality", "Quality"
        COMPLETENESS = "completeness", "Completeness"
        CONVERSION = "conversion", "Conversion"
        PIPELINE = "pipeline", "Pipeline"
        BRIEF = "brief", "Brief"
        BRIEF_READ = "brief_read", "Brief acknowledged"
        NURTURE = "nurture", "Nurture"

    SUMS = (Kind.VOLUME, Kind.PIPELINE)  # what is promised of them is an amount; of other kinds a share

    class CalendarChoice(models.TextChoices):
        NAMED = "named", "A named calendar"
        TEAM = "team", "The answering team's"
        ALWAYS = "always", "24x7"

    version = models.ForeignKey(ContractVersion, models.CASCADE, related_name="commitments")
    side = models.CharField(max_length=9, choices=Side)
    kind = models.CharField(max_length=14, choices=Kind)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Order within its kind; first match wins."
    )
    name = models.CharField(max_length=120)
    segment = models.JSONField(
        default=dict, help_text='Criteria tree, also over handoff.*; {"all": []} matches all.'
    )
    target = models.DurationField(null=True, blank=True, help_text="Business time for clock promises.")
    target_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="As agreed, where it was in days."
    )
    calendar_choice = models.CharField(max_length=6, choices=CalendarChoice, default=CalendarChoice.TEAM)
    calendar = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="+"
    )
    out_of_hours = models.DurationField(null=True, blank=True, help_text="Target for starts outside opening.")
    warnings = ArrayField(
        models.PositiveSmallIntegerField(), default=list, help_text="Per cent of the target."
    )
    goal = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, help_text="Share in time, 0 to 1."
    )
    attempts = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Follow-up: human attempts needed."
    )
    attempt_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="On at least so many days."
    )
    attempt_calls = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="At least so many calls."
    )
    attempt_channels = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Over so many channels."
    )
    binds_up_to = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="New offers per rep and day."
    )
    amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Period promises."
    )
    period = models.CharField(max_length=7, blank=True, help_text="month or quarter, for period promises.")
    restart_on_reassign = models.BooleanField(default=False)
    ladder = models.JSONField(default=list, blank=True, help_text="Rungs after the breach, in business time.")

    class Meta:
        ordering = ["version_id", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "position"], name="commitment_order_is_total"),
            models.CheckConstraint(
                condition=~Q(calendar_choice="named") | Q(calendar__isnull=False),
                name="named_calendar_is_given",
            ),
        ]

    def __str__(self) -> str:
        return self.name
