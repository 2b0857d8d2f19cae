"""What waits for one person, as the numbers beside the pages of the sidebar: every page shows them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.engine.standing import Standing
from desk.queries.inbox import in_view
from desk.queries.lists import CAP, asked_at_once, counting, keys_of
from desk.queries.today import to_act_on
from desk.queries.views import leads_to_offer
from leads.models import Handoff
from sla.models import Clock, Commitment


def badges(standing: Standing) -> dict[str, int]:
    """Offers to answer, acts of today and late clocks; for marketing, leads to offer and those returned: one statement.

    Leads to offer are counted up to `CAP`.
    """
    answer, today, breaches, *queue = asked_at_once(*_statement(standing))
    counts = {"inbox": answer, "today": today, "breaches": breaches}
    return counts | ({"queue": sum(queue)} if standing.is_marketing else {})


@lru_cache(1_000)
def _statement(standing: Standing) -> tuple[str, tuple[Any, ...]]:
    """The same for as long as the roles are, and put together in four times what the database needs to answer it."""
    lists = [keys_of(rows) for rows in (in_view("answer", standing), to_act_on(standing), _late(standing))]
    if standing.is_marketing:
        lists += [keys_of(leads_to_offer())[:CAP], keys_of(in_view("returned", standing))]
    return counting(lists)


def _late(standing: Standing) -> QuerySet[Clock]:
    """Open breaches of what this person holds, of teams this person manages, and of what marketing owes."""
    managed = [team for team in standing.team_ids if standing.manages(team)]
    whose = Handoff.objects.open().filter(Q(holder=standing.person) | Q(team__in=managed))
    owed = Q(handoff__in=whose)
    if standing.is_marketing:
        owed |= Q(commitment__side=Commitment.Side.MARKETING)
    return Clock.objects.filter(owed, status=Clock.Status.BREACHED, ended_at=None)
