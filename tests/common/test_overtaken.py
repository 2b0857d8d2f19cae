"""What a page is told whose state was overtaken: a way to see it as it is now, and nowhere else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from common.refusals import Conflict
from common.web.http import refuse


@pytest.mark.parametrize(
    ("shown", "link"),
    [
        ("http://testserver/leads/1/?view=answer", 'href="/leads/1/?view=answer"'),
        ("http://testserver//elsewhere.example/", ""),
        ("", ""),
        ("http://[/x", ""),
    ],
)
def test_only_the_page_itself_is_offered(shown: str, link: str) -> None:
    request = RequestFactory().post("/", headers={"HX-Request": "true", "HX-Current-URL": shown})
    request.user = AnonymousUser()

    answer = refuse(request, Conflict("This lead is accepted."))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert (link in page) if link else ("href" not in page)
    assert answer["HX-Trigger"] == "catch-up"
