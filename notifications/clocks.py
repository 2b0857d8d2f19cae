"""Who is told about clocks: warnings, misses, and the steps after a miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from accounts.models import User
from common.models import Outbox
from leads.models import Handoff
from notifications import people
from notifications.message import Dropped, Message, called, lead_url
from sla.engine import ladder
from sla.models import Breach, Clock, Escalation, Excuse
from sla.queries.spans import span_words

KIND_OF_CLOCK = {"handover": "Offer to sales", "rework": "Resupply", "follow_up": "Follow-up"}
OF_MARKETING = ("handover", "rework")
DID = {"takeover": "it could not be opened to the team", "reassign": "it could not go to the next person",
       "pool": "it could not go back to the pool"}  # fmt: skip


def _of_clock(fact: Outbox) -> Message | Dropped | None:
    """A warning or a miss."""
    clock = Clock.objects.select_related("lead__company", "person", "team").filter(pk=fact.subject).first()
    if clock is None:
        return None
    breached = fact.topic == "clock.breached"
    if over := _over(clock):
        return over
    if clock.status != ("breached" if breached else "running"):
        return None
    state = "is late" if breached else "is due soon"
    found = people.active(_owe(clock, escalate=breached))
    return Message(
        f"{_what(clock)} {state}: {called(clock.lead)}", clock.lead, lead_url(clock.lead), found, clock
    )


def _of_step(fact: Outbox) -> Message | Dropped | None:
    """A rung of the ladder. Whoever should hear of it and is gone leaves it to the admins (F31)."""
    rows = Escalation.objects.select_related(
        "breach__clock__lead__company", "breach__clock__handoff__team", "person"
    )
    step = rows.filter(pk=fact.payload["escalation"]).first()
    if step is None:
        return None
    clock = step.breach.clock
    if over := _over(clock):
        return over
    if step.do == Escalation.Do.TAKEOVER and step.done and not _is_open_to_team(clock.handoff):
        return Dropped("somebody took it over")
    return Message(_words(step, clock), clock.lead, lead_url(clock.lead), _hear(step, clock), clock)


def _of_parked(fact: Outbox) -> Message | None:
    breach = Breach.objects.select_related("clock__lead__company").filter(pk=fact.subject).first()
    if breach is None or not breach.ladder_error:
        return None
    lead = breach.clock.lead
    words = f"The steps after a miss on {called(lead)} cannot be taken: {breach.ladder_error}"
    return Message(words, lead, lead_url(lead), tuple(people.admins()))


def _of_takeover(fact: Outbox) -> Message | None:
    """Whoever held it hears that a colleague does now."""
    handoff = Handoff.objects.select_related("lead__company").filter(pk=fact.subject).first()
    known = User.objects.in_bulk([fact.payload["from"], fact.payload["by"]])
    former, by = known.get(fact.payload["from"]), known.get(fact.payload["by"])
    if handoff is None or former is None or by is None:
        return None
    words = f"{by.name} took over {called(handoff.lead)}"
    return Message(words, handoff.lead, lead_url(handoff.lead), people.active([former]))


def _over(clock: Clock) -> Dropped | None:
    """Why nobody needs to hear of it any more."""
    if clock.ended_at is not None:
        return Dropped("answered" if clock.satisfied_at else "called off")
    excused = Excuse.objects.filter(breach__clock=clock, decision=Excuse.Decision.GRANTED).exists()
    return Dropped("excused") if excused else None


def _what(clock: Clock) -> str:
    return KIND_OF_CLOCK.get(clock.kind, str(Clock.Kind(clock.kind).label))


def _is_open_to_team(handoff: Handoff | None) -> bool:
    return handoff is not None and handoff.takeover_at is not None


def _words(step: Escalation, clock: Clock) -> str:
    what, lead, team = _what(clock), called(clock.lead), clock.handoff.team if clock.handoff else None
    late = f"{what} is {_after(step)} late"
    if not step.done:
        return f"{late}, and {DID.get(step.do, 'nothing was done')}: {lead}. {step.why}"
    if step.do == Escalation.Do.TAKEOVER:
        return f"{late}, anyone of {team} may take over {lead}"
    if step.do == Escalation.Do.REASSIGN:
        return f"{late}, so {lead} went to {step.person}"
    if step.do == Escalation.Do.POOL:
        return f"{late}, so {lead} is back in the pool of {team}"
    return f"{late}: {lead}"


def _after(step: Escalation) -> str:
    """Business time from the miss to this step, as agreed."""
    rungs = ladder.read(step.breach.clock.commitment.ladder, kind=step.breach.clock.kind)
    return span_words(rungs[step.rung - 1].after)


def _hear(step: Escalation, clock: Clock) -> tuple[User, ...]:
    role = step.to or ladder.TOLD.get(ladder.Do(step.do), "sales_manager")
    told = list(TO[role](clock))
    if not step.done:
        told += _sales_managers(clock)
    if step.do == Escalation.Do.TAKEOVER and clock.handoff is not None and step.done:
        told = [person for person in told if person != clock.handoff.holder]
    return people.active(told) or tuple(people.admins())


def _owe(clock: Clock, *, escalate: bool) -> list[User]:
    """Who owes the act that the clock waits for, and from the breach on who leads them."""
    if clock.kind in OF_MARKETING:
        return people.managers("marketing_manager")
    if clock.kind == Clock.Kind.BUYER_WAIT:
        return _owe_the_buyer(clock, escalate=escalate)
    owing = [clock.person] if clock.person else people.team(clock.team_id)
    return [*owing, *(people.managers("sales_manager", clock.team_id) if escalate and clock.team_id else [])]


def _owe_the_buyer(clock: Clock, *, escalate: bool) -> list[User]:
    """A joint promise: whoever has the lead now, and from the breach on the managers of both sides."""
    managers = [*_sales_managers(clock), *people.managers("marketing_manager")]
    return [*_holders(clock), *(managers if escalate else [])]


def _cycle_of(clock: Clock) -> Handoff | None:
    """That of the clock; of a clock on the qualification the open one of its lead, if it was offered."""
    return clock.handoff or clock.lead.handoffs.open().order_by("-cycle").first()


def _team_of(clock: Clock) -> int | None:
    cycle = _cycle_of(clock)
    return cycle.team_id if cycle else clock.team_id


def _holders(clock: Clock) -> Iterable[User]:
    """Sales, unless marketing has it: it was not offered yet, or went back for what is missing."""
    cycle = None if clock.kind in OF_MARKETING else _cycle_of(clock)
    if cycle is None or cycle.status == Handoff.Status.RETURNED:
        return people.managers("marketing_manager")
    return people.holders(cycle)


def _sales_managers(clock: Clock) -> list[User]:
    """Of the team that answers; where it has none, of any."""
    team = _team_of(clock)
    return (people.managers("sales_manager", team) if team else []) or people.managers("sales_manager")


TO: dict[str, Callable[[Clock], Iterable[User]]] = {
    "sales_manager": _sales_managers,
    "marketing_manager": lambda clock: people.managers("marketing_manager"),
    "both_managers": lambda clock: [*_sales_managers(clock), *people.managers("marketing_manager")],
    "admin": lambda clock: people.admins(),
    "holder": _holders,
    "team": lambda clock: people.team(_team_of(clock)),
}
MAKERS: dict[str, Callable[[Outbox], Message | Dropped | None]] = {
    "clock.warned": _of_clock,
    "clock.breached": _of_clock,
    "clock.escalated": _of_step,
    "ladder.parked": _of_parked,
    "handoff.taken_over": _of_takeover,
}
