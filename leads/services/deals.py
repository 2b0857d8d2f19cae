"""Deals: opened by qualifying, joined by further handoffs, closed once for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from common.refusals import Conflict, Invalid
from leads.engine.journey import OPEN
from leads.models import Deal, DealLead, Handoff, Reason
from leads.services import relations

ENDED = ("outcome", "closed_at", "lost_reason", "competitor", "amount", "recurring")
CURRENCY = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deal is worth and what it is for. Amounts in `currency`; recurring is the yearly part."""

    amount: Decimal | None = None
    currency: str = ""
    recurring: Decimal | None = None
    name: str = ""
    product: str = ""
    kind: str = "new"

    def check(self) -> None:
        """Raises Invalid for negative or overlong amounts and unknown words."""
        errors: dict[str, str] = {}
        for field in ("amount", "recurring"):
            value: Decimal | None = getattr(self, field)
            if value is not None and not Decimal(0) <= value < Decimal(10) ** 12:
                errors[field] = "Enter 0 or more."
        if self.currency and not CURRENCY.fullmatch(self.currency):
            errors["currency"] = "Enter three letters, such as USD."
        if self.kind not in Deal.Kind.values:
            errors["deal_kind"] = f"Choose one of: {', '.join(Deal.Kind.values)}."
        if errors:
            raise Invalid(errors)


def open_for(handoff: Handoff, terms: Terms, *, at: datetime) -> Deal:
    """A new deal of the lead's company that this handoff sourced."""
    terms.check()
    lead = handoff.lead
    deal = Deal.objects.create(
        name=terms.name or _name_for(handoff),
        company=lead.company,
        kind=terms.kind,
        product=terms.product,
        amount=terms.amount,
        opening_amount=terms.amount,
        currency=(terms.currency or default_currency()).upper(),
        recurring=terms.recurring,
        owner=handoff.holder,
        opened_at=at,
    )
    DealLead.objects.create(deal=deal, handoff=handoff, part=DealLead.Part.SOURCED, joined_at=at)
    if lead.company:
        relations.deal_opened(lead.company, at=at)
    return deal


def join(handoff: Handoff, deal: Deal, *, at: datetime) -> Deal:
    """This handoff influenced an open deal of the same company."""
    locked = lock(deal)
    if locked.outcome != Deal.Outcome.OPEN:
        raise Conflict("This deal is closed. Open a new one.", state=locked.outcome, at=locked.closed_at)
    if locked.company_id is None or locked.company_id != handoff.lead.company_id:
        raise Invalid({"deal": "This deal belongs to another company."})
    sourced = locked.deal_leads.filter(part=DealLead.Part.SOURCED).exists()
    part = DealLead.Part.INFLUENCED if sourced else DealLead.Part.SOURCED
    DealLead.objects.get_or_create(deal=locked, handoff=handoff, defaults={"part": part, "joined_at": at})
    return locked


def lock(deal: Deal) -> Deal:
    """The deal as it stands, held until the transaction ends. Leads are locked before deals, everywhere."""
    return Deal.objects.select_for_update(of=("self",), no_key=True).get(pk=deal.pk)


def of(handoff: Handoff) -> Deal | None:
    """The deal of a handoff: the open one, else the newest."""
    deals = handoff.deals.order_by("-opened_at", "-pk")
    return deals.filter(outcome=Deal.Outcome.OPEN).first() or deals.first()


def close(deal: Deal, outcome: str, *, at: datetime, reason: Reason | None = None) -> None:
    """Close a deal as won or lost and say what its company is to us from now on."""
    deal.outcome, deal.closed_at, deal.lost_reason = outcome, at, reason
    deal.save(update_fields=ENDED)
    if deal.company is None:
        return
    if outcome == Deal.Outcome.WON:
        relations.deal_won(deal.company, at=at)
    else:
        relations.deal_lost(deal.company, at=at)


def close_if_alone(handoff: Handoff, *, at: datetime, reason: Reason | None = None) -> None:
    """Disqualify or recycle closes as lost a deal that no other open cycle works on (domain section 2)."""
    open_deals = handoff.deals.filter(outcome=Deal.Outcome.OPEN).order_by("pk")
    for deal in open_deals.select_for_update(of=("self",), no_key=True):
        if not deal.handoffs.filter(status__in=OPEN).exclude(pk=handoff.pk).exists():
            close(deal, Deal.Outcome.LOST, at=at, reason=reason)


def codes_of_end(
    deal: Deal | None, amount: Decimal | None, recurring: Decimal | None = None
) -> dict[str, Any]:
    """What the journal keeps of a deal that is about to end, so that reopening can give it back."""
    if deal is None:
        return {}
    codes: dict[str, Any] = {"deal": deal.pk}
    for name, said, was in (("amount", amount, deal.amount), ("recurring", recurring, deal.recurring)):
        if deal.outcome == Deal.Outcome.OPEN and said is not None and said != was:
            codes[f"{name}_was"] = None if was is None else f"{was:.2f}"
    return codes


def reopen(old: Handoff, codes: Mapping[str, Any], *, at: datetime) -> None:
    """Undo what the end of this cycle did to its deals: open, unnamed competitor, worth what it was before."""
    ended = old.deals.filter(closed_at=old.closed_at).order_by("pk")
    for deal in ended.select_for_update(of=("self",), no_key=True):
        won = deal.outcome == Deal.Outcome.WON
        deal.outcome, deal.closed_at, deal.lost_reason, deal.competitor = Deal.Outcome.OPEN, None, None, ""
        for name in ("amount", "recurring") if codes.get("deal") == deal.pk else ():
            if (key := f"{name}_was") in codes:
                setattr(deal, name, None if codes[key] is None else Decimal(codes[key]))
        deal.save(update_fields=ENDED)
        if deal.company is not None and won:
            relations.win_undone(deal.company, at=at)
        elif deal.company is not None:
            relations.deal_opened(deal.company, at=at)


def follow(old: Handoff, successor: Handoff, *, at: datetime) -> None:
    """A reopened cycle takes the place of the one it follows in its deals."""
    for link in old.deal_leads.order_by("pk"):
        part, link.part = link.part, DealLead.Part.INFLUENCED
        link.save(update_fields=["part"])
        DealLead.objects.create(
            deal_id=link.deal_id, handoff=successor, part=part, role=link.role, joined_at=at
        )


def default_currency() -> str:
    """The organisation's currency."""
    return Organisation.objects.values_list("currency", flat=True).first() or "USD"


def _name_for(handoff: Handoff) -> str:
    company = handoff.lead.company
    return company.name if company else handoff.lead.name
