"""What a version of the contract says otherwise than the one before it, promise by promise and term by term."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from leads.models import Reason
from sla.engine import pause_terms
from sla.models import Commitment, ContractVersion
from sla.queries import terms
from sla.queries.cited_reasons import consequence
from sla.queries.rungs import mail_words
from sla.queries.terms import names_of, promises_of, term_of

Key = Callable[[Commitment], object]
MOST_REASONS = 8  # named one by one


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what an amendment changes; empty where there was, or is, nothing."""

    side: str
    name: str
    then: str
    now: str


def change_list(version: ContractVersion, before: ContractVersion | None) -> list[Change]:
    """Every promise and term that says something else than in the version before, in the order of the ledger."""
    rows, old = promises_of(version), promises_of(before) if before else []
    names, old_names = names_of(rows), names_of(old)
    pairs = _pairs(rows, old)
    found = []
    for row in rows:
        was = pairs.get(row.pk)
        then, now = _differing(was, row)
        if was and row.name != was.name:
            then = f"called {old_names[was.pk]}, {then}"
        if was is None or then != now:
            found.append(Change(row.side, names[row.pk], then, now))
    kept = {was.pk for was in pairs.values()}
    gone = [Change(row.side, old_names[row.pk], term_of(row).figure, "") for row in old if row.pk not in kept]
    return [*found, *gone, *_orders(rows, pairs, names), *_changed_terms(version, before)]


def _pairs(rows: Sequence[Commitment], old: Sequence[Commitment]) -> dict[int, Commitment]:
    """What each promise was before: the same name for the same leads, else the same name, else the same leads."""
    left, found = list(old), dict[int, Commitment]()
    keys: tuple[Key, ...] = (
        lambda row: (row.kind, row.name, _written(row)),
        lambda row: (row.kind, row.name),
        lambda row: (row.kind, _written(row)),
    )
    for key in keys:
        for row in rows:
            was = next((one for one in left if key(one) == key(row)), None)
            if was and row.pk not in found:
                found[row.pk] = was
                left.remove(was)
    return found


def _written(row: Commitment) -> str:
    return json.dumps(row.segment, sort_keys=True)


def _differing(was: Commitment | None, row: Commitment) -> tuple[str, str]:
    """Both figures, each with the small print that the other lacks."""
    now = _small_print(row)
    if was is None:
        return "", term_of(row).figure
    then = _small_print(was)
    return (
        ". ".join([term_of(was).figure, *(note for note in then if note not in now)]),
        ". ".join([term_of(row).figure, *(note for note in now if note not in then)]),
    )


def _small_print(row: Commitment) -> tuple[str, ...]:
    """With what the ledger leaves to the picture of the ladder."""
    warned = ", ".join(f"{percent}%" for percent in row.warnings)
    return (*term_of(row).notes, *([f"Warned at {warned}"] if warned else []))


def _orders(
    rows: Sequence[Commitment], pairs: dict[int, Commitment], names: dict[int, str]
) -> Iterator[Change]:
    """Kinds whose promises are tried in another order: the first that matches applies, so who gets what changes."""
    for kind in dict.fromkeys(row.kind for row in rows):
        stay = [row for row in rows if row.kind == kind and row.pk in pairs]
        before = sorted(stay, key=lambda row: pairs[row.pk].position)
        if before != stay:
            said = [", ".join(names[row.pk] for row in order) for order in (before, stay)]
            yield Change(stay[0].side, f"Order of {stay[0].get_kind_display()}", said[0], said[1])


def _changed_terms(version: ContractVersion, before: ContractVersion | None) -> Iterator[Change]:
    now, then = _terms(version), _terms(before) if before else {}
    for name, said in now.items():
        if said != then.get(name, ""):
            yield Change("", name, then.get(name, ""), said)
    cited, were = _reasons(version), _reasons(before) if before else []
    if set(cited) != set(were):
        yield Change("", "Reasons", _only(were, cited), _only(cited, were))


def _terms(version: ContractVersion) -> dict[str, str]:
    pauses = pause_terms.holds(version.pause_rules)
    return {
        "MQL": f"v{version.mql_version.number}" if version.mql_version else "",
        "SQL": f"v{version.sql_version.number}" if version.sql_version else "",
        "Counted for volume": terms.counting_words(version),
        "Agreed fields": ", ".join(terms.field_words(version)),
        "Reasons to pause": ", ".join(terms.pause_words(pauses.reasons or ())),
        "Longest pause": f"{pauses.cap / timedelta(hours=1):g} h" if pauses.cap else "",
        "Mail about clocks": mail_words(version),
        "Next review": f"{version.review_on:%-d %b %Y}" if version.review_on else "",
    }


def _reasons(version: ContractVersion) -> list[str]:
    """Each reason that it cites with what follows from it, so that a reason meant otherwise reads otherwise."""
    return [_reason(reason) for reason in version.reasons.all()]


def _reason(reason: Reason) -> str:
    follows = consequence(reason)
    return f"{reason.get_verb_display()}: {reason.label}" + (f", {follows}" if follows else "")


def _only(said: Iterable[str], other: Sequence[str]) -> str:
    """Those of one version that the other lacks; how many, where nobody would read them all."""
    mine = [words for words in said if words not in other]
    return "; ".join(mine) if len(mine) <= MOST_REASONS else f"{len(mine)} reasons"
