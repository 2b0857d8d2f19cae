"""The companies of many leads at once: found by domain, else by name, else made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from common.database.moments import database_now
from definitions.engine.text import text_key
from leads.batch import rows
from leads.batch.drafts import LeadDraft
from leads.engine.identity import name_key
from leads.engine.profile import Profile
from leads.models import Company, CompanyChange, CompanyDomain


class CompanyBook:
    """Every company that a batch names, and what the batch changes of them; `at` is read once they are locked."""

    def __init__(
        self, drafts: Iterable[LeadDraft], also: Iterable[int], *, at: datetime | None, source: str
    ) -> None:
        self._source = source
        told = [draft.told for draft in drafts]
        domains = {one.company_domain for one in told if one.company_domain}
        names = {name_key(one.text("company")) for one in told if one.text("company")}
        known = CompanyDomain.objects.filter(domain__in=domains).values_list("domain", "company_id")
        self._domains: dict[str, int] = dict(known)
        named = Company.objects.filter(name_key__in=names).order_by("-pk").values_list("name_key", "pk")
        self._names: dict[str, int] = dict(named)  # the oldest of one name wins
        wanted = {*self._domains.values(), *self._names.values(), *also}
        self._hold(told, also)
        self.at = at or database_now()
        self.by_id: dict[int, Company] = Company.objects.in_bulk(wanted)
        with_domains = CompanyDomain.objects.filter(company__in=wanted).values_list("company_id", flat=True)
        self._with_domain = set(with_domains)
        self._keys = rows.Keys(Company)
        self._new: list[Company] = []
        self._new_domains: list[CompanyDomain] = []
        self._changed: dict[int, Company] = {}
        self._history: list[CompanyChange] = []

    def _hold(self, told: Iterable[Profile], also: Iterable[int]) -> None:
        """Lock those of which something is told: whoever speaks of one meanwhile replaces what is said here."""
        speaking = [
            one
            for one in told
            if self.is_new_domain(one.company_domain) or one.text("industry") or one.employees is not None
        ]
        named = {self.find(one) for one in speaking} - {None}
        own = also if any(not (one.company_domain or one.text("company")) for one in speaking) else ()
        told_of = Company.objects.select_for_update(no_key=True).filter(pk__in={*named, *own})
        list(told_of.order_by("pk").values_list("pk"))

    def find(self, told: Profile) -> int | None:
        """The company of these words, if there is one."""
        by_domain = self._domains.get(told.company_domain) if told.company_domain else None
        if by_domain is not None:
            return by_domain
        return self._names.get(name_key(told.text("company"))) if told.text("company") else None

    def find_or_make(self, told: Profile, created_at: datetime) -> int | None:
        name, domain = told.text("company"), told.company_domain
        if not (name or domain):
            return None
        found = self.find(told)
        key = found if found is not None else self._make(name or domain, told, created_at)
        if domain and domain not in self._domains:
            self._domains[domain] = key
            first = key not in self._with_domain
            self._with_domain.add(key)
            self._new_domains.append(CompanyDomain(company_id=key, domain=domain, is_primary=first))
            if first:
                self._remember(self.by_id[key], "domain", domain, None)
        return key

    def is_new_domain(self, domain: str) -> bool:
        return bool(domain) and domain not in self._domains

    def tell(self, key: int, fact: str, value: str | int, *, keep: bool) -> bool:
        """Set the industry or the number of employees; answers whether that changes anything."""
        company = self.by_id[key]
        old = getattr(company, fact)
        if old == value or (keep and old not in (None, "")):
            return False
        self._remember(company, fact, value, old)
        setattr(company, fact, value)
        if fact == "industry":
            company.industry_key = text_key(str(value))
        self._changed[key] = company
        return True

    def write(self) -> None:
        rows.insert(self._new)
        rows.insert(self._new_domains)
        new = {company.pk for company in self._new}
        changed = [company for key, company in self._changed.items() if key not in new]
        rows.update(changed, ["industry", "industry_key", "employees"])
        rows.insert(self._history)

    def _remember(self, company: Company, fact: str, value: str | int, was: str | int | None) -> None:
        """What a company is made with is no change of it."""
        if not company._state.adding:  # noqa: SLF001 - the only way to ask whether it is stored
            told = {"fact": f"company.{fact}", "value": value, "was": was}
            self._history.append(CompanyChange(company=company, at=self.at, source=self._source, **told))

    def _make(self, name: str, told: Profile, created_at: datetime) -> int:
        company = Company(
            pk=self._keys.next(),
            name=name,
            name_key=name_key(name),
            country=told.text("country"),
            created_at=created_at,
        )
        self._new.append(company)
        self.by_id[company.pk] = company
        self._names.setdefault(company.name_key, company.pk)
        return company.pk
