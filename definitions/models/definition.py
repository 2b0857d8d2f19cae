"""Definitions, their versions and the signatures under them."""

from django.db import models
from django.db.models import Q

from common.models import PublicId


class Definition(models.Model):
    """What makes an MQL, or an SQL. Two rows."""

    class Key(models.TextChoices):
        MQL = "mql", "MQL"
        SQL = "sql", "SQL"

    key = models.CharField(max_length=3, choices=Key, primary_key=True)

    def __str__(self) -> str:
        return self.get_key_display()


class DefinitionVersion(PublicId):
    """One agreed wording of a definition. Immutable once it has been active."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        SIGNED = "signed", "Signed"
        ACTIVE = "active", "Active"
        SUPERSEDED = "superseded", "Superseded"

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    criteria = models.JSONField(help_text="The tree of domain section 4.")
    scoring = models.JSONField(default=dict, blank=True)
    grades = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, help_text="Why it changed.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    effective_from = models.DateTimeField(null=True, blank=True)
    effective_until = models.DateTimeField(
        null=True, blank=True, help_text="Half-open end; empty while in force."
    )
    judged_at = models.DateTimeField(
        null=True, blank=True, help_text="When the batch judged all inquiries by it."
    )

    class Meta:
        ordering = ["definition_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="definition_version_number_once"),
            models.UniqueConstraint(
                fields=["definition"], condition=Q(status="active"), name="one_active_definition_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition} v{self.number}"


class DefinitionSignature(models.Model):
    """One side's agreement to one version."""

    version = models.ForeignKey(DefinitionVersion, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=9, choices=[("marketing", "Marketing"), ("sales", "Sales")])
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_definition_signature_per_side"),
        ]

    def __str__(self) -> str:
        return f"{self.version} signed by {self.person} for {self.side}"
