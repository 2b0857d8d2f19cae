"""How e-mails, domains, phones and names are read and compared: the keys by which leads are recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from definitions.engine.text import text_key

_SPREADSHEET_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}")

_CONTROLS = {*map(chr, range(32)), *map(chr, range(127, 160))} - {"\t", "\n", "\r"}
_BIDI = {*"\u061c\u200e\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
_STRIPPED = dict.fromkeys(map(ord, _CONTROLS | _BIDI))


def clean(text: str) -> str:
    """Trimmed, and without the characters nobody can see but that turn text round (S21)."""
    return (text if text.isascii() and text.isprintable() else text.translate(_STRIPPED)).strip()


def read_email(text: str) -> str:
    """The address in its usual form. Raises ValueError with a sentence; no name is looked up."""
    if "@" not in text:
        raise ValueError("An e-mail has an @-sign, as in lena.vogt@example.com.")
    try:
        valid = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if "." not in valid.domain:
        raise ValueError("The part after the @-sign has no ending such as .com.")
    if len(valid.normalized) > 254:
        raise ValueError("An e-mail has at most 254 characters.")
    return str(valid.normalized)


def email_key(address: str) -> str:
    """Lower case, NFC. Not casefolded: that would merge look-alikes, straße.de and strasse.de (S21)."""
    return unicodedata.normalize("NFC", address.strip()).lower()


def read_domain(text: str) -> str:
    """`https://www.Acme.com/about` is acme.com. Raises ValueError with a sentence."""
    host = unicodedata.normalize("NFC", text.strip()).lower()
    host = host.partition("://")[2] or host
    host = re.split(r"[/?#:]", host.rpartition("@")[2], maxsplit=1)[0].removeprefix("www.").rstrip(".")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise ValueError("This is no internet domain such as acme.com.")
    return host


def read_phone(text: str, country: str = "") -> tuple[str, str]:
    """The number as typed and in E.164, empty where it cannot be read. Raises ValueError with a sentence."""
    if _SPREADSHEET_NUMBER.fullmatch(text.strip()):
        raise ValueError("A spreadsheet rounded this phone number. Export it as text.")
    if len(text) > 60:
        raise ValueError("A phone number has at most 60 characters.")
    return text, _e164(text, country.strip().upper() if len(country.strip()) == 2 else None)


def _e164(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=4_096)
def name_key(text: str) -> str:
    """A name of a person, company or team as it is compared: also with its blanks single."""
    return " ".join(text_key(text).split())


def normal_form(header: str) -> str:
    """Lower case; runs of anything but letters and digits become `_`, dropped at both ends."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", header).lower()).strip("_")


def search_text(parts: Iterable[str]) -> str:
    """What the search looks in: the keys of everything a lead is known by."""
    return " ".join(key for key in (text_key(part) for part in parts) if key)
