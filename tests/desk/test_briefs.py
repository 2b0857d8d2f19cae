"""Who has read which brief, and what a campaign's figures lead to."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from common.database.moments import database_now
from common.refusals import Conflict, NotAllowed
from desk.queries.briefs import readers_of
from desk.queries.campaigns import campaign_rows, campaign_view
from desk.queries.filters import read_filters
from desk.queries.lead import brief_changed
from desk.queries.lists import in_order, leads_for_filters
from leads.models import BriefReading, BriefVersion, Campaign, Handoff, Lead
from leads.services import briefs, handoffs
from tests.desk.acting import url
from tests.desk.world import HTMX, World, as_user
from tests.factories import NOON, make_campaign, make_handoff, make_lead, make_mql, make_reason

pytestmark = pytest.mark.django_db


def next_brief(brief: BriefVersion) -> BriefVersion:
    return BriefVersion.objects.create(
        campaign=brief.campaign, number=brief.number + 1, promise="Two audits", published_at=NOON
    )


def read_by(person: User) -> list[int]:
    return list(BriefReading.objects.filter(person=person).values_list("brief__number", flat=True))


def test_accepting_counts_as_having_read_what_stands_on_the_lead(world: World) -> None:
    world.accepted()

    assert (read_by(world.rep), read_by(world.manager)) == ([1], [])


def test_a_refused_acceptance_reads_nothing(world: World) -> None:
    handoff = world.offer(to=world.rep)
    handoffs.reject(handoff, by=world.rep, reason="student")

    with pytest.raises(Conflict):
        handoffs.accept(handoff, by=world.rep)

    assert read_by(world.rep) == []


@pytest.mark.parametrize(
    ("read", "stands", "newest", "asks"),
    [
        (0, 1, 1, False), (0, 1, 2, True), (1, 2, 2, True), (2, 2, 2, False), (2, 1, 2, False), (2, 1, 3, True)
    ],
    ids=[
        "never read, unchanged", "never read, changed since the offer", "read the one before", "read it",
        "read a newer one than stands on the lead", "changed since the last reading",
    ],
)  # fmt: skip
def test_accepting_asks_first_only_where_the_brief_changed_since_it_was_read(
    world: World, read: int, stands: int, newest: int, asks: bool
) -> None:
    campaign = make_campaign()
    versions = {
        number: BriefVersion.objects.create(campaign=campaign, number=number, published_at=NOON)
        for number in range(1, newest + 1)
    }
    if read:
        briefs.read(versions[read], by=world.rep, at=NOON)

    assert brief_changed(versions[stands], world.rep.pk) == asks


def test_the_dialog_of_accepting_sends_back_which_wording_it_showed(world: World) -> None:
    handoff = world.offer(to=world.rep)
    assert handoff.brief is not None
    newest = next_brief(handoff.brief)
    client = as_user(world.rep)

    dialog = client.get(url(handoff, "accept"), **HTMX).content.decode()
    client.post(url(handoff, "accept"), {"brief": newest.number})

    assert f'name="brief" value="{newest.number}"' in dialog
    assert "Two audits" in dialog
    assert sorted(read_by(world.rep)) == [1, 2]


def test_a_forged_number_reads_nothing_more(world: World) -> None:
    handoff = world.offer(to=world.rep)

    answer = as_user(world.rep).post(url(handoff, "accept"), {"brief": "99"})

    assert (answer.status_code, read_by(world.rep)) == (302, [1])


def acknowledge(person: User, brief: BriefVersion) -> int:
    address = reverse("desk:brief-acknowledge", args=[brief.campaign.slug, brief.number])
    status: int = as_user(person).post(address).status_code
    return status


def test_sales_acknowledges_and_only_the_newest(world: World) -> None:
    handoff = world.offer(to=world.rep)
    assert handoff.brief is not None
    newest = next_brief(handoff.brief)

    answers = [
        acknowledge(world.rep, handoff.brief),
        acknowledge(world.rep, newest),
        acknowledge(world.rep, newest),
        acknowledge(world.marketer, newest),
        acknowledge(world.reader, newest),
    ]

    assert answers == [409, 302, 302, 403, 403]
    assert list(BriefReading.objects.values_list("person", "brief__number")) == [(world.rep.pk, 2)]
    with pytest.raises(NotAllowed):
        briefs.acknowledge(newest, by=world.marketer)


def test_the_campaign_names_who_knows_which_wording(world: World) -> None:
    handoff = world.accepted()
    assert handoff.brief is not None
    campaign, newest = handoff.brief.campaign, next_brief(handoff.brief)
    briefs.acknowledge(newest, by=world.manager)

    readers = readers_of(campaign, newest)

    assert [(row.person.name, row.number, row.is_current) for row in readers.rows] == [
        ("Dana Whitfield", 2, True), ("Lena Vogt", 1, False), ("Tom Okafor", 0, False)
    ]  # fmt: skip
    page = as_user(world.rep).get(reverse("desk:campaign", args=[campaign.slug])).content.decode()
    assert "Acknowledged by 1 of 3" in page
    # On a phone it stands below the brief too, as the rail comes last there.
    assert page.count("Acknowledge v2") == 2
    row = next(row for row in campaign_rows(Campaign.objects.all()) if row.campaign == campaign)
    assert row.brief_line == "v2 read by 1 of 3"


def test_the_database_counts_a_reading_once(world: World) -> None:
    brief = BriefVersion.objects.create(campaign=make_campaign(), number=1, published_at=NOON)
    briefs.read(brief, by=world.rep, at=NOON)
    briefs.read(brief, by=world.rep, at=NOON)

    with pytest.raises(IntegrityError, match="brief_version_read_once_by_a_person"), transaction.atomic():
        BriefReading.objects.create(brief=brief, person=world.rep, at=NOON)
    assert read_by(world.rep) == [1]


def make_reached(campaign: Campaign) -> None:
    """One lead for each way it can go; the rejected one was rejected twice."""
    make_lead(campaign=campaign)
    make_mql(campaign=campaign)
    make_handoff("offered", lead=make_lead("marketing_qualified", campaign=campaign))
    make_handoff("accepted", lead=make_lead(campaign=campaign), answered_at=NOON, accepted_at=NOON)
    lead, reason = make_lead(campaign=campaign), make_reason("reject", "student")
    for cycle in (1, 2):
        make_handoff("rejected", lead=lead, cycle=cycle, answered_at=NOON, reason=reason)
    make_handoff(
        "won", lead=make_lead(campaign=campaign), answered_at=NOON, accepted_at=NOON, qualified_at=NOON
    )


def leads_behind(query: str) -> int:
    filters = read_filters(QueryDict(query), view="all")
    assert filters.errors == {}
    return leads_for_filters(Lead.objects.all(), filters, database_now()).count()


def test_every_figure_of_a_campaign_leads_to_as_many_leads() -> None:
    campaign = make_campaign()
    make_reached(campaign)
    make_mql()

    view = campaign_view(campaign)

    address = f"view=all&campaign={campaign.slug}"
    assert [(label, n, leads_behind(f"{address}&reached={key}" if key else address))
            for key, label, n, _, _ in view.funnel.steps] == [
        ("Leads", 6, 6), ("MQL", 5, 5), ("Offered", 4, 4), ("Accepted", 2, 2), ("SQL", 1, 1), ("Won", 1, 1)
    ]  # fmt: skip
    assert [(label, n, leads_behind(f"{address}&rejected={key}")) for key, label, n in view.answers] == [
        ("Student", 1, 1)
    ]


def test_an_unknown_step_finds_nobody() -> None:
    make_mql()

    assert read_filters(QueryDict("reached=moon"), view="all").errors.keys() == {"reached"}


@pytest.mark.parametrize("query", ["reached=won", "reached=accepted&campaign=x", "rejected=student"])
def test_how_far_leads_came_is_found_without_reading_them_one_by_one(query: str) -> None:
    Lead.objects.bulk_create(
        Lead(first_name=f"N{n}", stage="inquiry", stage_at=NOON, recorded_at=NOON, created_at=NOON)
        for n in range(5_000)
    )
    for lead in Lead.objects.order_by("-pk")[:20]:
        make_handoff("won", lead=lead)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filters = read_filters(QueryDict(f"view=all&{query}"), view="all")
    rows, keys = in_order(leads_for_filters(Lead.objects.all(), filters, database_now()), filters.sort)

    plan = rows.order_by(*keys)[:51].explain()

    assert ("SubPlan" in plan, "Seq Scan on leads_lead" in plan) == (False, False)
    assert Handoff.objects.count() == 20
