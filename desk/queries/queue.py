"""The lead queue: each lead with the clock that presses, and what sales did with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.engine.standing import Standing
from desk.queries.acts import VERBS, may
from desk.queries.clocks import pressing
from leads.models import EventNote, Handoff, Lead, Qualification, Stage
from sla.queries import ClockFace, lead_clock_faces

KINDS = (
    "answer", "take", "first_response", "re_response", "meeting", "follow_up", "disposition", "rework", "handover",
)  # fmt: skip
FOR_MARKETING = {"handover": "Offer in", "rework": "Resupply in"}
TONES = {
    "offered": "accent",
    "returned": "hold",
    "accepted": "ok",
    "qualified": "ok",
    "won": "ok",
    "rejected": "bad",
}
ANSWERS = ("rejected", "returned", "sent_back", "disqualified", "recycled", "lost")
NEEDED = ("team", "holder", "reason", "trigger__kind", "trigger__campaign")


@dataclass(frozen=True, slots=True)
class MarketingClock:
    """A clock that marketing must beat, told as what to do in time."""

    face: ClockFace

    @property
    def prefix(self) -> str:
        return FOR_MARKETING[self.face.kind]

    @property
    def words(self) -> str:
        left = self.face.words.removesuffix(" left")
        return f"{self.prefix} {left}" if left != self.face.words else self.face.words

    def __getattr__(self, name: str) -> object:
        return getattr(self.face, name)


@dataclass(frozen=True, slots=True)
class Button:
    """An act that can be asked for from the row: a verb of the handoff, or one of the lead."""

    label: str
    icon: str
    name: str
    public_id: object


@dataclass(frozen=True, slots=True)
class Row:
    """One lead of the list with its newest cycle."""

    lead: Lead
    handoff: Handoff | None
    clock: ClockFace | MarketingClock | None
    note: str
    raised: str  # what the lead did that made it an MQL, while no cycle tells
    buttons: tuple[Button, ...]

    @property
    def is_open(self) -> bool:
        return self.handoff is not None and self.handoff.is_open

    @property
    def status(self) -> str:
        """Where it stands: its last cycle, unless its stage has changed since that one ended."""
        handoff = self.handoff
        if handoff is None or self._moved_on:
            return str(self.lead.get_stage_display())
        if handoff.status == Handoff.Status.QUALIFIED:
            return "SQL"
        return str(handoff.get_status_display())

    @property
    def tone(self) -> str:
        return TONES.get(self.handoff.status, "") if self.handoff and not self._moved_on else ""

    @property
    def _moved_on(self) -> bool:
        closed_at = self.handoff.closed_at if self.handoff else None
        return closed_at is not None and closed_at < self.lead.stage_at

    @property
    def latest(self) -> str:
        """The last word on it: what sales said, else what the lead did."""
        if not self.said:
            return self.signal
        return f"{self.said}: {self.note}" if self.note else self.said

    @property
    def said(self) -> str:
        """Why sales did what it did last, in short."""
        handoff = self.handoff
        if handoff is None:
            return ""
        if handoff.status == Handoff.Status.RETURNED and handoff.missing_fields:
            return "Missing: " + ", ".join(name.rpartition(".")[2] for name in handoff.missing_fields)
        if handoff.reason is not None:
            return str(handoff.reason)
        tries = handoff.attempts_count
        if handoff.status == Handoff.Status.ACCEPTED and tries:
            return f"{tries} attempt{'s' if tries > 1 else ''}, " + (
                "contact made" if handoff.contact_made else "no contact"
            )
        return ""

    @property
    def signal(self) -> str:
        trigger = self.handoff.trigger if self.handoff else None
        return str(trigger.kind) if trigger else self.raised


def rows_of(leads: Sequence[Lead], standing: Standing, *, at: datetime) -> list[Row]:
    """The rows of one page in its order: four queries, however many."""
    ids = [lead.pk for lead in leads]
    newest = Handoff.objects.filter(lead__in=ids).order_by("lead_id", "-cycle").distinct("lead_id")
    handoffs = {row.lead_id: row for row in newest.select_related(*NEEDED)}
    faces = lead_clock_faces(ids, at) if ids else {}
    notes = _notes(handoffs.values())
    raised = _raised([pk for pk in ids if pk not in handoffs])
    return [
        Row(
            lead=lead,
            handoff=(handoff := handoffs.get(lead.pk)),
            clock=_clock(faces.get(lead.pk, ())),
            note=notes.get(handoff.pk, "") if handoff else "",
            raised=raised.get(lead.pk, ""),
            buttons=_buttons(lead, handoff, standing),
        )
        for lead in leads
    ]


def _clock(faces: Iterable[ClockFace]) -> ClockFace | MarketingClock | None:
    """The one that presses, else how the last answer went."""
    found = list(faces)
    face = pressing(found, KINDS)
    if face is None:
        ended = [face for face in found if face.kind == "answer" and face.state != "off"]
        return ended[-1] if ended else None
    return told(face)


def told(face: ClockFace | None) -> ClockFace | MarketingClock | None:
    """A clock as lists show it: one that marketing must beat with what it is left for, "Resupply in 1 h 48 m"."""
    return MarketingClock(face) if face and face.kind in FOR_MARKETING else face


def _notes(handoffs: Iterable[Handoff]) -> dict[int, str]:
    """What sales wrote with its last answer that was no yes."""
    ids = [handoff.pk for handoff in handoffs]
    notes = EventNote.objects.filter(event__handoff__in=ids, event__kind__in=ANSWERS).order_by("event_id")
    return dict(notes.values_list("event__handoff_id", "text"))


def _raised(leads: Sequence[int]) -> dict[int, str]:
    """The kind of touch that qualified each lead last."""
    newest = Qualification.objects.filter(lead__in=leads).order_by("lead_id", "-pk").distinct("lead_id")
    return dict(newest.exclude(trigger=None).values_list("lead_id", "trigger__kind__label"))


def _buttons(lead: Lead, handoff: Handoff | None, standing: Standing) -> tuple[Button, ...]:
    if not standing.is_marketing:
        return ()
    if handoff is not None and handoff.is_open:
        verbs = [VERBS[slug] for slug in ("resupply", "withdraw") if may(standing, handoff, slug)]
        return tuple(
            Button(verb.label, verb.icon, f"desk:handoff-{verb.slug}", handoff.public_id) for verb in verbs
        )
    acts = OF_STAGE.get(lead.stage, ())
    return tuple(Button(label, icon, f"desk:lead-{slug}", lead.public_id) for label, icon, slug in acts)


OF_STAGE: dict[str, tuple[tuple[str, str, str], ...]] = {
    Stage.INQUIRY: (("Mark as MQL", "circle-check", "mark-mql"),),
    Stage.MARKETING_QUALIFIED: (("Offer", "arrow-right", "offer"), ("Set aside", "ban", "set-aside")),
    Stage.RECYCLED: (("Wake", "sunrise", "wake"),),
    Stage.DISQUALIFIED: (("Wake", "sunrise", "wake"),),
}
