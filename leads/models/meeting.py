"""Meetings with buyers: what was booked, how it was moved, and whether it took place."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from common.models import PublicId


class Meeting(PublicId):
    """One meeting that was booked for a time, by the buyer or by a rep. A cycle has one planned at most."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        NO_SHOW = "no_show", "The buyer did not come"
        CALLED_OFF = "called_off", "Called off"

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="meetings")
    handoff = models.ForeignKey("leads.Handoff", models.PROTECT, related_name="meetings")
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose calendar."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    by_buyer = models.BooleanField(default=False, help_text="The buyer booked it on the person's calendar.")
    touch = models.ForeignKey("leads.Touch", models.PROTECT, null=True, blank=True, related_name="+")
    booked_at = models.DateTimeField(help_text="When the booking was recorded.")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Planned length.")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was recorded as held, missed or called off."
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(status="planned"), name="one_planned_meeting_per_handoff"
            ),
            models.CheckConstraint(
                condition=Q(status="planned", ended_at=None)
                | ~Q(status="planned") & Q(ended_at__isnull=False),
                name="meeting_ended_unless_planned",
            ),
        ]
        indexes = [models.Index(fields=["handoff", "status"], name="meeting_by_handoff")]

    def __str__(self) -> str:
        return f"meeting with {self.lead} at {self.starts_at:%Y-%m-%d %H:%M}"


class MeetingMove(models.Model):
    """One change of a meeting's time: where it was, where it went."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="moves")
    was_at = models.DateTimeField()
    moved_to = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the buyer.",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(was_at=F("moved_to")), name="meeting_moves_to_another_time")
        ]

    def __str__(self) -> str:
        return f"{self.was_at:%Y-%m-%d %H:%M} to {self.moved_to:%Y-%m-%d %H:%M}"
