"""The people who become leads: names, roles, addresses and consents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alignment.demo import names
from alignment.demo.book import Book
from alignment.demo.companies import Firm
from alignment.demo.thread import Thread
from alignment.demo.world import World
from definitions.engine.text import text_key
from leads.engine.identity import search_text
from leads.models import AttributeChange, Consent, Lead, LeadEmail, LeadEvent, LeadPhone

MAKES = ("Grundfos", "KSB", "Sulzer", "Xylem", "Other")


class Buyers:
    """Makes leads; no two have the same address."""

    def __init__(self, world: World, book: Book) -> None:
        self.world, self.book = world, book
        self._taken: set[str] = set()
        self._first = {country: names.first_names(country) for country in names.COUNTRIES}
        self._last = {country: names.last_names(country) for country in names.COUNTRIES}

    def meet(
        self,
        firm: Firm,
        source: str,
        at: datetime,
        *,
        title: str = "",
        name: str = "",
        phone: bool = True,
        consent: bool | None = None,
    ) -> Thread:
        """A new lead with its addresses, its consent and the journal row of its creation."""
        chance = self.world.chance
        first, _, last = name.partition(" ")
        first = first or chance.one_of(self._first[firm.country])
        last = last or chance.one_of(self._last[firm.country])
        lead = self.book.add(self._row(firm, source, at, first, last, title))
        email = self._address(first, last, firm)
        self.book.add(LeadEmail(lead_id=lead.pk, email=email, key=email))
        if phone:
            self.book.add(self._phone(lead, firm.country))
        if chance.yes(0.93) if consent is None else consent:
            self._consent(lead, at)
        lead.search_text = search_text([first, last, title, firm.row.name, email])
        created = {"lead_id": lead.pk, "at": at, "recorded_at": at, "historic": True}
        self.book.record(LeadEvent(kind=LeadEvent.Kind.CREATED, **created))
        return Thread(self.world, self.book, lead, firm)

    def enrich(self, thread: Thread, at: datetime) -> None:
        """Where the values that a certificate shows came from."""
        lead, firm = thread.lead, thread.firm
        told: list[tuple[str, Any, str]] = []
        if firm is not None:
            told += [
                ("company.employees", firm.row.employees, "enrichment"),
                ("company.industry", firm.row.industry, "enrichment"),
            ]
        for fact, value, source in told:
            self.book.add(AttributeChange(lead=lead, fact=fact, value=value, at=at, source=source))

    def _row(self, firm: Firm, source: str, at: datetime, first: str, last: str, title: str) -> Lead:
        chance = self.world.chance
        attributes: dict[str, Any] = {}
        if chance.yes(0.6):
            attributes["sites"] = chance.whole(1, 14)
        if chance.yes(0.35):
            attributes["pump_make"] = chance.one_of(MAKES)
        return Lead(
            public_id=chance.uuid(),
            first_name=first,
            last_name=last,
            title=title,
            title_key=text_key(title),
            company=firm.row,
            country=firm.country,
            country_key=text_key(firm.country),
            source=source,
            source_key=text_key(source),
            attributes=attributes,
            attribute_keys={
                key: text_key(value) for key, value in attributes.items() if isinstance(value, str)
            },
            stage_at=at,
            created_at=at,
            recorded_at=at,
        )

    def _address(self, first: str, last: str, firm: Firm) -> str:
        base = f"{first}.{last}".lower().replace("'", "").replace(" ", "")
        email, number = f"{base}@{firm.domain}", 2
        while email in self._taken:
            email, number = f"{base}{number}@{firm.domain}", number + 1
        self._taken.add(email)
        return email

    def _phone(self, lead: Lead, country: str) -> LeadPhone:
        digits = f"55501{self.world.chance.whole(0, 999):03d}{self.world.chance.whole(10, 99)}"
        dial = names.DIAL[country]
        shown = f"{dial} {digits[:3]} {digits[3:5]} {digits[5:]}"
        return LeadPhone(lead_id=lead.pk, phone=shown, e164=f"{dial}{digits}")

    def _consent(self, lead: Lead, at: datetime) -> None:
        given = self.world.chance.yes(0.85)
        state = Consent.State.GIVEN if given else Consent.State.LEGITIMATE_INTEREST
        self.book.add(
            Consent(lead_id=lead.pk, state=state, at=at, source=lead.source, text_version="2026-02")
        )
