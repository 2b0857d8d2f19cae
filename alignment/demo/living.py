"""What goes on in the demo after it was written: real services, as anybody would call them."""

from __future__ import annotations

import random

from django.db.models import Q

from accounts.models import User
from accounts.queries import person_by
from alignment.demo import names
from alignment.demo.people import MIDMARKET, REPS, email_of
from common.refusals import DomainError
from leads.models import Campaign, Company, Handoff, Lead, Stage, TouchKind
from leads.services import handoffs, leads, touches
from leads.services.attempts import Contact
from leads.services.touches import Interaction

CAME_BY = {
    "demo_request": 0.2,
    "contact_form": 0.1,
    "webinar": 0.35,
    "event_visit": 0.15,
    "content_download": 0.2,
}
SOURCES = {
    "demo_request": "Demo request",
    "contact_form": "Organic",
    "webinar": "Webinar",
    "event_visit": "Event",
    "content_download": "Content",
}
CHANNELS = {"Demo request": "Website", "Organic": "Website", "Event": "Fair"}
ENOUGH = 30  # unanswered offers; nobody watches a demo that long
ANSWERS = 0.6
VISITOR = "Lena Vogt"  # her offers are left to whoever looks around


def lead_comes(dice: random.Random | None = None) -> Lead | None:
    """Somebody of a known company writes, attends or downloads; marketing offers who qualifies."""
    chance = dice or random.Random()  # noqa: S311 - a story, not a secret
    if Handoff.objects.unanswered().count() >= ENOUGH:
        return None
    company = _company(chance)
    kind = chance.choices(list(CAME_BY), list(CAME_BY.values()))[0]
    priya = person_by(email_of("Priya Raman"))
    lead = leads.capture(_fields(chance, company, kind), by=priya).lead
    campaign = _campaign(chance, SOURCES[kind])
    touches.record(lead, Interaction(TouchKind.objects.get(key=kind), campaign))
    lead.refresh_from_db()
    if lead.stage == Stage.MARKETING_QUALIFIED and not lead.handoffs.open().exists():
        handoffs.offer(lead, by=priya)
    return lead


def colleague_answers(dice: random.Random | None = None) -> Handoff | None:
    """Now and then a colleague takes or calls one of theirs, or of the pool."""
    chance = dice or random.Random()  # noqa: S311 - a story, not a secret
    if chance.random() > ANSWERS:
        return None
    colleagues = [email_of(name) for team in REPS.values() for name in team if name != VISITOR]
    waiting = Handoff.objects.unanswered().filter(paused_at=None)
    theirs = waiting.filter(Q(holder__email__in=colleagues) | Q(holder=None, team__name=MIDMARKET))
    handoff = theirs.select_related("holder").order_by("-offered_at", "-pk").first()
    if handoff is None:
        return None
    try:
        return _answer(chance, handoff, handoff.holder or person_by(email_of("Tom Okafor")))
    except DomainError:
        return None  # a visitor was first


def _answer(chance: random.Random, handoff: Handoff, by: User) -> Handoff:
    if chance.random() < 0.3:
        handoffs.log_attempt(handoff, Contact("call", "no_answer"), by=by)
        return handoff
    return handoffs.accept(handoff, by=by)


def _company(chance: random.Random) -> Company:
    """One that fits the MQL definition, most of the time."""
    suits = Company.objects.exclude(relation__in=("customer", "competitor"))
    fits = suits.filter(
        employees__range=(200, 5_000), industry__in=("Food", "Paper", "Shipping", "Utilities")
    )
    found = fits if chance.random() < 0.85 else suits
    return found[chance.randrange(found.count())]


def _fields(chance: random.Random, company: Company, kind: str) -> dict[str, object]:
    first = chance.choice(names.first_names(company.country))
    last = chance.choice(names.last_names(company.country))
    domain = company.domains.values_list("domain", flat=True).first() or "northwater.example"
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}{chance.randrange(100, 999)}@{domain}".lower(),
        "title": chance.choice(names.BUYERS),
        "phone": f"{names.DIAL[company.country]} 555 01 {chance.randrange(100, 999)}",
        "company": company.name,
        "company_domain": domain,
        "country": company.country,
        "source": SOURCES[kind],
    }


def _campaign(chance: random.Random, source: str) -> Campaign | None:
    running = list(Campaign.objects.filter(is_active=True, channel=CHANNELS.get(source, source)))
    return chance.choice(running) if running else None
