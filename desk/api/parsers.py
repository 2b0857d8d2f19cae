"""Reading JSON that anybody may have sent: bounded in size, depth and keys, and only text that can be stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
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
    """JSON objects and lists up to the size that forms may have, too."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge
        _must_be_small(body)
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ParseError("The JSON holds half a character (a lone surrogate).") from None
        return data


def _must_be_small(body: bytes) -> None:
    """Raises ParseError where the text has more levels or keys than allowed; nothing is built to find out."""
    level = keys = 0
    for mark in MARKS.finditer(body):
        sign = mark[0]
        level += (sign in b"[{") - (sign in b"]}")
        keys += sign == b":"
        if level > MOST_LEVELS:
            raise ParseError(f"The JSON is nested too deeply. Send at most {MOST_LEVELS} levels.")
        if keys > MOST_KEYS:
            raise ParseError(f"The JSON has too many keys. Send at most {MOST_KEYS:,}.")
