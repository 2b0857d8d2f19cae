"""Which lead each row of a batch speaks of: by external id, else by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leads.batch import rows
from leads.batch.drafts import LeadDraft, Result, refused
from leads.engine.identity import email_key
from leads.models import ExternalId, Lead, LeadEmail, LeadPhone
from leads.services import acts


@dataclass
class Slot:
    """One lead of a batch, its addresses and ids, and every row that speaks of it."""

    lead: Lead
    is_new: bool
    external_ids: set[str] = field(default_factory=set)
    emails: dict[str, str] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)
    email: str | None = None  # the one to use until the rows are heard
    phone: str | None = None
    named: str = ""  # an external id that it has or is given here
    drafts: list[LeadDraft] = field(default_factory=list)


class Register:
    """Finds the slot of each row and locks the leads that are known; a new lead gets a slot of its own."""

    def __init__(self, drafts: Sequence[LeadDraft]) -> None:
        self._keys = rows.Keys(Lead)
        self._by_id: dict[str, Slot] = {}
        self._by_mail: dict[str, Slot] = {}
        self.slots = self._known(drafts)

    def place(self, draft: LeadDraft, at: datetime) -> Result | None:
        """Put the row into its slot, a new one as of `at`, or say why it has none."""
        external, key = draft.told.text("external_id"), _key(draft)
        named, mailed = self._by_id.get(external), self._by_mail.get(key)
        if named and mailed and named is not mailed:
            return refused("email", "This e-mail belongs to another lead.")
        slot = named or mailed
        if slot and not named and external and slot.named:
            return refused("email", f"This e-mail belongs to the lead with the external id “{slot.named}”.")
        slot = slot or self._new(draft, at)
        if external:
            self._by_id[external] = slot
            slot.named = slot.named or external
        if key:
            self._by_mail[key] = slot
        slot.drafts.append(draft)
        return None

    def _new(self, draft: LeadDraft, at: datetime) -> Slot:
        given = draft.told.created_at
        lead = Lead(
            pk=self._keys.next(),
            created_at=given or at,
            created_at_assumed=given is None,
            recorded_at=at,
            stage_at=given or at,
        )
        slot = Slot(lead, is_new=True)
        self.slots.append(slot)
        return slot

    def _known(self, drafts: Sequence[LeadDraft]) -> list[Slot]:
        ids = {draft.told.text("external_id") for draft in drafts} - {""}
        mails = {_key(draft) for draft in drafts} - {""}
        named = ExternalId.objects.filter(system="import", kind=ExternalId.Kind.LEAD)
        by_id: dict[str, int] = dict(named.filter(value__in=ids).values_list("value", "lead_id"))
        by_mail = dict(LeadEmail.objects.filter(key__in=mails).values_list("key", "lead_id"))
        survivor = _survivors({*by_id.values(), *by_mail.values()})
        slots = {pk: Slot(lead, is_new=False) for pk, lead in acts.lock(survivor.values()).items()}
        for value, pk in named.filter(lead__in=slots).values_list("value", "lead_id"):
            slots[pk].external_ids.add(value)
            slots[pk].named = value
        _add_addresses(slots)
        self._by_id = {value: slots[survivor[pk]] for value, pk in by_id.items()}
        self._by_mail = {key: slots[survivor[pk]] for key, pk in by_mail.items()}
        return list(slots.values())


def _add_addresses(slots: Mapping[int, Slot]) -> None:
    for mail in LeadEmail.objects.filter(lead__in=slots):
        slot = slots[mail.lead_id]
        slot.emails[mail.key] = mail.email
        slot.email = mail.email if mail.is_primary else slot.email
    for number in LeadPhone.objects.filter(lead__in=slots):
        slot = slots[number.lead_id]
        slot.phones.add(number.phone)
        slot.phone = number.phone if number.is_primary else slot.phone


def _survivors(leads: Iterable[int]) -> dict[int, int]:
    """A merged lead lives on in another."""
    merged = Lead.objects.filter(pk__in=leads).values_list("pk", "merged_into_id")
    return {pk: into or pk for pk, into in merged}


def _key(draft: LeadDraft) -> str:
    return email_key(draft.told.email) if draft.told.email else ""
