"""Recomputes of running clocks: asked for once, worked off in batches, resumable at any point (R10)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common.models import PublicId


class Recompute(PublicId):
    """All open clocks go over to one version: of a calendar that was wrong before, or of the contract."""

    class Stage(models.TextChoices):
        VISITING = "visiting", "visiting"
        WAITING = "waiting", "waiting for transactions that were open when it began"
        LAST_LOOK = "last look", "looking once more at what has not gone over"

    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    contract_version = models.OneToOneField(
        "sla.ContractVersion", models.PROTECT, null=True, blank=True, related_name="recompute"
    )
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    starts_at = models.DateTimeField(help_text="Not worked off before.")
    notify = models.BooleanField(default=False, help_text="Tell the holders of clocks that are missed by it.")
    total = models.PositiveIntegerField(
        null=True, blank=True, help_text="Open clocks when it began; empty: it has not."
    )
    stage = models.TextField(choices=Stage, default=Stage.VISITING)
    writers = ArrayField(
        models.BigIntegerField(), default=list, blank=True,
        help_text="Transactions that were open when it began, and may start clocks by what held before.",
    )  # fmt: skip
    cursor = models.BigIntegerField(default=0, help_text="Leads up to this one were visited in this stage.")
    left = ArrayField(
        models.BigIntegerField(), default=list, blank=True,
        help_text="Leads that somebody worked on when they were visited.",
    )  # fmt: skip
    moved = models.PositiveIntegerField(default=0, help_text="Open clocks that went over.")
    missed = models.PositiveIntegerField(default=0, help_text="Of them missed by it.")
    excused = models.PositiveIntegerField(default=0, help_text="Earlier misses that it excused.")
    skipped = models.PositiveIntegerField(default=0, help_text="Open clocks that keep what they had.")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(calendar_version__isnull=False) ^ Q(contract_version__isnull=False),
                name="recompute_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["calendar_version"], condition=Q(done_at=None), name="one_open_recompute_per_calendar"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="recompute_waits", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"recompute {self.pk}"

    @property
    def waits(self) -> bool:
        """Every clock that was there has been visited; others may come yet."""
        return self.done_at is None and self.stage == self.Stage.WAITING

    @property
    def visited(self) -> int:
        """Open clocks that it has decided about."""
        return self.moved + self.skipped
