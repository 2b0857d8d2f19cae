"""Leads as such: capturing, editing, marking, setting aside, waking, commenting."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q

from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.database.retries import is_lost
from common.refusals import Conflict, Invalid, NotAllowed
from leads import events
from leads.engine import authority, identity, profile
from leads.engine.journey import OPEN, RECYCLED
from leads.engine.profile import Profile
from leads.models import Comment, ExternalId, Lead, LeadEvent
from leads.models.qualification import Basis
from leads.services import acts, attributes, judging, reasons, records

log = logging.getLogger(__name__)

BATCH = 500
BUDGET = timedelta(seconds=40)  # of waking; a tick comes every minute, and what is left is due with the next

MENTION = re.compile(r"@([^\s@,;:]+@[^\s@,;:]+\.[a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Captured:
    """The lead, and whether this call made it."""

    lead: Lead
    created: bool


def capture(
    fields: Mapping[str, Any], *, by: User, source: str = "form", at: datetime | None = None
) -> Captured:
    """Create or update one lead by external id, else e-mail, and judge it. Empty fields erase nothing.

    Who may not edit a known lead fills its empty fields only. `fields` are those of history files plus
    `attributes`. Raises NotAllowed (read-only people), Invalid (every wrong field), Conflict (the e-mail belongs
    to a lead with another external id).
    """
    if standing_of(by).is_read_only or not (standing_of(by).memberships or standing_of(by).may_configure):
        raise NotAllowed("Only marketing and sales can add leads.")
    try:
        return _capture(fields, by, source, at)
    except IntegrityError:
        # An import, which holds other locks, wrote the same person meanwhile. Now that lead is found (R23, R33).
        return _capture(fields, by, source, at)


@transaction.atomic
def _capture(fields: Mapping[str, Any], by: User, source: str, at: datetime | None) -> Captured:
    told = profile.read(fields, at or database_now())
    if not (told.email or told.text("external_id")):
        raise Invalid({"email": "Enter an e-mail address or an external id."})
    _hold(told)
    known = _known(told)
    lead = acts.lock([known.pk])[known.pk] if known else None
    records.hold_company(told, lead)
    now = at or database_now()  # once all is held: what waited is not dated before what it waited for (R4)
    news = told if _may_edit(by, lead) else records.gaps(told, lead)
    if lead is None:
        lead = records.create(news, source=source, at=now)
        _journal_created(lead, by, now)
    else:
        records.update(lead, news, source=source, at=now)
    judging.judge_one(acts.enter(lead.pk, by=by, at=at))
    return Captured(Lead.objects.get(pk=lead.pk), known is None)


def _may_edit(by: User, lead: Lead | None = None) -> bool:
    """Marketing and managers may say otherwise than what is known, of a lead also whoever holds it."""
    standing = standing_of(by)
    if standing.is_marketing or standing.is_manager:
        return True
    return lead is not None and lead.handoffs.filter(holder=by, status__in=OPEN).exists()


def _hold(told: Profile) -> None:
    """Twenty arrivals of one new person, or of one new company, at once make one (R33).

    The locks end with the transaction; they are taken in one order, before any row is locked, and the custom
    fields before any lead.
    """
    said = {
        "mail": identity.email_key(told.email),
        "id": told.text("external_id"),
        "domain": told.company_domain,
        "company": identity.name_key(told.text("company")),
    }
    with connection.cursor() as cursor:
        for name in sorted(f"{kind}:{value}" for kind, value in said.items() if value):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    attributes.settle(told.attributes)


def _known(told: Profile) -> Lead | None:
    """The lead of this external id, else of this e-mail. Raises Conflict where they contradict each other."""
    external = told.text("external_id")
    named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD, value=external)
    by_id = named.select_related("lead").first() if external else None
    found = records.lead_of_email(told.email) if told.email else None
    if by_id is not None and by_id.lead is not None:
        if found is not None and _surviving(found) != _surviving(by_id.lead):
            raise Conflict(f"This e-mail belongs to another lead, {found.name}.")
        return _surviving(by_id.lead)
    if found is not None and external:
        other = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD, lead=found).first()
        if other is not None:
            raise Conflict(f"This e-mail belongs to the lead with the external id “{other.value}”.")
    return _surviving(found) if found else None


def _surviving(lead: Lead) -> Lead:
    return lead.merged_into if lead.merged_into is not None else lead


def _journal_created(lead: Lead, by: User, at: datetime) -> None:
    events.record(
        [LeadEvent(kind=LeadEvent.Kind.CREATED, lead=lead, actor=by, at=lead.created_at, recorded_at=at)]
    )


@transaction.atomic
def edit(
    lead: Lead, fields: Mapping[str, Any], *, by: User, version: int, at: datetime | None = None
) -> Lead:
    """Change what is known of a lead; what is given empty is emptied.

    Raises NotAllowed, Invalid, or Conflict: edited since `version` (I10).
    """
    told = _asked(fields, at or database_now(), lead, by)
    row = acts.lock([lead.pk])[lead.pk]
    records.hold_company(told, row)
    now = at or database_now()  # once all is held: what waited is not dated before what it waited for (R4)
    if row.version != version:
        raise Conflict("Someone changed this lead while you were editing it.", state=row.stage)
    _refuse_emails(row, fields, told)
    clears = {*fields, *(f"attributes.{name}" for name in fields.get("attributes") or ())}
    records.update(row, told, source="edit", at=now, clears=frozenset(clears))
    return row


def _asked(fields: Mapping[str, Any], now: datetime, lead: Lead, by: User) -> Profile:
    """The fields, once the person may change this lead; what they name is held before the lead is."""
    if standing_of(by).is_read_only or not _may_edit(by, lead):
        raise NotAllowed("Marketing, the holder and managers can edit this lead.")
    told = profile.read(fields, now)
    _hold(told)
    return told


def _refuse_emails(lead: Lead, fields: Mapping[str, Any], told: Profile) -> None:
    """By its e-mail a lead is recognised: nobody takes it away, nor another lead's."""
    if "email" in fields and not told.email and lead.emails.exists():
        raise Invalid({"email": "Enter the address to use instead; a lead keeps one."})
    owner = records.lead_of_email(told.email) if told.email else None
    if owner is not None and owner.pk != lead.pk:
        raise Invalid({"email": f"This e-mail belongs to {owner.name}."})


@transaction.atomic
def mark_mql(lead: Lead, *, by: User, reason: str, note: str = "", at: datetime | None = None) -> Lead:
    """Marketing qualifies an inquiry by hand, for a stated reason."""
    scene = acts.enter(lead.pk, by=by, at=at)
    authority.may_try("mql", standing_of(by), None)
    if scene.lead.stage != "inquiry":
        raise Conflict(
            "Only an inquiry can be marked as MQL.", state=scene.lead.stage, at=scene.lead.stage_at
        )
    chosen = reasons.chosen("mark_mql", reason, note=note)
    judging.store(scene, basis=Basis.MANUAL, data={"reason": chosen.key if chosen else ""}, note=note)
    return scene.lead


@transaction.atomic
def set_aside(
    lead: Lead,
    *,
    by: User,
    reason: str,
    until: date | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Lead:
    """Marketing sets an MQL aside: recycled until a date, or for good where the reason says so."""
    scene = acts.enter(lead.pk, by=by, at=at)
    authority.may_try("set_aside", standing_of(by), None)
    if until is not None and until <= scene.at.astimezone(acts.reporting_zone()).date():
        raise Invalid({"until": "Choose a day after today."})
    chosen = reasons.chosen("set_aside", reason, note=note)
    stage = RECYCLED if until or (chosen and chosen.next_step == "nurture") else ""
    data = {"reason": chosen.key if chosen else ""} | ({"until": until.isoformat()} if until else {})
    acts.decide_and_write(scene, "set_aside", note=note, build=lambda scene: {"stage": stage, "data": data})
    return scene.lead


@transaction.atomic
def wake(lead: Lead, *, by: User | None, note: str = "", at: datetime | None = None) -> Lead:
    """A recycled (or, by hand, disqualified) lead is an inquiry again, and is judged again."""
    scene = acts.enter(lead.pk, by=by, at=at)
    if by is not None:
        authority.may_try("wake", standing_of(by), None)
    acts.decide_and_write(scene, "wake", note=note)
    judging.judge_one(acts.enter(lead.pk, by=by, at=at))
    return scene.lead


def wake_due(at: datetime | None = None, batch: int = BATCH) -> int:
    """Wake every recycled lead whose date has come; answers how many. Safe to run twice and in parallel.

    One that cannot be woken, such as by hours that never open, is left for the next time and stops no other (R20).
    """
    ends, woken, stuck = time.monotonic() + BUDGET.total_seconds(), 0, list[tuple[int, Invalid]]()
    for lead in _due(at or database_now(), batch):
        if time.monotonic() > ends:
            break
        try:
            woken += _wake_one(lead, at)
        except Invalid as refused:
            stuck.append((lead.pk, refused))
    if stuck:
        log.error("%s leads could not be woken, first lead %s: %s", len(stuck), *stuck[0])
    return woken


def _due(now: datetime, batch: int) -> Iterator[Lead]:
    """Each lead whose date has come once, the longest due first, however many stay due."""
    due = Lead.objects.filter(stage=RECYCLED, wake_at__lte=now, merged_into=None).order_by("wake_at", "pk")
    leads = list(due[:batch])
    while leads:
        yield from leads
        last = leads[-1]
        later = due.filter(Q(wake_at__gt=last.wake_at) | Q(wake_at=last.wake_at, pk__gt=last.pk))
        leads = list(later[:batch])


def _wake_one(lead: Lead, at: datetime | None) -> bool:
    try:
        wake(lead, by=None, at=at)
    except Conflict:
        return False  # someone else woke it meanwhile
    except OperationalError as error:
        if not is_lost(error):
            raise
        return False  # somebody works on it; it is still due with the next tick (R23)
    return True


@transaction.atomic
def comment(lead: Lead, text: str, *, by: User, at: datetime | None = None) -> Comment:
    """Say something both teams can read; people named as @their@e.mail are told."""
    if standing_of(by).is_read_only:
        raise NotAllowed("Read-only people cannot comment.")
    if not text.strip():
        raise Invalid({"text": "Write something first."})
    if len(text) > 5_000 or "\x00" in text:
        raise Invalid({"text": "Write at most 5,000 characters."})
    now = at or database_now()
    row = Comment.objects.create(lead=lead, by=by, at=now, text=text.strip())
    named = {address.lower() for address in MENTION.findall(text)}
    row.mentions.set(User.objects.filter(email__in=named, is_active=True))
    outbox.leave("comment.made", row.pk, at=now, payload={"lead": lead.pk})
    return row
