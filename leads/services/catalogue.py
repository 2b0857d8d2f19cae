"""What leads are worked with: reasons, kinds of touches, campaigns and their briefs. History keeps old versions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import slugify

from accounts.models import User
from accounts.queries import standing_of
from common.database.moments import database_now
from common.database.naming import alone_in_naming
from common.database.watching import acting
from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import BriefVersion, Campaign, Reason, TouchKind

WITH_NEXT_STEP = (Reason.Verb.REJECT, Reason.Verb.SET_ASIDE)
WITH_ATTEMPTS = (Reason.Verb.DISQUALIFY, Reason.Verb.RECYCLE)


@dataclass(frozen=True, slots=True)
class ReasonFields:
    """What can be said about a reason."""

    label: str
    group: str = ""
    next_step: str = ""
    counts_against: str = Reason.CountsAgainst.NOBODY
    note_required: bool = False
    minimum_attempts: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class CampaignFields:
    """What can be said about a campaign."""

    name: str
    channel: str = ""
    budget: Decimal | None = None
    spend: Decimal = Decimal(0)
    starts_on: date | None = None
    ends_on: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class BriefFields:
    """What a campaign told its audience."""

    promise: str = ""
    audience: str = ""
    problem: str = ""
    message: str = ""
    avoid: str = ""


@transaction.atomic
def add_reason(verb: str, fields: ReasonFields, *, by: User) -> Reason:
    """A reason that was not there before. Raises NotAllowed or Invalid."""
    must_configure(by)
    if verb not in Reason.Verb.values:
        raise Invalid({"verb": "Choose what the reason is for."})
    _check_reason(verb, fields)
    alone_in_naming(Reason)
    _must_be_new(verb, fields.label)
    key = slugify(fields.label)[:60].replace("-", "_")
    if not key or Reason.objects.filter(verb=verb, key=key).exists():
        raise Invalid({"label": "There is already a reason of this name."})
    return Reason.objects.create(verb=verb, key=key, **asdict(fields))


@transaction.atomic
def revise_reason(reason: Reason, fields: ReasonFields, *, by: User) -> Reason:
    """A new version under the same key; what was closed with the old one keeps its meaning."""
    must_configure(by)
    row = _active(reason)
    _check_reason(row.verb, fields)
    if all(getattr(row, name) == value for name, value in asdict(fields).items()):
        return row
    alone_in_naming(Reason)
    _must_be_new(row.verb, fields.label, row.key)
    Reason.objects.filter(pk=row.pk).update(is_active=False)
    return Reason.objects.create(verb=row.verb, key=row.key, version=row.version + 1, **asdict(fields))


@transaction.atomic
def retire_reason(reason: Reason, *, by: User) -> None:
    """No longer offered. The last reason of a verb stays, or nobody could use the verb any more."""
    must_configure(by)
    row = _active(reason)
    if not Reason.objects.filter(verb=row.verb, is_active=True).exclude(pk=row.pk).exists():
        raise Conflict(f"“{row.label}” is the only reason left. Add another first.", state="last reason")
    Reason.objects.filter(pk=row.pk).update(is_active=False)


@transaction.atomic
def write_touch_kind(
    kind: TouchKind | None, *, label: str, hand_raise: bool, is_active: bool = True, by: User
) -> TouchKind:
    """Make a kind, or change one; its key never changes. What was judged already stays as it was."""
    must_configure(by)
    alone_in_naming(TouchKind)
    row = kind or TouchKind(key=slugify(label)[:60].replace("-", "_"))
    row.label = label.strip()
    if not row.label or not row.key:
        raise Invalid({"label": "Enter a name."})
    named = TouchKind.objects.filter(Q(key=row.key) | Q(label__iexact=row.label)).exclude(pk=row.pk)
    if named.exists():
        raise Invalid({"label": f"There is already a kind “{row.label}”."})
    row.hand_raise, row.is_active = hand_raise, is_active
    row.save()
    return row


@transaction.atomic
def create_campaign(fields: CampaignFields, *, by: User) -> Campaign:
    """Raises NotAllowed, or Invalid with one reason per field."""
    _must_be_marketing(by)
    alone_in_naming(Campaign)
    return _written(Campaign(slug=_free_slug(fields.name), created_at=database_now()), fields)


@transaction.atomic
def edit_campaign(campaign: Campaign, fields: CampaignFields, *, by: User) -> Campaign:
    _must_be_marketing(by)
    alone_in_naming(Campaign)
    return _written(Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk), fields)


@transaction.atomic
def publish_brief(campaign: Campaign, fields: BriefFields, *, by: User) -> BriefVersion:
    """The next wording. Handoffs made before keep the one their buyer saw."""
    _must_be_marketing(by)
    if not any(text.strip() for text in asdict(fields).values()):
        raise Invalid({"promise": "Write at least what was promised."})
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    current = campaign.briefs.first()
    if current and all(getattr(current, name) == text for name, text in asdict(fields).items()):
        return current
    number = (campaign.briefs.aggregate(last=Max("number"))["last"] or 0) + 1
    return BriefVersion.objects.create(
        campaign=campaign, number=number, published_at=database_now(), author=by, **asdict(fields)
    )


def _active(reason: Reason) -> Reason:
    row = Reason.objects.select_for_update(no_key=True).get(pk=reason.pk)
    if not row.is_active:
        raise Conflict("This reason was changed meanwhile. Open it again.", state="superseded")
    return row


def _must_be_new(verb: str, label: str, key: str = "") -> None:
    """Two reasons that read the same cannot be told apart in a list; what is no longer offered is in no list."""
    offered = Reason.objects.filter(verb=verb, is_active=True).exclude(key=key)
    if offered.filter(label__iexact=label.strip()).exists():
        raise Invalid({"label": f"There is already a reason “{label.strip()}”."})


def _check_reason(verb: str, fields: ReasonFields) -> None:
    errors = {}
    if not fields.label.strip():
        errors["label"] = "Enter a name."
    if verb in WITH_NEXT_STEP and not fields.next_step:
        errors["next_step"] = "Choose what happens to the lead."
    if verb not in WITH_NEXT_STEP and fields.next_step:
        errors["next_step"] = "Only reject and set aside have a next step."
    if verb == Reason.Verb.SET_ASIDE and fields.next_step == Reason.NextStep.FIX:
        errors["next_step"] = "What is set aside is not offered again: nurture or close."
    if verb not in WITH_ATTEMPTS and fields.minimum_attempts:
        errors["minimum_attempts"] = "Only disqualify and recycle can ask for attempts."
    if errors:
        raise Invalid(errors)


def _written(campaign: Campaign, fields: CampaignFields) -> Campaign:
    errors = {}
    name = fields.name.strip()
    if not name:
        errors["name"] = "Enter a name."
    elif Campaign.objects.filter(name__iexact=name).exclude(pk=campaign.pk).exists():
        errors["name"] = f"There is already a campaign “{name}”."
    if fields.starts_on and fields.ends_on and fields.ends_on < fields.starts_on:
        errors["ends_on"] = "Choose a day on or after the start."
    if errors:
        raise Invalid(errors)
    for field, value in asdict(fields).items():
        setattr(campaign, field, value)
    campaign.name = name
    campaign.save()
    return campaign


def _free_slug(name: str) -> str:
    base = slugify(name)[:150] or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def must_configure(by: User) -> None:
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change this.")
    acting(by.pk)


def _must_be_marketing(by: User) -> None:
    if not standing_of(by).is_marketing:
        raise NotAllowed("Only marketing, operations or an admin can change campaigns.")
