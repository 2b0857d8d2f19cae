"""Test a lead: which promise of each kind would apply, why, and when it would be due. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import Team
from calendars.engine.business_time import NeverOpensError
from definitions.catalogue import catalogue
from definitions.engine.criteria import Finding, judge
from definitions.engine.facts import FactValue, Known, WrongTypeError
from definitions.engine.scoring import with_score
from definitions.engine.wording import sentence, shown
from leads.facts import LeadFacts, facts_of
from leads.models import Lead, TouchKind
from sla.engine import clock as clocks
from sla.engine.clock import default_warnings
from sla.engine.table import ON_QUALIFICATION, Kind
from sla.models import Commitment, ContractVersion
from sla.queries.spans import span_words
from sla.queries.terms import spoken
from sla.services.choosing import target_at
from sla.services.hours import WorkingHours
from sla.services.segments import EVERYBODY_SEGMENTS, HANDOFF, SegmentFacts, parsed, parsed_file

STARTED = (Kind.ANSWER, Kind.FIRST_RESPONSE, Kind.BUYER_WAIT)


@dataclass(frozen=True, slots=True)
class Question:
    """An offer that might be made: of a known lead or of nobody, with facts that are typed in."""

    at: datetime
    lead: Lead | None = None
    trigger: TouchKind | None = None
    team: Team | None = None
    typed: Mapping[str, Known] | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """One promise: whether it applies (None: one before it did already) and why."""

    place: int
    name: str
    figure: str
    applies: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one kind of clock."""

    kind: Kind
    label: str
    tried: tuple[Tried, ...]
    hours: str = ""
    target: str = ""
    risk_at: datetime | None = None
    due_at: datetime | None = None
    never: bool = False  # its hours have no open time for ten years, so no clock could start

    @property
    def won(self) -> Tried | None:
        return next((one for one in self.tried if one.applies), None)

    @property
    def starts_now(self) -> bool:
        return self.kind in STARTED


def answers(version: ContractVersion, question: Question) -> list[Answer]:
    """One for each kind of clock that the version promises something about."""
    hours, facts = WorkingHours(), _facts(version, question)
    rows = list(
        version.commitments.filter(target__isnull=False).select_related("calendar").order_by("position")
    )
    found = []
    for kind in (*STARTED, *(kind for kind in Kind if kind not in STARTED)):
        rules = [row for row in rows if row.kind == kind]
        if rules:
            about = facts if kind not in ON_QUALIFICATION else _without_team(facts)
            found.append(_answer(kind, rules, about, question, hours))
    return found


def _answer(
    kind: Kind, rules: Sequence[Commitment], facts: SegmentFacts, question: Question, hours: WorkingHours
) -> Answer:
    tried: list[Tried] = []
    winner: Commitment | None = None
    for place, rule in enumerate(rules, start=1):
        applies, why = (None, "Not reached") if winner else _judged(rule, facts)
        tried.append(Tried(place, rule.name, spoken(rule), applies, why))
        winner = winner or (rule if applies else None)
    label = Commitment.Kind(kind).label
    if winner is None:
        return Answer(kind, label, tuple(tried))
    worked = hours.of(winner, kind, question.team.pk if question.team else None)
    target, late = target_at(winner, worked, question.at)
    percents = tuple(winner.warnings) or default_warnings(target)
    said = f"{span_words(target)} out of hours" if late else spoken(winner)
    answer = Answer(kind, label, tuple(tried), _hours_name(winner, question.team), said)
    try:
        state = clocks.marked(clocks.start(worked.calendar, target, question.at, warnings=percents))
    except NeverOpensError:
        return replace(answer, never=True)
    return replace(answer, risk_at=state.risk_at, due_at=state.due_at)


def _judged(rule: Commitment, facts: SegmentFacts) -> tuple[bool, str]:
    if rule.segment in EVERYBODY_SEGMENTS:
        return True, "Always met"
    tree = parsed(rule.segment)
    if tree is None:
        return False, "A fact of its criteria is gone, so it fits nobody"
    try:
        verdict = judge(tree, facts)
    except WrongTypeError as error:
        return False, f"Cannot be compared: {error}"
    told = [_told(finding) for finding in verdict.findings if finding.helps is verdict.met]
    return verdict.met, "; ".join(dict.fromkeys(told))


def _told(finding: Finding) -> str:
    words = sentence(finding.test, catalogue)
    return f"{words}: {'met' if finding.met else 'not met'}, seen {shown(finding.seen)}"


def _hours_name(rule: Commitment, team: Team | None) -> str:
    if rule.calendar_choice == Commitment.CalendarChoice.ALWAYS:
        return "24x7"
    if rule.calendar:
        return str(rule.calendar)
    return str(team.calendar) if team else "24x7"


def _facts(version: ContractVersion, question: Question) -> SegmentFacts:
    typed = {name: FactValue(value, question.at) for name, value in (question.typed or {}).items()}
    lead = question.lead
    known = facts_of([lead], question.at)[lead.pk] if lead else LeadFacts(question.at, {})
    about_lead = {name: value for name, value in typed.items() if not name.startswith(HANDOFF)}
    plain = replace(known, values={**known.values, **about_lead})
    definition = parsed_file(version.mql_version) if version.mql_version else None
    scored = with_score(definition, plain) if definition else plain
    handoff = _handoff(question)
    if grade := scored.value("score.grade"):
        handoff["handoff.grade"] = grade
    handoff |= {name: value for name, value in typed.items() if name.startswith(HANDOFF)}
    return SegmentFacts(scored, handoff)


def _handoff(question: Question) -> dict[str, FactValue]:
    raised = bool(question.trigger and question.trigger.hand_raise)
    raw: dict[str, str | bool | None] = {
        "trigger": question.trigger.key if question.trigger else None,
        "hand_raise": raised,
        "basis": "hand_raise" if raised else "definition",
        "motion": "new",
        "team": question.team.name if question.team else None,
    }
    return {
        HANDOFF + name: FactValue(value, question.at)
        for name, value in raw.items()
        if value not in (None, "")
    }


def _without_team(facts: SegmentFacts) -> SegmentFacts:
    kept = {name: value for name, value in facts.handoff.items() if name != f"{HANDOFF}team"}
    return SegmentFacts(facts.lead, kept)
