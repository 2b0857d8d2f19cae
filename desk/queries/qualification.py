"""One qualification as its certificate shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from definitions.models import DefinitionSignature
from leads.models import Handoff, Qualification, QualificationFinding


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was stored when the lead qualified, and what followed from it."""

    qualification: Qualification
    findings: Sequence[QualificationFinding]
    handoffs: Sequence[Handoff]
    signed_at: datetime | None
    earlier: int

    @property
    def met(self) -> int:
        return sum(finding.met for finding in self.findings)


def certificate_of(qualification: Qualification) -> Certificate:
    whole = Qualification.objects.select_related(
        "lead__company", "version", "trigger__kind", "trigger__campaign", "by"
    )
    row = whole.get(pk=qualification.pk)
    signatures = (
        DefinitionSignature.objects.filter(version=row.version)
        if row.version
        else DefinitionSignature.objects.none()
    )
    return Certificate(
        qualification=row,
        findings=list(row.findings.all()),
        handoffs=list(row.handoffs.select_related("holder", "team").order_by("offered_at")),
        signed_at=signatures.order_by("-at").values_list("at", flat=True).first(),
        earlier=row.lead.qualifications.filter(at__lt=row.at).count(),
    )
