"""The page of a metric: asking it of other days, teams and sources, and on another basis."""

from html import unescape

import pytest

from tests.dashboards.worlds import june, make_deal
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db
JUNE = "from=2026-06-01&to=2026-07-01"


@pytest.fixture
def page(client, database_clock):
    """The page of a metric, on 20 June."""
    database_clock.set(june(20))
    client.force_login(make_person())
    return lambda address: unescape(client.get(f"/metrics/{address}").content.decode())


def test_a_closed_team_and_a_rare_source_stay_chosen_in_the_form(page):
    team = make_team("Enterprise")
    type(team).objects.filter(pk=team.pk).update(is_active=False)

    shown = page(f"revenue/?{JUNE}&team={team.slug}&source=Fair")

    assert f'<option value="{team.slug}" selected>Enterprise</option>' in shown
    assert "<option selected>Fair</option>" in shown


def test_each_basis_is_told_in_words(page):
    make_deal("won")

    shown = page(f"revenue/?{JUNE}")

    assert "1 deal, " in shown
    assert ["Events in these days</a>" in shown, "Begun in these days, followed to now</a>" in shown] == [
        True
    ] * 2


def test_what_is_counted_in_one_way_only_offers_no_other(page):
    found = ["counted otherwise" in page(f"{slug}/?{JUNE}") for slug in ("volume", "win-rate")]

    assert found == [False, True]
