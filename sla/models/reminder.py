"""What was left undone and somebody was reminded of."""

from django.db import models


class Reminder(models.Model):
    """One reminder of one thing. Its number makes it one, however often and by however many it is looked for."""

    class About(models.TextChoices):
        EXCUSE = "excuse", "An excuse to decide"
        CONTEST = "contest", "A contest to decide"
        CONTRACT = "contract", "A proposed contract"
        DEFINITION = "definition", "A proposed definition"
        REVIEW = "review", "A review of the contract"

    about = models.CharField(max_length=10, choices=About)
    subject = models.BigIntegerField(help_text="Primary key of the row that waits.")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "subject", "number"], name="one_reminder_per_number")
        ]

    def __str__(self) -> str:
        return f"reminder {self.number} of {self.about} {self.subject}"
