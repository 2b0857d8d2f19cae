"""The certificate of a qualification."""

from __future__ import annotations

import pytest

from tests.desk.world import World, as_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["rep", "marketer", "reader"])
def test_the_certificate_shows_the_findings_as_they_were(world: World, who: str) -> None:
    handoff = world.offer(to=world.rep)

    page = as_user(getattr(world, who)).get(f"/qualifications/{handoff.qualification.public_id}/")

    shown = page.content.decode()
    assert page.status_code == 200
    assert "1 of 1" in shown
    assert "200 to 5,000 employees" in shown
    assert "to Lena Vogt: offered." in shown


def test_an_unknown_one_is_not_found(world: World) -> None:
    answer = as_user(world.rep).get("/qualifications/00000000-0000-4000-8000-000000000000/")

    assert answer.status_code == 404
