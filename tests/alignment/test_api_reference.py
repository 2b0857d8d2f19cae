"""The page of the API says what the schema says."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from alignment.api_reference import Field, sections

SCHEMA = {
    "paths": {
        "/api/v1/leads/": {
            "get": {
                "operationId": "leads_list",
                "x-scope": "leads:read",
                "parameters": [
                    {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["new", "won"]}}
                ],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}
                    }
                },
            },
            "post": {
                "operationId": "leads_create",
                "description": "New or known.",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Lead"}}}
                },
                "responses": {"204": {"description": "No response body"}, "409": {"description": ""}},
            },
        },
        "/api/v1/teams/": {"get": {"operationId": "teams_list", "x-scope": "", "responses": {}}},
    },
    "components": {
        "schemas": {
            "Page": {
                "properties": {"results": {"type": "array", "items": {"$ref": "#/components/schemas/Lead"}}}
            },
            "Lead": {
                "required": ["email"],
                "properties": {
                    "email": {"type": "string", "format": "email", "description": "Identity."},
                    "touches": {"type": "array", "items": {"type": "integer"}},
                    "owner": {"allOf": [{"$ref": "#/components/schemas/Name"}]},
                },
            },
            "Name": {"type": "string"},
        }
    },
}
LEAD = [
    Field("email", "email", True, "Identity."),
    Field("touches", "list of integer", False, ""),
    Field("owner", "string", False, ""),
]


def test_calls_are_grouped_by_the_first_word_of_their_path() -> None:
    found = [(section.name, [call.method for call in section.calls]) for section in sections(SCHEMA)]

    assert found == [("leads", ["GET", "POST"]), ("teams", ["GET"])]


def test_a_list_tells_the_fields_of_its_members() -> None:
    listing = sections(SCHEMA)[0].calls[0]

    assert listing.parameters == [Field("state", "new | won", False, "")]
    assert listing.answers == [("200", "OK", LEAD)]
    assert listing.scope == "leads:read"


def test_a_body_tells_its_fields_and_which_are_required() -> None:
    creation = sections(SCHEMA)[0].calls[1]

    assert (creation.text, creation.body) == ("New or known.", LEAD)


def test_refusals_are_told_apart_from_answers() -> None:
    creation = sections(SCHEMA)[0].calls[1]

    assert [status for status, _, _ in creation.answers] == ["204"]
    assert creation.refusals == [("409", "Conflict")]


def test_a_person_reads_the_whole_api(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("ada@northwater.example", "Ada"))

    page = client.get("/api/v1/docs/").content.decode()

    assert "<code>/api/v1/teams/</code>" in page


@pytest.mark.parametrize("address", ["/api/v1/docs/", "/api/v1/schema/"])
def test_a_stranger_reads_nothing_of_it(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code in (302, 401)
