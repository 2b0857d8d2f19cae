"""Drafting a contract by its pages: who does it, a draft, and what its forms are sent with."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from sla.models import Commitment, ContractVersion
from sla.queries.contracts import fingerprint

EVERYBODY = '{"all": []}'
ANSWER = {
    "kind": "answer",
    "name": "Answer",
    "who": EVERYBODY,
    "target": "4 h",
    "calendar": "24x7",
    "goal": "90",
}


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, version: ContractVersion, row: Commitment | None = None) -> str:
    return reverse(f"sla:contract-{name}", args=[version.number, *([row.public_id] if row else [])])


def put(person: Any, version: ContractVersion, row: Commitment | None = None, **said: str) -> Any:
    where = address("promise", version, row) if row else address("promise-new", version)
    return signed_in(person).post(where, ANSWER | {"seen_as": fingerprint(version)} | said)


def errors_on(answer: Any) -> list[str]:
    return sorted(re.findall(r'id="id_(\w+)_error"', answer.content.decode()))
