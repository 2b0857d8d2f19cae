"""`qualify --explain LEAD`: what the definition in force says of one lead now, test by test. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.database.moments import database_now
from definitions.engine import wording
from definitions.engine.criteria import Finding
from leads.facts import facts_of
from leads.models import Lead, Stage
from leads.queries import lead_called
from leads.services import judging
from leads.services.judging import Judgement


class Command(BaseCommand):
    help = "Say whether a lead meets the MQL definition in force, and why. Nothing is written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--explain", required=True, metavar="LEAD", help="its id, external id or e-mail address"
        )

    def handle(self, *args: Any, explain: str, **options: Any) -> None:
        lead, version = lead_called(explain), judging.active_version()
        if lead is None:
            raise CommandError(f"There is no lead “{explain}”.")
        if version is None:
            raise CommandError("No MQL definition is in force.")
        facts = facts_of([lead], database_now())[lead.pk]
        for line in _lines(lead, judging.judge_by(version, facts)):
            self.stdout.write(line)


def _lines(lead: Lead, judgement: Judgement) -> Iterator[str]:
    verdict, score = judgement.verdict, judgement.score
    yield f"{lead.name}: {'meets' if verdict.met else 'does not meet'} {judgement.version}"
    if lead.stage != Stage.INQUIRY:
        yield f"Stage {lead.get_stage_display()}: only an inquiry qualifies by itself."
    yield from map(_of_finding, verdict.findings)
    if judgement.version.scoring or judgement.version.grades:
        grade = f", grade {score.grade}" if score.grade else ""
        yield f"Score {score.total}: fit {score.fit}, engagement {score.engagement}{grade}"


def _of_finding(finding: Finding) -> str:
    """What was asked, what was seen, and since when and from where it is known; a test below `not` says so."""
    word = "met" if finding.met else "not met"
    wanted = " (must not be met)" if finding.negated else ""
    since = f"since {finding.seen_at:%Y-%m-%d %H:%M} UTC" if finding.seen_at else ""
    told = ", ".join(filter(None, [wording.shown(finding.seen), since, finding.source]))
    return f"{word:8} {judging.said(finding.test)}{wanted}: {told}"
