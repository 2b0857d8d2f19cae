"""What the SQL definition in force says of a lead now: answered by data, or left for a person to say."""

from __future__ import annotations

from dataclasses import dataclass

from common.database.moments import database_now
from definitions.catalogue import catalogue
from definitions.engine import wording
from definitions.engine.criteria import Finding
from definitions.models import DefinitionVersion
from leads.facts import facts_of
from leads.models import Lead
from leads.services import judging


@dataclass(frozen=True, slots=True)
class Known:
    """One criterion as it must be, whether data says so, and the value seen."""

    words: str
    met: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """All of them, by one version; empty before there is one."""

    version: DefinitionVersion | None
    known: tuple[Known, ...]

    @property
    def by_hand(self) -> list[str]:
        return [one.words for one in self.known if not one.met]


def sql_criteria(lead_id: int) -> Criteria:
    version = judging.active_version("sql")
    if version is None:
        return Criteria(None, ())
    at = database_now()
    lead = Lead.objects.select_related("company").get(pk=lead_id)
    findings = judging.judge_by(version, facts_of([lead], at)[lead.pk]).verdict.findings
    return Criteria(version, tuple(_known(one) for one in findings))


def _known(finding: Finding) -> Known:
    """Under a `not` a test that is not met speaks for the lead."""
    words = wording.sentence(finding.test, catalogue)
    seen = "" if finding.seen is None else wording.shown(finding.seen)
    return Known(words if finding.met == finding.helps else f"Not: {words}", finding.helps, seen)
