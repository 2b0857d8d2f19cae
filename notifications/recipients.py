"""Who is told what: for each topic of the outbox the people, the sentence, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.urls import reverse

from accounts.models import Membership, User
from common.models import Outbox
from leads.models import Comment, Handoff, Lead, LeadEvent, Qualification
from notifications import disputes
from notifications.message import Message, called
from sla.models import Clock

# What a fact that makes no sense can raise. Anything else ends the task and shows in its log.
POISON = (
    ArithmeticError, AttributeError, DatabaseError, LookupError, ObjectDoesNotExist, TypeError, ValueError
)  # fmt: skip
UNANSWERED = ("offered", "returned")
KIND_OF_CLOCK = {"handover": "Offer to sales", "rework": "Resupply", "follow_up": "Follow-up"}


def message_for(fact: Outbox) -> Message | None:
    """What this fact tells, read fresh; None where it no longer holds (C09) or nobody needs to know."""
    maker = MAKERS.get(fact.topic)
    return maker(fact) if maker else None


def _of_handoff(fact: Outbox) -> Message | None:
    handoff = (
        Handoff.objects.select_related("lead__company", "team", "holder").filter(pk=fact.subject).first()
    )
    rule = HANDOFF_RULES[fact.topic]
    if handoff is None or handoff.status not in rule.while_status:
        return None
    actor_id = _actor_of(fact)
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    people = [person for person in rule.people(handoff) if person.is_active and person != actor]
    text = rule.words.format(
        lead=called(handoff.lead),
        who=actor.name if actor else "Baton",
        answer="accepted" if fact.payload.get("kind") == "accepted" else "rejected",
    )
    return Message(text, handoff.lead, _lead_url(handoff.lead), tuple(dict.fromkeys(people)))


def _of_known(fact: Outbox) -> Message | None:
    """Whose buyer it is reads that the lead was rejected for it."""
    handoff = Handoff.objects.select_related("lead__company").filter(pk=fact.subject).first()
    people = User.objects.in_bulk([fact.payload.get("person"), fact.payload.get("by")])
    owner, actor = people.get(fact.payload["person"]), people.get(fact.payload["by"])
    if handoff is None or handoff.status != Handoff.Status.REJECTED or owner is None or not owner.is_active:
        return None
    who = actor.name if actor else "Baton"
    words = f"{who} rejected {called(handoff.lead)} as known: the buyer is yours"
    return Message(words, handoff.lead, _lead_url(handoff.lead), () if owner == actor else (owner,))


def _of_clock(fact: Outbox) -> Message | None:
    clock = Clock.objects.select_related("lead__company", "person", "team").filter(pk=fact.subject).first()
    if clock is None:
        return None
    breached = fact.topic == "clock.breached"
    if clock.status != ("breached" if breached else "running") or (breached and clock.ended_at is not None):
        return None  # answered meanwhile
    what = KIND_OF_CLOCK.get(clock.kind, str(Clock.Kind(clock.kind).label))
    words = (
        f"{what} is late: {called(clock.lead)}" if breached else f"{what} is due soon: {called(clock.lead)}"
    )
    people = [person for person in _owe(clock, escalate=breached) if person.is_active]
    return Message(words, clock.lead, _lead_url(clock.lead), tuple(dict.fromkeys(people)))


def _of_comment(fact: Outbox) -> Message | None:
    comment = Comment.objects.select_related("lead__company", "by").filter(pk=fact.subject).first()
    if comment is None:
        return None
    people = [person for person in comment.mentions.all() if person.is_active and person != comment.by]
    url = reverse("desk:lead-comments", args=[comment.lead.public_id])
    return Message(
        f"{comment.by.name} mentioned you on {called(comment.lead)}", comment.lead, url, tuple(people)
    )


def _of_unplaced(fact: Outbox) -> Message | None:
    qualification = Qualification.objects.select_related("lead__company").filter(pk=fact.subject).first()
    if qualification is None or qualification.handoffs.exists():
        return None
    lead = qualification.lead
    words = f"{called(lead)} raised a hand, and no team's routing fits. Offer the lead to a team."
    return Message(words, lead, _lead_url(lead), tuple(_managers("sales_manager")))


def _of_invariants(fact: Outbox) -> Message:
    """What one night's check found stays so, whatever was mended since."""
    admins = User.objects.filter(organisation_role=User.OrganisationRole.ADMIN, is_active=True)
    broken, rows = fact.payload["invariants"], fact.payload["rows"]
    words = f"The nightly check found {rows} wrong rows, {broken} rules broken: manage.py check_invariants"
    return Message(words, None, "", tuple(admins))


def _actor_of(fact: Outbox) -> int | None:
    event = fact.payload.get("event")
    return LeadEvent.objects.filter(pk=event).values_list("actor_id", flat=True).first() if event else None


def _lead_url(lead: Lead) -> str:
    return reverse("desk:lead", args=[lead.public_id])


def _holders(handoff: Handoff) -> list[User]:
    """Who holds it; in the pool everyone of the team who may answer."""
    if handoff.holder is not None:
        return [handoff.holder]
    return _team(handoff.team_id)


def _team(team_id: int | None) -> list[User]:
    return list(
        User.objects.filter(memberships__team=team_id, memberships__role="rep", is_active=True).distinct()
    )


def _managers(role: str, team_id: int | None = None) -> list[User]:
    found = Membership.objects.filter(role=role, user__is_active=True).select_related("user")
    return [seat.user for seat in (found.filter(team=team_id) if team_id else found)]


def _offerer(handoff: Handoff) -> list[User]:
    """Who in marketing offered it, else the marketing managers."""
    offered = LeadEvent.objects.filter(handoff=handoff, kind="offered").select_related("actor").first()
    if offered and offered.actor and offered.actor.is_active:
        return [offered.actor]
    return _managers("marketing_manager")


def _owe(clock: Clock, *, escalate: bool) -> list[User]:
    """Who owes the act that the clock waits for, and from the breach on who leads them."""
    if clock.kind in ("handover", "rework"):
        return _managers("marketing_manager")
    people = [clock.person] if clock.person else _team(clock.team_id)
    return [*people, *(_managers("sales_manager", clock.team_id) if escalate and clock.team_id else [])]


@dataclass(frozen=True, slots=True)
class HandoffRule:
    """One topic about a handoff: the sentence, who is told, and in which states it still holds."""

    words: str
    people: Callable[[Handoff], Iterable[User]]
    while_status: tuple[str, ...] = Handoff.OPEN


HANDOFF_RULES = {
    "handoff.offered": HandoffRule("New lead to answer: {lead}", _holders, UNANSWERED),
    "handoff.answered": HandoffRule("{who} {answer} {lead}", _offerer, tuple(Handoff.Status.values)),
    "handoff.returned": HandoffRule("{who} asks for more on {lead}", _offerer, ("returned",)),
    "handoff.resupplied": HandoffRule("{who} added what was missing on {lead}", _holders, ("offered",)),
    "handoff.withdrawn": HandoffRule("{who} withdrew {lead}", _holders, ("withdrawn",)),
    "handoff.passed": HandoffRule("{who} passed {lead} to you", _holders, ("qualified",)),
    "handoff.sent_back": HandoffRule("{who} sent {lead} back", _holders, ("accepted",)),
    "handoff.reassigned": HandoffRule("{lead} is yours now", _holders),
    "handoff.reopened": HandoffRule("{lead} is open again", _holders),
    "handoff.raised_again": HandoffRule("{lead} raised a hand again", _holders),
}

MAKERS: dict[str, Callable[[Outbox], Message | None]] = {
    **dict.fromkeys(HANDOFF_RULES, _of_handoff),
    "handoff.known": _of_known,
    "clock.warned": _of_clock,
    "clock.breached": _of_clock,
    "comment.made": _of_comment,
    "hand_raise.unplaced": _of_unplaced,
    "invariants.broken": _of_invariants,
    **disputes.MAKERS,
}
