"""Loading an agreement from a file: calendars, reasons, definitions and a signed contract version, or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Team, User
from accounts.queries import person_by, standing_of, team_by
from calendars.models import Calendar
from calendars.queries import current_version
from calendars.services import create, revise
from common.database.moments import database_now
from common.database.watching import acting
from common.refusals import Invalid
from definitions.engine.shapes import CriteriaError
from leads.models import Reason
from sla.models import Commitment, Contract, ContractSignature, ContractVersion
from sla.queries.faces import calendar_of
from sla.queries.reasons import hours_a_day
from sla.services import contracts
from sla.services.agreed_definitions import Signers, definition_versions
from sla.services.agreement_file import Agreement, read
from sla.services.agreement_promise import ALWAYS, TEAM, Promise

WORKING_DAY = 8.0  # where nobody's hours say how long a day is
COMPARED = tuple(
    field.attname
    for field in Commitment._meta.concrete_fields
    if field.name not in ("id", "public_id", "version")
)


@dataclass(slots=True)
class Loaded:
    """What a file changed. A version that stood already stays as it is."""

    version: ContractVersion
    changed: bool
    done: list[str] = field(default_factory=list)


@transaction.atomic
def load(document: Any, *, at: datetime | None = None, by: User | None = None) -> Loaded:
    """Write what the file says. Raises Invalid: path in the file -> reason; then nothing was written."""
    acting(by.pk if by else None)
    now = at or database_now()
    with _said_as_invalid():
        file = read(document)
    start = file.effective_from or now
    done: list[str] = []
    signers = {side: _signer(side, email) for side, email in file.signed.items()}
    if len(set(signers.values())) < len(signers):
        raise Invalid({"/contract/signed": "Two people sign, one for each side."})
    _write_calendars(file, by, done)
    _write_teams(file, done)
    reasons = _write_reasons(file, done)
    definitions = definition_versions(file.definitions, signers, start, now)
    done += [f"{version} signed" for version in definitions.values() if version and version.created_at == now]
    plan = _Plan(file, start, now, by, signers)
    version, changed = _write_contract(plan, definitions, reasons)
    done.append(f"contract v{version.number} {'signed' if changed else 'unchanged'}")
    return Loaded(version, changed, done)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a contract version is made from."""

    file: Agreement
    start: datetime
    now: datetime
    by: User | None
    signers: Signers


@contextmanager
def _said_as_invalid() -> Iterator[None]:
    try:
        yield
    except CriteriaError as refusal:
        raise Invalid({refusal.path or "/": refusal.reason}) from refusal


def _signer(side: str, email: str) -> User:
    path = f"/contract/signed/{side}"
    person = person_by(email, field=path)
    if side not in standing_of(person).signs_for:
        raise Invalid({path: f"{person} manages no team of {side}, so cannot sign for it."})
    return person


def _write_calendars(file: Agreement, by: User | None, done: list[str]) -> None:
    for name, said in file.calendars.items():
        rules, names = dict(said), _holidays(said.get("holidays", []), f"/calendars/{name}/holidays")
        rules["holidays"] = []
        known = Calendar.objects.filter(name=name).first()
        key = by.pk if by else None
        before = current_version(known).pk if known else None
        try:
            if known is None:
                known = create(name, rules, holidays=names, by=key)
            else:
                revise(known, rules, holidays=names, by=key)
        except Invalid as refusal:
            raise Invalid({f"/calendars/{name}": "; ".join(refusal.errors.values())}) from refusal
        if current_version(known).pk != before:
            done.append(f"calendar {name}")


def _holidays(value: Any, path: str) -> dict[date, str]:
    """By day with their names, or days alone."""
    days = (
        value
        if isinstance(value, dict)
        else dict.fromkeys(value if isinstance(value, list) else (), "Holiday")
    )
    try:
        return {date.fromisoformat(day): str(name) for day, name in days.items()}
    except (TypeError, ValueError) as error:
        raise Invalid({path: "days are written 2026-12-25"}) from error


def _write_teams(file: Agreement, done: list[str]) -> None:
    for name, calendar in file.teams.items():
        team = team_by(name, field=f"/teams/{name}")
        works_by = _calendar(calendar, f"/teams/{name}")
        if team.calendar_id != works_by.pk:
            Team.objects.filter(pk=team.pk).update(calendar=works_by)
            done.append(f"team {name} works by {calendar}")


def _calendar(name: str, path: str) -> Calendar:
    found = Calendar.objects.filter(name=name, is_active=True).first()
    if found is None:
        raise Invalid({path: f"There is no calendar “{name}”."})
    return found


def _write_reasons(file: Agreement, done: list[str]) -> list[Reason]:
    """A changed reason is a new version; old rows keep their meaning. The contract cites all that are active.

    One that is known keeps its place in the lists unless the file names another.
    """
    for place, said in enumerate(file.reasons):
        known = Reason.objects.filter(verb=said["verb"], key=said["key"]).order_by("-version").first()
        fields = {"position": known.position if known else place, **said}
        if known and known.is_active and all(getattr(known, name) == value for name, value in fields.items()):
            continue
        Reason.objects.filter(verb=said["verb"], key=said["key"]).update(is_active=False)
        Reason.objects.create(version=known.version + 1 if known else 1, **fields)
        done.append(f"reason {said['verb']} {said['key']}")
    return list(Reason.objects.filter(is_active=True))


def _write_contract(
    plan: _Plan, definitions: Mapping[str, Any], reasons: list[Reason]
) -> tuple[ContractVersion, bool]:
    contract = contracts.locked_contract()
    version = ContractVersion(
        contract=contract, number=plan.file.number or contracts.next_number(contract),
        mql_version=definitions["mql"], sql_version=definitions["sql"], created_at=plan.now, created_by=plan.by,
        effective_from=plan.start, **plan.file.terms,
    )  # fmt: skip
    promises = _commitments(plan.file, version)
    standing = _standing(contract, plan.file.number)
    if standing is not None:
        if _says(standing, list(standing.commitments.all())) == _says(version, promises):
            return standing, False
        if plan.file.number is not None:
            raise Invalid({"/contract/version": f"{standing} is signed already and says something else."})
    version.save()
    version.reasons.set(reasons)
    Commitment.objects.bulk_create(promises)
    for side, person in plan.signers.items():
        ContractSignature.objects.create(
            version=version, side=side, person=person, at=min(plan.start, plan.now)
        )
    try:
        contracts.come_into_force(version, plan.start)
    except Invalid as refusal:
        raise Invalid({"/contract/effective_from": refusal.errors["effective_from"]}) from refusal
    return version, True


def _standing(contract: Contract, number: int | None) -> ContractVersion | None:
    """The signed version that the file may mean: that of its number, else the newest."""
    signed = contract.versions.filter(status=ContractVersion.Status.SIGNED)
    return signed.filter(number=number).first() if number else signed.order_by("-number").first()


def _says(version: ContractVersion, promises: list[Commitment]) -> tuple[object, ...]:
    """What two versions have in common when they say the same."""
    terms = (
        version.agreed_fields,
        version.counting_rules,
        version.pause_rules,
        version.alerts,
        version.review_on,
        version.note,
    )
    cited = (version.mql_version_id, version.sql_version_id)
    rows = sorted([_plain(getattr(promise, name)) for name in COMPARED] for promise in promises)
    return terms, cited, rows


def _plain(value: Any) -> str:
    """The same words for what the file says and what the database keeps: 0.9 is 0.9000, keys have no order."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return str(value.normalize() if isinstance(value, Decimal) else value)


def _commitments(file: Agreement, version: ContractVersion) -> list[Commitment]:
    places: Counter[str] = Counter()
    found = []
    for promise in file.promises:
        found.append(commitment_of(promise, version, places[promise.kind]))
        places[promise.kind] += 1
    return found


def commitment_of(promise: Promise, version: ContractVersion, position: int) -> Commitment:
    """The unsaved row of a promise, days turned into hours. Raises Invalid for an unknown calendar."""
    choice, calendar = _hours(promise)
    days = promise.target.days if promise.target else None
    target = days_in_hours(days, choice, calendar) if days else promise.target and promise.target.time
    return Commitment(
        version=version, kind=promise.kind, position=position, calendar_choice=choice, calendar=calendar,
        target=target, target_days=days, out_of_hours=promise.out_of_hours, **promise.columns,
    )  # fmt: skip


def _hours(promise: Promise) -> tuple[str, Calendar | None]:
    if promise.calendar == ALWAYS:
        return Commitment.CalendarChoice.ALWAYS, None
    if promise.calendar == TEAM:
        return Commitment.CalendarChoice.TEAM, None
    return Commitment.CalendarChoice.NAMED, _calendar(promise.calendar, f"{promise.path}/calendar")


def days_in_hours(days: int, choice: str, calendar: Calendar | None) -> timedelta:
    """Days become hours when both sides are to sign: working days of the calendar meant (domain section 6)."""
    if choice == Commitment.CalendarChoice.ALWAYS:
        return timedelta(days=days)
    answering = Team.objects.filter(is_active=True, function__in=["development", "sales"]).order_by(
        "position", "name"
    )
    first = answering.select_related("calendar").first()
    meant = calendar or (first.calendar if first else None)
    hours = hours_a_day(calendar_of(current_version(meant))) if meant else WORKING_DAY
    return timedelta(hours=hours * days)
