"""What companies are to us while a replay opens and closes their deals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leads.batch import rows
from leads.models import Company, CompanyRelation, Deal

FRESH = (Company.Relation.NONE, Company.Relation.PROSPECT)


class RelationBook:
    """The companies of a replay, their present relation, and which deals of theirs are open."""

    def __init__(self, company_ids: Iterable[int]) -> None:
        self.by_id = Company.objects.in_bulk(set(company_ids))
        present = CompanyRelation.objects.filter(company__in=self.by_id, until_at=None)
        self._present = {relation.company_id: relation for relation in present}
        self._open: dict[int, set[int]] = {}
        deals = Deal.objects.filter(company__in=self.by_id, outcome=Deal.Outcome.OPEN)
        for company, deal in deals.values_list("company_id", "pk"):
            if company is not None:
                self._open.setdefault(company, set()).add(deal)
        self._changed: dict[int, Company] = {}
        self._ended: dict[int, CompanyRelation] = {}
        self._new: list[CompanyRelation] = []

    def opened(self, deal: Deal) -> None:
        company = self.by_id.get(deal.company_id or 0)
        if company is None:
            return
        self._open.setdefault(company.pk, set()).add(deal.pk)
        if company.relation in FRESH:
            self._set(company, Company.Relation.OPEN_DEAL, deal.opened_at)

    def closed(self, deal: Deal, at: datetime) -> None:
        company = self.by_id.get(deal.company_id or 0)
        if company is None:
            return
        self._open.get(company.pk, set()).discard(deal.pk)
        if deal.outcome == Deal.Outcome.WON:
            self._set(company, Company.Relation.CUSTOMER, at)
        elif company.relation == Company.Relation.OPEN_DEAL and not self._open.get(company.pk):
            self._set(company, Company.Relation.PROSPECT, at)

    def write(self) -> None:
        rows.update(list(self._changed.values()), ["relation"])
        rows.update(list(self._ended.values()), ["until_at"])
        rows.insert(self._new)

    def _set(self, company: Company, relation: str, at: datetime) -> None:
        """What is known of a later time is not rewritten by what comes to light of an earlier one."""
        present = self._present.get(company.pk)
        if company.relation == relation or (present is not None and at < present.from_at):
            return
        if present is not None:
            present.until_at = at
            if present.pk is not None:
                self._ended[present.pk] = present
        elif company.relation != Company.Relation.NONE:  # nothing was kept of what it was so far
            began = min(company.created_at, at)
            self._new.append(
                CompanyRelation(company=company, relation=company.relation, from_at=began, until_at=at)
            )
        company.relation = relation
        self._changed[company.pk] = company
        self._present[company.pk] = CompanyRelation(company=company, relation=relation, from_at=at)
        self._new.append(self._present[company.pk])
