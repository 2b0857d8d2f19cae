"""What the tests of pages share."""

from html import unescape

import pytest

from tests.dashboards.worlds import june
from tests.factories import make_person


@pytest.fixture
def page(client, database_clock):
    """Opens an address as somebody signed in, on 20 June."""
    database_clock.set(june(20))
    client.force_login(make_person("Dana Whitfield"))

    def get(address: str, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status, response.content[:500]
        return unescape(response.content.decode())

    return get
