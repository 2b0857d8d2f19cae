"""The lead queue as a list of one's own: columns, saved views, and giving many leads to someone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from common.database.moments import database_now
from common.refusals import Invalid
from desk.models import SavedView
from desk.queries.lists import CAP, counts_of
from desk.queries.saved import written
from desk.services import views
from leads.models import Handoff, Lead
from tests.desk.world import as_user
from tests.factories import (
    make_campaign,
    make_company,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marketer: User) -> Client:
    return as_user(marketer)


def heads(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{reverse('desk:queue')}?{query}").content.decode()
    head = page.split("<thead>")[1].split("</thead>")[0]
    return [word.strip() for word in re.sub(r"<svg.*?</svg>|<[^>]+>", "|", head).split("|") if word.strip()]


def test_the_list_shows_the_columns_that_its_address_names(client: Client) -> None:
    make_mql(title="CEO", country="NO", company=make_company(industry="Shipping", employees=1_400))

    assert heads(client) == ["Lead", "Source", "Status", "Held by", "SLA", "Created", "Acts"]
    assert heads(client, "cols=employees&cols=title&cols=nonsense") == [
        "Lead", "Role", "Employees", "SLA", "Acts"
    ]  # fmt: skip
    assert heads(client, "cols=") == ["Lead", "SLA", "Acts"]


def test_a_column_shows_what_it_promises(client: Client) -> None:
    make_mql(title="Plant manager", country="NO", company=make_company(industry="Shipping", employees=1_400))

    query = "&".join(f"cols={key}" for key in ("title", "country", "industry", "employees", "owner"))
    row = client.get(f"{reverse('desk:queue')}?{query}").content.decode().split("<tbody>")[1]

    assert [word in row for word in ("Plant manager", ">NO<", "Shipping", "1,400", "Nobody")] == [True] * 5


def test_an_mql_shows_the_touch_that_made_it_one(client: Client, world: Any) -> None:
    lead = world.offer().lead
    fresh = make_mql(last_name="Fresh")
    fresh.qualifications.update(trigger=lead.touches.get())

    rows = client.get(f"{reverse('desk:queue')}?view=offer").context["rows"]

    assert [(row.lead.last_name, row.signal) for row in rows] == [("Fresh", str(lead.touches.get().kind))]


def test_choosing_columns_keeps_filters_and_order(client: Client) -> None:
    page = client.get(f"{reverse('desk:queue-columns')}?view=all&source=A&source=B&sort=name&cursor=x")

    assert page.context["kept"] == [
        ("cols", ""), ("view", "all"), ("source", "A"), ("source", "B"), ("sort", "name")
    ]  # fmt: skip


def test_choosing_filters_keeps_what_the_dialog_does_not_ask(client: Client) -> None:
    address = f"{reverse('desk:queue-filter')}?view=all&source=A&source=B&sort=name&cols=title&q=north"

    page = client.get(address)

    assert page.context["kept"] == [
        ("view", "all"), ("source", "B"), ("sort", "name"), ("cols", "title")
    ]  # fmt: skip
    assert page.context["form"]["q"].value() == "north"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "view=open"),
        ("view=nonsense&cursor=x&part=list&q=", "view=open"),
        ("sort=clock&view=open", "view=open"),
        ("source=b&source=a&sort=-name&view=all", "view=all&source=a&source=b&sort=-name"),
        ("cols=created&cols=holder&cols=status&cols=source", "view=open"),
        ("cols=title&cols=country", "view=open&cols=title&cols=country"),
        ("cols=", "view=open&cols="),
    ],
)
def test_one_list_is_always_written_in_the_same_words(said: str, words: str) -> None:
    assert written(QueryDict(said)) == words
    assert written(QueryDict(words)) == words


def test_an_empty_list_has_no_pages_to_turn(client: Client) -> None:
    assert 'aria-label="Pages"' not in client.get("/leads/?q=nobody").content.decode()


def test_a_list_is_saved_under_a_name_and_becomes_a_tab(client: Client, marketer: User) -> None:
    make_mql(source="A", source_key="a")
    make_mql(source="B", source_key="b")

    answer = client.post(f"{reverse('desk:view-save')}?source=a&sort=name", {"name": "  My   A "})
    page = client.get(answer["Location"])

    view = SavedView.objects.get()
    assert (view.person, view.name, view.query) == (marketer, "My A", "view=open&source=a&sort=name")
    assert (page.context["tabs"][-1]["label"], page.context["tabs"][-1]["count"]) == ("My A", "1")
    assert (page.context["tab"], page.context["save_url"]) == (str(view.public_id), "")
    assert len(page.context["rows"]) == 1


def test_only_a_changed_list_can_be_saved(client: Client) -> None:
    pages = {query: client.get(f"{reverse('desk:queue')}?{query}") for query in ("", "q=x", "stage=hot")}

    assert {query: bool(page.context["save_url"]) for query, page in pages.items()} == {
        "": False, "q=x": True, "stage=hot": False
    }  # fmt: skip


def test_saving_under_a_name_one_has_changes_that_view(marketer: User) -> None:
    first = views.save("Mine", "source=a", by=marketer)
    again = views.save("Mine", "source=b", by=marketer)

    assert (first.pk, again.query, SavedView.objects.count()) == (again.pk, "view=open&source=b", 1)


@pytest.mark.parametrize(
    ("name", "query"),
    [(" ", "q=a"), ("\x00", "q=a"), ("x" * 41, "q=a"), ("Fine", "stage=hot"), ("Long", "q=" + "ä" * 200)],
    ids=["blank", "null", "too long", "means nothing", "long address"],
)
def test_what_cannot_be_kept_is_refused(marketer: User, name: str, query: str) -> None:
    with pytest.raises(Invalid):
        views.save(name, query, by=marketer)

    assert SavedView.objects.count() == 0


def test_nobody_keeps_more_views_than_are_counted_cheaply(marketer: User) -> None:
    for number in range(views.MOST):
        views.save(f"View {number}", f"q=n{number}", by=marketer)

    with pytest.raises(Invalid):
        views.save("One more", "q=more", by=marketer)

    assert views.save("View 0", "q=other", by=marketer).query == "view=open&q=other"


def test_a_view_is_renamed_and_deleted_by_its_owner(client: Client, marketer: User) -> None:
    view = views.save("Mine", "q=a", by=marketer)
    views.save("Other", "q=b", by=marketer)
    address = reverse("desk:view-edit", args=[view.public_id])

    taken = client.post(address, {"name": "Other"})
    renamed = client.post(address, {"name": "Yours"})

    assert (taken.status_code, renamed.status_code, SavedView.objects.get(pk=view.pk).name) == (
        422, 302, "Yours"
    )  # fmt: skip
    assert client.post(f"{address}delete/").status_code == 302
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Other"]


def test_views_of_others_are_not_there(marketer: User) -> None:
    view = views.save("Mine", "q=a", by=marketer)
    stranger = as_user(make_person(role="admin"))
    address = reverse("desk:view-edit", args=[view.public_id])

    answers = [
        stranger.get(address),
        stranger.post(address, {"name": "X"}),
        stranger.post(f"{address}delete/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert SavedView.objects.get().name == "Mine"
    assert "Mine" not in stranger.get(reverse("desk:queue")).content.decode().split('id="main"')[1]


def test_the_database_keeps_names_apart(marketer: User) -> None:
    views.save("Mine", "q=a", by=marketer)

    with pytest.raises(IntegrityError, match="one_saved_view_per_person_and_name"), transaction.atomic():
        SavedView.objects.create(person=marketer, name="Mine", query="view=all")


def test_own_views_cost_no_further_query(client: Client, marketer: User) -> None:
    make_mql()
    views.save("One", "q=a", by=marketer)
    client.get(reverse("desk:queue"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("desk:queue"))

    for number in range(5):
        views.save(f"More {number}", f"source=s{number}&clock=late", by=marketer)

    with CaptureQueriesContext(connection) as many:
        client.get(reverse("desk:queue"))
    assert len(many) == len(one)


def test_lists_are_counted_together_and_capped() -> None:
    Lead.objects.bulk_create(
        Lead(first_name=f"N{n}", stage="inquiry", stage_at=database_now(), recorded_at=database_now(),
             created_at=database_now())
        for n in range(CAP + 1)
    )  # fmt: skip
    make_lead("recycled", last_name="50% off %s")

    recycled, nobody = Lead.objects.filter(stage="recycled"), Lead.objects.filter(pk__in=[])
    percent = Lead.objects.filter(last_name__contains="% off %s")

    assert counts_of([Lead.objects.all(), recycled, nobody, percent]) == [CAP, 1, 0, 1]
    assert counts_of([]) == []


def assign(client: Client, leads: list[Lead], to: str) -> Any:
    picks = [str(lead.public_id) for lead in leads]
    return client.post(reverse("desk:bulk", args=["assign"]), {"pick": picks, "to": to})


def test_a_manager_gives_many_leads_to_one_person() -> None:
    team = make_team("Bergen")
    rep, other, manager = make_member(team), make_member(team), make_member(team, "sales_manager")
    leads = [make_offer(team, rep).lead for _ in range(3)]

    answer = assign(as_user(manager), leads, f"person:{other.public_id}")

    assert answer.status_code == 302
    assert {handoff.holder for handoff in Handoff.objects.all()} == {other}


def test_leads_that_sales_does_not_have_are_told_and_left() -> None:
    team = make_team("Bergen")
    rep, manager = make_member(team), make_member(team, "sales_manager")
    held, free = make_offer(team).lead, make_mql(last_name="Free")

    answer = assign(as_user(manager), [held, free], f"person:{rep.public_id}")

    page = answer.content.decode()
    assert (answer.status_code, "1 of 2 assigned." in page, "Free" in page) == (422, True, True)
    assert Handoff.objects.get().holder == rep


def test_no_campaign_is_chosen_before_somebody_chooses_one(client: Client) -> None:
    make_campaign("Autumn")
    lead = make_mql()

    answer = client.post(reverse("desk:bulk", args=["campaign"]), {"pick": [str(lead.public_id)]})
    page = client.get(f"{reverse('desk:bulk', args=['campaign'])}?pick={lead.public_id}").content.decode()

    assert (answer.status_code, '<option value="" selected>Choose a campaign' in page) == (422, True)


def test_afterwards_the_list_is_shown_that_was_open(client: Client) -> None:
    make_team("Bergen")
    make_mql(source="A", source_key="a")
    here = "view=offer&source=a&sort=name"

    asked = client.get(f"{reverse('desk:bulk', args=['offer'])}?{urlencode({'whole': 1, 'list': here})}")
    body = {"whole": "1", "list": here, "to": "routing"}
    answer = client.post(reverse("desk:bulk", args=["offer"]), body)

    assert f"{reverse('desk:queue')}?{here}".replace("&", "&amp;") in asked.content.decode()
    assert answer["Location"] == f"{reverse('desk:queue')}?{here}"


def test_leads_of_another_team_are_assigned_by_nobody_else_i01() -> None:
    own, other = make_team("Bergen"), make_team("Boston")
    rep, manager = make_member(own), make_member(own, "sales_manager")
    leads = [make_offer(own).lead, make_offer(other).lead]

    answer = assign(as_user(manager), leads, f"person:{rep.public_id}")

    assert answer.status_code == 403
    assert {handoff.holder for handoff in Handoff.objects.all()} == {None}


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("rep", []),
        ("read_only", []),
        ("sales_manager", ["Assign"]),
        ("marketing", ["Offer to sales", "Set aside", "Withdraw", "Add to campaign"]),
        ("admin", ["Offer to sales", "Set aside", "Withdraw", "Add to campaign", "Assign"]),
    ],
)
def test_each_role_is_shown_the_acts_it_may_do(role: str, labels: list[str]) -> None:
    make_mql()
    seated = {"rep", "sales_manager"}
    person = (
        make_member(make_team(), role) if role in seated
        else make_marketer() if role == "marketing" else make_person(role=role)
    )  # fmt: skip

    page = as_user(person).get(reverse("desk:queue"))

    assert [act["label"] for act in page.context["acts"]] == labels
    assert ('name="pick"' in page.content.decode()) == bool(labels)
    assert (f'href="{reverse("desk:lead-new")}"' in page.content.decode()) == (role != "read_only")


def test_a_list_with_a_line_break_in_its_address_is_led_back_to_as_any_other(client: Client) -> None:
    make_team("Bergen")
    body = {"pick": [str(make_mql().public_id)], "list": "view=offer\nx", "to": "routing"}

    answer = client.post(reverse("desk:bulk", args=["offer"]), body, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == f"{reverse('desk:queue')}?view=offer%0Ax"
    assert Handoff.objects.count() == 1
