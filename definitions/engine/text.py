"""The key by which text is compared; it is made here and nowhere in SQL."""

import unicodedata


def text_key(text: str) -> str:
    """NFC, trimmed, casefolded. May be longer than the text (German sharp s becomes two letters)."""
    return unicodedata.normalize("NFC", text).strip().casefold()
