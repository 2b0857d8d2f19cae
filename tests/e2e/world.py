"""Northwater: the small company that the whole-story tests walk through, built by the services that pages call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import Team, User
from definitions.models import DefinitionVersion
from leads.models import Campaign, Handoff, Lead, TouchKind
from leads.services import catalogue, handoffs, leads, offers, touches
from leads.services.attempts import Contact
from leads.services.catalogue import BriefFields, CampaignFields
from leads.services.touches import Interaction
from sla.models import ContractVersion
from sla.services import agreements
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_member, make_person, make_team

DAY = timedelta(days=1)
AGREEMENT = Path(__file__).resolve().parents[2] / "docs" / "examples" / "agreement.json"
TEAMS = ("Demand generation", "Mid-market EMEA")
TOUCH_KINDS = ("Webinar", "Content download", "Pricing page")


@dataclass
class World:
    """Who there is, what they agreed, and the leads on their way."""

    demand: Team
    sales: Team
    lena: User
    tom: User
    dana: User
    priya: User
    elise: User
    admin: User
    contract: ContractVersion
    campaign: Campaign
    webinar: TouchKind

    @property
    def mql_version(self) -> DefinitionVersion:
        version = self.contract.mql_version
        assert version is not None
        return version

    def mql(self, name: str, at: datetime, **fields: Any) -> Lead:
        """A lead that the definition itself qualifies: it fits, and it was in the webinar."""
        first, last = name.split()
        domain = f"{last.lower()}.example"
        told = {
            "first_name": first, "last_name": last, "email": f"{first.lower()}@{domain}", "title": "Head of operations",
            "company": f"{last} Paper", "company_domain": domain, "employees": 1_400, "industry": "Paper",
            "country": "NO", "phone": "+47 22 11 33 55", "campaign": self.campaign.slug, **fields,
        }  # fmt: skip
        lead = leads.capture(told, by=self.priya, at=at - 5 * MINUTE).lead
        seen = Interaction(self.webinar, self.campaign, detail="Asked how long an audit takes")
        touches.record(lead, seen, by=self.priya, at=at)
        return Lead.objects.get(pk=lead.pk)

    def offered(self, name: str, at: datetime, **fields: Any) -> Handoff:
        """To Lena, a quarter of an hour after it became an MQL."""
        lead = self.mql(name, at - 15 * MINUTE, **fields)
        return offers.offer(lead, by=self.priya, person=self.lena, at=at)

    def talked(self, name: str, at: datetime) -> Handoff:
        """Accepted by the call that reached the buyer."""
        handoff = self.offered(name, at)
        handoffs.log_attempt(handoff, Contact("call", "talked"), by=self.lena, at=at + 10 * MINUTE)
        return Handoff.objects.get(pk=handoff.pk)


@dataclass
class Story:
    """Six leads, each at another place on the way."""

    fresh: Handoff
    next: Handoff
    talked: Handoff
    returned: Handoff
    rejected: Handoff
    waiting: Lead


def make_world() -> World:
    """Two teams, an admin, a campaign with its brief, and the contract of the documented example."""
    demand = make_team("Demand generation", function="demand", calendar=make_calendar())
    sales = make_team("Mid-market EMEA", calendar=make_calendar())
    elise = make_person("Elise Moreau", email="elise.moreau@northwater.example")
    dana = make_person("Dana Whitfield", email="dana.whitfield@northwater.example")
    make_member(demand, "marketing_manager", person=elise)
    make_member(sales, "sales_manager", person=dana)
    priya = make_member(demand, "marketing", name="Priya Raman")
    admin = make_person("Amal Haddad", "admin")
    for label in TOUCH_KINDS:
        catalogue.write_touch_kind(None, label=label, hand_raise=False, by=admin)
    campaign = catalogue.create_campaign(CampaignFields("Plant audit webinar", "Webinar"), by=priya)
    promise = BriefFields(promise="A free audit of one pump room", audience="Heads of operations")
    catalogue.publish_brief(campaign, promise, by=priya)
    return World(
        demand=demand,
        sales=sales,
        lena=make_member(sales, name="Lena Vogt"),
        tom=make_member(sales, name="Tom Okafor"),
        dana=dana,
        priya=priya,
        elise=elise,
        admin=admin,
        contract=agreements.load(agreement(), at=NOON - 60 * DAY).version,
        campaign=campaign,
        webinar=TouchKind.objects.get(key="webinar"),
    )


def make_story(world: World) -> Story:
    """What happened until noon."""
    returned = world.offered("Pieter Vos", NOON - 3 * HOUR)
    handoffs.return_for_info(returned, by=world.lena, missing=["lead.phone"], at=NOON - 2 * HOUR)
    rejected = world.offered("Tomas Novak", NOON - 4 * HOUR)
    handoffs.reject(rejected, by=world.lena, reason="customer", at=NOON - 3 * HOUR)
    return Story(
        fresh=world.offered("Maren Solberg", NOON - 2 * HOUR),
        next=world.offered("Yusuf Demir", NOON - HOUR),
        talked=world.talked("Ingrid Dahl", NOON - 4 * HOUR),
        returned=returned,
        rejected=rejected,
        waiting=world.mql("Ana Costa", NOON - 20 * MINUTE),
    )


def agreement() -> dict[str, Any]:
    """The documented example, for the teams that this company has."""
    document: dict[str, Any] = json.loads(AGREEMENT.read_text())
    document["teams"] = {name: calendar for name, calendar in document["teams"].items() if name in TEAMS}
    return document
