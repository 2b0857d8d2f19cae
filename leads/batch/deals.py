"""The deals of a replay: opened, joined and closed as the services do one by one (services/deals.py)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from common.refusals import Conflict
from leads.batch import rows
from leads.batch.drafts import EventDraft
from leads.batch.relations import RelationBook
from leads.batch.stories import Story
from leads.engine.history import VERB
from leads.models import Deal, DealLead, ExternalId, Handoff
from leads.services.deals import codes_of_end, default_currency

OUTCOME = {"win": Deal.Outcome.WON, "lose": Deal.Outcome.LOST}
OPEN, LOST = Deal.Outcome.OPEN, Deal.Outcome.LOST


def leads_beside(lead_ids: Collection[int], names: Collection[str]) -> set[int]:
    """Leads with an open cycle on a deal that these leads work on or that has one of these names."""
    named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.DEAL, value__in=names)
    worked_on = DealLead.objects.filter(handoff__lead__in=lead_ids, deal__outcome=OPEN)
    deals = {*named.values_list("deal_id", flat=True), *worked_on.values_list("deal_id", flat=True)}
    return set(Handoff.objects.open().filter(deals__in=deals).values_list("lead_id", flat=True))


class DealBook:
    """Every deal that the leads of a replay work on or that its file names."""

    def __init__(self, names: Collection[str], stories: dict[int, Story], relations: RelationBook) -> None:
        self._stories, self._relations = stories, relations
        named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.DEAL)
        cycles = {story.handoff.pk: story for story in stories.values() if story.handoff is not None}
        links = list(DealLead.objects.filter(handoff__in=cycles).order_by("deal__opened_at", "deal_id"))
        found = dict(named.filter(value__in=names).values_list("value", "deal_id"))
        deals = Deal.objects.in_bulk({pk for pk in found.values() if pk} | {link.deal_id for link in links})
        self._by_name = {name: deals[pk] for name, pk in found.items() if pk}
        self._name_of: dict[int | None, str] = dict(
            named.filter(deal__in=deals).values_list("deal_id", "value")
        )
        sourced = DealLead.objects.filter(deal__in=deals, part=DealLead.Part.SOURCED)
        self._sourced = set(sourced.values_list("deal_id", flat=True))
        self._workers: dict[int, set[int]] = {}
        for link in links:
            self._take_up(cycles[link.handoff_id], deals[link.deal_id])
        self._keys, self._currency = rows.Keys(Deal), default_currency()
        self._new: list[Deal] = []
        self._changed: dict[int, Deal] = {}
        self._links: list[DealLead] = []
        self._ids: list[ExternalId] = []

    def check(self, story: Story, draft: EventDraft, verbs: Collection[str]) -> None:
        """Raises Conflict where this event cannot be about the deal it names, or closes another's too early."""
        if not {"qualify", "win", "lose"}.intersection(verbs):
            return
        named, mine = self._by_name.get(draft.deal), _of_cycle(story)
        if named is not None and named is not mine and "qualify" in verbs:
            self._check_joining(story, draft, named)
        elif draft.deal and mine is not None and named is not mine and mine.pk in self._name_of:
            raise Conflict(f"This lead works on the deal “{self._name_of[mine.pk]}”.")
        elif named is not None and named is not mine:
            raise Conflict("This lead works on another deal.")
        deal = named or mine
        if deal is not None and not {"win", "lose"}.isdisjoint(verbs):
            for other in self.others(story, deal):
                if other.last_at and other.last_at > draft.at:
                    raise Conflict("Another lead works on this deal and has a later event.")

    def qualify(self, story: Story, draft: EventDraft, at: datetime) -> Deal:
        """Open a deal, join the one that is named, or go on with the one that a send back left open."""
        named, mine = self._by_name.get(draft.deal), _of_cycle(story)
        deal = named or mine or self._open(story, draft, at)
        if deal is not mine:
            sourced = deal.pk in self._sourced
            part = DealLead.Part.INFLUENCED if sourced else DealLead.Part.SOURCED
            self._sourced.add(deal.pk)
            self._links.append(DealLead(deal=deal, handoff=story.handoff, part=part, joined_at=at))
            self._take_up(story, deal)
        if at < deal.opened_at:
            deal.opened_at = at
            self._changed[deal.pk] = deal
        if draft.word == "qualified":
            self._tell(deal, draft)
        return deal

    def close(self, story: Story, draft: EventDraft, at: datetime) -> tuple[Deal, dict[str, Any]]:
        """Won or lost. A deal that another lead closed in the same way stays as it is."""
        deal = _of_cycle(story) or self.qualify(story, draft, at)
        codes = codes_of_end(deal, draft.amount)
        if deal.outcome == OPEN:
            self._tell(deal, draft)
            deal.outcome = OUTCOME[VERB[draft.word]]
            deal.lost_reason = draft.reason if deal.outcome == LOST else None
            self._end(deal, at)
        return deal, codes

    def drop(self, story: Story, at: datetime) -> None:
        """Disqualify or recycle loses a deal that no other open cycle works on."""
        deal = _of_cycle(story)
        if deal is not None and deal.outcome == OPEN and not self.others(story, deal):
            deal.outcome = LOST
            self._end(deal, at)

    def others(self, story: Story, deal: Deal) -> list[Story]:
        """Other leads with an open cycle on this deal, in the order of their keys."""
        workers = sorted(self._workers.get(deal.pk, set()) - {story.lead.pk})
        found = (self._stories[pk] for pk in workers)
        return [other for other in found if other.deal is deal and other.journey.open_cycle]

    def write(self) -> None:
        rows.insert(self._new)
        new = {deal.pk for deal in self._new}
        changed = [deal for pk, deal in self._changed.items() if pk not in new]
        terms = ("amount", "currency", "kind", "product", "opened_at", "closed_at", "outcome", "lost_reason")
        rows.update(changed, terms)
        rows.insert(self._links)
        rows.insert(self._ids)
        self._relations.write()

    def _check_joining(self, story: Story, draft: EventDraft, deal: Deal) -> None:
        if deal.outcome == OPEN:
            return
        again = story.deal is deal or OUTCOME.get(VERB[draft.word]) != deal.outcome
        if again and deal.closed_at:
            raise Conflict(f"The deal “{draft.deal}” was {deal.outcome} on {deal.closed_at:%Y-%m-%d}.")

    def _open(self, story: Story, draft: EventDraft, at: datetime) -> Deal:
        lead, cycle = story.lead, story.cycle
        company = self._relations.by_id.get(lead.company_id or 0)
        amount = draft.amount if draft.word == "qualified" else None
        deal = Deal(
            pk=self._keys.next(),
            name=company.name if company else lead.name,
            company=company,
            kind=draft.deal_kind or Deal.Kind.NEW,
            product=draft.product,
            amount=amount,
            opening_amount=amount,
            currency=draft.currency or self._currency,
            owner_id=cycle.holder if cycle else None,
            opened_at=at,
        )
        self._new.append(deal)
        self._relations.opened(deal)
        return deal

    def _tell(self, deal: Deal, draft: EventDraft) -> None:
        """What the event says of its deal; what it leaves out stays."""
        said = {
            "amount": draft.amount, "currency": draft.currency, "kind": draft.deal_kind,
            "product": draft.product,
        }  # fmt: skip
        for name, value in said.items():
            if value not in (None, ""):
                setattr(deal, name, value)
        self._changed[deal.pk] = deal
        if draft.deal and deal.pk not in self._name_of:
            self._name_of[deal.pk] = draft.deal
            self._by_name[draft.deal] = deal
            self._ids.append(ExternalId(kind=ExternalId.Kind.DEAL, value=draft.deal, deal=deal))

    def _end(self, deal: Deal, at: datetime) -> None:
        deal.closed_at = at
        self._changed[deal.pk] = deal
        self._relations.closed(deal, at)

    def _take_up(self, story: Story, deal: Deal) -> None:
        """The deal of a cycle is the open one, else the newest."""
        self._workers.setdefault(deal.pk, set()).add(story.lead.pk)
        if story.deal is None or story.deal.outcome != OPEN or deal.outcome == OPEN:
            story.deal = deal


def _of_cycle(story: Story) -> Deal | None:
    return story.deal if story.journey.open_cycle else None
