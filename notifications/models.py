"""What was told to whom."""

from django.db import models
from django.db.models import Q

from common.models import PublicId


class Notice(PublicId):
    """One thing one person was told, in the app. Unread until seen; cancelled when it no longer holds."""

    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=60)
    outbox = models.ForeignKey("common.Outbox", models.SET_NULL, null=True, blank=True, related_name="+")
    lead = models.ForeignKey("leads.Lead", models.CASCADE, null=True, blank=True, related_name="+")
    clock = models.ForeignKey(
        "sla.Clock", models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "outbox"], name="one_notice_per_person_and_fact")
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_by_person"),
            models.Index(fields=["person"], name="notice_unseen", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """The sending of one notice by one channel; every attempt carries the same message id (R14)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CARRIED = "carried", "In a digest"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, default="email")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    message_id = models.CharField(max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    carried_by = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="carries",
        help_text="The digest's delivery.",
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_notice_and_channel")
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["sent_at"], name="delivery_sent", condition=Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
