"""Services one by one and history in batches make the same rows of the same events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Team, User
from leads.batch.drafts import EventDraft, LeadDraft
from leads.batch.leads import upsert
from leads.batch.replay import replay
from leads.engine import profile
from leads.engine.past import Step, stage_after
from leads.models import Attempt, Deal, Handoff, Lead, LeadEvent, Reason
from leads.services import handoffs, leads
from leads.services.attempts import Contact
from leads.services.deals import Terms
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_company,
    make_marketer,
    make_member,
    make_mql,
    make_reason,
    make_team,
)

pytestmark = pytest.mark.django_db
CYCLE = (
    "status", "cycle", "team_id", "holder_id", "setter_id", "setter_team_id", "basis", "motion", "raised_at",
    "redirects", "attempts_count", "contact_made", "offered_at", "answered_at", "accepted_at",
    "first_response_at", "qualified_at", "passed_at", "taken_at", "closed_at", "until_on", "reason_id",
    "answered_by_id", "offer_implied", "answer_implied", "qualify_implied",
)  # fmt: skip
PRIVATE = {"attempt", "deal", "channel", "outcome"}  # keys of their own, and what history does not know


@dataclass
class Cast:
    """Who does what."""

    marketer: User
    rep: User
    closer: User
    team: Team
    closers: Team
    other: Team

    def reason(self, word: str) -> Reason | None:
        return REASONS[word](self) if word in REASONS else None


REASONS: dict[str, Callable[[Cast], Reason]] = {}


@pytest.fixture
def cast() -> Cast:
    team, closers = make_team(), make_team()
    for word, verb in {
        "rejected": "reject", "returned": "return", "sent_back": "send_back", "disqualified": "disqualify",
        "recycled": "recycle", "lost": "lose",
    }.items():  # fmt: skip
        reason = make_reason(verb, next_step="fix" if verb == "reject" else "")
        REASONS[word] = lambda cast, reason=reason: reason  # type: ignore[misc]
    return Cast(make_marketer(), make_member(team), make_member(closers), team, closers, make_team())


def serve(cast: Cast, lead: Lead, word: str, at: datetime) -> None:
    """What the word means, by the services."""
    handoff = lead.handoffs.order_by("-cycle").first()
    reason = cast.reason(word)
    key = reason.key if reason else ""
    if word == "offered":
        handoffs.offer(lead, by=cast.marketer, team=cast.team, at=at)
        return
    assert handoff is not None
    doings: dict[str, Callable[[], Any]] = {
        "accepted": lambda: handoffs.accept(handoff, by=cast.rep, at=at),
        "rejected": lambda: handoffs.reject(handoff, by=cast.rep, reason=key, at=at),
        "redirected": lambda: handoffs.redirect(handoff, by=cast.rep, team=cast.other, at=at),
        "returned": lambda: handoffs.return_for_info(handoff, by=cast.rep, reason=key, at=at),
        "resupplied": lambda: handoffs.resupply(handoff, by=cast.marketer, at=at),
        "withdrawn": lambda: handoffs.withdraw(handoff, by=cast.marketer, at=at),
        "attempted": lambda: handoffs.log_attempt(handoff, Contact("call", "no_answer"), by=cast.rep, at=at),
        "contacted": lambda: handoffs.log_attempt(handoff, Contact("call", "talked"), by=cast.rep, at=at),
        "qualified": lambda: handoffs.qualify(handoff, by=cast.rep, terms=Terms(Decimal(900)), at=at),
        "passed": lambda: handoffs.pass_on(handoff, by=cast.rep, team=cast.closers, at=at),
        "taken": lambda: handoffs.take(handoff, by=cast.closer, at=at),
        "sent_back": lambda: handoffs.send_back(handoff, by=cast.closer, reason=key, at=at),
        "disqualified": lambda: handoffs.disqualify(handoff, by=cast.rep, reason=key, at=at),
        "recycled": lambda: handoffs.recycle(handoff, by=cast.rep, reason=key, at=at),
        "won": lambda: handoffs.win(handoff, by=closer_of(handoff, cast), amount=Decimal(1_000), at=at),
        "lost": lambda: handoffs.lose(handoff, by=closer_of(handoff, cast), reason=key, at=at),
    }
    doings[word]()


def closer_of(handoff: Handoff, cast: Cast) -> User:
    return cast.closer if handoff.taken_at else cast.rep


def draft(cast: Cast, lead: Lead, line: int, word: str, at: datetime, taken: bool) -> EventDraft:
    """The same, as a row of a file."""
    marketing = word in {"offered", "resupplied", "withdrawn"}
    closing = word in {"taken", "sent_back"} or (taken and word in {"won", "lost"})
    teams = {"offered": cast.team, "redirected": cast.other, "passed": cast.closers}
    amount = {"qualified": Decimal(900), "won": Decimal(1_000)}.get(word)
    actor = cast.marketer if marketing else cast.closer if closing else cast.rep
    team = teams.get(word)
    return EventDraft(
        line, lead.pk, word, at, actor=actor.pk, team=team.pk if team else None, reason=cast.reason(word),
        amount=amount,
    )  # fmt: skip


def rows_of(lead: Lead) -> dict[str, Any]:
    """Everything that the events made of a lead, without the keys of the rows."""
    lead.refresh_from_db()
    cycles = lead.handoffs.order_by("cycle")
    journal = LeadEvent.objects.filter(lead=lead).order_by("id")
    return {
        "stage": (lead.stage, lead.stage_at, lead.wake_at),
        "cycles": list(cycles.values_list(*CYCLE)),
        "spans": [
            list(cycle.assignments.order_by("id").values_list("part", "team", "person", "from_at", "until_at", "ended"))
            for cycle in cycles
        ],
        "journal": [
            (row.kind, row.at, row.actor_id, row.handoff_id is None, row.qualification_id is None, row.implied,
             {key: value for key, value in row.data.items() if key not in PRIVATE})
            for row in journal
        ],
        "attempts": list(Attempt.objects.filter(lead=lead).order_by("id").values_list("at", "by", "contact")),
        "deals": list(
            Deal.objects.filter(handoffs__lead=lead).order_by("id").values_list(
                "name", "amount", "opening_amount", "currency", "owner", "opened_at", "closed_at", "outcome",
                "lost_reason", "deal_leads__part", "deal_leads__joined_at",
            )
        ),
        "relation": (
            lead.company and lead.company.relation,
            list(lead.company.relations.order_by("id").values_list("relation", "from_at", "until_at"))
            if lead.company
            else [],
        ),
    }  # fmt: skip


STORIES = [
    "offered accepted attempted contacted qualified won",
    "offered attempted qualified lost",
    "offered contacted disqualified",
    "offered rejected offered accepted recycled",
    "offered returned resupplied accepted qualified disqualified",
    "offered returned accepted",
    "offered withdrawn offered rejected",
    "offered redirected",
    "offered accepted qualified passed taken won",
    "offered accepted qualified passed sent_back qualified lost",
    "offered accepted attempted attempted recycled",
]


@pytest.mark.parametrize("story", STORIES)
def test_both_make_the_same_rows_of_the_same_events(cast: Cast, story: str) -> None:
    served, replayed = (
        make_mql(first_name="Ana", last_name="Silva", company=make_company("Acme"), created_at=NOON - HOUR)
        for _ in range(2)
    )
    moments = [NOON + MINUTE * number for number, _ in enumerate(story.split(), start=1)]
    words = list(zip(story.split(), moments, strict=True))

    for word, at in words:
        serve(cast, served, word, at)
    taken = "taken" in story
    results = replay(
        [draft(cast, replayed, line, word, at, taken) for line, (word, at) in enumerate(words)],
        at=NOON + HOUR,
    )

    assert {result.state for result in results.values()} == {"created"}
    assert rows_of(replayed) == rows_of(served)


@pytest.mark.parametrize("story", STORIES)
def test_the_journal_says_in_which_stage_a_lead_is(cast: Cast, story: str) -> None:
    lead, stage = make_mql(created_at=NOON - HOUR, company=make_company("Acme")), "marketing_qualified"

    for number, word in enumerate(story.split(), start=1):
        serve(cast, lead, word, NOON + MINUTE * number)
    for row in LeadEvent.objects.filter(lead=lead).order_by("at", "pk"):
        stage = stage_after(stage, Step(row.kind, row.handoff_id, row.data))

    lead.refresh_from_db()
    assert stage == lead.stage


def test_a_replay_of_parts_is_the_replay_of_the_whole(cast: Cast) -> None:
    """Going on from rows that were written is going on from what was in memory."""
    story = "offered accepted attempted qualified passed sent_back qualified won"
    whole, parts = (make_mql(first_name="Ana", last_name="Silva") for _ in range(2))
    moments = [NOON + MINUTE * number for number, _ in enumerate(story.split(), start=1)]
    words = list(zip(story.split(), moments, strict=True))

    replay([draft(cast, whole, n, word, at, False) for n, (word, at) in enumerate(words)], at=NOON + HOUR)
    for n, (word, at) in enumerate(words):
        replay([draft(cast, parts, n, word, at, False)], at=NOON + HOUR)

    assert rows_of(parts) == rows_of(whole)


def with_addresses(second_is_used: bool) -> Lead:
    lead = make_mql()
    lead.emails.update(is_primary=not second_is_used)
    address = f"used{lead.pk}@acme.example"
    lead.emails.create(email=address, key=address, is_primary=second_is_used)
    for place, phone in enumerate(["22 00 00 01", "22 00 00 02"]):
        lead.phones.create(phone=phone, is_primary=bool(place) == second_is_used)
    lead.external_ids.create(system="import", kind="lead", value=str(lead.pk))
    return lead


@pytest.mark.parametrize("by_file", [False, True])
@pytest.mark.parametrize("second_is_used", [False, True])
def test_both_keep_which_address_a_new_one_replaced(cast: Cast, by_file: bool, second_is_used: bool) -> None:
    """The one that was used until then, however many a lead has."""
    lead = with_addresses(second_is_used)
    used = {
        "lead.email": lead.emails.get(is_primary=True).email,
        "lead.phone": lead.phones.get(is_primary=True).phone,
    }
    said = {"external_id": str(lead.pk), "email": "new@acme.example", "phone": "22 00 00 03"}

    if by_file:
        upsert([LeadDraft(2, profile.read(said, NOON))], at=NOON)
    else:
        leads.capture(said, by=cast.marketer, at=NOON)

    assert dict(lead.changes.values_list("fact", "was")) == used
    assert lead.emails.get(is_primary=True).email == "new@acme.example"
