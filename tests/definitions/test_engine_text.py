"""Keys of text."""

import pytest

from definitions.engine.text import text_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("Software", "software", id="case"),
        pytest.param("  Head of IT\t", "head of it", id="trimmed"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("Cafe\u0301", "caf\u00e9", id="composed"),
        pytest.param("İstanbul", "i\u0307stanbul", id="dotted capital i"),
        pytest.param("ΣΊΣΥΦΟΣ", "σίσυφοσ", id="final sigma"),
        pytest.param(" \n", "", id="nothing but space"),
    ],
)
def test_text_compares_by_its_key(text: str, key: str) -> None:
    assert text_key(text) == key


def test_a_key_is_its_own_key() -> None:
    assert text_key(text_key(" Straße Cafe\u0301 İ ")) == text_key(" Straße Cafe\u0301 İ ")
