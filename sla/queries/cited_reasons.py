"""The reasons that a version of the contract cites, with what follows from each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leads.models import Reason
from sla.models import ContractVersion


@dataclass(frozen=True, slots=True)
class CitedReason:
    """One reason and what follows from it, if anything does."""

    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class OfVerb:
    """What can be given as the reason of one act."""

    verb: str
    reasons: tuple[CitedReason, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """Act by act, as they are offered. `outdated`: those that settings dropped or worded anew since."""

    verbs: tuple[OfVerb, ...]
    count: int
    outdated: int


def cited_by(version: ContractVersion) -> Cited:
    """One query."""
    rows = list(version.reasons.all())
    found = [
        OfVerb(label, tuple(CitedReason(row.label, consequence(row)) for row in rows if row.verb == verb))
        for verb, label in Reason.Verb.choices
    ]
    outdated = sum(not row.is_active for row in rows)
    return Cited(tuple(one for one in found if one.reasons), len(rows), outdated)


def consequence(reason: Reason) -> str:
    """Empty where nothing follows from it: "counts against marketing, then nurture, with a note"."""
    return ", ".join(_parts(reason))


def _parts(reason: Reason) -> Iterable[str]:
    if reason.counts_against != Reason.CountsAgainst.NOBODY:
        yield f"counts against {reason.counts_against}"
    if reason.next_step:
        yield f"then {reason.get_next_step_display().lower()}"
    if reason.note_required:
        yield "with a note"
    if reason.minimum_attempts:
        yield f"after {reason.minimum_attempts} attempts"
