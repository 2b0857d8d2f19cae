"""What people leave on the pages of desk: views of the lead queue under a name, and acts on long lists of leads."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from common.models import PublicId


class SavedView(PublicId):
    """One question to the lead queue that one person gave a name; a tab beside those of the house."""

    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, help_text="The query string of the list, in its one order.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="one_saved_view_per_person_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(PublicId):
    """One act on a long list of leads, which a worker does. Rows stay: they say who did what to many at once."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    act = models.CharField(max_length=20)
    said = models.JSONField(help_text="What the form of the act was sent with.")
    told = models.CharField(max_length=20, help_text="What is said of a lead it was done to: “offered”.")
    back = models.CharField(max_length=1000, blank=True, help_text="The query string of the list.")
    leads = models.JSONField(help_text="Keys, in the order in which they are done.")
    total = models.PositiveIntegerField()
    position = models.PositiveIntegerField(default=0, help_text="How many of them had their turn.")
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="Pairs: the key of a lead, and why it is as it was.")
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker began the present portion."
    )
    status = models.CharField(max_length=7, choices=Status, default=Status.RUNNING)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it was stopped.")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done__lte=F("position"), position__lte=F("total")), name="bulk_run_counts_add_up"
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at=None)
                | Q(status__in=["done", "stopped"], finished_at__isnull=False),
                name="ended_bulk_run_has_finished_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act}, {self.total} leads"
