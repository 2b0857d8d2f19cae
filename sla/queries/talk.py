"""What was said and done about a version of the contract, as one thread, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from sla.models import ContractSignature, ContractStep, ContractVersion
from sla.queries.terms import names_of, promises_of

Kind = ContractStep.Kind
SIDES = {"marketing": "Marketing", "sales": "Sales"}
DID = {Kind.PROPOSED: "proposed it", Kind.SIGNED: "signed it", Kind.SENT_BACK: "sent it back"}


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the thread: something said, something done, or both at once."""

    at: datetime
    by: User
    side: str
    act: str = ""
    about: str = ""
    text: str = ""
    void: str = ""


def discussion_of(version: ContractVersion) -> list[Said]:
    """Three queries, however long it is."""
    told = [
        Said(remark.at, remark.by, remark.side, about=remark.about, text=remark.text)
        for remark in version.remarks.filter(step=None).select_related("by")
    ]
    return sorted([*told, *_done(version)], key=lambda entry: entry.at)


def remark_count(version: ContractVersion) -> int:
    return version.remarks.count()


def proposal_of(version: ContractVersion) -> ContractStep | None:
    """By whom it was proposed last."""
    return version.steps.filter(kind=Kind.PROPOSED).select_related("by").last()


def last_step(version: ContractVersion) -> ContractStep | None:
    return version.steps.select_related("by").last()


def promise_names(version: ContractVersion) -> list[str]:
    """What a remark can be about, each once, in the order of the ledger."""
    return list(names_of(promises_of(version)).values())


def _done(version: ContractVersion) -> list[Said]:
    """Each step, with what was said at it, and the signatures that a step back made void."""
    signed: list[str] = []
    author: int | None = None
    found = []
    for step in version.steps.select_related("by", "remark"):
        remark, void, act = getattr(step, "remark", None), "", DID[Kind(step.kind)]
        if step.kind == Kind.PROPOSED:
            author = step.by_id
        elif step.kind == Kind.SENT_BACK:
            void, signed = " and ".join(signed), []
            act = "took it back" if step.by_id == author else act
        elif step.kind == Kind.SIGNED:
            signed = [*signed, SIDES[step.side]]
        text = remark.text if remark else ""
        found.append(Said(step.at, step.by, step.side, act, text=text, void=void))
    return found + [
        Said(one.at, one.person, side, DID[Kind.SIGNED])
        for side, one in signatures_of(version).items()
        if SIDES[side] not in signed  # signed elsewhere and loaded from an agreement file
    ]


def signatures_of(version: ContractVersion) -> dict[str, ContractSignature]:
    """Those that stand, by side."""
    return {signature.side: signature for signature in version.signatures.select_related("person")}
