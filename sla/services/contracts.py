"""Agreeing on the contract: drafted, proposed, signed by both sides, in force until the next version."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.database.naming import alone_in_naming
from common.database.watching import acting
from common.refusals import Conflict, Invalid, NotAllowed
from definitions.models import DefinitionVersion
from definitions.services.signing import side_to_sign
from leads.models import Reason
from sla.models import Commitment, Contract, ContractSignature, ContractStep, ContractVersion
from sla.queries.contracts import contract_in_force, fingerprint, review_is_due
from sla.services.agreement_promise import FOR_PERIODS
from sla.services.recompute.requests import amend

__all__ = [
    "choose_for_running",
    "come_into_force",
    "contract_in_force",
    "draft",
    "locked_contract",
    "locked_draft",
    "locked_version",
    "may_draft",
    "must_draft",
    "next_number",
    "note_step",
    "propose",
    "sign",
]

Status, Step = ContractVersion.Status, ContractStep.Kind
PROPOSED, SIGNED = "contract.proposed", "contract.signed"
SIDES = ("marketing", "sales")
FARTHEST_START = timedelta(days=366)
CITED = (
    "mql_version",
    "sql_version",
    "agreed_fields",
    "counting_rules",
    "pause_rules",
    "alerts",
    "review_on",
)


@transaction.atomic
def draft(*, by: User, at: datetime | None = None) -> ContractVersion:
    """A new draft with what the version in force says, and the reasons as they are given now.

    A review whose day has come is left out.
    """
    must_draft(by)
    contract = locked_contract()
    now = at or database_now()
    before = contract_in_force(now)
    version = ContractVersion(contract=contract, number=next_number(contract), created_at=now, created_by=by)
    for name in CITED if before else ():
        setattr(version, name, getattr(before, name))
    if review_is_due(version, now):
        version.review_on = None
    if before is None:
        version.mql_version, version.sql_version = _definition("mql"), _definition("sql")
    version.save()
    _cite_reasons(version)
    if before:
        Commitment.objects.bulk_create(
            _copied(commitment, version) for commitment in before.commitments.all()
        )
    return version


@transaction.atomic
def propose(version: ContractVersion, *, by: User, at: datetime | None = None) -> ContractVersion:
    """Put a draft before both sides; nobody signs by proposing."""
    must_draft(by)
    row = locked_draft(version)
    if not row.commitments.exists():
        raise Invalid({"": "A contract promises something."})
    _must_be_judged(row)
    _cite_reasons(row)
    row.status = Status.PROPOSED
    row.save(update_fields=["status"])
    step = note_step(row, Step.PROPOSED, by=by, side=standing_of(by).side, at=at or database_now())
    outbox.leave(PROPOSED, step.pk, at=step.at)
    return row


@transaction.atomic
def choose_for_running(version: ContractVersion, *, also: bool, by: User) -> ContractVersion:
    """Whether clocks that run go over to this version. Both sign the same choice: after a signature it stays."""
    must_draft(by)
    row = locked_version(version)
    if row.status == Status.SIGNED:
        raise Conflict(f"{row} is signed.", state=row.status)
    if row.signatures.exists():
        raise Conflict(f"One side has signed {row} as it is. Make it a draft again first.", state=row.status)
    row.also_running = also
    row.save(update_fields=["also_running"])
    return row


def locked_version(version: ContractVersion) -> ContractVersion:
    return ContractVersion.objects.select_for_update().get(pk=version.pk)


def locked_draft(version: ContractVersion) -> ContractVersion:
    """The row, locked. Raises Conflict for what is proposed or signed already: that is not edited."""
    row = locked_version(version)
    if row.status != Status.DRAFT:
        raise Conflict(f"{row} is {row.get_status_display().lower()}, not a draft.", state=row.status)
    return row


def note_step(version: ContractVersion, kind: str, *, by: User, side: str, at: datetime) -> ContractStep:
    """One line of the version's journal."""
    return ContractStep.objects.create(version=version, kind=kind, by=by, side=side, at=at)


def may_draft(by: User) -> bool:
    standing = standing_of(by)
    return standing.may_configure or (standing.is_manager and not standing.is_read_only)


@transaction.atomic
def sign(
    version: ContractVersion,
    *,
    by: User,
    side: str = "",
    starts: datetime | None = None,
    seen: str = "",
    at: datetime | None = None,
) -> ContractVersion:
    """Sign for one's own side. With both signatures it comes into force at its start, which lies ahead, or now.

    The first to sign may name the start; who signs second signs for that start. `seen` is the wording read.
    Raises NotAllowed (nobody signs for the other side), Conflict (not proposed, or signed before), Invalid.
    """
    row = locked_version(version)
    now = at or database_now()
    asked = side_to_sign(row, by, side)
    acting(by.pk)
    if seen and fingerprint(row) != seen:
        raise Conflict(f"{row} was changed meanwhile. Read it again before you sign.", state=row.status)
    _must_start(row, starts, now)
    ContractSignature.objects.create(version=row, side=asked, person=by, at=now)
    step = note_step(row, Step.SIGNED, by=by, side=asked, at=now)
    outbox.leave(SIGNED, step.pk, at=now)
    start = starts or row.effective_from
    if row.signatures.count() == len(SIDES):
        _must_cite_what_is_agreed(row)
        come_into_force(row, max(start or now, now))
    elif starts is not None:
        row.effective_from = starts
        row.save(update_fields=["effective_from"])
    return row


def _must_start(version: ContractVersion, starts: datetime | None, now: datetime) -> None:
    if starts is None:
        return
    agreed = version.effective_from
    if agreed is not None and starts != agreed:
        raise Invalid({"starts": f"The other side signed for {_local(agreed)}."})
    if agreed is None and starts < now:
        raise Invalid({"starts": "A contract starts now or later."})
    if agreed is None and starts > now + FARTHEST_START:
        raise Invalid({"starts": "A contract starts within a year. Until it does, no other can be signed."})


def _must_cite_what_is_agreed(version: ContractVersion) -> None:
    for cited in (version.mql_version, version.sql_version):
        if cited is not None and cited.status in (
            DefinitionVersion.Status.DRAFT,
            DefinitionVersion.Status.PROPOSED,
        ):
            raise Invalid({"": f"{cited} is cited and not signed by both sides yet. Sign it first."})


def come_into_force(version: ContractVersion, start: datetime) -> None:
    """The version before it ends where this one begins; from now on neither can be edited."""
    signed = ContractVersion.objects.select_for_update().filter(
        contract=version.contract, status=Status.SIGNED
    )
    later = signed.filter(effective_from__gte=start).order_by("effective_from").first()
    if later is not None:
        raise Invalid({"effective_from": f"{later} is in force from {_local(later.effective_from)} on."})
    signed.filter(effective_until=None).update(effective_until=start)
    version.status, version.effective_from = Status.SIGNED, start
    version.save(update_fields=["status", "effective_from"])
    amend(version, start)


def _local(at: datetime | None) -> str:
    """By the reader's clock, as the field beside it is filled in."""
    return f"{localtime(at):%-d %B %Y, %H:%M}" if at else ""


def locked_contract() -> Contract:
    """The contract, locked until the transaction ends: whoever numbers a version meanwhile waits for this one."""
    alone_in_naming(Contract)  # before the first draft there is no row to lock
    contract, _ = Contract.objects.select_for_update().get_or_create()
    return contract


def next_number(contract: Contract) -> int:
    newest = contract.versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


def must_draft(by: User) -> None:
    if not may_draft(by):
        raise NotAllowed("Operations and managers draft and propose contracts.")
    acting(by.pk)


def _definition(key: str) -> DefinitionVersion | None:
    """The wording in force."""
    active = DefinitionVersion.Status.ACTIVE
    return DefinitionVersion.objects.filter(definition=key, status=active).first()


def _must_be_judged(version: ContractVersion) -> None:
    """A promise for periods without a figure or a period would stand in the contract, and nothing would judge it."""
    for row in version.commitments.filter(kind__in=FOR_PERIODS):
        figure = row.amount if row.kind in Commitment.SUMS else row.goal
        if figure is None or not row.period:
            lacks = (
                "how much it promises"
                if figure is None
                else "whether it is judged by the month or the quarter"
            )
            raise Invalid({"": f"“{row.name}” does not say {lacks}. Open it and write that, or remove it."})


def _cite_reasons(version: ContractVersion) -> None:
    """Those that can be given now. Settings word them; what both sides sign by is listed as a change."""
    version.reasons.set(Reason.objects.filter(is_active=True))


def _copied(commitment: Commitment, version: ContractVersion) -> Commitment:
    kept = {field.name for field in Commitment._meta.concrete_fields} - {"id", "public_id", "version"}
    return Commitment(version=version, **{name: getattr(commitment, name) for name in kept})
