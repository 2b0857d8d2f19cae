"""Clocks: one time commitment measured on one subject, and each clock's own log."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from common.models import PublicId


class Clock(PublicId):
    """One commitment on one handoff or one qualification, in one round. Only services.clocks changes it."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "Answer"
        FIRST_RESPONSE = "first_response", "First response"
        FOLLOW_UP = "follow_up", "Follow-up"
        DISPOSITION = "disposition", "Outcome"
        HANDOVER = "handover", "Handover"
        REWORK = "rework", "Rework"
        BUYER_WAIT = "buyer_wait", "Buyer wait"
        TAKE = "take", "Take"
        RE_RESPONSE = "re_response", "Re-response"
        MEETING = "meeting", "Meeting"

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        MET = "met", "Met"
        BREACHED = "breached", "Breached"
        CANCELLED = "cancelled", "Cancelled"

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="clocks")
    handoff = models.ForeignKey("leads.Handoff", models.PROTECT, null=True, blank=True, related_name="clocks")
    qualification = models.ForeignKey(
        "leads.Qualification", models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    round = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    commitment = models.ForeignKey("sla.Commitment", models.PROTECT, related_name="clocks")
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: 24x7.",
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    target = models.DurationField()
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(
        null=True, blank=True, help_text="Start of the present running stretch."
    )
    consumed = models.DurationField(
        help_text="Business time used before running_since; once it ended, all of it."
    )
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="Last moment that keeps the promise; empty while paused."
    )
    warn_at = models.DateTimeField(null=True, blank=True, help_text="Next unsent warning.")
    warned = models.PositiveSmallIntegerField(default=0, help_text="Warnings already recorded.")
    risk_at = models.DateTimeField(
        null=True, blank=True, help_text="The last warning before due; at risk from here."
    )
    marks = ArrayField(
        models.DateTimeField(),
        default=list,
        blank=True,
        help_text="The instants of all its warnings, so that the sweep needs no calendar.",
    )
    holds = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text="What pauses it: hand, return."
    )
    needed = models.PositiveSmallIntegerField(default=1, help_text="Attempts that end it.")
    progress = models.PositiveSmallIntegerField(default=0, help_text="Attempts counted so far.")
    satisfied_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Met, answered late or cancelled at.")
    met_by_booking = models.BooleanField(default=False)
    counted = models.BooleanField(
        default=True, help_text="False above binds_up_to: measured, outside attainment."
    )
    applied = models.BigIntegerField(
        default=0, help_text="The newest journal row that changed it; older ones are not applied again."
    )
    parked_reason = models.CharField(
        max_length=200, blank=True, help_text="Why the sweep cannot judge it (R20)."
    )
    parked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handoff__isnull=False, qualification__isnull=True)
                | Q(handoff__isnull=True, qualification__isnull=False),
                name="clock_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["handoff", "kind", "round"],
                condition=Q(handoff__isnull=False),
                name="one_clock_per_handoff_kind_round",
            ),
            models.UniqueConstraint(
                fields=["qualification", "kind", "round"],
                condition=Q(qualification__isnull=False),
                name="one_clock_per_qualification_kind_round",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(due_at__isnull=False, running_since__isnull=False),
                name="running_clock_has_a_due_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="paused") | Q(due_at__isnull=True), name="paused_clock_is_not_due"
            ),
            models.CheckConstraint(
                condition=~Q(status="met") | Q(satisfied_at__lte=F("due_at")),
                name="met_clock_was_satisfied_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="clock_running_due", condition=Q(status="running")),
            models.Index(
                fields=["warn_at"],
                name="clock_running_warn",
                condition=Q(status="running", warn_at__isnull=False),
            ),
            models.Index(fields=["kind", "due_at"], name="clock_by_kind_and_due"),
            models.Index(
                fields=["parked_until"],
                name="clock_parked",
                condition=Q(status="running") & ~Q(parked_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} clock {self.pk}"


class ClockEvent(models.Model):
    """One line of a clock's own log (append-only): what it did, when, by which journal row and why."""

    class Kind(models.TextChoices):
        CHOSEN = "chosen", "Chosen"
        STARTED = "started", "Started"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Resumed"
        COUNTED = "counted", "Attempt counted"
        STOPPED = "stopped", "Stopped"
        CANCELLED = "cancelled", "Cancelled"
        WARNED = "warned", "Warned"
        BREACHED = "breached", "Breached"
        RECOMPUTED = "recomputed", "Recomputed"
        EXCUSED = "excused", "Excused"
        LAPSED = "lapsed", "Excuse lapsed"
        EXPLAINED = "explained", "Cause confirmed"
        ESCALATED = "escalated", "Escalated"

    append_only = True

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="log", db_index=False)  # clock_log serves
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    event = models.ForeignKey("leads.LeadEvent", models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict, help_text="Ids, codes and numbers only.")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["clock", "id"], name="clock_log")]

    def __str__(self) -> str:
        return f"{self.kind} {self.clock_id}"
