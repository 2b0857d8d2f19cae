"""Writing a definition on a page: the questions, the criteria they make, and who may write when."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from common.refusals import Conflict, Invalid, NotAllowed
from definitions.engine import starter
from definitions.engine.starter import Answers
from definitions.models import DefinitionVersion
from definitions.services import drafting, versions
from tests.factories import (
    NOON,
    make_definition,
    make_marketer,
    make_member,
    make_person,
    make_team,
    make_touch_kind,
)
from tests.threads import first_then_second

FULL = Answers(
    least_employees=200, most_employees=5_000, industries=("Food", "Paper"), countries=("NO",),
    roles=("operations", "maintenance"), kinds=("webinar",), within_days=14, known=("lead.title",),
    never=("customer", "competitor"),
)  # fmt: skip
FOOD = {"fact": "company.industry", "op": "in", "value": ["Food"]}


@pytest.mark.parametrize(
    "answers",
    [FULL, Answers(), Answers(least_employees=0), Answers(most_employees=9), Answers(roles=("vp",)),
     Answers(known=("a", "b")), Answers(kinds=("webinar",), within_days=None)],
    ids=["all", "none", "at least", "at most", "one role", "known", "at any time"],
)  # fmt: skip
def test_the_answers_are_read_back_from_the_criteria_they_make(answers: Answers) -> None:
    assert starter.answers_of(starter.criteria(answers)) == answers


@pytest.mark.parametrize(
    "tree",
    [FOOD, {"any": [FOOD]}, {"all": [{"all": [FOOD]}]}, {"all": [FOOD, FOOD]}, {"all": [{"not": FOOD}]},
     {"all": [{"fact": "score.total", "op": "gte", "value": 1}]}, {"all": [3]}, {"all": [{"any": []}]}, [], None,
     {"all": [FOOD | {"value": ["Oil, gas"]}]}],
)  # fmt: skip
def test_criteria_that_say_more_or_else_are_not_taken_for_answers(tree: Any) -> None:
    assert starter.answers_of(tree) is None


@pytest.mark.django_db
def test_the_first_definition_is_written_proposed_and_signed_on_pages(client) -> None:
    elise = make_member(make_team(function="demand"), "marketing_manager")
    dana = make_member(make_team(), "sales_manager")
    make_touch_kind("webinar")
    client.force_login(elise)
    told = {
        "least_employees": "200",
        "industries": "Food, Paper, Food",
        "kinds": "webinar", "within_days": "30",
        "never": "customer",
    }  # fmt: skip

    written = client.post("/definitions/mql/write/", told)
    client.post("/definitions/mql/1/propose/")
    for person, side in ((elise, "marketing"), (dana, "sales")):
        client.force_login(person)
        client.post("/definitions/mql/1/sign/", {"side": side})

    version = DefinitionVersion.objects.get()
    asked = Answers(200, industries=("Food", "Paper"), kinds=("webinar",), never=("customer",))
    assert (written.status_code, written.url) == (302, "/definitions/mql/1/")
    assert (version.status, version.created_by) == ("active", elise)
    assert version.criteria == starter.criteria(asked)


@pytest.mark.django_db
def test_the_next_version_begins_from_the_one_in_force_and_keeps_its_scoring() -> None:
    scoring = {"fit": [{"when": FOOD, "points": 5}]}
    old = make_definition(starter.criteria(FULL), scoring=scoring)
    by = make_person(role="operations")
    start = drafting.begin("mql", by=by)

    row = drafting.write("mql", Answers(industries=("Food",)), note="Fewer", seen=start.seen, by=by, at=NOON)

    old.refresh_from_db()
    assert (start.answers, start.number) == (FULL, old.number + 1)
    assert (row.number, row.status, row.scoring, row.note) == (old.number + 1, "draft", scoring, "Fewer")
    assert old.status == "active"


@pytest.mark.django_db
def test_a_draft_that_somebody_else_wrote_meanwhile_is_not_overwritten() -> None:
    by = make_person(role="operations")
    seen = drafting.begin("mql", by=by).seen
    drafting.write("mql", Answers(industries=("Food",)), note="", seen=seen, by=by, at=NOON)

    with pytest.raises(Invalid) as refused:
        drafting.write("mql", Answers(industries=("Paper",)), note="", seen=seen, by=by, at=NOON)

    assert list(refused.value.errors) == ["changed"]
    assert DefinitionVersion.objects.get().criteria == {"all": [FOOD]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "said"),
    [({}, "Ask for something"), ({"least_employees": "9", "most_employees": "3"}, "Enter 9 or more"),
     ({"industries": "x" * 101}, "100 letters or fewer"), ({"countries": ",".join(map(str, range(51)))}, "50 or fewer"),
     ({"kinds": "fax"}, "Choose from the list"), ({"least_employees": "-1"}, "0 or more"),
     ({"within_days": "0"}, "1 or more")],
    ids=["nothing", "reversed", "long", "many", "unknown kind", "negative", "no days"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_at_its_place_and_nothing_is_lost(
    client, told: dict[str, str], said: str
) -> None:
    make_touch_kind("webinar")
    client.force_login(make_person(role="admin"))

    answer = client.post("/definitions/mql/write/", told | {"note": "Because"})

    shown = unescape(answer.content.decode())
    assert (answer.status_code, said in shown, 'value="Because"' in shown) == (422, True, True), shown
    assert not DefinitionVersion.objects.exists()


@pytest.mark.django_db
def test_an_sql_is_asked_for_what_sales_has_found_out_and_not_for_touches(client) -> None:
    make_touch_kind("webinar")
    client.force_login(make_person(role="operations"))

    shown = client.get("/definitions/sql/write/").content.decode()
    client.post("/definitions/sql/write/", {"known": ["company.industry", "lead.title"]})

    assert ('name="known"' in shown, 'name="kinds"' in shown) == (True, False)
    known = Answers(known=("company.industry", "lead.title"))
    assert DefinitionVersion.objects.get(definition="sql").criteria == starter.criteria(known)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["mql", "sql"])
def test_what_a_version_asks_beyond_the_usual_questions_is_kept_when_the_next_is_written(
    client, key: str
) -> None:
    """An MQL loaded from a file that wanted a known role, or an SQL that wanted a webinar, lost it unseen."""
    make_touch_kind("webinar")
    asked = starter.criteria(replace(FULL, within_days=None))
    old = make_definition(asked, key)
    client.force_login(make_person(role="operations"))
    form = client.get(f"/definitions/{key}/write/").context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    client.post(
        f"/definitions/{key}/write/", {name: said for name, said in shown.items() if said is not None}
    )

    assert DefinitionVersion.objects.get(definition=key, number=old.number + 1).criteria == asked


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["proposed", "signed"])
def test_only_one_change_is_agreed_on_at_a_time(status: str) -> None:
    make_definition(starter.criteria(FULL), status=status)

    with pytest.raises(Conflict):
        drafting.begin("mql", by=make_person(role="operations"))


@pytest.mark.django_db
def test_a_change_that_stands_in_the_way_is_led_to(client) -> None:
    client.force_login(make_member(make_team(), "sales_manager"))
    make_definition(FOOD, key="sql")
    change = make_definition(FOOD, key="sql", status="proposed", effective_from=None)

    refused = client.get("/definitions/sql/write/")

    assert refused.status_code == 409
    assert f'class="btn primary" href="/definitions/sql/{change.number}/"' in refused.content.decode()


@pytest.mark.django_db
def test_the_page_says_how_a_version_is_changed_that_its_questions_cannot_ask(client) -> None:
    version = make_definition({"any": [FOOD]}, key="sql")
    said = f"{version} says more than the questions of this page can. It is changed with an agreement file."
    seen = []
    for person in (make_member(make_team(), "sales_manager"), make_member(make_team(), "rep")):
        client.force_login(person)
        seen.append(said in client.get("/definitions/sql/").content.decode())

    assert seen == [True, False]


@pytest.mark.django_db
def test_whoever_only_works_with_leads_writes_no_definition() -> None:
    for person in (make_marketer(), make_person()):
        with pytest.raises(NotAllowed):
            drafting.begin("mql", by=person)


@pytest.mark.django_db
def test_a_proposal_that_is_taken_back_is_a_draft_without_signatures_again() -> None:
    elise = make_member(make_team(function="demand"), "marketing_manager")
    version = make_definition(starter.criteria(FULL), status="proposed", effective_from=None)
    versions.sign(version, by=elise, at=NOON)

    row = versions.take_back(version, by=elise)

    assert (row.status, row.proposed_at, row.signatures.count()) == ("draft", None, 0)
    with pytest.raises(Conflict):
        versions.take_back(version, by=elise)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_proposed_at_this_moment_is_not_written_over() -> None:
    """It became a draft again, with the new criteria, under whoever had just proposed it."""
    version = make_definition(starter.criteria(FULL), status="draft", effective_from=None)
    by = make_person(role="operations")
    seen = drafting.begin("mql", by=by).seen

    _, refused = first_then_second(
        lambda: versions.propose(version, by=by, at=NOON),
        lambda: drafting.write("mql", Answers(industries=("Food",)), note="", seen=seen, by=by, at=NOON),
    )

    version.refresh_from_db()
    assert (type(refused), version.status) == (Conflict, "proposed")
    assert version.criteria == starter.criteria(FULL)


@pytest.mark.django_db
def test_nobody_signs_another_wording_than_was_read(client) -> None:
    elise = make_member(make_team(function="demand"), "marketing_manager")
    version = make_definition(starter.criteria(FULL), status="proposed", effective_from=None)
    client.force_login(elise)
    read = client.get(f"/definitions/mql/{version.number}/").context["seen"]
    versions.take_back(version, by=elise)
    seen = drafting.begin("mql", by=elise).seen
    drafting.write("mql", Answers(industries=("Food",)), note="", seen=seen, by=elise, at=NOON)
    versions.propose(version, by=elise, at=NOON)

    answers = [
        client.post(f"/definitions/mql/{version.number}/sign/", {"side": "marketing", "seen": said})
        for said in (read, client.get(f"/definitions/mql/{version.number}/").context["seen"])
    ]

    assert [answer.status_code for answer in answers] == [409, 302]
    assert version.signatures.get().side == "marketing"


@pytest.mark.django_db
def test_nobody_proposes_another_wording_than_was_read() -> None:
    by = make_person(role="operations")
    version = make_definition(starter.criteria(FULL), status="draft", effective_from=None)
    read = drafting.begin("mql", by=by).seen
    drafting.write("mql", Answers(industries=("Food",)), note="", seen=read, by=by, at=NOON)

    with pytest.raises(Conflict):
        versions.propose(version, by=by, seen=read, at=NOON)


@pytest.mark.django_db
def test_no_relation_is_not_offered_as_none_of_the_others(client) -> None:
    client.force_login(make_member(make_team(), "sales_manager"))

    page = client.get("/definitions/mql/write/").content.decode()

    assert ("<span>Without any relation</span>" in page, "<span>None</span>" in page) == (True, False)
