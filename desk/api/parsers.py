"""Reading JSON that anybody may have sent: bounded in size, depth and keys, and only text that can be stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser

# S25: no call needs more, and what is nested or named without end costs more to read than to send.
MOST_LEVELS = 20
MOST_KEYS = 1_000
MARKS = re.compile(
    rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[][{}:]', re.DOTALL
)  # whole strings, and what builds around them


class TooLarge(APIException):
    """DRF reads the stream itself, so Django's own limit does not hold there."""

    status_code = 413
    default_detail = "The body is too large. Send at most 1 MB."


class BoundedJSONParser(JSONParser):
    """JSON objects and lists in UTF-8, up to the size that forms may have, too."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        _must_be_utf_8(media_type or "")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge
        _must_be_small(body)
        try:
            data = super().parse(BytesIO(body), media_type, {**(parser_context or {}), "encoding": "utf-8"})
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError:  # a last net: levels are counted before anything is built
            raise _too_deep() from None
        except UnicodeEncodeError:
            raise ParseError("The JSON holds half a character (a lone surrogate).") from None
        return data


def _must_be_utf_8(media_type: str) -> None:
    """Levels and keys are counted in the bytes, so nothing else may come of reading them (RFC 8259)."""
    charset = parse_header_parameters(media_type)[1].get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(media_type, "Send JSON in UTF-8; no other charset is read.")


def _must_be_small(body: bytes) -> None:
    """Raises ParseError where the text has more levels or keys than allowed; nothing is built to find out."""
    level = keys = 0
    for mark in MARKS.finditer(body):
        sign = mark[0]
        level += (sign in b"[{") - (sign in b"]}")
        keys += sign == b":"
        if level > MOST_LEVELS:
            raise _too_deep()
        if keys > MOST_KEYS:
            raise ParseError(f"The JSON has too many keys. Send at most {MOST_KEYS:,}.")


def _too_deep() -> ParseError:
    return ParseError(f"The JSON is nested too deeply. Send at most {MOST_LEVELS} levels.")
