"""F8: many accept one lead at the same moment, through HTTP: one wins, the others are told who (R5)."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from accounts.services import keys
from leads.models import Handoff, LeadEvent
from tests.factories import make_calendar, make_member, make_offer, make_team
from tests.faults.pooler import answers, needs_pgbouncer, pooled
from tests.faults.sizes import full_only, size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def accept(web: str, handoff: Handoff, secret: str, barrier: Barrier) -> tuple[int, str]:
    """Status and, for the losers, whom they are told."""
    connection = HTTPConnection(urlsplit(web).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    barrier.wait()
    connection.request("POST", f"/api/v1/handoffs/{handoff.public_id}/accept/", "{}", headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body.get("current", {}).get("by", "")


def test_of_many_who_accept_at_once_one_wins(live_web: str) -> None:
    race(live_web)


@full_only
@needs_pgbouncer
def test_one_wins_behind_a_pool_of_transactions_too(company: LiveProcesses, eventually) -> None:
    with pooled() as url:
        eventually(lambda: answers(url))
        race(company.web(DATABASE_URL=url))


def race(web: str) -> None:
    people, rounds = size(10, 50), size(20, 200)
    team = make_team(calendar=make_calendar())
    reps = [make_member(team) for _ in range(people)]
    secrets = [keys.create(rep, scopes=["handoffs:write"])[1] for rep in reps]
    barrier = Barrier(people)
    with ThreadPoolExecutor(people) as pool:
        for _ in range(rounds):
            handoff = make_offer(team)
            told = list(pool.map(lambda secret, one=handoff: accept(web, one, secret, barrier), secrets))
            winner = Handoff.objects.get(pk=handoff.pk).holder

            assert Counter(status for status, _ in told) == {200: 1, 409: people - 1}
            assert winner is not None
            assert {by for status, by in told if status == 409} == {winner.name}
            assert LeadEvent.objects.filter(handoff=handoff, kind="accepted").count() == 1
