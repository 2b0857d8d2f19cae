"""The lifecycle of domain section 3 as plain Python: what each verb does once it is not refused."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tests.sla.machine.lead import Cycle, Lead
from tests.sla.machine.refusals import place
from tests.sla.machine.verbs import Verb
from tests.sla.machine.world import World

AFTER_REJECT = {"fix": "marketing_qualified", "nurture": "recycled", "close": "disqualified"}
AFTER_REOPEN = {
    "offered": "marketing_qualified",
    "accepted": "sales_accepted",
    "qualified": "sales_qualified",
}


def do(lead: Lead, verb: Verb) -> None:
    """Do what was not refused. A pause that is over by then ended before."""
    end_due_pause(lead)
    doing = {"return": return_for_info, "pass": pass_on}.get(verb.name) or globals()[verb.name]
    doing(lead, verb)


def end_due_pause(lead: Lead) -> None:
    """At the moment it was to end, whenever that is noticed."""
    cycle, world = lead.cycle, lead.world
    if cycle and cycle.pause_ends and cycle.pause_ends <= world.now:
        noticed, world.now = world.now, cycle.pause_ends
        resume(lead, None)
        world.now = noticed


def touch(lead: Lead, verb: Verb) -> None:
    at = lead.world.now - timedelta(hours=verb.said.get("ago", 0))
    if verb.said["kind"] == "webinar":
        lead.webinars += 1
        if lead.stage == "inquiry":
            _qualified(lead, at)
    elif verb.said["kind"] == "demo_request":
        _raise_hand(lead, at)


def _raise_hand(lead: Lead, at: datetime) -> None:
    """It always reaches a person."""
    if lead.is_open:
        lead.cycles[-1].raised = True
        lead.happens("raised_again")
        return
    _qualified(lead, at, hand_raise=True)
    _offered(lead, place(lead, {}))


def _qualified(lead: Lead, raised_at: datetime, *, hand_raise: bool = False) -> None:
    lead.raises.append(hand_raise)
    if lead.stage != "customer":
        lead.stage = "marketing_qualified"
    lead.wakes = None
    lead.happens("mql", qualification=len(lead.raises) - 1, raised_at=raised_at)


def _offered(lead: Lead, to: tuple[str, str | None]) -> None:
    number = len(lead.cycles) + 1
    lead.cycles.append(Cycle(number, len(lead.raises) - 1, lead.raises[-1], *to))
    lead.happens("offer")


def mark_mql(lead: Lead, verb: Verb) -> None:
    _qualified(lead, lead.world.now)


def set_aside(lead: Lead, verb: Verb) -> None:
    lead.stage = AFTER_REJECT[verb.said["reason"]]
    lead.happens("set_aside")


def wake(lead: Lead, verb: Verb | None) -> None:
    """An inquiry again, and judged again."""
    lead.stage, lead.wakes = "inquiry", None
    if lead.webinars:
        _qualified(lead, lead.world.now)


def offer(lead: Lead, verb: Verb) -> None:
    _offered(lead, place(lead, verb.said))


def claim(lead: Lead, verb: Verb) -> None:
    lead.cycles[-1].holder = verb.by
    lead.happens("claim")


def _end_pause(lead: Lead) -> None:
    """Whoever answers, moves or closes a paused lead does not leave its clocks standing."""
    if lead.cycles[-1].paused:
        resume(lead, None)


def accept(lead: Lead, verb: Verb) -> None:
    _end_pause(lead)
    cycle = lead.cycles[-1]
    cycle.status, cycle.holder = "accepted", cycle.holder or verb.by
    lead.stage = "sales_accepted"
    lead.happens("accept")


def reject(lead: Lead, verb: Verb) -> None:
    reason = verb.said["reason"]
    _close(lead, "rejected", AFTER_REJECT[reason])
    lead.happens("reject_fix" if reason == "fix" else "reject_for_good")


def _close(lead: Lead, status: str, stage: str) -> None:
    _end_pause(lead)
    cycle = lead.cycles[-1]
    cycle.before, cycle.status = cycle.status, status
    lead.stage = stage


def redirect(lead: Lead, verb: Verb) -> None:
    cycle = lead.cycles[-1]
    cycle.redirects += 1
    if cycle.redirects == 3:
        cycle.holder = lead.world.manager_of(cycle.team)
        lead.happens("reassign")
        return
    _end_pause(lead)
    before = cycle.team
    cycle.team, cycle.holder = place(lead, verb.said)
    lead.happens("redirect" if cycle.team == before else "redirect_away")


def return_for_info(lead: Lead, verb: Verb) -> None:
    _end_pause(lead)
    cycle = lead.cycles[-1]
    cycle.status = "returned"
    lead.happens("return_raised" if cycle.raised or cycle.hand_raise else "return")


def resupply(lead: Lead, verb: Verb) -> None:
    _end_pause(lead)
    lead.cycles[-1].status = "offered"
    lead.happens("resupply")


def withdraw(lead: Lead, verb: Verb) -> None:
    _close(lead, "withdrawn", "marketing_qualified")
    lead.happens("withdraw")


def attempt(lead: Lead, verb: Verb) -> None:
    cycle, world = lead.cycles[-1], lead.world
    inbound = verb.said.get("direction") == "inbound"
    may = world.people[verb.by].team == cycle.team and (
        cycle.holder in (None, verb.by) or world.manages(verb.by, cycle.team)
    )
    if cycle.status in ("offered", "returned") and may and not inbound:
        accept(lead, verb)
    contact = verb.said["outcome"] != "no_answer"
    cycle.attempts += 1
    cycle.contact = cycle.contact or contact
    lead.happens("contacted" if contact else "attempted")


def qualify(lead: Lead, verb: Verb) -> None:
    _end_pause(lead)
    lead.cycles[-1].status, lead.stage = "qualified", "sales_qualified"
    lead.happens("qualify")


def pass_on(lead: Lead, verb: Verb) -> None:
    cycle = lead.cycles[-1]
    cycle.setter, cycle.passed, cycle.taken = (cycle.team, cycle.holder), True, False
    cycle.team, cycle.holder = place(lead, verb.said)
    lead.happens("pass")


def take(lead: Lead, verb: Verb) -> None:
    cycle = lead.cycles[-1]
    cycle.taken, cycle.holder = True, cycle.holder or verb.by
    lead.happens("take")


def send_back(lead: Lead, verb: Verb) -> None:
    cycle = lead.cycles[-1]
    assert cycle.setter
    _end_pause(lead)
    cycle.status, cycle.passed, cycle.taken = "accepted", False, False
    cycle.team, cycle.holder = cycle.setter
    lead.stage = "sales_accepted"
    lead.happens("send_back")


def disqualify(lead: Lead, verb: Verb) -> None:
    _close(lead, "disqualified", "disqualified")
    lead.happens("disqualify")


def recycle(lead: Lead, verb: Verb) -> None:
    _close(lead, "recycled", "recycled")
    lead.wakes = _wakes(lead, verb)
    lead.happens("disqualify")


def _wakes(lead: Lead, verb: Verb) -> datetime | None:
    days = verb.said.get("days")
    return until(lead.world, days) if days else None


def until(world: World, days: int) -> datetime:
    """Midnight of the day so many days from now, in the organisation's zone."""
    return datetime.combine(world.now.date() + timedelta(days=days), time.min, UTC)


def win(lead: Lead, verb: Verb) -> None:
    _close(lead, "won", "customer")
    lead.happens("win")


def lose(lead: Lead, verb: Verb) -> None:
    lead.wakes = _wakes(lead, verb)
    _close(lead, "lost", "recycled" if lead.wakes else "disqualified")
    lead.happens("lose")


def reassign(lead: Lead, verb: Verb) -> None:
    cycle = lead.cycles[-1]
    before = cycle.team
    cycle.team, cycle.holder = place(lead, verb.said)
    lead.happens("reassign" if cycle.team == before else "reassign_away")


def pause(lead: Lead, verb: Verb) -> None:
    cycle, limit = lead.cycles[-1], verb.said.get("limit")
    cycle.paused = True
    cycle.pause_ends = lead.world.now + timedelta(hours=limit) if limit else None
    lead.happens("pause")


def resume(lead: Lead, verb: Verb | None) -> None:
    lead.cycles[-1].paused, lead.cycles[-1].pause_ends = False, None
    lead.happens("resume")


def reopen(lead: Lead, verb: Verb) -> None:
    old = lead.cycles[-1]
    status = "offered" if old.before == "returned" else old.before
    holder = old.holder if old.holder and lead.world.people[old.holder].active else None
    new = Cycle(old.number + 1, old.qualification, old.hand_raise, old.team, holder, status, old.setter)
    lead.cycles.append(new)
    lead.stage, lead.wakes = AFTER_REOPEN[status], None
    as_offer = old.status == "rejected" and status == "offered"
    as_accepted = old.status in ("disqualified", "recycled") and status == "accepted"
    lead.happens("reopen_offer" if as_offer else "reopen_accepted" if as_accepted else "reopen")
