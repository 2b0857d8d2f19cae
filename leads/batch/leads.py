"""Creating and updating many leads: rows of one lead are one telling, of which the last word holds.

So a second import of the same file has nothing to change, also where a lead or a company stands in it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from leads import events
from leads.batch import creation, rows
from leads.batch.companies import CompanyBook
from leads.batch.drafts import LeadDraft, Result
from leads.batch.matching import Register, Slot
from leads.batch.telling import COMPANY, Words, addresses_of, company_facts, hear, new_addresses, words_of
from leads.engine.identity import search_text
from leads.models import AttributeChange, ExternalId, Lead, LeadEmail, LeadEvent, LeadPhone
from leads.queries import KEYED, LINKS, PLAIN, facts_now

Address = TypeVar("Address", LeadEmail, LeadPhone)
WRITTEN = (
    *PLAIN, *(f"{name}_key" for name in KEYED), "campaign", "owner", "company", "attributes", "attribute_keys",
    "search_text", "version", "created_at", "created_at_assumed",
)  # fmt: skip


def upsert(
    drafts: Sequence[LeadDraft], *, at: datetime | None = None, source: str = "import", keep: bool = False,
    historic: bool = True,
) -> dict[int, Result]:  # fmt: skip
    """Write leads by external id, else e-mail, in the caller's transaction; one result a line.

    With `keep`, what is known of a lead stays and only what is empty is filled. Nobody is judged or offered.
    Leads are locked, then companies, both in the order of their keys; then the moment is read.
    """
    register = Register(drafts)
    own = {slot.lead.company_id for slot in register.slots if slot.lead.company_id}
    companies = CompanyBook(drafts, own, at=at, source=source)
    now = companies.at
    results = {draft.line: refusal for draft in drafts if (refusal := register.place(draft, now))}
    spoken = [slot for slot in register.slots if slot.drafts]
    batch = _Batch(companies, source=source, keep=keep)
    for slot in spoken:
        results |= batch.tell(slot)
    batch.write()
    events.record([_created(slot.lead, now, historic) for slot in spoken if slot.is_new])
    return results


class _Batch:
    """What a batch has changed so far, until it is written."""

    def __init__(self, companies: CompanyBook, *, source: str, keep: bool) -> None:
        self._companies, self._at, self._source, self._keep = companies, companies.at, source, keep
        self._touched: list[tuple[Slot, Words]] = []
        self._moves: list[creation.Move] = []
        self._values: list[AttributeChange] = []

    def tell(self, slot: Slot) -> dict[int, Result]:
        """Let the lead hear all its rows at once, and answer what each of them changed."""
        said = [(draft, words_of(draft, slot, self._companies, keep=self._keep)) for draft in slot.drafts]
        merged: Words = {}
        news: list[bool] = []
        for _, words in said:
            news.append(any(_is_news(name, value, merged) for name, value in words.items()))
            merged |= words
        created_at, before = slot.lead.created_at, facts_now(slot.lead) | addresses_of(slot)
        changed = hear(slot, merged, self._companies, keep=self._keep)
        if slot.is_new or changed:
            self._touched.append((slot, changed))
            self._remember_values(slot, changed, before)
        if not slot.is_new and slot.lead.created_at != created_at:
            self._moves.append(creation.Move(slot.lead.pk, created_at, slot.lead.created_at))
        if slot.is_new:
            states = ["created", *("updated" if new else "unchanged" for new in news[1:])]
        else:
            states = [_state(words, merged, changed) for _, words in said]
        return {
            draft.line: Result(state, lead=slot.lead.pk)  # type: ignore[arg-type]
            for (draft, _), state in zip(said, states, strict=True)
        }

    def _remember_values(self, slot: Slot, changed: Words, before: Words) -> None:
        facts = {f"lead.{name}": changed[name] for name in PLAIN if name in changed}
        facts |= {name: changed[name] for name in changed if name.startswith("attributes.")}
        for name in COMPANY:
            for company in (slot.lead.company_id, 0):
                if f"{name} {company}" in changed:
                    facts[f"company.{name}"] = changed[f"{name} {company}"]
        if slot.is_new:  # what came with a lead is known of it, also where its company was known before
            for draft in slot.drafts:
                facts |= {f"company.{name}": value for name, value in company_facts(draft).items()}
        else:
            facts |= {f"lead.{name}": changed[f"{name}_id"] for name in LINKS if f"{name}_id" in changed}
            news = new_addresses(changed)
            facts |= {name: news[name] for name in news if not (self._keep and before[name])}
        known_from = slot.lead.created_at if slot.is_new else self._at
        self._values += [
            AttributeChange(
                lead=slot.lead,
                fact=fact,
                value=value,
                was=before.get(fact),
                at=known_from,
                source=self._source,
            )
            for fact, value in facts.items()
        ]

    def write(self) -> None:
        """Companies first, then leads, then what hangs on them."""
        self._companies.write()
        slots = [slot for slot, _ in self._touched]
        for slot in slots:
            self._name(slot)
        new = [slot.lead for slot in slots if slot.is_new]
        rows.insert(new)
        rows.update([slot.lead for slot in slots if not slot.is_new], WRITTEN)
        self._write_addresses()
        creation.move_what_was_known(self._moves)
        rows.insert(self._values)

    def _name(self, slot: Slot) -> None:
        lead = slot.lead
        company = self._companies.by_id[lead.company_id].name if lead.company_id else ""
        names = [lead.first_name, lead.last_name, lead.title, company, *slot.emails.values()]
        lead.search_text = search_text(names)
        lead.version += 0 if slot.is_new else 1

    def _write_addresses(self) -> None:
        ids: list[ExternalId] = []
        emails: list[LeadEmail] = []
        phones: list[LeadPhone] = []
        for slot, new in self._touched:
            to = slot.lead
            ids += [ExternalId(kind="lead", value=value, lead=to) for value in _of(new, "external_id")]
            added = [LeadEmail(lead=to, email=new[f"email {key}"], key=key) for key in _of(new, "email")]
            emails += self._ranked(added, had=len(slot.emails) - len(added))
            called = [LeadPhone(lead=to, phone=text, e164=new[f"phone {text}"]) for text in _of(new, "phone")]
            phones += self._ranked(called, had=len(slot.phones) - len(called))
        _insert_ranked(LeadEmail.objects.all(), emails)
        _insert_ranked(LeadPhone.objects.all(), phones)
        rows.insert(ids)

    def _ranked(self, added: list[Address], had: int) -> list[Address]:
        """The newest address is the one to use from now on, unless the lead keeps what it has."""
        for row in added:
            row.is_primary = row is added[-1] and not (self._keep and had)
        return added


def _insert_ranked(table: QuerySet[Address], added: list[Address]) -> None:
    first = {row.lead_id for row in added if row.is_primary}
    table.filter(lead__in=first, is_primary=True).update(is_primary=False)
    rows.insert(added)


def _of(changed: Words, kind: str) -> list[str]:
    return [name.partition(" ")[2] for name in changed if name.startswith(f"{kind} ")]


def _is_news(name: str, value: Any, merged: Words) -> bool:
    """Whether earlier rows of the lead had not said so; another spelling of an address is none."""
    return name not in merged or (merged[name] != value and not name.startswith("email "))


def _state(words: Words, merged: Words, changed: Words) -> str:
    """A row has updated its lead where it says a last word that changed something."""
    mine = any(name in changed and merged[name] == value for name, value in words.items())
    return "updated" if mine else "unchanged"


def _created(lead: Lead, at: datetime, historic: bool) -> LeadEvent:
    kind = LeadEvent.Kind.CREATED
    return LeadEvent(kind=kind, lead=lead, at=lead.created_at, recorded_at=at, historic=historic)
