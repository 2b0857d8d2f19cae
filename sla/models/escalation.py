"""What followed a miss: one row for each rung of the ladder that was climbed."""

from django.db import models
from django.db.models import F, Q

from common.models import PublicId
from sla.models.breach import Breach


class Escalation(PublicId):
    """One rung of one miss, once ever. A silent one was overtaken by a later rung: recorded, told to nobody."""

    class Do(models.TextChoices):
        NOTIFY = "notify", "Tell"
        TAKEOVER = "takeover", "Open to the team"
        REASSIGN = "reassign", "Reassign"
        POOL = "pool", "Return to the pool"

    # The constraint serves as its index.
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="escalations", db_index=False)
    rung = models.PositiveSmallIntegerField(help_text="From 1, as the commitment orders them.")
    do = models.CharField(max_length=8, choices=Do)
    to = models.CharField(
        max_length=20, blank=True, help_text="The role that is told; empty: as the step says."
    )
    at = models.DateTimeField(help_text="Its own instant, in the clock's business time.")
    detected_at = models.DateTimeField()
    silent = models.BooleanField(default=False)
    done = models.BooleanField(default=True, help_text="False: the step could not be done.")
    why = models.CharField(max_length=200, blank=True, help_text="Why it was not done.")
    person = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who got the lead.",
    )

    class Meta:
        ordering = ["breach_id", "rung"]
        constraints = [
            models.UniqueConstraint(fields=["breach", "rung"], name="one_escalation_per_breach_and_rung"),
            models.CheckConstraint(
                condition=Q(detected_at__gte=F("at")), name="escalation_detected_after_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"rung {self.rung} of breach {self.breach_id}"
