"""The one organisation that uses this installation."""

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """One row: name, zone and currency, and what both sides agreed to show."""

    class PeopleInFigures(models.TextChoices):
        TEAMS = "teams", "Teams only"
        OWN = "own", "A person sees himself, a manager his people"
        ALL = "all", "All named"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name of the reporting zone.")
    currency = models.CharField(max_length=3, default="USD")
    people_in_figures = models.CharField(max_length=5, choices=PeopleInFigures, default=PeopleInFigures.OWN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name
