"""Two who write the same lead or company at once: what waited comes after what it waited for (R4, R23)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from leads.batch.drafts import LeadDraft
from leads.batch.leads import upsert
from leads.engine import profile
from leads.models import AttributeChange, Company, CompanyChange, Handoff, Lead
from leads.services import acts, handoffs, leads
from tests.factories import NOON, make_company, make_lead, make_marketer, make_member, make_mql, make_team
from tests.threads import first_then_second

pytestmark = pytest.mark.django_db(transaction=True)
Write = Callable[[Lead, dict[str, object]], object]


def by_hand(lead: Lead, said: dict[str, object]) -> object:
    return leads.edit(lead, said, by=make_marketer(), version=lead.version)


def by_program(lead: Lead, said: dict[str, object]) -> object:
    return leads.capture({"email": lead.emails.get().email, **said}, by=make_marketer())


@transaction.atomic
def by_file(lead: Lead, said: dict[str, object]) -> object:
    return upsert([LeadDraft(2, profile.read({"email": lead.emails.get().email, **said}, NOON))])


WRITERS = pytest.mark.parametrize("write", [by_hand, by_program, by_file])


@WRITERS
def test_what_waited_for_an_offer_was_not_known_at_it(write: Write) -> None:
    marketer, team = make_marketer(), make_team()
    rep, lead = make_member(team), make_mql()

    outcomes = first_then_second(
        lambda: acts.lock([lead.pk]),
        lambda: write(Lead.objects.get(pk=lead.pk), {"title": "CFO"}),
        then=lambda: handoffs.offer(lead, by=marketer, person=rep),
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    known_from = AttributeChange.objects.get(lead=lead, fact="lead.title").at
    assert known_from > Handoff.objects.get(lead=lead).offered_at


@WRITERS
def test_of_two_the_second_replaces_what_the_first_said_of_the_company(write: Write) -> None:
    acme = make_company("Acme", employees=10)
    first, second = make_lead(company=acme), make_lead(company=acme)

    outcomes = first_then_second(
        lambda: by_hand(first, {"employees": 20}), lambda: write(second, {"employees": 30})
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    said = CompanyChange.objects.order_by("at", "pk").values_list("was", "value")
    assert list(said) == [(10, 20), (20, 30)]
    assert Company.objects.get().employees == 30


@WRITERS
def test_who_speaks_of_a_company_waits_for_the_file_that_does(write: Write) -> None:
    acme = make_company("Acme", employees=10)
    first, second = make_lead(company=acme), make_lead(company=acme)

    first_then_second(lambda: by_file(first, {"employees": 20}), lambda: write(second, {"employees": 30}))

    said = CompanyChange.objects.order_by("at", "pk").values_list("was", "value")
    assert list(said) == [(10, 20), (20, 30)]


def test_who_may_only_fill_gaps_fills_none_that_was_filled_meanwhile() -> None:
    acme = make_company("Acme")
    known, rep = make_lead(company=acme), make_member(make_team())

    first_then_second(
        lambda: by_hand(known, {"industry": "Shipping"}),
        lambda: leads.capture({"email": "new@acme.example", "company": "Acme", "industry": "Ships"}, by=rep),
    )

    acme.refresh_from_db()
    assert acme.industry == "Shipping"
