"""The outbox: what must be told to someone, left in the transaction that made it true."""

import uuid
from datetime import timedelta

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan


class PublicId(models.Model):
    """Abstract: an id that may be shown outside; the primary key never is."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


# What a relay takes longer for than it does where all is well.
TOLD_LATE = Q(GreaterThan(F("done_at") - F("at"), Value(timedelta(minutes=1))))


class Outbox(models.Model):
    """One fact that someone must be told. A relay claims it, delivers it and marks it done."""

    topic = models.CharField(max_length=60)
    subject = models.BigIntegerField(help_text="Primary key of the row that the topic is about.")
    payload = models.JSONField(default=dict, help_text="Ids, codes and numbers only.")
    at = models.DateTimeField(help_text="When it became true (UTC).")
    not_before = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=200, blank=True, help_text="Empty while waiting; else what became of it."
    )

    class Meta:
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=Q(done_at__isnull=True)),
            BrinIndex(fields=["at"], name="outbox_at_brin"),
            models.Index(
                fields=["subject"],
                name="outbox_untold",
                condition=Q(done_at__isnull=True) | Q(outcome__startswith="parked") | TOLD_LATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"
