"""From bytes to text: byte order marks, Unicode without them, and the code pages of old exports."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from common.refusals import DomainError

# What people may choose where the guess was wrong.
CHOICES = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32",
    "cp1252": "Windows-1252, Western Europe", "iso8859-15": "ISO 8859-15, Western Europe",
    "cp1250": "Windows-1250, Central Europe", "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek", "cp1254": "Windows-1254, Turkish", "cp1255": "Windows-1255, Hebrew",
    "cp1256": "Windows-1256, Arabic", "shift_jis": "Shift JIS, Japanese", "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese", "euc_kr": "EUC-KR, Korean",
}  # fmt: skip
_MARKS = (  # the longer ones first: the mark of UTF-32 begins with the one of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN = {codecs.lookup(name).name for name in (*CHOICES, *(name for _, name in _MARKS))}
_LEGACY = [name for name in CHOICES if not name.startswith("utf")]
_SAVE_AS = "Save it as “CSV UTF-8” and import that."
_NOT_CSV = (
    (b"PK\x03\x04", f"This is an Excel workbook, not a CSV file. {_SAVE_AS}"),
    (
        b"\xd0\xcf\x11\xe0",
        f"This is an old Excel workbook, not a CSV file. {_SAVE_AS}",
    ),
    (b"%PDF", "This is a PDF, not a CSV file."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and import the CSV file inside."),
)
_MARKUP = ("<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<meta", "<script", "<!--")
_OTHER_SCRIPTS = {
    "Cyrillic", "Greek and Coptic", "Hebrew", "Arabic", "CJK Unified Ideographs", "Hiragana", "Katakana",
    "Hangul Syllables",
}  # fmt: skip
_HIGH = re.compile(b"[\x80-\xff]")
_ENOUGH = 12
_BROKEN = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class UnreadableError(DomainError):
    """The file as a whole cannot be read; the message says why and what to do."""

    status = 422
    code = "unreadable_file"


def is_known(encoding: str) -> bool:
    """Python knows more encodings than files of text have: some of them compress, some take for ever."""
    try:
        return codecs.lookup(encoding).name in _KNOWN
    except (LookupError, ValueError):
        return False


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it was in. Bytes that do not belong to it become lone surrogates.

    Raises UnreadableError for workbooks, web pages and other things saved as .csv.
    """
    if encoding and not is_known(encoding):
        raise UnreadableError(f"There is no encoding “{encoding[:40]}” to choose.")
    for signature, reason in _NOT_CSV:
        if content.startswith(signature):
            raise UnreadableError(reason)
    mark, marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", ""))
    content = content[len(mark) :]
    name = _ordered(encoding, _by_zeros(content) or marked)
    text, name = (_decoded(content, name), name) if name else _guessed(content)
    if text[:200].lstrip().lower().startswith(_MARKUP):
        raise UnreadableError("This is a web page saved as .csv. Export the data as CSV and import that.")
    return text, name


def _ordered(chosen: str, seen: str) -> str:
    """What was chosen wins; which byte of UTF-16 and UTF-32 comes first the file itself shows."""
    if chosen in ("utf-16", "utf-32"):
        return seen if seen.startswith(chosen) else f"{chosen}-le"
    return chosen or seen


def is_broken(text: str) -> bool:
    """Whether some bytes of it did not belong to the encoding."""
    return not text.isascii() and _BROKEN.search(text) is not None


def _decoded(content: bytes, name: str) -> str:
    try:
        if name.startswith(("utf-16", "utf-32")):
            return content.decode(name)
        return content.decode(name, "surrogateescape")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"The file is not valid {name.upper()}. Choose another encoding.") from error


def _by_zeros(content: bytes) -> str:
    """UTF-16 or UTF-32 by where the zero bytes of the first letters stand, also behind a wrong mark."""
    sample = content[:4_096]
    quarters = [sample[offset::4] for offset in range(4)]
    zeros = "".join("0" if part and part.count(0) > 0.7 * len(part) else "x" for part in quarters)
    return {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(zeros, "")


def _guessed(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text))
    if len(_BEYOND_ASCII.findall(text)) > 10 * broken:
        return text, "utf-8"  # a few spoilt rows in a file that is UTF-8 everywhere else
    name = _code_page(content)
    return _decoded(content, name), name


def _code_page(content: bytes) -> str:
    """Western, unless another script is plain to see: few letters say too little about code pages."""
    lines = (line for line in content[:1_000_000].splitlines() if not line.isascii())
    sample = b"\n".join(lines)[:65_536]
    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if (
        best is None
        or len(_HIGH.findall(sample)) < _ENOUGH
        or not _OTHER_SCRIPTS.intersection(best.alphabets)
    ):
        return "cp1252"
    return best.encoding
