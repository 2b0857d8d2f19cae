"""The same verbs asked of the product, and what it answers: people, teams and a contract in a real database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.services import people
from calendars import services as calendars
from common.refusals import Invalid
from leads.models import Handoff, Lead, TouchKind
from leads.services import handoffs, leads, touches
from leads.services.attempts import Contact
from sla.services import contracts
from sla.services.recompute import requests, work
from tests.factories import (
    EVERYBODY,
    make_definition,
    make_lead,
    make_member,
    make_person,
    make_reason,
    make_team,
    make_touch_kind,
)
from tests.sla.machine.acts import until
from tests.sla.machine.clock import Promise
from tests.sla.machine.hours import Hours
from tests.sla.machine.verbs import MINIMUM_OF_ATTEMPTS, Verb
from tests.sla.machine.world import OFFICE, TEAMS, Version, World
from tests.sla.makers import draft, promise, sign

WEBINAR = {"touches": {"kind": ["webinar"], "campaign": None, "within_days": 3_000}, "op": "gte", "value": 1}
HAND_RAISE = {"fact": "handoff.hand_raise", "op": "eq", "value": True}
REASONS = {
    "reject": ("fix", "nurture", "close"),
    "disqualify": ("no-need", "unable-to-reach"),
    "set_aside": ("nurture", "close"),
}
ONE_REASON = ("mark_mql", "return", "send_back", "recycle", "lose", "pause")
EMPTY = """
TRUNCATE leads_lead, leads_company, leads_reason, leads_touchkind, leads_deal, accounts_user, accounts_team,
    calendars_calendar, definitions_definition, sla_contract, common_outbox CASCADE
"""


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


class Product:
    """One company as the model's world describes it. `leads` are in the order of the model's."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leads: list[Lead] = []
        self.calendars = {
            name: calendars.create(name, hours.rules(), by=None) for name, hours in world.hours.items()
        }
        self.teams = {name: self._team(name) for name in TEAMS}
        self.people = {
            name: make_member(self.teams[person.team], person.role, name=name)
            for name, person in world.people.items()
        }
        self.admin = make_person("admin", "admin")
        self._say_words()
        self._agree(world.versions[0])

    def _team(self, name: str) -> Any:
        function = "demand" if name == "press" else "sales"
        position = list(TEAMS).index(name)
        return make_team(
            name, function, calendar=self.calendars[TEAMS[name]], position=position, routing="pool"
        )

    def _say_words(self) -> None:
        for kind in ("webinar", "download", "demo_request"):
            make_touch_kind(kind, hand_raise=kind == "demo_request")
        make_definition(WEBINAR)
        for verb, keys in (*REASONS.items(), *((verb, ("because",)) for verb in ONE_REASON)):
            for key in keys:
                next_step = key if key in ("fix", "nurture", "close") else ""
                minimum = MINIMUM_OF_ATTEMPTS.get(key, 0)
                make_reason(verb, key, next_step=next_step, minimum_attempts=minimum)

    def _agree(self, version: Version) -> None:
        row = draft(version.since)
        self._promise(row, "answer", version.raised_hand, segment=HAND_RAISE)
        for kind, said in version.promises.items():
            self._promise(row, kind, said, segment=EVERYBODY)
        sign(row)

    def _promise(self, row: Any, kind: str, said: Promise, **fields: Any) -> None:
        choice = {"office": "named"}.get(said.by, said.by)
        calendar = self.calendars[OFFICE] if said.by == "office" else None
        attempts = said.attempts if kind == "follow_up" else None
        fields |= {"calendar_choice": choice, "calendar": calendar, "attempts": attempts}
        promise(row, kind, said.target, restart_on_reassign=said.restarts, **fields)

    def amend(self, version: Version) -> None:
        """By the services, as people do: drafted, proposed, signed by both sides, in force from now on."""
        manager, marketer = self.people["ma"], self.people["marketer"]
        row = contracts.draft(by=self.admin)
        for commitment in row.commitments.all():
            raised = commitment.kind == "answer" and commitment.segment == HAND_RAISE
            said = version.raised_hand if raised else version.promises[commitment.kind]
            commitment.target = said.target
            commitment.save(update_fields=["target"])
        contracts.propose(row, by=self.admin)
        contracts.sign(row, by=marketer)
        contracts.sign(row, by=manager)

    def revise(self, name: str, hours: Hours) -> None:
        calendars.revise(self.calendars[name], hours.rules(), by=None)

    def correct(self, name: str) -> None:
        """Where no clock counts by earlier hours there is nothing to correct."""
        row = self.calendars[name]
        with suppress(Invalid):
            requests.correct(row, seen=row.versions.get(is_current=True).number, by=self.admin)
            work.work_off()

    def deactivate(self, name: str) -> None:
        people.deactivate(self.people[name], by=self.admin)

    def add_lead(self) -> None:
        self.leads.append(make_lead(created_at=self.world.now))

    def do(self, verb: Verb) -> None:
        """Raises what the service raises."""
        lead, by = self.leads[verb.lead], self.people[verb.by]
        asked: Callable[..., None] = getattr(self, f"_{verb.name}", self._on_cycle)
        asked(lead, verb, by)

    def _touch(self, lead: Lead, verb: Verb, by: User) -> None:
        kind = TouchKind.objects.get(key=verb.said["kind"])
        ago = verb.said.get("ago")
        happened_at = self.world.now - timedelta(hours=ago) if ago else None
        touches.record(lead, touches.Interaction(kind, happened_at=happened_at), by=by)

    def _mark_mql(self, lead: Lead, verb: Verb, by: User) -> None:
        leads.mark_mql(lead, by=by, reason="because")

    def _set_aside(self, lead: Lead, verb: Verb, by: User) -> None:
        leads.set_aside(lead, by=by, **verb.said)

    def _wake(self, lead: Lead, verb: Verb, by: User) -> None:
        leads.wake(lead, by=by)

    def _offer(self, lead: Lead, verb: Verb, by: User) -> None:
        handoffs.offer(lead, by=by, **self._place(verb))

    def _place(self, verb: Verb) -> dict[str, Any]:
        known = {"team": self.teams, "person": self.people}
        return {name: known[name][value] for name, value in verb.said.items() if name in known}

    def _on_cycle(self, lead: Lead, verb: Verb, by: User) -> None:
        asked = {"return": "return_for_info", "pass": "pass_on"}.get(verb.name, verb.name)
        handoff = self.cycle(lead)
        getattr(handoffs, asked)(handoff, by=by, **self._said(verb))

    def _said(self, verb: Verb) -> dict[str, Any]:
        said = dict(verb.said)
        if days := said.pop("days", None):
            said["until"] = until(self.world, days).date()
        if limit := said.pop("limit", None):
            said["limit"] = lambda scene, reason: scene.at + timedelta(hours=limit)
        if verb.name in ONE_REASON:
            said["reason"] = "because"
        if verb.name == "win":
            said["amount"] = Decimal(1_000)
        return said | self._place(verb)

    def _attempt(self, lead: Lead, verb: Verb, by: User) -> None:
        handoffs.log_attempt(self.cycle(lead), Contact("call", **verb.said), by=by)

    def cycle(self, lead: Lead) -> Handoff:
        return lead.handoffs.latest("cycle")
