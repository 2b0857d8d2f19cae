"""Signals, worked out by hand: what each says, when it is silent, and the rows behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Team
from dashboards import questions, scope
from dashboards.engine.thresholds import Lowered, lowered
from dashboards.signals import SIGNALS
from definitions.catalogue import catalogue
from definitions.models import DefinitionVersion
from leads.models import Handoff, LeadEvent, Meeting
from tests.dashboards.worlds import DAY, HOUR, june, make_clock, make_cycle
from tests.desk.world import as_user, queries_of
from tests.factories import (
    make_definition,
    make_handoff,
    make_member,
    make_person,
    make_qualification,
    make_team,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def july(database_clock: Any) -> None:
    database_clock.set(june(30) + 5 * DAY)


def facts(slug: str, period: str = "2026-06", **given: str) -> list[str]:
    seen = scope.read({"period": period} | given, questions.asking())
    return [fact.sentence for fact in SIGNALS[slug].facts(seen)]


def rows(slug: str, key: str, period: str = "2026-06") -> set[int]:
    seen = scope.read({"period": period}, questions.asking())
    return set(SIGNALS[slug].rows(seen, key).values_list("pk", flat=True))


def accepted(
    team: Team, times: int, *, tried_after: timedelta | None, at: Any = None, **fields: Any
) -> list[Handoff]:
    at = at or june(3)
    tried = at + tried_after if tried_after is not None else None
    return [
        make_handoff(
            "accepted",
            team=team,
            at=at - HOUR,
            accepted_at=at,
            answered_at=at,
            first_response_at=tried,
            **fields,
        )
        for _ in range(times)
    ]


def test_accepted_leads_that_nobody_tried_within_three_days_are_counted_by_team() -> None:
    team = make_team("Mid-market")
    never = accepted(team, 3, tried_after=None)
    late = accepted(team, 1, tried_after=73 * HOUR)
    accepted(team, 8, tried_after=72 * HOUR)

    assert facts("accepted-untried") == [
        "4 of 12 leads that Mid-market accepted were not tried within 3 days."
    ]
    assert rows("accepted-untried", str(team.pk)) == {row.pk for row in never + late}


def test_of_nine_nothing_is_said() -> None:
    accepted(make_team(), 9, tried_after=None)

    assert facts("accepted-untried") == []


def test_a_lead_with_a_meeting_and_one_accepted_yesterday_are_not_waiting() -> None:
    team = make_team()
    met = accepted(team, 10, tried_after=None)
    for row in met:
        Meeting.objects.create(lead=row.lead, handoff=row, booked_at=june(3), starts_at=june(9))
    accepted(team, 10, tried_after=None, at=june(30) + 4 * DAY)

    assert facts("accepted-untried") == []
    assert facts("accepted-untried", "2026-07") == []


def rush(team: Team, times: int, *, before_due: timedelta, person: Any = None) -> list[Handoff]:
    person, at = person or make_member(team), june(11, 16, 52)
    made = accepted(team, times, tried_after=None, at=at, answered_by=person, holder=person)
    for row in made:
        make_clock("met", kind="answer", handoff=row, due_at=at + before_due, satisfied_at=at)
    return made


def test_many_acceptances_in_the_last_minutes_are_told_by_team_and_day() -> None:
    team = make_team("Mid-market")
    made = rush(team, 9, before_due=8 * MINUTE)

    assert facts("accepted-at-the-last-minute") == [
        (
            "Mid-market accepted 9 leads on Thu 11 Jun in the last 15 minutes before they were due. "
            "9 of them were not tried within 3 days."
        )
    ]
    assert rows("accepted-at-the-last-minute", f"{team.pk}.2026-06-11") == {row.pk for row in made}


@pytest.mark.parametrize(
    ("times", "minutes"), [(4, 8), (9, 16)], ids=["four-are-few", "sixteen-minutes-are-early"]
)
def test_few_or_earlier_acceptances_are_not(times: int, minutes: int) -> None:
    rush(make_team(), times, before_due=minutes * MINUTE)

    assert facts("accepted-at-the-last-minute") == []


def test_two_people_with_four_each_are_not_one_with_many() -> None:
    team = make_team()
    for _ in range(2):
        rush(team, 4, before_due=5 * MINUTE)

    assert facts("accepted-at-the-last-minute") == []


def test_pauses_right_after_a_reply_are_counted_by_team() -> None:
    team = make_team("Americas")
    made = accepted(team, 10, tried_after=HOUR)
    for number, row in enumerate(made):
        data = {"reason": "buyer-away"} | ({"after_reply": 7} if number < 3 else {})
        LeadEvent.objects.create(
            kind="paused", lead=row.lead, handoff=row, at=june(5), recorded_at=june(5), data=data
        )

    assert facts("paused-after-reply") == [
        "3 of 10 leads that Americas paused had replied within the 4 hours before."
    ]
    assert rows("paused-after-reply", str(team.pk)) == {row.pk for row in made[:3]}


def test_leads_closed_without_an_attempt_are_counted_by_team() -> None:
    team = make_team("Enterprise")
    for number in range(12):
        tried = None if number < 5 else june(4)
        make_handoff(
            "recycled",
            team=team,
            at=june(3),
            accepted_at=june(3),
            closed_at=june(20),
            first_response_at=tried,
        )
    make_handoff("rejected", team=team, at=june(3), answered_at=june(4), closed_at=june(4))

    assert facts("closed-untried") == ["5 of 12 leads that Enterprise closed had not been tried once."]


def month_end(*, end: tuple[int, int], rest: tuple[int, int]) -> None:
    """Accepted and rejected offers of the last three working days (26, 29 and 30 June), and before."""
    for day, (yes, no) in ((29, end), (10, rest)):
        for _ in range(yes):
            make_cycle("accepted", offered_at=june(day), answered=june(day) + HOUR)
        for _ in range(no):
            make_cycle("rejected", offered_at=june(day), answered=june(day) + HOUR)


def test_a_burst_at_the_end_of_a_month_with_low_acceptance_is_told() -> None:
    month_end(end=(10, 10), rest=(30, 10))

    assert facts("month-end") == [
        (
            "The last 3 working days of June brought 20 of its 60 offers (33%). "
            "Sales accepted 50% of those it decided, and 75% of the others."
        )
    ]
    assert len(rows("month-end", "2026-06")) == 20


@pytest.mark.parametrize(
    ("end", "rest"),
    [((9, 10), (30, 10)), ((10, 10), (90, 60)), ((15, 5), (30, 10))],
    ids=["too-few", "no-burst", "accepted-as-well"],
)
def test_otherwise_the_end_of_a_month_is_not_told(end: tuple[int, int], rest: tuple[int, int]) -> None:
    month_end(end=end, rest=rest)

    assert facts("month-end") == []


def employees(at_least: int) -> dict[str, Any]:
    return {"all": [{"fact": "company.employees", "op": "gte", "value": at_least}]}


def lowered_on(day: int) -> DefinitionVersion:
    make_definition(
        criteria=employees(500), effective_from=june(1), effective_until=june(day), status="superseded"
    )
    return make_definition(criteria=employees(200), effective_from=june(day))


def test_a_threshold_lowered_near_the_end_of_a_month_is_told_with_the_offers_by_it() -> None:
    version = lowered_on(25)
    handoff = make_handoff(at=june(26))
    Handoff.objects.filter(pk=handoff.pk).update(
        qualification=make_qualification(handoff.lead, june(26), version=version)
    )

    told = (
        f"MQL v{version.number} came into force on 25 June, with 4 working days left of the month: "
        f"{catalogue.lookup('company.employees').label} at least 200 instead of 500. "  # type: ignore[union-attr]
        "1 offer by it followed until the month ended."
    )
    assert facts("threshold-lowered") == [told]
    assert rows("threshold-lowered", str(version.number)) == {handoff.pk}


def test_a_threshold_lowered_in_the_middle_of_a_month_is_not() -> None:
    lowered_on(12)

    assert facts("threshold-lowered") == []


@pytest.mark.parametrize(
    ("op", "was", "now", "found"),
    [
        ("gte", 500, 200, [Lowered("score.total", True, 500, 200)]),
        ("gte", 200, 500, []),
        ("lte", 5000, 9000, [Lowered("score.total", False, 5000, 9000)]),
        ("between", [10, 20], [5, 20], [Lowered("score.total", True, 10, 5)]),
        ("eq", 5, 4, []),
    ],
)
def test_what_counts_as_lowered(op: str, was: Any, now: Any, found: list[Lowered]) -> None:
    def tree(value: Any) -> dict[str, Any]:
        return {"any": [{"fact": "score.total", "op": op, "value": value}]}

    assert lowered(tree(was), tree(now)) == found
    assert lowered({"not": tree(was)}, {"not": tree(now)}) == []


def test_the_pages_show_sentences_without_names_of_people() -> None:
    team = make_team("Mid-market")
    rush(team, 9, before_due=8 * MINUTE, person=make_member(team, name="Tom Okafor"))
    client = as_user(make_person("Victor Lindqvist", "read_only"))
    query = "?period=2026-06"
    listing = client.get(f"/dashboard/signals/accepted-at-the-last-minute/{query}&about={team.pk}.2026-06-11")

    pages = [client.get(f"/dashboard/{query}"), client.get(f"/dashboard/signals/{query}"), listing]

    assert [page.status_code for page in pages] == [200] * 3
    assert all("accepted 9 leads on Thu 11 Jun" in page.content.decode() for page in pages)
    assert not any("Tom Okafor" in page.content.decode() for page in pages)
    assert listing.content.decode().count("data-row") == 9


@pytest.mark.parametrize("about", ["", "nonsense", "1.9999-99-99", "99999999999999999999"])
@pytest.mark.parametrize("slug", SIGNALS)
def test_an_address_that_names_nothing_shows_nothing(slug: str, about: str) -> None:
    client = as_user(make_person("Victor Lindqvist", "read_only"))

    answer = client.get(f"/dashboard/signals/{slug}/?period=2026-06&about={about}")

    assert (answer.status_code, "Nothing to report for June 2026" in answer.content.decode()) == (200, True)


def test_an_unknown_signal_is_not_found() -> None:
    assert as_user(make_person("V", "read_only")).get("/dashboard/signals/nothing/").status_code == 404


def test_a_person_or_clock_asked_of_the_dashboard_leaves_the_signals_as_they_are() -> None:
    rush(make_team("Mid-market"), 9, before_due=MINUTE)
    client = as_user(make_person("Victor Lindqvist", "read_only"))

    page = client.get("/dashboard/?period=2026-06&clock=answer")

    assert (page.status_code, "accepted 9 leads" in page.content.decode()) == (200, True)


def test_more_rows_cost_no_more_queries() -> None:
    client = as_user(make_person("Victor Lindqvist", "read_only"))
    counts = []
    for name in ("One", "Two"):
        rush(make_team(name), 5, before_due=MINUTE)
        accepted(make_team(f"{name} more"), 12, tried_after=None)
        counts.append(queries_of(client, "/dashboard/signals/?period=2026-06"))

    assert counts[0] == counts[1]


def test_the_month_that_still_runs_says_nothing_of_its_end(database_clock: Any) -> None:
    month_end(end=(10, 10), rest=(30, 10))
    database_clock.set(june(30))

    assert facts("month-end") == []
    assert date(2026, 6, 30).weekday() == 1
