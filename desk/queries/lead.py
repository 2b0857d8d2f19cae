"""One lead as its page and the inbox's pane show it: who, why, what was promised, who holds it, which clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, prefetch_related_objects

from accounts.engine.standing import Standing
from desk.queries.acts import Buttons, buttons_for
from desk.queries.attributes import attributes_of
from desk.queries.briefs import last_read
from desk.queries.clocks import ClockFace, clock_faces, is_open, lead_clock_faces, pressing, urgency
from desk.queries.missing import label_of
from desk.queries.queue import MarketingClock, told
from desk.queries.rework import Rework, rework_of
from desk.queries.sent_back import SentBack, sent_back
from desk.queries.steps import Step, steps_of
from leads.models import (
    Assignment,
    BriefReading,
    BriefVersion,
    Consent,
    Deal,
    DealLead,
    Handoff,
    Insight,
    Lead,
    LeadEmail,
    LeadPhone,
    Qualification,
    QualificationFinding,
)
from leads.models.qualification import Basis
from leads.queries import contact_forbidden
from sla.models import Commitment
from sla.queries.contracts import agreed_versions, version_at
from sla.services.contests import ContestFace, contest_face

WHOLE = (
    "lead__company", "team", "holder", "setter", "brief__campaign", "trigger__kind", "trigger__campaign",
    "qualification__version", "qualification__trigger__kind", "reason",
)  # fmt: skip
ON_ACCEPT = ("follow_up", "disposition")
KINDS = (
    "answer",
    "take",
    "first_response",
    "re_response",
    "meeting",
    "follow_up",
    "disposition",
    "rework",
    "handover",
)


@dataclass(frozen=True, slots=True)
class LeadView:
    """Everything around one lead but its history."""

    lead: Lead
    handoff: Handoff | None
    qualification: Qualification | None
    findings: Sequence[QualificationFinding]
    faces: Sequence[ClockFace]
    buttons: Buttons
    brief: BriefVersion | None
    brief_changed: bool
    holder_read: BriefReading | None
    attributes: Sequence[tuple[str, str]]
    emails: Sequence[LeadEmail]
    phones: Sequence[LeadPhone]
    consent: Consent | None
    forbidden: str
    deals: Sequence[Deal]
    assignments: Sequence[Assignment]
    insights: Sequence[Insight]
    may_edit: bool
    contest: ContestFace | None
    rework: Rework | None
    sent_back: SentBack | None
    at: datetime

    @property
    def clock(self) -> ClockFace | None:
        """The one that presses: shown in the head."""
        return pressing(self.faces, KINDS)

    @property
    def head(self) -> ClockFace | MarketingClock | None:
        """The same; what marketing owes says what it is left for, so that nobody takes it for the own."""
        return told(self.clock)

    @property
    def open_faces(self) -> list[ClockFace]:
        return sorted(filter(is_open, self.faces), key=urgency)

    @property
    def used(self) -> float:
        """Per cent of the pressing clock's time that is gone, for the bar in the rail."""
        first = next(iter(self.open_faces), None)
        return 100 - (first.percent_left or 0) if first else 0

    @property
    def later(self) -> str:
        """Promises of the contract in force whose clocks have not begun, in words."""
        contract = version_at(agreed_versions(), self.at)
        if contract is None or self.handoff is None or self.handoff.status not in ("offered", "returned"):
            return ""
        promised = {commitment.kind for commitment in contract.commitments.all()}
        words = [str(Commitment.Kind(kind).label) for kind in ON_ACCEPT if kind in promised]
        return ", ".join(words).capitalize()

    @property
    def unclocked(self) -> str:
        """Why no clock was ever started on it."""
        if self.qualification is None:
            return "None yet: clocks start when it becomes an MQL."
        if version_at(agreed_versions(), self.at) is None:
            return "No contract is in force, so nothing is timed."
        return "No promise of the contract applies."

    @property
    def how(self) -> str:
        """By what it became an MQL where that was not the definition: the hand that was raised, a list, a person."""
        if self.qualification is None or self.qualification.basis == Basis.DEFINITION:
            return ""
        trigger = self.qualification.trigger
        return f"{self.qualification.get_basis_display()}{f': {trigger.kind}' if trigger else ''}"

    @property
    def asked_for(self) -> list[str]:
        """What sales asked marketing for, in words."""
        return [label_of(name) for name in self.handoff.missing_fields] if self.handoff else []

    @property
    def reasons(self) -> list[QualificationFinding]:
        """What spoke for the lead when it qualified."""
        return [finding for finding in self.findings if finding.helps]

    @property
    def alternatives(self) -> list[QualificationFinding]:
        """What others may have and this lead had not."""
        return [finding for finding in self.findings if not finding.helps]

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.lead, self.handoff, self.qualification, self.faces)

    @property
    def phone(self) -> LeadPhone | None:
        return self.phones[0] if self.phones else None

    @property
    def why_now(self) -> str:
        """What the lead did last that matters, in its own words where there are some."""
        trigger = self.handoff.trigger if self.handoff else None
        return (trigger.detail or str(trigger.kind)) if trigger else ""


def lead_view(lead: Lead, standing: Standing, *, at: datetime) -> LeadView:
    """A constant number of queries, whatever the lead has behind it."""
    prefetch_related_objects([lead], "emails")
    handoff = lead.handoffs.select_related(*WHOLE).order_by("-cycle").first()
    qualification = handoff.qualification if handoff else _newest(lead)
    brief = handoff.brief if handoff else None
    return LeadView(
        lead=lead,
        handoff=handoff,
        qualification=qualification,
        findings=list(qualification.findings.all()) if qualification else [],
        faces=faces_of(handoff, at=at) if handoff else lead_clock_faces([lead.pk], at=at).get(lead.pk, []),
        buttons=buttons_for(standing, lead, handoff),
        brief=brief,
        brief_changed=brief_changed(brief, standing.person),
        holder_read=last_read(brief, handoff.holder) if brief and handoff and handoff.holder else None,
        attributes=attributes_of(lead),
        emails=sorted(lead.emails.all(), key=lambda one: (not one.is_primary, one.pk)),
        phones=list(lead.phones.order_by("-is_primary", "pk")),
        consent=lead.consents.order_by("-at", "-pk").first(),
        forbidden=contact_forbidden(lead),
        deals=_deals(lead),
        assignments=_assignments(handoff),
        insights=list(lead.insights.select_related("by")[:6]),
        may_edit=_may_edit(standing, handoff),
        contest=contest_face(handoff, standing, at),
        rework=rework_of(handoff, at),
        sent_back=sent_back(handoff),
        at=at,
    )


def faces_of(handoff: Handoff | None, *, at: datetime) -> list[ClockFace]:
    """The clocks of this cycle, those on its qualification among them."""
    return clock_faces([handoff.pk], at=at).get(handoff.pk, []) if handoff else []


def brief_changed(brief: BriefVersion | None, person: int | None) -> bool:
    """Whether there is a newer wording than the one this person read last: accepting then asks first.

    Who never read one knows the wording that stands on the lead.
    """
    if brief is None:
        return False
    numbers = BriefVersion.objects.filter(campaign=brief.campaign_id).aggregate(
        newest=Max("number"), read=Max("number", filter=Q(readings__person=person))
    )
    return bool(numbers["newest"] > (numbers["read"] or brief.number))


def tab_counts(lead: Lead) -> dict[str, int]:
    """How much stands behind each tab: one query."""
    counted = Lead.objects.filter(pk=lead.pk).aggregate(
        touches=Count("touches", distinct=True),
        events=Count("events", filter=~Q(events__kind__in=("attempted", "contacted")), distinct=True),
        attempts=Count("attempts", distinct=True),
        comments=Count("comments", distinct=True),
        clocks=Count("clocks", distinct=True),
        changes=Count("changes", distinct=True),
    )
    said = counted["touches"] + counted["events"] + counted["attempts"] + counted["comments"]
    return {"timeline": said} | {tab: counted[tab] for tab in ("comments", "clocks", "changes")}


def _newest(lead: Lead) -> Qualification | None:
    return lead.qualifications.select_related("version", "trigger__kind").order_by("-at", "-pk").first()


def _deals(lead: Lead) -> list[Deal]:
    """Those this lead's cycles work on, the newest first, each with its part."""
    rows = (
        DealLead.objects.filter(handoff__lead=lead).select_related("deal__owner").order_by("-deal__opened_at")
    )
    deals: dict[int, Deal] = {}
    for row in rows:
        deal = deals.setdefault(row.deal_id, row.deal)
        vars(deal).setdefault("part_words", row.get_part_display().lower())
    return list(deals.values())


def _assignments(handoff: Handoff | None) -> list[Assignment]:
    if handoff is None:
        return []
    return list(handoff.assignments.select_related("person", "team", "cover_for").order_by("-from_at", "-pk"))


def _may_edit(standing: Standing, handoff: Handoff | None) -> bool:
    holds = handoff is not None and handoff.is_open and handoff.holder_id == standing.person
    return standing.is_marketing or standing.is_manager or holds
