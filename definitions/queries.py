"""Reading definitions: the versions with their signatures, and a version as sentences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from definitions.catalogue import catalogue
from definitions.engine import codec, wording
from definitions.engine.changes import Asked, Changes, compare
from definitions.engine.criteria import AllOf, AnyOf, Criterion, Not, Tree
from definitions.engine.scoring import DefinitionFile
from definitions.models import DefinitionVersion

SAME = Changes()
COMING = (
    DefinitionVersion.Status.DRAFT, DefinitionVersion.Status.PROPOSED, DefinitionVersion.Status.SIGNED
)  # fmt: skip
GROUPS = {"lead": "Role", "company": "Fit", "attributes": "Fit", "score": "Score"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a criteria tree on screen: a join (ALL, ANY, NOT) with what is inside, or a sentence."""

    text: str
    tag: str = ""
    inside: tuple[Line, ...] = ()
    mark: str = ""  # Added or Changed, against the version in force
    was: str = ""


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


def fingerprint(version: DefinitionVersion) -> str:
    """The same for as long as nobody changes what the version says, or proposes it or takes it back."""
    said = [version.definition_id, version.number, version.status, version.criteria, version.scoring, version.grades,
            version.note, version.effective_from]  # fmt: skip
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:16]


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


def in_force_beside(version: DefinitionVersion) -> DefinitionVersion | None:
    """What a version that is not agreed yet would replace."""
    if version.status not in COMING:
        return None
    return versions_of(version.definition_id).filter(status=DefinitionVersion.Status.ACTIVE).first()


def criteria_lines(tree: Tree, changes: Changes = SAME, *, negated: bool = False) -> Line:
    """The tree as sentences, each marked where it changed."""
    if isinstance(tree, AllOf | AnyOf):
        join = "ALL of these" if isinstance(tree, AllOf) else "ANY of these"
        return Line(join, inside=tuple(criteria_lines(part, changes, negated=negated) for part in tree.parts))
    if isinstance(tree, Not):
        return Line("NOT", inside=(criteria_lines(tree.part, changes, negated=not negated),))
    tag = GROUPS.get(tree.fact.partition(".")[0], "") if isinstance(tree, Criterion) else "Intent"
    asked = Asked(tree, negated)
    before = changes.before(asked)
    was = wording.sentence(before.test, catalogue) if before else ""
    return Line(wording.sentence(tree, catalogue), tag, mark=changes.mark(asked), was=was)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version beside the one in force."""

    other: DefinitionVersion
    changes: Changes
    joined_otherwise: bool
    scores_otherwise: bool

    @property
    def gone(self) -> list[str]:
        """What would no longer be asked."""
        return [
            ("NOT: " if asked.negated else "") + wording.sentence(asked.test, catalogue)
            for asked in self.changes.removed
        ]

    @property
    def words(self) -> str:
        changes = self.changes
        counts = (
            (len(changes.changed), "changed"),
            (len(changes.added), "added"),
            (len(changes.removed), "removed"),
        )
        said = [f"{n} {word}" for n, word in counts if n]
        said += ["joined otherwise"] if self.joined_otherwise else []
        said += ["scoring changed"] if self.scores_otherwise else []
        return ", ".join(said) or "nothing changed"


def compared(version: DefinitionVersion, parsed: DefinitionFile, other: DefinitionVersion) -> Comparison:
    """What changes against `other`. Raises CriteriaError when a fact it names is gone."""
    before = file_of(other)
    changes = compare(parsed.criteria, before.criteria)
    return Comparison(
        other,
        changes,
        joined_otherwise=changes == SAME and parsed.criteria != before.criteria,
        scores_otherwise=(version.scoring, version.grades) != (other.scoring, other.grades),
    )


def score_rules(definition: DefinitionFile) -> Iterator[ScoreRule]:
    """Fit rules first, then what was done lately."""
    for fit in definition.fit:
        yield ScoreRule(wording.describe(fit.when, catalogue), f"{fit.points:+}")
    for rule in definition.engagement:
        fades = f"halves in {rule.half_life_days} days" if rule.half_life_days else ""
        cap = f"at most {rule.cap}" if rule.cap is not None else ""
        yield ScoreRule(wording.touches(rule.touches, catalogue), f"{rule.points:+}", fades, cap)
