"""What each promise about a period came to: frozen when the period closed, later changes beside it."""

from __future__ import annotations

from django.db import models

from dashboards.engine.results import Measured


class Figures(models.Model):
    """A sum (leads, money), or a rate gross and net, with the verdict that followed from it."""

    numerator = models.DecimalField(max_digits=16, decimal_places=2)
    denominator = models.PositiveIntegerField(null=True, blank=True, help_text="Rates only.")
    net_numerator = models.PositiveIntegerField(null=True, blank=True)
    net_denominator = models.PositiveIntegerField(null=True, blank=True)
    young = models.PositiveIntegerField(default=0, help_text="Rows that could still change the figure.")
    verdict = models.CharField(max_length=8)

    class Meta:
        abstract = True

    @property
    def measured(self) -> Measured:
        return Measured(
            self.numerator, self.denominator, self.net_numerator, self.net_denominator, self.young
        )


class PeriodResult(Figures):
    """One promise in one period, as it stood when the period closed. Never changed (by trigger)."""

    commitment = models.ForeignKey("sla.Commitment", models.PROTECT, related_name="results")
    period = models.CharField(max_length=7, help_text="2026-11 or 2026-Q4.")
    first = models.DateField()
    until = models.DateField(help_text="The day after the last, in the reporting zone.")
    time_zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3, blank=True, help_text="Of money.")
    promised = models.DecimalField(max_digits=18, decimal_places=4)
    judged_at = models.DateTimeField(help_text="What was known at this moment counts.")

    class Meta:
        ordering = ["first", "commitment_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "period"], name="one_result_per_promise_and_period"
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("until")), name="result_period_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} in {self.period}: {self.verdict}"


class Restatement(Figures):
    """What the same period comes to by what is known later. The frozen result stays (by trigger)."""

    result = models.ForeignKey(PeriodResult, models.PROTECT, related_name="restatements")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True, help_text="Where it is known.")

    class Meta:
        ordering = ["result_id", "at", "id"]

    def __str__(self) -> str:
        return f"{self.result} restated: {self.verdict}"
