"""A rejected lead whose buyer is known already: the deal or the colleague that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from common import outbox
from common.refusals import Invalid
from leads.models import Deal, DealLead, Reason
from leads.services import deals
from leads.services.acts import Scene

GROUP = "already known"


@dataclass(frozen=True, slots=True)
class Known:
    """The deal that the lead belongs to, or who works this buyer."""

    deal: Deal | None = None
    owner: User | None = None


NOT_SAID = Known()


def asks_whose(reason: Reason) -> bool:
    """Whether this reason says that the buyer is known, so that one may ask to whom."""
    return reason.verb == Reason.Verb.REJECT and reason.group.casefold() == GROUP


def keep(scene: Scene, reason: Reason | None, known: Known) -> dict[str, Any]:
    """Link the lead to its deal and tell whoever owns it; answers the codes for the journal. Raises Invalid."""
    field = "deal" if known.deal else "owner"
    if known == NOT_SAID:
        return {}
    if reason is None or not asks_whose(reason):
        raise Invalid({field: "Only a reason of “Already known” says to whom a lead belongs."})
    codes: dict[str, Any] = {}
    if known.deal is not None:
        _link(scene, known.deal)
        codes["known_deal"] = known.deal.pk
    owner = known.owner or (known.deal.owner if known.deal else None)
    if owner is not None:
        codes["known_owner"] = owner.pk
        payload = {"person": owner.pk, "by": scene.by.pk if scene.by else None}
        outbox.leave("handoff.known", scene.row.pk, at=scene.at, payload=payload)
    return codes


def _link(scene: Scene, named: Deal) -> None:
    """An open deal was influenced by the rejected handoff; one that is closed is only named."""
    deal = deals.lock(named)
    if deal.company_id is None or deal.company_id != scene.lead.company_id:
        raise Invalid({"deal": "This deal belongs to another company."})
    if deal.outcome == Deal.Outcome.OPEN:
        given = {"part": DealLead.Part.INFLUENCED, "joined_at": scene.at}
        DealLead.objects.get_or_create(deal=deal, handoff=scene.row, defaults=given)
