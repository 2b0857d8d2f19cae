"""Reading definitions: the versions with their signatures, and a version as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from definitions.catalogue import catalogue
from definitions.engine import codec, wording
from definitions.engine.criteria import AllOf, AnyOf, Criterion, Not, Tree
from definitions.engine.scoring import DefinitionFile
from definitions.models import DefinitionVersion

GROUPS = {"lead": "Role", "company": "Fit", "attributes": "Fit", "score": "Score"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a criteria tree on screen: a join (ALL, ANY, NOT) with what is inside, or a sentence."""

    text: str
    tag: str = ""
    inside: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One line of the scoring table. `fades` and `cap` are empty for fit rules."""

    text: str
    points: str
    fades: str = ""
    cap: str = ""


def every_version() -> QuerySet[DefinitionVersion]:
    """Of both definitions, with signatures."""
    return DefinitionVersion.objects.prefetch_related("signatures__person")


def versions_of(key: str) -> QuerySet[DefinitionVersion]:
    """All versions of one definition, newest first, with signatures."""
    return every_version().filter(definition_id=key).select_related("created_by").order_by("-number")


def version_of(key: str, number: int | None = None) -> DefinitionVersion:
    """One version: that number, else the one in force, else the newest. Raises Http404."""
    versions = versions_of(key)
    if number is not None:
        found = versions.filter(number=number).first()
    else:
        found = versions.filter(status=DefinitionVersion.Status.ACTIVE).first() or versions.first()
    if found is None:
        raise Http404("There is no such version.")
    return found


def file_of(version: DefinitionVersion) -> DefinitionFile:
    """The parsed version. Raises CriteriaError when a fact it names is gone."""
    stored = {
        "criteria": version.criteria,
        "scoring": version.scoring or None,
        "grades": version.grades or None,
    }
    return codec.parse_file(stored, catalogue)


def criteria_lines(tree: Tree) -> Line:
    """The tree as sentences."""
    if isinstance(tree, AllOf | AnyOf):
        join = "ALL of these" if isinstance(tree, AllOf) else "ANY of these"
        return Line(join, inside=tuple(criteria_lines(part) for part in tree.parts))
    if isinstance(tree, Not):
        return Line("NOT", inside=(criteria_lines(tree.part),))
    tag = GROUPS.get(tree.fact.partition(".")[0], "") if isinstance(tree, Criterion) else "Intent"
    return Line(wording.sentence(tree, catalogue), tag)


def score_rules(definition: DefinitionFile) -> Iterator[ScoreRule]:
    """Fit rules first, then what was done lately."""
    for fit in definition.fit:
        yield ScoreRule(wording.describe(fit.when, catalogue), f"{fit.points:+}")
    for rule in definition.engagement:
        fades = f"halves in {rule.half_life_days} days" if rule.half_life_days else ""
        cap = f"at most {rule.cap}" if rule.cap is not None else ""
        yield ScoreRule(wording.touches(rule.touches, catalogue), f"{rule.points:+}", fades, cap)
