"""What one tree asks that another did not: tests added, changed and no longer asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from definitions.engine.criteria import AllOf, AnyOf, Criterion, Leaf, Not, Tree


@dataclass(frozen=True, slots=True)
class Asked:
    """One test where it stands: under an odd number of NOTs it must not be met."""

    test: Leaf
    negated: bool

    @property
    def about(self) -> object:
        """Two tests about the same are one that changed."""
        test = self.test
        return (test.fact if isinstance(test, Criterion) else test.touches.kind), self.negated


@dataclass(frozen=True, slots=True)
class Changes:
    """`changed` pairs what is asked now with what was asked before."""

    added: tuple[Asked, ...] = ()
    changed: tuple[tuple[Asked, Asked], ...] = ()
    removed: tuple[Asked, ...] = ()

    def mark(self, asked: Asked) -> str:
        if asked in self.added:
            return "Added"
        return "Changed" if self.before(asked) else ""

    def before(self, asked: Asked) -> Asked | None:
        return next((old for new, old in self.changed if new == asked), None)


def compare(now: Tree, before: Tree) -> Changes:
    """Each test that stands in one tree only; two about the same fact or touches are paired in their order."""
    new, gone = list(asked_in(now)), list(asked_in(before))
    fresh = [asked for asked in new if asked not in gone]
    gone = [asked for asked in gone if asked not in new]
    changed = []
    for asked in list(fresh):
        old = next((other for other in gone if other.about == asked.about), None)
        if old is not None:
            changed.append((asked, old))
            fresh.remove(asked)
            gone.remove(old)
    return Changes(tuple(fresh), tuple(changed), tuple(gone))


def asked_in(tree: Tree, *, negated: bool = False) -> Iterator[Asked]:
    """Every test of a tree in reading order."""
    if isinstance(tree, AllOf | AnyOf):
        for part in tree.parts:
            yield from asked_in(part, negated=negated)
    elif isinstance(tree, Not):
        yield from asked_in(tree.part, negated=not negated)
    else:
        yield Asked(tree, negated)
