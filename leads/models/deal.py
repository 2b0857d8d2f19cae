"""Deals: one possible sale to one company. Money is summed over deals, never over handoffs."""

from django.db import models
from django.db.models import Q

from common.models import PublicId


class Deal(PublicId):
    """One possible sale. Company is empty where the lead has none."""

    class Kind(models.TextChoices):
        NEW = "new", "New"
        UPSELL = "upsell", "Upsell"
        CROSS_SELL = "cross_sell", "Cross-sell"
        RENEWAL = "renewal", "Renewal"

    class Outcome(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    name = models.CharField(max_length=200)
    company = models.ForeignKey("leads.Company", models.PROTECT, null=True, blank=True, related_name="deals")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NEW)
    product = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    recurring = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Yearly part."
    )
    opening_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="deals")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome, default=Outcome.OPEN)
    lost_reason = models.ForeignKey("leads.Reason", models.PROTECT, null=True, blank=True, related_name="+")
    competitor = models.CharField(max_length=120, blank=True)
    handoffs = models.ManyToManyField("leads.Handoff", through="leads.DealLead", related_name="deals")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True)
                | Q(closed_at__isnull=False) & ~Q(outcome="open"),
                name="closed_deal_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="deal_amount_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "outcome"], name="deal_by_company"),
            models.Index(fields=["opened_at"], name="deal_opened"),
            models.Index(fields=["closed_at"], name="deal_closed", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class DealLead(models.Model):
    """One handoff's part in one deal."""

    class Part(models.TextChoices):
        SOURCED = "sourced", "Sourced"
        INFLUENCED = "influenced", "Influenced"

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="deal_leads")
    handoff = models.ForeignKey("leads.Handoff", models.PROTECT, related_name="deal_leads")
    role = models.CharField(max_length=40, blank=True, help_text="Decision maker, user, champion ...")
    part = models.CharField(max_length=10, choices=Part)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "handoff"], name="handoff_joins_a_deal_once"),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(part="sourced"), name="one_sourcing_handoff_per_deal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.part} {self.deal_id}"
