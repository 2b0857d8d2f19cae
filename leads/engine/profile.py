"""What may be said about a lead from outside: the fields of surfaces section 4, read and checked, pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from common.refusals import Invalid
from leads.engine import identity

TEXTS = {
    "first_name": 120, "last_name": 120, "title": 160, "company": 200, "industry": 120, "country": 80,
    "source": 120, "external_id": 200,
}  # fmt: skip
FIELDS = (*TEXTS, "email", "phone", "company_domain", "employees", "campaign", "owner", "created_at")

MOST_ATTRIBUTES = 200  # as many as a file may have columns


@dataclass(frozen=True, slots=True)
class Profile:
    """What one call says of one lead. An absent field says nothing; an empty one neither, so nothing is erased."""

    texts: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    e164: str = ""
    company_domain: str = ""
    employees: int | None = None
    campaign: str = ""
    owner: str = ""
    created_at: datetime | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def without(self, names: Collection[str]) -> Profile:
        """The same, silent about these texts."""
        return replace(self, texts={name: text for name, text in self.texts.items() if name not in names})


def read(fields: Mapping[str, Any], now: datetime) -> Profile:
    """Check one lead's fields. Raises Invalid with every wrong field at once; unknown names are wrong too."""
    errors: dict[str, str] = {}
    unknown = set(fields) - {*FIELDS, "attributes"}
    errors |= dict.fromkeys(sorted(unknown), "There is no such field.")
    texts = {name: _text(fields.get(name), size, name, errors) for name, size in TEXTS.items()}
    raw = {name: _text(fields.get(name), 254, name, errors) for name in ("email", "phone", "company_domain")}
    named = {name: _text(fields.get(name), 254, name, errors) for name in ("campaign", "owner")}
    number, e164 = _read(
        raw["phone"], lambda text: identity.read_phone(text, texts["country"]), "phone", errors
    ) or ("", "")
    profile = Profile(
        texts={name: value for name, value in texts.items() if value},
        email=_read(raw["email"], identity.read_email, "email", errors) or "",
        phone=number,
        e164=e164,
        company_domain=_read(raw["company_domain"], identity.read_domain, "company_domain", errors) or "",
        employees=_count(fields.get("employees"), errors),
        created_at=_moment(fields.get("created_at"), now, errors),
        attributes=_attributes(fields.get("attributes"), errors),
        **named,
    )
    if errors:
        raise Invalid(errors)
    return profile


def _text(value: Any, size: int, name: str, errors: dict[str, str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        errors[name] = "Enter text."
        return ""
    if "\x00" in value:
        errors[name] = "Remove the null character."
        return ""
    text = identity.clean(value)
    if len(text) > size:
        errors[name] = f"Enter at most {size} characters."
        return ""
    return text


def _read(text: str, reader: Any, name: str, errors: dict[str, str]) -> Any:
    if not text:
        return None
    try:
        return reader(text)
    except ValueError as error:
        errors[name] = str(error)
        return None


def _count(value: Any, errors: dict[str, str]) -> int | None:
    if value in (None, ""):
        return None
    digits = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= 2_000_000_000):
        errors["employees"] = "Enter a whole number, 0 or more."
        return None
    return int(digits)


def _moment(value: Any, now: datetime, errors: dict[str, str]) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        errors["created_at"] = "Enter a date such as 2026-11-24 or 2026-11-24T09:30:00Z."
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now or moment.year < 1970:
        errors["created_at"] = "Enter a moment in the past."
        return None
    return moment.astimezone(UTC)


def _attributes(value: Any, errors: dict[str, str]) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        errors["attributes"] = "Enter an object of names and values."
        return {}
    if len(value) > MOST_ATTRIBUTES:
        errors["attributes"] = f"Enter at most {MOST_ATTRIBUTES} attributes."
        return {}
    return {name: said for name, said in value.items() if said is not None and not _is_blank(said)}


def _is_blank(said: Any) -> bool:
    return isinstance(said, str) and not identity.clean(said)
