"""Recording many touches: known ones are left, nothing is judged, nobody is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from leads.batch import creation, rows
from leads.batch.drafts import UNCHANGED, Result, TouchDraft, refused
from leads.models import ExternalId, Lead, LeadEmail, Touch
from leads.services import acts


class LeadNames:
    """The leads behind external ids and e-mails; a merged lead lives on in another."""

    def __init__(self, ids: Collection[str], mails: Collection[str] = ()) -> None:
        named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD, value__in=ids)
        mailed = LeadEmail.objects.filter(key__in=mails)
        self.by_id = _living(named.values_list("value", "lead_id", "lead__merged_into_id"))
        self.by_mail = _living(mailed.values_list("key", "lead_id", "lead__merged_into_id"))


def _living(found: Collection[tuple[str, int, int | None]]) -> dict[str, int]:
    return {name: into or lead for name, lead, into in found}


def add(drafts: Sequence[TouchDraft], *, at: datetime) -> dict[int, Result]:
    """Write touches in the caller's transaction; one result a line.

    Known are those of a known external id and, without one, those that say the same of the same lead and moment.
    """
    batch = _Batch(drafts, at)
    results = {draft.line: batch.add(draft) for draft in drafts}
    batch.write()
    return results


Said = tuple[int, int, datetime, int | None, str]


class _Batch:
    def __init__(self, drafts: Sequence[TouchDraft], at: datetime) -> None:
        self._at = at
        self._leads = acts.lock({draft.lead for draft in drafts})
        self._keys = rows.Keys(Touch)
        names = {draft.external_id for draft in drafts} - {""}
        named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.TOUCH, value__in=names)
        self._named = {row.value: row.touch for row in named.select_related("touch") if row.touch}
        known = Touch.objects.filter(lead__in=self._leads)
        self._said: set[Said] = set(known.values_list("lead_id", "kind_id", "at", "campaign_id", "detail"))
        self._new: list[Touch] = []
        self._ids: list[ExternalId] = []
        self._changed: dict[int, Touch] = {}
        self._moved: dict[int, datetime] = {}

    def add(self, draft: TouchDraft) -> Result:
        known = self._named.get(draft.external_id)
        if known is not None:
            return self._tell(known, draft)
        said: Said = (draft.lead, draft.kind, draft.at, draft.campaign, draft.detail)
        if said in self._said and not draft.external_id:
            return UNCHANGED
        self._said.add(said)
        self._store(draft)
        self._created_before(self._leads[draft.lead], draft.at)
        return Result("created", lead=draft.lead)

    def write(self) -> None:
        rows.insert(self._new)
        new = {touch.pk for touch in self._new}
        rows.update([row for pk, row in self._changed.items() if pk not in new], ["campaign", "detail"])
        rows.insert(self._ids)
        moved = [self._leads[pk] for pk in self._moved]
        rows.update(moved, ["created_at"])
        moves = [creation.Move(lead.pk, self._moved[lead.pk], lead.created_at) for lead in moved]
        creation.move_what_was_known(moves)

    def _tell(self, touch: Touch, draft: TouchDraft) -> Result:
        """A known touch may be told its campaign and detail; whose it is, what and when, stays."""
        if (touch.lead_id, touch.kind_id, touch.at) != (draft.lead, draft.kind, draft.at):
            return refused("external_id", "Another lead, kind or time is recorded under this id.")
        said = {"campaign_id": draft.campaign, "detail": draft.detail}
        news = {name: value for name, value in said.items() if value and getattr(touch, name) != value}
        if not news:
            return UNCHANGED
        for name, value in news.items():
            setattr(touch, name, value)
        self._changed[touch.pk] = touch
        return Result("updated", lead=draft.lead)

    def _store(self, draft: TouchDraft) -> None:
        touch = Touch(
            pk=self._keys.next(),
            lead_id=draft.lead,
            kind_id=draft.kind,
            campaign_id=draft.campaign,
            at=draft.at,
            recorded_at=self._at,
            detail=draft.detail,
        )
        self._new.append(touch)
        if draft.external_id:
            self._named[draft.external_id] = touch
            self._ids.append(ExternalId(kind=ExternalId.Kind.TOUCH, value=draft.external_id, touch=touch))

    def _created_before(self, lead: Lead, at: datetime) -> None:
        """A touch before an assumed moment of creation moves it; a given one stays."""
        if at < lead.created_at and lead.created_at_assumed:
            self._moved.setdefault(lead.pk, lead.created_at)
            lead.created_at = at
