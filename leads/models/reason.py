"""Why a verb was used, and whom that counts against."""

from django.db import models
from django.db.models import Q


class Reason(models.Model):
    """One reason for one verb, in one version. Editing makes a new version; old rows keep their meaning."""

    class Verb(models.TextChoices):
        REJECT = "reject", "Reject"
        RETURN = "return", "Return for info"
        REDIRECT = "redirect", "Redirect"
        DISQUALIFY = "disqualify", "Disqualify"
        RECYCLE = "recycle", "Recycle"
        LOSE = "lose", "Lose"
        SEND_BACK = "send_back", "Send back"
        WITHDRAW = "withdraw", "Withdraw"
        SET_ASIDE = "set_aside", "Set aside"
        MARK_MQL = "mark_mql", "Mark as MQL"
        PAUSE = "pause", "Pause"

    class NextStep(models.TextChoices):
        NONE = "", "None"
        FIX = "fix", "Fix and offer again"
        NURTURE = "nurture", "Nurture"
        CLOSE = "close", "Close"

    class CountsAgainst(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        SALES = "sales", "Sales"
        NOBODY = "nobody", "Nobody"

    verb = models.CharField(max_length=10, choices=Verb)
    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    group = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=120)
    note_required = models.BooleanField(default=False)
    next_step = models.CharField(max_length=7, choices=NextStep, default=NextStep.NONE, blank=True)
    counts_against = models.CharField(max_length=9, choices=CountsAgainst, default=CountsAgainst.NOBODY)
    minimum_attempts = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["verb", "position", "label"]
        constraints = [
            models.UniqueConstraint(fields=["verb", "key", "version"], name="reason_version_once"),
            models.UniqueConstraint(
                fields=["verb", "key"], condition=Q(is_active=True), name="one_active_reason_version"
            ),
        ]

    def __str__(self) -> str:
        return self.label
