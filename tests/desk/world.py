"""A small company that the rep's pages stand on: one team, its rep and manager, a marketer, and a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from leads.models import BriefVersion, Handoff, QualificationFinding, Touch
from leads.services import handoffs
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_campaign,
    make_company,
    make_definition,
    make_lead,
    make_member,
    make_person,
    make_qualification,
    make_reason,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import make_contract

HTMX = {"HTTP_HX_REQUEST": "true"}
IN_INBOX = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver/inbox/?view=answer"}


def as_user(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def queries_of(client: Client, url: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@dataclass
class World:
    """Who there is."""

    team: Team
    rep: User
    other: User
    manager: User
    marketer: User
    reader: User

    def offer(self, at: datetime = NOON, *, to: User | None = None, **lead: Any) -> Handoff:
        """A lead with everything a page can show, offered by the service."""
        kind = make_touch_kind()
        campaign = make_campaign()
        fields = {"company": make_company(employees=1_400), "title": "VP Operations", "country": "NO"} | lead
        buyer = make_lead("marketing_qualified", campaign=campaign, **fields)
        touch = Touch.objects.create(
            lead=buyer,
            kind=kind,
            campaign=campaign,
            at=at - HOUR,
            recorded_at=at - HOUR,
            detail="Asked about valves",
        )
        BriefVersion.objects.create(
            campaign=campaign, number=1, promise="A free leak audit", published_at=at - 9 * HOUR
        )
        qualification = make_qualification(buyer, at - HOUR, trigger=touch, version=self.version, grade="A")
        QualificationFinding.objects.create(
            qualification=qualification, position=0, path="all.0", fact="company.employees",
            wording="200 to 5,000 employees", met=True, value="1,400", source="form",
        )  # fmt: skip
        return handoffs.offer(buyer, by=self.marketer, team=self.team, person=to, at=at)

    def accepted(self, at: datetime = NOON) -> Handoff:
        return handoffs.accept(self.offer(at, to=self.rep), by=self.rep, at=at)

    version: Any = None


def make_world() -> World:
    """With a contract that promises everything, and the reasons that dialogs offer."""
    calendar = make_calendar()
    team = make_team("Mid-market", calendar=calendar)
    world = World(
        team=team,
        rep=make_member(team, name="Lena Vogt"),
        other=make_member(team, name="Tom Okafor"),
        manager=make_member(team, "sales_manager", name="Dana Whitfield"),
        marketer=make_member(make_team("Demand", function="demand"), "marketing", name="Priya Raman"),
        reader=make_person("Victor Lindqvist", "read_only"),
    )
    make_contract(since=NOON - timedelta(days=400), calendar=calendar)
    world.version = make_definition()
    reasons()
    return world


def reasons() -> None:
    make_reason(
        "reject", "below-criterion", group="Definition", next_step="nurture", counts_against="marketing"
    )
    make_reason(
        "reject", "data-wrong", group="Data", next_step="fix", counts_against="marketing", note_required=True
    )
    make_reason("reject", "student", group="Not a buyer", next_step="close", counts_against="marketing")
    make_reason("disqualify", "no-need")
    make_reason("disqualify", "unable-to-reach", minimum_attempts=5)
    make_reason("recycle", "wrong-time")
    make_reason("lose", "price")
    make_reason("send_back", "no-authority")
    make_reason("withdraw", "offered-in-error", counts_against="marketing")
    make_reason("pause", "buyer-away")
