"""Meetings on the pages: booking with the log, moving, calling off, and where the next one is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.queries.timeline import timeline_of
from leads.models import Handoff, Meeting
from leads.services import meetings
from tests.clock import DatabaseClock
from tests.desk.acting import url, with_meeting
from tests.desk.world import World, as_user
from tests.factories import NOON, make_touch_kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)


def test_the_outcome_meeting_booked_asks_for_its_time(world: World) -> None:
    handoff = world.accepted()

    answer = as_user(world.rep).post(url(handoff, "log"), {"outcome": "meeting_booked"})

    assert answer.status_code == 422
    assert "Say when the meeting is" in answer.content.decode()
    assert not handoff.attempts.exists()


def test_a_rep_books_with_the_log(world: World) -> None:
    handoff = world.accepted()
    sent = {"outcome": "meeting_booked", "meeting_at": "2026-06-05T10:00"}

    as_user(world.rep).post(url(handoff, "log"), sent)

    assert Meeting.objects.get().starts_at == NOON + timedelta(hours=46)


def test_a_marketer_records_a_booking_with_a_touch(world: World) -> None:
    handoff = world.offer(to=world.other)
    kind = make_touch_kind("meeting_booked", hand_raise=True)
    sent = {"kind": kind.pk, "meeting_at": "2026-06-05T10:00", "owner": world.rep.pk}

    as_user(world.marketer).post(f"/leads/{handoff.lead.public_id}/touch/", sent)

    handoff.refresh_from_db()
    assert (handoff.status, handoff.holder) == ("accepted", world.rep)


@pytest.mark.parametrize(
    "sent", [{"meeting_at": "2026-06-05T10:00"}, {"owner": "REP"}], ids=["time", "person"]
)
def test_half_a_booking_is_asked_for_the_other_half(world: World, sent: dict[str, str]) -> None:
    handoff = world.offer(to=world.rep)
    kind = make_touch_kind("meeting_booked", hand_raise=True)
    sent = {key: str(world.rep.pk) if value == "REP" else value for key, value in sent.items()}

    answer = as_user(world.marketer).post(
        f"/leads/{handoff.lead.public_id}/touch/", {"kind": kind.pk, **sent}
    )

    assert answer.status_code == 422
    assert "needs a time and a person" in answer.content.decode()


def test_moving_needs_a_time(world: World) -> None:
    handoff = with_meeting(world)

    answer = as_user(world.rep).post(url(handoff, "meeting"), {"change": "move", "meeting_at": ""})

    assert answer.status_code == 422
    assert "Enter the new time" in answer.content.decode()


def test_the_next_meeting_stands_on_the_lead_in_the_inbox_and_on_today(world: World) -> None:
    handoff = with_meeting(world)
    client = as_user(world.rep)

    pages = {
        "lead": client.get(f"/leads/{handoff.lead.public_id}/").content.decode(),
        "inbox": client.get("/inbox/?view=working").content.decode(),
        "today": client.get("/today/").content.decode(),
    }

    assert "Move or call off" in pages["lead"]
    assert "Meeting " in pages["inbox"]
    assert "Log it as held, or no show" in pages["today"]


def test_the_timeline_tells_of_bookings_and_moves(world: World) -> None:
    handoff = with_meeting(world)
    meetings.move(handoff, NOON + timedelta(days=5), by=world.rep)

    told = [str(entry.sentence) for entry in timeline_of(Handoff.objects.get(pk=handoff.pk).lead)]

    moved = next(words for words in told if "Meeting moved" in words)
    assert moved == "<b>Meeting moved</b> for Mon 8 Jun, 12:00 by <b>Lena Vogt</b>"
