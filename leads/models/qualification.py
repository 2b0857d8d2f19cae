"""The stored fact that a lead was qualified, with its findings as they were then."""

from django.db import models

from common.models import PublicId


class Basis(models.TextChoices):
    """Why a qualification exists."""

    DEFINITION = "definition", "Definition"
    HAND_RAISE = "hand_raise", "Hand raise"
    PARTNER = "partner", "Partner"
    LIST = "list", "List"
    MANUAL = "manual", "By hand"
    IMPORT = "import", "History"


class Motion(models.TextChoices):
    """What kind of sale a handoff may lead to."""

    NEW = "new", "New business"
    EXPANSION = "expansion", "Expansion"
    WIN_BACK = "win_back", "Win-back"


class Qualification(PublicId):
    """One lead met one version at one moment (or was qualified for another stated reason)."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="qualifications")
    version = models.ForeignKey(
        "definitions.DefinitionVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    basis = models.CharField(max_length=10, choices=Basis)
    trigger = models.ForeignKey("leads.Touch", models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField(help_text="Time of the trigger, else of the qualification.")
    hand_raise = models.BooleanField(default=False)
    motion = models.CharField(max_length=9, choices=Motion, default=Motion.NEW)
    grade = models.CharField(max_length=10, blank=True)
    score = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    implied = models.BooleanField(default=False, help_text="Implied by a later step of imported history.")

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["lead", "at"], name="qualification_by_lead"),
            models.Index(fields=["at"], name="qualification_at"),
            models.Index(fields=["raised_at"], name="qualification_raised"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.basis} {self.at:%Y-%m-%d}"


class QualificationFinding(models.Model):
    """One criterion's finding at the moment of qualification; values can be blanked on erasure."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=120)
    fact = models.CharField(max_length=100)
    wording = models.CharField(max_length=300)
    met = models.BooleanField()
    helps = models.BooleanField(
        default=True, help_text="The tree wants what was found: met, or not met under NOT."
    )
    value = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["qualification", "position"], name="one_finding_per_position")
        ]

    def __str__(self) -> str:
        return self.wording
