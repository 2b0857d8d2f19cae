"""Meetings by calls: a rep books with an attempt, a booking page of the buyer with a touch."""

from __future__ import annotations

import pytest

from leads.models import Meeting, MeetingMove
from tests.api.callers import World, make_world
from tests.clock import DatabaseClock
from tests.factories import NOON, make_touch_kind

pytestmark = pytest.mark.django_db
FRIDAY = "2026-06-05T10:00:00Z"


@pytest.fixture(autouse=True)
def noon(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)


def test_a_rep_books_with_an_attempt() -> None:
    world = make_world()
    way = f"handoffs/{world.accepted()['id']}/attempts/"

    answer = world.sales.post(way, {"channel": "call", "outcome": "meeting_booked", "meeting_at": FRIDAY})

    assert (answer.status_code, answer.json()["meeting_at"]) == (200, FRIDAY)


def test_a_booking_without_a_time_is_logged_as_before() -> None:
    world = make_world()

    answer = world.sales.post(
        f"handoffs/{world.accepted()['id']}/attempts/", {"channel": "call", "outcome": "meeting_booked"}
    )

    assert (answer.status_code, answer.json()["meeting_at"]) == (200, None)


def test_a_buyer_who_books_is_with_the_rep_at_once() -> None:
    world = make_world()
    lead = world.lead()
    make_touch_kind("meeting_booked", hand_raise=True)
    touch = {
        "external_id": "b-1", "lead": lead["id"], "kind": "meeting_booked", "meeting_at": FRIDAY,
        "owner": world.rep.email,
    }  # fmt: skip

    codes = [world.marketing.post("touches/", touch).status_code for _ in range(2)]

    handoff = world.sales.get("handoffs/").json()["results"][0]
    assert codes == [201, 200]
    assert (handoff["status"], handoff["owner"], handoff["meeting_at"]) == (
        "accepted",
        world.rep.email,
        FRIDAY,
    )
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"meeting_at": FRIDAY}, "owner"),
        ({"owner": "REP"}, "meeting_at"),
    ],
    ids=["nobody", "no-time"],
)
def test_half_a_booking_is_refused_and_keeps_nothing(more: dict[str, str], field: str) -> None:
    world = make_world()
    lead = world.lead()
    make_touch_kind("meeting_booked", hand_raise=True)
    body = {key: world.rep.email if value == "REP" else value for key, value in more.items()}

    answer = world.marketing.post("touches/", {"lead": lead["id"], "kind": "meeting_booked", **body})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert world.sales.get("handoffs/").json()["results"] == []


@pytest.mark.parametrize(
    ("meeting_at", "seller", "why"),
    [
        ("2026-06-01T10:00:00Z", True, "the time that was booked is over."),
        (FRIDAY, False, "on whose calendar it was booked, does not sell."),
    ],
    ids=["in-the-past", "sells-nothing"],
)
def test_a_booking_nobody_can_keep_costs_no_hand_raise(meeting_at: str, seller: bool, why: str) -> None:
    """Domain section 3: a hand raise always reaches a person."""
    world = make_world()
    make_touch_kind("meeting_booked", hand_raise=True)
    owner = world.rep if seller else world.marketer
    touch = {
        "external_id": "b-1", "lead": world.lead()["id"], "kind": "meeting_booked", "meeting_at": meeting_at,
        "owner": owner.email,
    }  # fmt: skip

    answer = world.marketing.post("touches/", touch)

    assert (answer.status_code, why in answer.json()["detail"]) == (201, True)
    assert [row["status"] for row in world.sales.get("handoffs/").json()["results"]] == ["offered"]
    assert not Meeting.objects.exists()


def planned(world: World) -> str:
    """The address of a cycle with a meeting on Friday."""
    way = f"handoffs/{world.accepted()['id']}/"
    world.sales.post(
        f"{way}attempts/", {"channel": "call", "outcome": "meeting_booked", "meeting_at": FRIDAY}
    )
    return way


def test_a_planned_meeting_is_moved_and_then_called_off() -> None:
    world = make_world()
    way = planned(world)

    moved = world.sales.post(f"{way}move-meeting/", {"meeting_at": "2026-06-08T10:00:00Z", "note": "Ill"})
    off = world.sales.post(f"{way}call-off-meeting/", {"note": "They left"})

    assert (moved.status_code, moved.json()["meeting_at"]) == (200, "2026-06-08T10:00:00Z")
    assert (off.status_code, off.json()["meeting_at"], off.json()["status"]) == (200, None, "accepted")
    assert Meeting.objects.values_list("status").get() == ("called_off",)


def test_a_move_sent_twice_with_one_key_is_one_move() -> None:
    """R30."""
    world = make_world()
    way = planned(world)

    answers = [
        world.sales.post(f"{way}move-meeting/", {"meeting_at": "2026-06-08T10:00:00Z"}, Idempotency_Key="m-1")
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert MeetingMove.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "meeting_at"),
        ({"meeting_at": "Friday"}, "meeting_at"),
        ({"meeting_at": "2026-06-01T10:00:00Z"}, "meeting_at"),
        ({"meeting_at": "2028-06-01T10:00:00Z"}, "meeting_at"),
        ({"meeting_at": FRIDAY}, "meeting_at"),
        ({"meeting_at": FRIDAY, "owner": "tom@example.com"}, "owner"),
    ],
    ids=["no time", "no moment", "over", "far ahead", "then already", "unknown field"],
)
def test_a_move_to_no_time_is_refused_at_its_field(body: dict[str, str], field: str) -> None:
    world = make_world()

    answer = world.sales.post(f"{planned(world)}move-meeting/", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_where_no_meeting_is_planned_the_state_forbids_it() -> None:
    world = make_world()
    way = f"handoffs/{world.accepted()['id']}/"

    answers = [
        world.sales.post(f"{way}move-meeting/", {"meeting_at": FRIDAY}),
        world.sales.post(f"{way}call-off-meeting/"),
    ]

    assert [(one.status_code, one.json()["current"]["status"]) for one in answers] == [(409, "accepted")] * 2


def test_whoever_does_not_hold_the_lead_moves_no_meeting() -> None:
    world = make_world()
    way = planned(world)

    answers = [
        world.marketing.post(f"{way}move-meeting/", {"meeting_at": "2026-06-08T10:00:00Z"}),
        world.marketing.post(f"{way}call-off-meeting/"),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert Meeting.objects.get().status == "planned"


@pytest.mark.parametrize("day", ["2026-06-05", "20260605", "2026-W23-5"])
def test_a_day_alone_is_no_time_of_a_meeting(day: str) -> None:
    """Read as midnight, it would be a meeting at which nobody is."""
    world, page = make_world(), make_touch_kind("booking-page", hand_raise=True).key
    way = planned(world)
    logged = {"channel": "call", "outcome": "meeting_booked", "meeting_at": day}
    touched = {"lead": "x", "kind": page, "meeting_at": day, "owner": world.rep.email}

    answers = [
        world.sales.post(f"{way}attempts/", logged),
        world.sales.post(f"{way}move-meeting/", {"meeting_at": day}),
        world.marketing.post("touches/", touched),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"field": "meeting_at", "reason": "Say the time, too: 2026-06-05T10:00:00Z."}
        ]
    assert Meeting.objects.get().starts_at.isoformat() == "2026-06-05T10:00:00+00:00"
