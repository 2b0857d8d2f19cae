"""The words that leads are looked for by: only their beginning reaches the database, on the page, as a file, by key."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.api.callers import Caller
from tests.desk.world import as_user
from tests.factories import make_mql

pytestmark = pytest.mark.django_db
PAGES = ("/leads/", "/leads/csv/", "/search/", "/inbox/")


@pytest.mark.parametrize("words", ["a" * 100_000, "ab " * 33_000, "%_" * 50_000], ids=["one", "many", "wild"])
def test_of_100_kilobytes_the_beginning_is_looked_for(marketer: User, words: str) -> None:
    make_mql()
    caller, browser = Caller(marketer, ["leads:read"]), as_user(marketer)

    with CaptureQueriesContext(connection) as asked:
        answers = [*(browser.get(page, {"q": words}) for page in PAGES), caller.get("leads/", q=words)]
        sizes = [len(answer.getvalue()) for answer in answers]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert 0 not in sizes
    assert max(len(query["sql"]) for query in asked) < 20_000
