"""The lists of people and teams that every key may read, and how keys are let in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.services import keys, people
from common.database.moments import database_now
from tests.accounts.people import make_member, make_person, make_team

pytestmark = pytest.mark.django_db
LISTS = ("teams", "people", "reasons", "touch-kinds", "campaigns")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def call(client: Client, address: str, secret: str) -> Any:
    return client.get(f"/api/v1/{address}", headers=bearer(secret))


@pytest.mark.parametrize("name", LISTS[:2])
def test_a_key_of_any_scope_reads_the_lists(client: Client, name: str) -> None:
    _, secret = keys.create(make_person(), scopes=["clocks:read"])

    answer = call(client, f"{name}/", secret)

    assert (answer.status_code, sorted(answer.json())) == (200, ["next", "previous", "results"])


@pytest.mark.parametrize("name", LISTS[:2])
def test_without_a_key_the_answer_is_a_problem_of_401(client: Client, name: str) -> None:
    answer = client.get(f"/api/v1/{name}/")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Baton API"'
    assert answer.json()["status"] == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer bt_00000000_unknown", "Bearer", "Bearer a b", "bearer \xff"],
    ids=["unknown", "empty", "two words", "not ascii"],
)
def test_a_key_that_is_none_is_refused(client: Client, header: str) -> None:
    answer = client.get("/api/v1/teams/", headers={"Authorization": header})

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_key_in_the_address_is_not_read(client: Client) -> None:
    _, secret = keys.create(make_person(), scopes=["all"])

    answers = [client.get(f"/api/v1/teams/?{name}={secret}") for name in ("key", "api_key", "access_token")]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_a_revoked_key_no_longer_works(client: Client) -> None:
    person = make_person()
    key, secret = keys.create(person, scopes=["all"])
    before = call(client, "teams/", secret).status_code

    keys.revoke(key, by=person)

    assert (before, call(client, "teams/", secret).status_code) == (200, 401)


def test_a_key_ends_at_its_moment(client: Client, database_clock: Any) -> None:
    until = database_now() + timedelta(hours=1)
    _, secret = keys.create(make_person(), scopes=["all"], expires_at=until)

    database_clock.set(until - timedelta(microseconds=1))
    last = call(client, "teams/", secret).status_code
    database_clock.set(until)

    assert (last, call(client, "teams/", secret).status_code) == (200, 401)


def test_a_key_is_lost_with_its_person(client: Client) -> None:
    person = make_person()
    _, secret = keys.create(person, scopes=["all"])

    people.deactivate(person, by=make_person(role="admin"))

    assert call(client, "teams/", secret).status_code == 401


def test_the_use_of_a_key_is_noted(client: Client, database_clock: Any) -> None:
    key, secret = keys.create(make_person(), scopes=["all"])
    now = database_clock.set(database_now())

    call(client, "teams/", secret)
    database_clock.set(now + timedelta(seconds=59))
    call(client, "teams/", secret)

    key.refresh_from_db()
    assert key.last_used_at == now


def test_a_person_is_shown_with_teams_and_roles(client: Client) -> None:
    team = make_team("North")
    person = make_member(team, "rep", name="Lena Vogt")
    _, secret = keys.create(person, scopes=["all"])

    (found,) = call(client, "people/", secret).json()["results"]

    assert found == {
        "id": str(person.public_id),
        "email": person.email,
        "name": "Lena Vogt",
        "role": "",
        "active": True,
        "teams": [{"id": str(team.public_id), "name": "North", "role": "rep"}],
    }


def test_a_long_list_comes_in_pages(client: Client) -> None:
    for number in range(3):
        make_team(f"Team {number}")
    _, secret = keys.create(make_person(), scopes=["all"])

    first = call(client, "teams/?page_size=2", secret).json()
    second = client.get(first["next"], headers=bearer(secret)).json()

    names = [[team["name"] for team in page["results"]] for page in (first, second)]
    assert names == [["Team 0", "Team 1"], ["Team 2"]]
    assert (first["previous"], second["next"]) == (None, None)


@pytest.mark.parametrize("name", LISTS[:2])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    client: Client, name: str, django_assert_num_queries: Any
) -> None:
    _, secret = keys.create(make_member(make_team()), scopes=["all"])
    call(client, f"{name}/", secret)  # notes the use of the key

    with django_assert_num_queries(3 if name == "people" else 2):
        call(client, f"{name}/", secret)
    for _ in range(2):
        make_member(make_team())
    with django_assert_num_queries(3 if name == "people" else 2):
        call(client, f"{name}/", secret)


def test_people_with_a_session_read_the_lists_too(client: Client) -> None:
    client.force_login(make_person())

    assert client.get("/api/v1/teams/").status_code == 200


def test_the_lists_are_read_only(client: Client) -> None:
    _, secret = keys.create(make_person(role="admin"), scopes=["all"])

    answer = client.post("/api/v1/teams/", {}, content_type="application/json", headers=bearer(secret))

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
