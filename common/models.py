"""What every app shares: ids to show, the outbox of what must be told, the changes that triggers note."""

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


class Change(models.Model):
    """One change of watched columns of one row, written by a trigger alone: no door leads around it (R19).

    It says who may do what and how things are counted, in keys, codes and terms; nobody's name or address.
    """

    class Operation(models.TextChoices):
        INSERT = "insert", "Insert"
        UPDATE = "update", "Update"
        DELETE = "delete", "Delete"

    append_only = True

    at = models.DateTimeField(help_text="By the clock of the database (UTC).")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField(help_text="Primary key in that table.")
    operation = models.CharField(max_length=6, choices=Operation)
    before = models.JSONField(null=True, help_text="Column -> value; of an update only what changed.")
    after = models.JSONField(null=True, help_text="The same columns afterwards; empty once the row is gone.")
    actor = models.BigIntegerField(
        null=True, help_text="Primary key of the person; empty: a program, or somebody at the database."
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="change_of_row"),
            BrinIndex(fields=["at"], name="change_at_brin"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"
