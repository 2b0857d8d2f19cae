"""Applying imported history: the lifecycle's decisions for many leads in memory, then written at once.

Nobody is judged, routed, offered or told; roles, minimum attempts and required notes do not bind, states do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import Membership
from common.refusals import Conflict
from leads.batch.deals import DealBook, leads_beside
from leads.batch.drafts import UNCHANGED, EventDraft, Result, refused
from leads.batch.openings import Openings
from leads.batch.relations import RelationBook
from leads.batch.sheet import Sheet
from leads.batch.stories import Story, load
from leads.engine import history, lifecycle
from leads.engine.journey import Act, Cycle, Decision, Journey, Span
from leads.models import Assignment, Attempt, LeadEvent
from leads.services import acts

CLOSES_WITH_REASON = frozenset({"reject", "withdraw", "disqualify", "recycle", "lose"})
CODES: dict[str, dict[str, Any]] = {"reject": {"criterion": ""}, "return": {"fields": []}}


class Step(NamedTuple):
    """One act, whether it was implied, and what it decided."""

    act: Act
    implied: bool
    decision: Decision


def replay(drafts: Sequence[EventDraft], *, at: datetime) -> dict[int, Result]:
    """Apply events in the order of their time, then their line, in the caller's transaction."""
    run = _Replay(drafts, at)
    in_order = sorted(drafts, key=lambda draft: (draft.at, draft.line))
    results = {draft.line: run.apply(draft) for draft in in_order}
    run.write()
    return results


class _Replay:
    def __init__(self, drafts: Sequence[EventDraft], at: datetime) -> None:
        leads, names = {draft.lead for draft in drafts}, {draft.deal for draft in drafts} - {""}
        self._stories = load(leads | leads_beside(leads, names))
        companies = {story.lead.company_id for story in self._stories.values()} - {None}
        relations = RelationBook(pk for pk in companies if pk)
        self._sheet = Sheet(at)
        self._openings = Openings(self._sheet, self._stories.values(), relations)
        self._deals = DealBook(names, self._stories, relations)
        managers = Membership.objects.filter(role=Membership.Role.SALES_MANAGER, user__is_active=True)
        self._managers = dict(managers.order_by("-pk").values_list("team_id", "user_id"))

    def apply(self, draft: EventDraft) -> Result:
        story = self._stories[draft.lead]
        if (draft.word, draft.at) in story.seen:
            return UNCHANGED
        if refusal := _out_of_place(story, draft):
            return refusal
        try:
            steps = self._decided(story, draft)
            self._deals.check(story, draft, [step.act.verb for step in steps])
        except Conflict as conflict:
            return refused("event", conflict.message)
        lead = story.lead
        if draft.at < lead.created_at and lead.created_at_assumed:
            self._sheet.move_creation(lead, draft.at)
        self._take_up(story, steps[-1].act)
        for step in steps:
            self._do(story, draft, step)
        return Result("created", lead=lead.pk)

    def write(self) -> None:
        self._sheet.write()
        self._deals.write()
        self._sheet.write_journal()

    # Deciding

    def _decided(self, story: Story, draft: EventDraft) -> list[Step]:
        """Every step that the event stands for. Raises Conflict at the first that the state forbids."""
        act = self._act(story, draft)
        now = Journey(story.lead.stage, self._taken_up(story, act))
        steps = []
        for one, implied in history.steps(now, act):
            decision = lifecycle.decide(now, one)
            now = decision.journey
            steps.append(Step(one, implied, decision))
        return steps

    def _act(self, story: Story, draft: EventDraft) -> Act:
        verb, cycle = history.VERB[draft.word], story.journey.open_cycle
        holding = cycle.team if cycle else None
        data: dict[str, Any] = dict(CODES.get(verb, {}))
        if draft.reason is not None:
            data["reason"] = draft.reason.key
        if draft.amount is not None and verb not in ("qualify", "win", "lose"):
            data["amount"] = float(draft.amount)  # nothing here has a price; the journal keeps what was said
        return Act(
            verb, draft.at, draft.actor, team=draft.team or holding, contact=draft.word == "contacted",
            accepts=True, next_step=draft.reason.next_step if draft.reason else "",
            manager=self._managers.get(holding or 0), data=data,
        )  # fmt: skip

    def _taken_up(self, story: Story, act: Act) -> Cycle | None:
        return history.taken_up(story.cycle, act) if story.cycle and story.journey.open_cycle else story.cycle

    # Writing down

    def _take_up(self, story: Story, act: Act) -> None:
        """Somebody who does what only a holder does holds the cycle, where nobody did."""
        cycle = self._taken_up(story, act)
        if cycle is not None and story.cycle is not None and cycle.holder != story.cycle.holder:
            part = story.assignment.part if story.assignment else "setter"
            span = Span(cycle.team, cycle.holder, "claimed", part)
            self._sheet.hand_over(story, _assignment(story, span, act.at), "claimed", act.at)
        story.cycle = cycle

    def _do(self, story: Story, draft: EventDraft, step: Step) -> None:
        act, implied, _ = step
        data: dict[str, Any] = {}
        if act.verb == "mql":
            data = self._openings.qualification(story, act, implied=implied)
        elif act.verb == "offer":
            data = self._openings.handoff(story, act, implied=implied)
        elif act.verb == "attempt":
            data = self._attempt(story, act, draft.note)
        elif act.verb == "qualify":
            data = {"deal": self._deals.qualify(story, draft, act.at).pk}
        elif act.verb in ("win", "lose"):
            self._close(story, draft, step)
            return
        elif act.verb in ("disqualify", "recycle"):
            self._deals.drop(story, act.at)
        note = "" if implied or act.verb == "attempt" else draft.note
        self._commit(story, step, data, note)
        self._mark(story, draft, step)

    def _close(self, story: Story, draft: EventDraft, step: Step) -> None:
        """Closes the deal and with it every open cycle that works on it."""
        deal, codes = self._deals.close(story, draft, step.act.at)
        together = self._deals.others(story, deal)
        self._commit(story, step, codes, draft.note)
        self._mark(story, draft, step)
        for other in together:
            joined = replace(step.act, joined=True)
            decision = lifecycle.decide(other.journey, joined)
            self._commit(other, Step(joined, False, decision), codes, "")
            self._mark(other, draft, Step(joined, False, decision))

    def _commit(self, story: Story, step: Step, data: dict[str, Any], note: str) -> None:
        """The new state of the lead and its cycle, its holder, and the journal rows."""
        act, implied, decision = step
        story.cycle = decision.journey.cycle
        self._sheet.change(story)
        self._sheet.set_stage(story.lead, decision.journey.stage, act.at)
        if decision.span is not None and story.cycle is not None:
            held = _assignment(story, decision.span, act.at) if story.cycle.is_open else None
            self._sheet.hand_over(story, held, decision.span.ended or "closed", act.at)
        for row in decision.rows:
            last = row is decision.rows[-1]
            codes = {**row.data, **data} if last else dict(row.data)
            self._sheet.add_event(
                self._journal_row(story, act, row.kind, codes, implied), note if last else ""
            )
            story.seen.add(("redirected" if codes.get("escalated") else row.kind, act.at))
        story.last_at = act.at

    def _journal_row(
        self, story: Story, act: Act, kind: str, data: dict[str, Any], implied: bool
    ) -> LeadEvent:
        handoff = None if kind in acts.OF_THE_LEAD else story.handoff
        qualification = handoff.qualification_id if handoff else None
        if kind == "mql" and story.qualification is not None:
            qualification = story.qualification.pk
        return LeadEvent(
            kind=kind,
            lead=story.lead,
            handoff=handoff,
            qualification_id=qualification,
            actor_id=act.by,
            at=act.at,
            recorded_at=self._sheet.at,
            implied=implied,
            historic=True,
            data=data,
        )

    def _attempt(self, story: Story, act: Act, note: str) -> dict[str, Any]:
        attempt = self._sheet.add_attempt(
            Attempt(
                lead=story.lead,
                handoff=story.handoff,
                channel=Attempt.Channel.UNKNOWN,
                origin=Attempt.Origin.HISTORY,
                contact=act.contact,
                by_id=act.by,
                at=act.at,
                recorded_at=self._sheet.at,
                note=note,
            )
        )
        return {
            "attempt": attempt.pk, "channel": str(attempt.channel), "direction": "outbound", "outcome": "",
            "automated": False,
        }  # fmt: skip

    def _mark(self, story: Story, draft: EventDraft, step: Step) -> None:
        """What the cycle remembers of how it came about: implied steps, and why it closed."""
        handoff, verb = story.handoff, step.act.verb
        if handoff is None:
            return
        if verb in ("accept", "reject"):
            handoff.answer_implied = step.implied
        elif verb in ("qualify", "send_back"):
            handoff.qualify_implied = step.implied and verb == "qualify"
        if verb in CLOSES_WITH_REASON and not step.implied:
            handoff.reason = draft.reason


def _out_of_place(story: Story, draft: EventDraft) -> Result | None:
    lead = story.lead
    if lead.anonymised_at is not None:
        return refused("lead_external_id", "This lead was erased.")
    if story.last_at is not None and draft.at < story.last_at:
        last = story.last_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        return refused("at", f"This lead has a later event already, at {last}.")
    return None


def _assignment(story: Story, span: Span, at: datetime) -> Assignment:
    return Assignment(
        handoff=story.handoff, part=span.part, team_id=span.team, person_id=span.person, from_at=at
    )
