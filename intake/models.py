"""Imports: the file as it came, what was read of it and what became of each row."""

from django.db import models

from common.models import PublicId


class ImportRun(PublicId):
    """One upload of one file by one person, with its mapping and its report."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    class Known(models.TextChoices):
        FILL = "fill", "Fill empty fields, keep the rest"
        REPLACE = "replace", "Replace what the file says otherwise"

    WORKED_ON = (Status.CHECKING, Status.RUNNING)

    kind = models.CharField(max_length=8, default="leads")
    name = models.CharField(max_length=200, help_text="The file's own name, for people to recognise.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    content = models.BinaryField(help_text="The file as it came.")
    encoding = models.CharField(max_length=20, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    known = models.CharField(
        max_length=7, choices=Known, default=Known.FILL, help_text="What happens to leads that are known."
    )
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker began the present step."
    )
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text="A worker writes it until then, unless it says so anew."
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.UPLOADED)
    report = models.JSONField(default=dict, blank=True)
    refusals = models.JSONField(
        default=list, blank=True, help_text="Every refused row; the report has the first of them, to show."
    )
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ImportPortion(models.Model):
    """What became of some rows of a run, kept with what they wrote, so that the run can go on after them."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField(help_text="Counted from 0, as the file is cut.")
    counts = models.JSONField()
    refusals = models.JSONField()
    leads = models.JSONField(help_text="Keys of the leads that it made or changed.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_account_per_portion_of_an_import")
        ]

    def __str__(self) -> str:
        return f"portion {self.number} of import {self.run_id}"
