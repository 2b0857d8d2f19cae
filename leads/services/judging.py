"""Judging leads by the active MQL definition: one on capture or touch, many in a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction

from common.database.moments import database_now
from common.database.retries import retried
from definitions.catalogue import catalogue
from definitions.engine import codec, wording
from definitions.engine.criteria import Finding, Leaf, Verdict, judge
from definitions.engine.scoring import DefinitionFile, Score, score, with_score
from definitions.models import DefinitionVersion
from leads.engine import lifecycle
from leads.engine.journey import INQUIRY, Act
from leads.facts import LeadFacts, facts_of
from leads.models import Lead, Qualification, QualificationFinding, Touch
from leads.models.qualification import Basis, Motion
from leads.services import acts
from leads.services.acts import Scene

BATCH = 500
MOTIONS = {"customer": Motion.EXPANSION, "former": Motion.WIN_BACK}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One lead against one version: the verdict, and the score that decided its grade."""

    version: DefinitionVersion
    verdict: Verdict
    score: Score


def active_version(key: str = "mql") -> DefinitionVersion | None:
    """The version in force, or None before the first is agreed."""
    return DefinitionVersion.objects.filter(definition_id=key, status=DefinitionVersion.Status.ACTIVE).first()


@lru_cache(maxsize=64)
def _parsed(version_id: int) -> DefinitionFile:
    version = DefinitionVersion.objects.get(pk=version_id)  # immutable once active, so it may be remembered
    return codec.parse_file(definition_file(version), catalogue.without("handoff"))


def definition_file(version: DefinitionVersion) -> dict[str, object]:
    """The exchange form of a version."""
    return {
        "criteria": version.criteria,
        "scoring": version.scoring or None,
        "grades": version.grades or None,
    }


def judge_by(version: DefinitionVersion, facts: LeadFacts) -> Judgement:
    """What this version says of these facts."""
    definition = _parsed(version.pk)
    scored = with_score(definition, facts)
    return Judgement(version, judge(definition.criteria, scored), score(definition, facts))


def judge_one(scene: Scene, trigger: Touch | None = None) -> Qualification | None:
    """Qualify a locked inquiry that meets the active definition. From no other stage (domain section 3)."""
    version = active_version()
    if version is None or scene.lead.stage != INQUIRY or scene.lead.merged_into_id:
        return None
    lead = Lead.objects.select_related("company").get(pk=scene.lead.pk)
    judgement = judge_by(version, facts_of([lead], scene.at)[lead.pk])
    if not judgement.verdict.met:
        return None
    return store(scene, basis=Basis.DEFINITION, judgement=judgement, trigger=trigger)


def store(
    scene: Scene, *, basis: str, judgement: Judgement | None = None, trigger: Touch | None = None,
    data: dict[str, object] | None = None, note: str = "",
) -> Qualification:  # fmt: skip
    """Write a qualification with its findings as they are now, and the journal row."""
    raised = trigger.at if trigger else scene.at
    qualification = Qualification(
        lead=scene.lead,
        version=judgement.version if judgement else None,
        basis=basis,
        trigger=trigger,
        raised_at=raised,
        hand_raise=bool(trigger and trigger.kind.hand_raise),
        motion=_motion(scene.lead),
        grade=(judgement.score.grade or "") if judgement else "",
        score=judgement.score.total if judgement else None,
        at=scene.at,
        by=scene.by,
    )
    codes = {
        "basis": basis, "hand_raise": qualification.hand_raise, "trigger": trigger.pk if trigger else None,
        "version": judgement.version.pk if judgement else None, "raised_at": raised.isoformat(),
        "grade": qualification.grade, "motion": qualification.motion, **(data or {}),
    }  # fmt: skip
    decision = lifecycle.decide(
        scene.journey, Act("mql", scene.at, scene.by.pk if scene.by else None, data=codes)
    )
    qualification.save(force_insert=True)
    if judgement:
        QualificationFinding.objects.bulk_create(findings(qualification, judgement))
    acts.write(scene, decision, note=note, qualification=qualification.pk)
    return qualification


def judge_inquiries(lead_ids: Iterable[int] | None = None) -> int:
    """Judge inquiries (all, or these) by the active definition, 500 a transaction; answers how many qualified.

    Safe to run twice, in parallel and after a kill: a lead that is no inquiry any more is passed over.
    """
    version = active_version()
    if version is None:
        return 0
    inquiries = Lead.objects.filter(stage=INQUIRY, merged_into=None, anonymised_at=None)
    if lead_ids is not None:
        inquiries = inquiries.filter(pk__in=list(lead_ids))
    ids = list(inquiries.order_by("pk").values_list("pk", flat=True))
    return sum(_judge_batch(version, ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


@retried
@transaction.atomic
def _judge_batch(version: DefinitionVersion, lead_ids: list[int]) -> int:
    locked = acts.lock(lead_ids)
    at = database_now()
    rows = Lead.objects.filter(pk__in=locked, stage=INQUIRY).select_related("company").order_by("pk")
    facts = facts_of(rows, at)
    judged = {pk: judge_by(version, known) for pk, known in facts.items()}
    met = [pk for pk, judgement in judged.items() if judgement.verdict.met]
    for pk in met:
        handoff = locked[pk].handoffs.order_by("-cycle").first()
        store(Scene(locked[pk], handoff, None, at, None), basis=Basis.DEFINITION, judgement=judged[pk])
    return len(met)


def _motion(lead: Lead) -> str:
    return MOTIONS.get(lead.company.relation if lead.company else "", Motion.NEW)


def said(test: Leaf) -> str:
    """One test as a sentence, in the names that its words have now."""
    return wording.sentence(test, catalogue)[:300]


def findings(
    qualification: Qualification, judgement: Judgement, say: Callable[[Leaf], str] = said
) -> Iterable[QualificationFinding]:
    """The rows that keep what was found. A batch remembers what `say` answered."""
    return [
        QualificationFinding(
            qualification=qualification,
            position=position,
            path=finding.path[:120],
            fact=_subject(finding)[:100],
            wording=say(finding.test),
            met=finding.met,
            helps=finding.helps,
            value=wording.shown(finding.seen)[:300] if finding.seen is not None else "",
            seen_at=finding.seen_at,
            source=(finding.source or "")[:80],
        )
        for position, finding in enumerate(judgement.verdict.findings)
    ]


def _subject(finding: Finding) -> str:
    return getattr(finding.test, "fact", "touches")


def judge_by_new_version() -> int:
    """Judge all inquiries by the active version, once. Begun again after a kill; then marked as done."""
    version = active_version()
    if version is None or version.judged_at is not None:
        return 0
    qualified = judge_inquiries()
    DefinitionVersion.objects.filter(pk=version.pk).update(judged_at=database_now())
    return qualified
