"""The one organisation that uses this installation, and the token that lets its first admin in."""

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """One row: name, zone and currency, and what both sides agreed to show."""

    class PeopleInFigures(models.TextChoices):
        TEAMS = "teams", "Teams only"
        OWN = "own", "People see themselves, managers their people"
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


class SetupToken(models.Model):
    """At most one row, only while nobody administers this installation: what `/start/` asks for."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token, hexadecimal.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_setup_token")]

    def __str__(self) -> str:
        return "setup token"
