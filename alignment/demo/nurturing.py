"""What marketing did with the leads that came back: most hear from it within two weeks."""

from __future__ import annotations

from datetime import timedelta

from alignment.demo.chance import SEED, Chance
from alignment.demo.world import World
from leads.engine import journey as j
from leads.engine.past import RECYCLES, Step, stage_after
from leads.models import LeadEvent, Touch

KIND, REACHED, DAYS, SPREAD = "email_click", 0.87, 4.0, 0.6


def nurture(world: World) -> None:
    """A touch after most recyclings, by dice of its own: what else is told stays as it is."""
    chance, rows = Chance(SEED + 1), []
    events = LeadEvent.objects.filter(kind__in=RECYCLES, at__lt=world.at)
    for event in events.order_by("at", "lead_id", "pk"):
        if stage_after("", Step(event.kind, event.handoff_id, event.data)) != j.RECYCLED:
            continue
        reached, days = chance.yes(REACHED), chance.lognormal(DAYS, SPREAD)
        at = event.at + timedelta(days=days)
        if reached and at < world.at:
            rows.append(Touch(lead_id=event.lead_id, kind=world.kinds[KIND], at=at, recorded_at=at,
                              public_id=chance.uuid(), detail="Read a letter of ours"))  # fmt: skip
    Touch.objects.bulk_create(rows, batch_size=5_000)
