"""What the SQL definition in force says of a lead now: answered by data, or left for a person to say."""

from __future__ import annotations

from dataclasses import dataclass

from common.moments import database_now
from definitions.catalogue import catalogue
from definitions.engine import wording
from definitions.models import DefinitionVersion
from leads.facts import facts_of
from leads.models import Lead
from leads.services import judging


@dataclass(frozen=True, slots=True)
class Known:
    """One criterion, whether data meets it, and the value seen."""

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


def _known(finding: object) -> Known:
    test, met, seen = (getattr(finding, name) for name in ("test", "met", "seen"))
    return Known(wording.sentence(test, catalogue), met, "" if seen is None else wording.shown(seen))
