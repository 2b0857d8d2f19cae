"""Who is told what: for each topic of the outbox the people, the sentence, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.urls import reverse

from accounts.models import User
from common.models import Outbox
from leads.models import Comment, Handoff, LeadEvent, Qualification
from notifications import agreements, clocks, definitions, disputes, people, reminders
from notifications.message import Dropped, Message, called, lead_url

# What a fact that makes no sense can raise. Anything else ends the task and shows in its log.
POISON = (
    ArithmeticError, AttributeError, DatabaseError, LookupError, ObjectDoesNotExist, TypeError, ValueError
)  # fmt: skip
UNANSWERED = ("offered", "returned")


def message_for(fact: Outbox) -> Message | Dropped:
    """What this fact tells, read fresh; or why it is told no more: it does not hold, or nobody needs to know (C09).

    Raises LookupError for a topic that this release does not know: a newer one may, else it is parked (R20, R25).
    """
    return MAKERS[fact.topic](fact) or Dropped()


def _of_handoff(fact: Outbox) -> Message | None:
    handoff = (
        Handoff.objects.select_related("lead__company", "team", "holder", "reason")
        .filter(pk=fact.subject)
        .first()
    )
    rule = HANDOFF_RULES[fact.topic]
    if handoff is None or handoff.status not in rule.while_status:
        return None
    actor_id = _actor_of(fact)
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    found = [person for person in rule.people(handoff) if person.is_active and person != actor]
    text = (rule.words if handoff.holder else rule.pooled or rule.words).format(
        lead=called(handoff.lead),
        team=handoff.team,
        who=actor.name if actor else "Baton",
        answer="accepted" if fact.payload.get("kind") == "accepted" else "rejected",
        why=f": {handoff.reason}" if handoff.status == Handoff.Status.REJECTED and handoff.reason else "",
    )
    return Message(text, handoff.lead, lead_url(handoff.lead), tuple(dict.fromkeys(found)))


def _of_known(fact: Outbox) -> Message | None:
    """Whose buyer it is reads that the lead was rejected for it."""
    handoff = Handoff.objects.select_related("lead__company").filter(pk=fact.subject).first()
    known = User.objects.in_bulk([fact.payload.get("person"), fact.payload.get("by")])
    owner, actor = known.get(fact.payload["person"]), known.get(fact.payload["by"])
    if handoff is None or handoff.status != Handoff.Status.REJECTED or owner is None or not owner.is_active:
        return None
    who = actor.name if actor else "Baton"
    words = f"{who} rejected {called(handoff.lead)} as known: the buyer is yours"
    return Message(words, handoff.lead, lead_url(handoff.lead), () if owner == actor else (owner,))


def _of_comment(fact: Outbox) -> Message | None:
    comment = Comment.objects.select_related("lead__company", "by").filter(pk=fact.subject).first()
    if comment is None:
        return None
    named = [person for person in comment.mentions.all() if person.is_active and person != comment.by]
    url = reverse("desk:lead-comments", args=[comment.lead.public_id])
    return Message(
        f"{comment.by.name} mentioned you on {called(comment.lead)}", comment.lead, url, tuple(named)
    )


def _of_unplaced(fact: Outbox) -> Message | None:
    qualification = Qualification.objects.select_related("lead__company").filter(pk=fact.subject).first()
    if qualification is None or qualification.handoffs.exists():
        return None
    lead = qualification.lead
    words = f"{called(lead)} raised a hand, and no team's routing fits. Offer the lead to a team."
    return Message(words, lead, lead_url(lead), tuple(people.managers("sales_manager")))


def _of_invariants(fact: Outbox) -> Message:
    """What one night's check found stays so, whatever was mended since."""
    if "clocks" in fact.payload:
        differ = fact.payload["clocks"]
        found = "1 clock that differs from its" if differ == 1 else f"{differ} clocks that differ from their"
        words = f"The nightly replay found {found} journal: manage.py replay_clocks"
        return Message(words, None, "", tuple(people.admins()))
    broken, rows = fact.payload["invariants"], fact.payload["rows"]
    found = f"{rows} wrong row{'s' * (rows != 1)}, {broken} rule{'s' * (broken != 1)} broken"
    words = f"The nightly check found {found}: manage.py check_invariants"
    return Message(words, None, "", tuple(people.admins()))


def _actor_of(fact: Outbox) -> int | None:
    event = fact.payload.get("event")
    return LeadEvent.objects.filter(pk=event).values_list("actor_id", flat=True).first() if event else None


def _offerer(handoff: Handoff) -> list[User]:
    """Who in marketing offered it, else the marketing managers."""
    offered = LeadEvent.objects.filter(handoff=handoff, kind="offered").select_related("actor").first()
    if offered and offered.actor and offered.actor.is_active:
        return [offered.actor]
    return people.managers("marketing_manager")


@dataclass(frozen=True, slots=True)
class HandoffRule:
    """One topic about a handoff: the sentence, who is told, and in which states it still holds.

    `pooled` is the sentence where nobody holds it, so that a whole team reads it.
    """

    words: str
    people: Callable[[Handoff], Iterable[User]]
    while_status: tuple[str, ...] = Handoff.OPEN
    pooled: str = ""


HANDOFF_RULES = {
    "handoff.offered": HandoffRule("New lead to answer: {lead}", people.holders, UNANSWERED),
    "handoff.answered": HandoffRule("{who} {answer} {lead}{why}", _offerer, tuple(Handoff.Status.values)),
    "handoff.returned": HandoffRule("{who} asks for more on {lead}", _offerer, ("returned",)),
    "handoff.resupplied": HandoffRule("{who} added what was missing on {lead}", people.holders, ("offered",)),
    "handoff.withdrawn": HandoffRule("{who} withdrew {lead}", people.holders, ("withdrawn",)),
    "handoff.passed": HandoffRule(
        "{who} passed {lead} to you", people.holders, ("qualified",), "{who} passed {lead} to {team}"
    ),
    "handoff.sent_back": HandoffRule("{who} sent {lead} back", people.holders, ("accepted",)),
    "handoff.reassigned": HandoffRule(
        "{lead} is yours now", people.holders, pooled="{lead} is in the pool of {team}: anyone may claim it"
    ),
    "handoff.pause_ended": HandoffRule("The pause of {lead} is over, its clocks run", people.holders),
    "handoff.meeting_booked": HandoffRule("{lead} booked a meeting with you", people.holders),
    "handoff.reopened": HandoffRule("{lead} is open again", people.holders),
    "handoff.raised_again": HandoffRule("{lead} raised a hand again", people.holders),
}


def _of_judged_promise(fact: Outbox) -> Message:
    """Both managers read how a period ended; the fact says all of it."""
    said = fact.payload
    words = f"{said['name']} in {said['period']}: {said['verdict']}, {said['figure']} of {said['promised']} promised"
    told = people.managers("marketing_manager") + people.managers("sales_manager")
    return Message(words, None, f"/promises/{said['kind']}/", people.active(told))


def _of_bulk_run(fact: Outbox) -> Message:
    """Whoever left a long list to the worker reads how it went; the fact says all of it."""
    told = people.active(User.objects.filter(pk=fact.payload["by"]))
    return Message(fact.payload["words"], None, fact.payload["url"], told)


MAKERS: dict[str, Callable[[Outbox], Message | Dropped | None]] = {
    **dict.fromkeys(HANDOFF_RULES, _of_handoff),
    "handoff.known": _of_known,
    "comment.made": _of_comment,
    "hand_raise.unplaced": _of_unplaced,
    "invariants.broken": _of_invariants,
    "promise.judged": _of_judged_promise,
    "bulk.ended": _of_bulk_run,
    **agreements.MAKERS,
    **clocks.MAKERS,
    **definitions.MAKERS,
    **disputes.MAKERS,
    **reminders.MAKERS,
}
