"""Programs that call the API with a key, and the company they work for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.test import Client

from accounts.models import Team, User
from accounts.services import keys
from tests.factories import (
    make_calendar,
    make_definition,
    make_marketer,
    make_member,
    make_reason,
    make_team,
    make_touch_kind,
)

numbers = count(1)


class Caller:
    """One key of one person."""

    def __init__(self, person: User, scopes: Iterable[str] = ("all",)) -> None:
        self.person = person
        _, self.secret = keys.create(person, scopes=list(scopes))
        self.client = Client()

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} | (more or {})

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(full(address), query, headers=self.headers())

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            full(address), {} if body is None else body, content_type="application/json",
            headers=self.headers(sent),
        )  # fmt: skip

    def raw(self, address: str, body: bytes, content_type: str = "application/json") -> Any:
        return self.client.generic("POST", full(address), body, content_type, headers=self.headers())


def full(address: str) -> str:
    return address if address.startswith("http") else f"/api/v1/{address}"


@dataclass
class World:
    """Marketing, two sales teams, reasons and kinds: what a lead's way needs."""

    team: Team = field(default_factory=lambda: make_team("Mid-market", calendar=make_calendar()))
    closers: Team = field(default_factory=lambda: make_team("Enterprise", calendar=make_calendar()))
    marketer: User = field(default_factory=make_marketer)

    def __post_init__(self) -> None:
        self.rep = make_member(self.team, "rep")
        self.other_rep = make_member(self.team, "rep")
        self.manager = make_member(self.team, "sales_manager")
        self.closer = make_member(self.closers, "rep")
        self.marketing, self.sales = Caller(self.marketer), Caller(self.rep)
        make_touch_kind("webinar")
        make_touch_kind("demo_request", hand_raise=True)
        for verb in (
            "reject",
            "disqualify",
            "recycle",
            "lose",
            "send_back",
            "set_aside",
            "mark_mql",
            "return",
        ):
            make_reason(verb, f"{verb.replace('_', '-')}-it", next_step="fix" if verb == "reject" else "")

    def lead(self, **fields: Any) -> dict[str, Any]:
        """A new inquiry, made by a call."""
        number = next(numbers)
        said = {"external_id": f"ext-{number}", "email": f"buyer{number}@acme.example"} | fields
        answer = self.marketing.post("leads/", said)
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    def mql(self, **fields: Any) -> dict[str, Any]:
        lead = self.lead(**fields)
        answer = self.marketing.post(f"leads/{lead['id']}/mark-mql/", {"reason": "mark-mql-it"})
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def offered(self, **to: Any) -> dict[str, Any]:
        body = {"lead": self.mql()["id"], "team": self.team.name} | to
        answer = self.marketing.post("handoffs/", body)
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    def accepted(self, **to: Any) -> dict[str, Any]:
        handoff = self.offered(**to)
        answer = self.sales.post(f"handoffs/{handoff['id']}/accept/")
        assert answer.status_code == 200, answer.content
        return dict(answer.json())


def make_world() -> World:
    return World()


__all__ = ["Caller", "World", "make_definition", "make_world"]
