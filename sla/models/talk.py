"""What the two sides say to each other: about a miss, a rejection, or a wording of the contract."""

from django.db import models
from django.db.models import Q

from common.models import PublicId
from sla.models.breach import Contest, Excuse
from sla.models.contract import ContractVersion

SIDES = [("marketing", "Marketing"), ("sales", "Sales")]


class ContractStep(models.Model):
    """The journal of one version, append-only. Signatures are deleted when it is sent back; this keeps them."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        SIGNED = "signed", "Signed"
        SENT_BACK = "sent_back", "Sent back"

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    side = models.CharField(
        max_length=9, choices=SIDES, blank=True, help_text="Of whoever did it; empty: neither."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="signed") | ~Q(side=""), name="contract_is_signed_for_a_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"


class Remark(PublicId):
    """One thing said about an excuse, a contest or a version of the contract. Both sides read all of them."""

    excuse = models.ForeignKey(Excuse, models.PROTECT, null=True, blank=True, related_name="remarks")
    contest = models.ForeignKey(Contest, models.PROTECT, null=True, blank=True, related_name="remarks")
    version = models.ForeignKey(
        ContractVersion, models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    step = models.OneToOneField(
        ContractStep, models.PROTECT, null=True, blank=True, help_text="What was done with these words."
    )
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    side = models.CharField(
        max_length=9, choices=SIDES, blank=True, default="", db_default="", help_text="Of the author, then."
    )
    about = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The promise, as it was called then."
    )
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(excuse__isnull=False, contest__isnull=True, version__isnull=True)
                    | Q(excuse__isnull=True, contest__isnull=False, version__isnull=True)
                    | Q(excuse__isnull=True, contest__isnull=True, version__isnull=False)
                ),
                name="remark_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False) | Q(about="", step__isnull=True),
                name="only_a_contract_remark_names_a_promise",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
