"""People and programs at work while something breaks: calls of the API, each with its status and how long it took."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from accounts.services import keys
from tests.factories import make_marketer

numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """Status 0: the connection ended without one."""

    status: int
    seconds: float
    retry_after: str | None = None
    body: Any = None


class Program:
    """One key that calls one web server, from any number of threads."""

    def __init__(self, web: str, secret: str) -> None:
        self.address, self.secret = urlsplit(web).netloc, secret

    def post(self, path: str, body: Any) -> Answer:
        began = time.monotonic()
        client = HTTPConnection(self.address, timeout=30)
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        try:
            client.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            answer = client.getresponse()
            text = answer.read()
        except (OSError, HTTPException):
            return Answer(0, time.monotonic() - began)
        finally:
            client.close()
        told = json.loads(text) if text.startswith(b"{") else None
        return Answer(answer.status, time.monotonic() - began, answer.headers["Retry-After"], told)

    def create(self) -> Answer:
        number = next(numbers)
        return self.post("leads/", {"external_id": f"load-{number}", "email": f"b{number}@load.example"})


def ingest(web: str) -> Program:
    """A program that may create leads."""
    return Program(web, keys.create(make_marketer(), scopes=["all"])[1])


def together(act: Callable[[Any], Answer], over: Iterable[Any], threads: int = 4) -> list[Answer]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, over))


def p95(answers: Iterable[Answer]) -> float:
    """Seconds."""
    taken = sorted(answer.seconds for answer in answers)
    return taken[int(len(taken) * 0.95)]
