"""What tests of acts share: the address of an act, and a handoff on which it is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse

from leads.models import Handoff
from leads.services import handoffs
from leads.services.attempts import Contact
from leads.services.meetings import Booking
from tests.desk.world import World
from tests.factories import NOON, make_calendar, make_member, make_team


def url(handoff: Handoff, slug: str) -> str:
    return reverse(f"desk:handoff-{slug}", args=[handoff.public_id])


def status(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).status


def in_state(world: World, slug: str) -> tuple[Any, Handoff]:
    """Someone who may do the act, and a handoff on which it is possible."""
    if slug in ("accept", "reject", "redirect", "return", "log", "reassign", "pause"):
        return world.manager, world.offer(to=world.rep)
    if slug in ("claim", "withdraw"):
        return (world.rep if slug == "claim" else world.marketer), world.offer()
    if slug == "resupply":
        returned = handoffs.return_for_info(
            world.offer(to=world.rep), by=world.rep, missing=["phone"], at=NOON
        )
        return world.marketer, returned
    if slug == "resume":
        return world.rep, handoffs.pause(world.accepted(), by=world.rep, reason="buyer-away", at=NOON)
    if slug in ("meeting", "qualify", "disqualify", "recycle"):
        return world.rep, with_meeting(world) if slug == "meeting" else world.accepted()
    if slug == "reopen":
        return world.rep, handoffs.reject(world.offer(to=world.rep), by=world.rep, reason="student", at=NOON)
    qualified = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    if slug in ("take", "send-back"):
        closers = make_team("Closers", calendar=make_calendar())
        closer = make_member(closers)
        return closer, handoffs.pass_on(qualified, by=world.rep, person=closer, at=NOON)
    return world.rep, qualified


def with_meeting(world: World) -> Handoff:
    """Accepted, and to meet in a month: pages read the real clock."""
    handoff = world.accepted()
    soon = Booking(datetime.now(UTC) + timedelta(days=30))
    handoffs.log_attempt(handoff, Contact("call", "meeting_booked"), by=world.rep, booking=soon)
    handoff.refresh_from_db()
    return handoff
