"""What a company is to us as its deals open and close, one change at a time, and what it was before."""

from __future__ import annotations

from datetime import datetime

from leads.models import Company, CompanyRelation, Deal, LeadEvent

FRESH = (Company.Relation.NONE, Company.Relation.PROSPECT)


def deal_opened(company: Company, *, at: datetime) -> None:
    """An open deal, unless the company is more to us already."""
    _lock(company)
    if company.relation in FRESH:
        _set(company, Company.Relation.OPEN_DEAL, at)


def deal_won(company: Company, *, at: datetime) -> None:
    _lock(company)
    _set(company, Company.Relation.CUSTOMER, at)


def deal_lost(company: Company, *, at: datetime) -> None:
    """A prospect again once no deal is open."""
    _lock(company)
    if company.relation == Company.Relation.OPEN_DEAL and not _has(company, Deal.Outcome.OPEN):
        _set(company, Company.Relation.PROSPECT, at)


def win_undone(company: Company, *, at: datetime) -> None:
    """What it was before it was won, unless another won deal keeps it a customer."""
    _lock(company)
    present = CompanyRelation.objects.filter(company=company, until_at=None).first()
    if company.relation != Company.Relation.CUSTOMER or present is None or _has(company, Deal.Outcome.WON):
        return
    if not LeadEvent.objects.filter(kind="won", at=present.from_at, lead__company=company).exists():
        return  # a customer for another cause than a deal of ours
    before = CompanyRelation.objects.filter(company=company, until_at=present.from_at).order_by("pk").last()
    was = before.relation if before else Company.Relation.NONE
    _set(company, Company.Relation.OPEN_DEAL if was in FRESH else was, at)


def _lock(company: Company) -> None:
    """After lead and deal, so that two deals of one company that end together wait for each other."""
    locked = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company.pk)
    company.relation = locked.relation


def _has(company: Company, outcome: str) -> bool:
    return Deal.objects.filter(company=company, outcome=outcome).exists()


def _set(company: Company, relation: str, at: datetime) -> None:
    if company.relation == relation:
        return
    spans = CompanyRelation.objects.filter(company=company, until_at=None)
    if not spans.update(until_at=at) and company.relation != Company.Relation.NONE:
        began = min(company.created_at, at)  # nothing was kept of what it was so far
        CompanyRelation.objects.create(company=company, relation=company.relation, from_at=began, until_at=at)
    CompanyRelation.objects.create(company=company, relation=relation, from_at=at)
    company.relation = relation
    company.save(update_fields=["relation"])
