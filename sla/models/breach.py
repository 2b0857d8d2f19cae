"""Missed clocks, and what the two sides say about them."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from common.models import PublicId

TIME_TO_DECIDE = timedelta(days=7)


class Cause(models.TextChoices):
    """Why a clock was missed: causes before names (domain section 7)."""

    UNKNOWN = "", "Not yet known"
    NOBODY = "nobody", "Nobody held it"
    ABSENT = "absent", "Absent"
    OVER_CAP = "over_cap", "Over the cap"
    OFFERED_LATE = "offered_late", "Offered shortly before closing"
    REDIRECTED = "redirected", "Redirected"
    NOT_DELIVERED = "not_delivered", "Notice not delivered"
    RETURNED_LATE = "returned_late", "Returned late"
    BUSY = "busy", "Busy"
    OTHER = "other", "Other"


class Breach(PublicId):
    """One missed clock, dated when it was due. When it was detected changes no metric."""

    clock = models.OneToOneField("sla.Clock", models.PROTECT, related_name="breach")
    at = models.DateTimeField(help_text="The due time.")
    detected_at = models.DateTimeField()
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    got_late = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The person had less than half of the clock's time (rule 8).",
    )
    cause = models.CharField(max_length=14, choices=Cause, default=Cause.UNKNOWN, blank=True)
    cause_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    by_recalculation = models.BooleanField(default=False)
    historic = models.BooleanField(default=False, help_text="From imported history; notified nobody.")
    rungs = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Rungs of its ladder recorded."
    )
    rung_at = models.DateTimeField(
        null=True, blank=True, help_text="When the ladder goes on; empty: it does not."
    )
    late_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Due by the right hours, once an excuse lapsed: its ladder counts from here.",
    )
    ladder_error = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Why its ladder is parked (R20)."
    )

    class Meta:
        verbose_name_plural = "breaches"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(detected_at__gte=F("at")), name="breach_detected_after_due")
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="breach_newest"),
            models.Index(fields=["rung_at"], name="breach_rung_due", condition=Q(rung_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"breach of clock {self.clock_id}"

    @property
    def ladder_from(self) -> datetime:
        """What the steps of its ladder are counted from."""
        return self.late_since or self.at

    @property
    def named(self) -> User | None:
        """Whom figures and lists name for it: nobody who got the lead when most of the time was gone."""
        return None if self.got_late else self.person


class Excuse(PublicId):
    """A miss forgiven by the other side, or not."""

    class Decision(models.TextChoices):
        WAITING = "", "Waiting"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "Lapsed"

    OVER = (Decision.REFUSED, Decision.LAPSED)  # it counts, and another excuse may be asked for

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="excuses")
    side = models.CharField(max_length=9, help_text="The side that asks; the other decides.")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=60)
    evidence = models.TextField(blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=7, choices=Decision, default=Decision.WAITING, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    lapses_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Of a corrected calendar: due by the right hours. It lapses if nobody answers by then.",
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["breach"],
                condition=~Q(decision__in=["refused", "lapsed"]),
                name="one_standing_excuse_per_breach",
            )
        ]
        indexes = [
            models.Index(
                fields=["lapses_at"],
                name="excuse_lapses",
                condition=Q(decision="granted", lapses_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"excuse for breach {self.breach_id}"

    def overdue(self, at: datetime) -> bool:
        """Nobody has decided it, and the time for that is over."""
        return not self.decision and self.decide_by is not None and self.decide_by < at


class Contest(PublicId):
    """Marketing contests a rejection; a sales manager upholds or reverses it."""

    class Decision(models.TextChoices):
        WAITING = "", "Waiting"
        UPHELD = "upheld", "Rejection upheld"
        REVERSED = "reversed", "Rejection reversed"

    handoff = models.OneToOneField("leads.Handoff", models.PROTECT, related_name="contest")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField(blank=True)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"contest of handoff {self.handoff_id}"

    @property
    def decide_by(self) -> datetime:
        return self.asked_at + TIME_TO_DECIDE
