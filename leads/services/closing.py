"""How a cycle ends after acceptance: disqualified, recycled, won or lost."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import Invalid
from leads.engine import authority, lifecycle
from leads.engine.journey import OPEN, Act
from leads.models import Deal, Handoff, Reason
from leads.services import acts, deals, reasons
from leads.services.acts import Scene, perform
from leads.services.deals import Terms


class _JoinedMeanwhile(Exception):
    """More leads work on the deal than are locked."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a deal ends: won for an amount, or lost for a reason, perhaps to try again on a date."""

    verb: str
    amount: Decimal | None = None
    recurring: Decimal | None = None
    reason: str = ""
    until: date | None = None
    competitor: str = ""


def disqualify(
    handoff: Handoff, *, by: User, reason: str, note: str = "", at: datetime | None = None
) -> Handoff:
    """No sale here. A deal that nobody else works on is lost with it."""

    def build(scene: Scene) -> dict[str, Any]:
        chosen = _reason(scene, "disqualify", reason, note)
        return {"data": {"reason": chosen.key if chosen else ""}}

    return perform(handoff, "disqualify", by=by, at=at, note=note, build=build)


def recycle(
    handoff: Handoff, *, by: User, reason: str, until: date | None = None, note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """Not now: back to marketing until a date, on which the lead becomes an inquiry again."""

    def build(scene: Scene) -> dict[str, Any]:
        if until is not None and until <= scene.at.astimezone(acts.reporting_zone()).date():
            raise Invalid({"until": "Choose a day after today."})
        chosen = _reason(scene, "recycle", reason, note)
        return {"until": until, "data": {"reason": chosen.key if chosen else ""}}

    return perform(handoff, "recycle", by=by, at=at, note=note, build=build)


def win(
    handoff: Handoff, *, by: User, amount: Decimal | None = None, recurring: Decimal | None = None,
    note: str = "", at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """The deal is won: it closes, and with it every open cycle joined to it. What is not said stays as it was."""
    Terms(amount=amount, recurring=recurring).check()
    return _close_deal(handoff, Ending("win", amount, recurring), by=by, note=note, at=at)


def lose(
    handoff: Handoff, *, by: User, reason: str, until: date | None = None, competitor: str = "", note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """The deal is lost, to a stated reason; with a date the lead is recycled, else disqualified."""
    ending = Ending("lose", reason=reason, until=until, competitor=competitor)
    return _close_deal(handoff, ending, by=by, note=note, at=at)


def _reason(scene: Scene, verb: str, key: str, note: str) -> Reason | None:
    cycle = scene.journey.cycle
    if cycle is None or cycle.status not in ("accepted", "qualified"):
        return None  # the decision refuses; no need to speak of reasons
    chosen = reasons.chosen(verb, key, note=note, cycle=cycle)
    reasons.keep(scene.handoff, chosen)
    deals.close_if_alone(scene.row, at=scene.at)
    return chosen


@transaction.atomic
def _close_deal(handoff: Handoff, ending: Ending, *, by: User, note: str, at: datetime | None) -> Handoff:
    deal, together = _held(handoff)
    scene = acts.enter(handoff.lead_id, by=by, at=at, handoff=handoff)
    authority.may_try(ending.verb, standing_of(by), scene.journey.cycle)
    if ending.until is not None and ending.until <= scene.at.astimezone(acts.reporting_zone()).date():
        raise Invalid({"until": "Choose a day after today."})
    reason = _lost_reason(scene, ending, note)
    data = deals.codes_of_end(deal, ending.amount, ending.recurring) | (
        {"reason": reason.key} if reason else {}
    )
    acts.decide_and_write(
        scene, ending.verb, note=note, build=lambda scene: {"until": ending.until, "data": data}
    )
    if deal is not None and deal.outcome == Deal.Outcome.OPEN:
        outcome = Deal.Outcome.WON if ending.verb == "win" else Deal.Outcome.LOST
        _take_over(deal, ending)
        deals.close(deal, outcome, at=scene.at, reason=reason)
    for other in together:
        _close_joined(other, ending, scene, data, reason)
    return scene.row


def _take_over(deal: Deal, ending: Ending) -> None:
    """What is said of the deal with its end."""
    deal.competitor = ending.competitor
    if ending.amount is not None:
        deal.amount = ending.amount
    if ending.recurring is not None:
        deal.recurring = ending.recurring


def _lost_reason(scene: Scene, ending: Ending, note: str) -> Reason | None:
    if ending.verb != "lose" or scene.row.status != Handoff.Status.QUALIFIED:
        return None
    reason = reasons.chosen("lose", ending.reason, note=note)
    reasons.keep(scene.handoff, reason)
    return reason


def _held(handoff: Handoff) -> tuple[Deal | None, list[Handoff]]:
    """The deal and the other open cycles that work on it, with their leads locked before the deal (D13).

    A cycle that joins between looking and locking is found once the deal is held. Its lead must not be waited
    for then, so all is let go of, by going back to the savepoint, and taken again with it.
    """
    while True:
        deal = deals.of(handoff)
        leads = {handoff.lead_id, *(other.lead_id for other in _joined(handoff, deal))}
        with contextlib.suppress(_JoinedMeanwhile), transaction.atomic():
            acts.lock(leads)
            deal = deals.of(handoff)
            deal = deals.lock(deal) if deal is not None else None
            together = _joined(handoff, deal)
            if not leads.issuperset(other.lead_id for other in together):
                raise _JoinedMeanwhile
            return deal, together


def _joined(handoff: Handoff, deal: Deal | None) -> list[Handoff]:
    """Open cycles of other leads that work on the same open deal."""
    if deal is None or deal.outcome != Deal.Outcome.OPEN:
        return []
    return list(deal.handoffs.filter(status__in=OPEN).exclude(pk=handoff.pk).order_by("lead_id"))


def _close_joined(
    other: Handoff, ending: Ending, first: Scene, data: dict[str, Any], reason: Reason | None
) -> None:
    scene = acts.enter(other.lead_id, by=None, at=first.at, handoff=other)
    scene.by = first.by
    reasons.keep(scene.handoff, reason)
    by = first.by.pk if first.by else None
    act = Act(ending.verb, scene.at, by, until=ending.until, joined=True, data=data)
    acts.write(scene, lifecycle.decide(scene.journey, act))
