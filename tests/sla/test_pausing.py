"""Pauses by hand: allowed reasons, the cap in business hours, and the end that comes by itself (B01-B06, rule 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from calendars.engine.business_time import BusinessCalendar
from calendars.models import CalendarVersion
from common.models import Outbox
from common.refusals import Conflict, Invalid
from leads.models import Handoff, LeadEvent
from leads.services import handoffs, pauses
from leads.services.attempts import Contact
from sla.engine import allowance, pause_terms
from sla.models import Clock
from sla.services import clocks, pausing
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_member,
    make_mql,
    make_offer,
    make_reason,
    make_team,
)
from tests.sla.hours import office
from tests.sla.makers import EVERY_KIND, clock_of, draft, promise, sign
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THURSDAY = date(2026, 6, 4)


@dataclass(frozen=True)
class Scene:
    """A lead of a rep under a contract that allows five hours of pause, for one reason."""

    rep: User
    handoff: Handoff

    def pause(self, at: datetime, until: date | None = None, reason: str = "buyer-away") -> Handoff:
        return pausing.pause(self.handoff, by=self.rep, reason=reason, until=until, at=at)

    def now(self) -> Handoff:
        self.handoff.refresh_from_db()
        return self.handoff


def make_scene(cap: int | None = 5, reasons: Sequence[str] = ("buyer-away",)) -> Scene:
    calendar = make_calendar()
    version = draft()
    version.pause_rules = {"reasons": list(reasons)} | ({"cap_hours": cap} if cap else {})
    version.save(update_fields=["pause_rules"])
    for kind, target in EVERY_KIND.items():
        promise(version, kind, target, calendar=calendar)
    sign(version)
    make_reason("pause", "buyer-away")
    make_reason("pause", "busy")
    team = make_team(calendar=calendar)
    rep = make_member(team)
    return Scene(rep, make_offer(team, rep))


def replay_differs() -> int:
    return clocks.replay().differs


def journal(handoff: Handoff) -> list[tuple[str, datetime]]:
    rows = LeadEvent.objects.filter(handoff=handoff, kind__in=("paused", "resumed", "accepted", "returned"))
    return list(rows.order_by("pk").values_list("kind", "at"))


def test_a_reason_the_contract_does_not_name_is_refused_with_those_it_does() -> None:
    scene = make_scene()

    with pytest.raises(Invalid) as refused:
        scene.pause(NOON, reason="busy")

    assert refused.value.errors == {"reason": "The contract does not allow this reason. Allowed: Buyer away."}
    assert scene.now().paused_at is None


def test_a_contract_without_rules_allows_every_reason_without_end() -> None:
    scene = make_scene(cap=None, reasons=())

    assert scene.pause(NOON, reason="busy").pause_ends_at is None


def test_a_pause_ends_when_the_cap_is_used_up_in_business_hours() -> None:
    scene = make_scene()  # from Wednesday noon: five hours are left of the day

    paused = scene.pause(NOON + 2 * HOUR)

    assert paused.pause_ends_at == datetime(2026, 6, 4, 11, tzinfo=UTC)


@pytest.mark.parametrize("rules", [{"cap_hours": "5"}, {"reasons": 7}, [], {"cap_hours": float("inf")}])
def test_rules_that_stand_and_cannot_be_read_limit_nothing(rules: object) -> None:
    assert pause_terms.holds(rules) == pause_terms.PauseTerms()


def test_a_cap_that_would_be_used_up_after_the_last_year_ends_no_pause() -> None:
    """One minute a week, and a cap of 10,000 hours."""
    rarely = BusinessCalendar.from_dict({"tz": "UTC", "hours": {"mon": [["09:00", "09:01"]]}})

    found = allowance.allowance([allowance.Terms(rarely, cap=10_000 * HOUR)], [], NOON)

    assert (found.never_ends, found.ends_at) == (True, None)


def test_two_versions_that_share_no_reason_allow_none() -> None:
    calendar = office()
    found = allowance.allowance(
        [allowance.Terms(calendar, ("a",)), allowance.Terms(calendar, ("b",))], [], NOON
    )

    assert (found.allows("a"), found.allows("b")) == (False, False)
    assert allowance.Allowance().allows("a")


def test_a_pause_that_cannot_be_ended_ends_no_run_and_is_a_refusal() -> None:
    """R20: its calendar has no open hours; the run goes on, and acts on the lead are refused."""
    scene = make_scene(cap=None)
    scene.pause(NOON, THURSDAY)
    CalendarVersion.objects.update(
        rules={"tz": "UTC", "hours": {}, "shifts": {"2020-01-01": [["09:00", "10:00"]]}}
    )

    assert pauses.end_due(NOON + DAY) == 0
    with pytest.raises(Conflict, match="no open hours"):
        handoffs.accept(scene.now(), by=scene.rep, at=NOON + DAY)


def test_pauses_of_one_cycle_share_the_cap() -> None:
    scene = make_scene()
    scene.pause(NOON)
    handoffs.resume(scene.handoff, by=scene.rep, at=NOON + 3 * HOUR)

    again = scene.pause(NOON + 4 * HOUR)

    assert again.pause_ends_at == datetime(2026, 6, 4, 10, tzinfo=UTC)


def test_nothing_is_left_after_the_cap_was_used_up() -> None:
    scene = make_scene(cap=2)
    scene.pause(NOON)
    pauses.end_due(NOON + 2 * HOUR)

    with pytest.raises(Invalid, match="used up"):
        scene.pause(NOON + 3 * HOUR)


def test_a_day_within_the_cap_ends_the_pause_at_its_beginning() -> None:
    scene = make_scene(cap=45)

    assert scene.pause(NOON, THURSDAY).pause_ends_at == datetime(2026, 6, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        pytest.param(date(2026, 6, 20), "until 3 June, 17:00 at most", id="beyond-the-cap"),
        pytest.param(date(2026, 6, 3), "still to come", id="today"),
        pytest.param(date(1, 1, 1), "still to come", id="the-first-day-there-is"),
        pytest.param(date.max, "within ten years", id="the-last-day-there-is"),
    ],
)
def test_a_day_that_cannot_be_is_refused(until: date, sentence: str) -> None:
    scene = make_scene()

    with pytest.raises(Invalid, match=sentence):
        scene.pause(NOON, until)


def test_a_pause_ends_by_itself_at_its_instant_however_late_it_is_found() -> None:
    scene = make_scene(cap=2)
    scene.pause(NOON)  # the answer clock had four hours left

    assert pauses.end_due(NOON + 3 * HOUR) == 1

    clock = clock_of(scene.handoff, "answer")
    resumed = LeadEvent.objects.get(kind="resumed")
    assert (resumed.at, resumed.recorded_at, resumed.actor) == (NOON + 2 * HOUR, NOON + 3 * HOUR, None)
    assert (clock.status, clock.due_at) == ("running", datetime(2026, 6, 4, 10, tzinfo=UTC))
    assert Outbox.objects.filter(topic="handoff.pause_ended", subject=scene.handoff.pk).count() == 1
    assert replay_differs() == 0


def test_ending_pauses_twice_changes_nothing() -> None:
    scene = make_scene(cap=2)
    scene.pause(NOON)
    pauses.end_due(NOON + 2 * HOUR)

    assert pauses.end_due(NOON + 3 * HOUR) == 0
    assert LeadEvent.objects.filter(kind="resumed").count() == 1


def test_at_its_last_instant_a_pause_is_over_and_not_a_microsecond_before() -> None:
    scene = make_scene(cap=2)
    scene.pause(NOON)

    assert pauses.end_due(NOON + 2 * HOUR - timedelta(microseconds=1)) == 0
    assert pauses.end_due(NOON + 2 * HOUR) == 1


def test_an_act_after_the_end_finds_the_pause_over_before_any_sweep() -> None:
    """B01: what stood until its end runs from there, so a late answer is a breach, dated when it was due."""
    scene = make_scene(cap=2)
    scene.pause(NOON)

    handoffs.accept(scene.handoff, by=scene.rep, at=NOON + DAY)

    clock = clock_of(scene.handoff, "answer")
    assert (clock.status, clock.breach.at) == ("breached", datetime(2026, 6, 4, 10, tzinfo=UTC))
    assert journal(scene.handoff)[:2] == [("paused", NOON), ("resumed", NOON + 2 * HOUR)]
    assert replay_differs() == 0


def test_a_paused_clock_is_never_breached_while_it_stands() -> None:
    """B06: no breach, no message, however long."""
    scene = make_scene(cap=None)
    scene.pause(NOON)

    clocks.breach_overdue(NOON + 300 * DAY)

    standing = Clock.objects.filter(handoff=scene.handoff, kind__in=("answer", "first_response"))
    assert set(standing.values_list("status", "due_at")) == {("paused", None)}


@pytest.mark.parametrize("act", ["accept", "attempt", "return", "redirect"])
def test_what_answers_or_moves_a_paused_lead_lets_its_clocks_run_on(act: str) -> None:
    """B03, B05: leaving a pause in whatever way restarts a clock once."""
    scene = make_scene()
    scene.pause(NOON)
    elsewhere = make_team("Elsewhere", calendar=make_calendar())
    acts = {
        "accept": lambda at: handoffs.accept(scene.handoff, by=scene.rep, at=at),
        "attempt": lambda at: handoffs.log_attempt(
            scene.handoff, Contact("call", "no_answer"), by=scene.rep, at=at
        ),
        "return": lambda at: handoffs.return_for_info(scene.handoff, by=scene.rep, missing=["phone"], at=at),
        "redirect": lambda at: handoffs.redirect(scene.handoff, by=scene.rep, team=elsewhere, at=at),
    }

    acts[act](NOON + HOUR)

    held = Clock.objects.filter(handoff=scene.handoff, holds__contains=["hand"])
    assert (scene.now().paused_at, scene.handoff.pause_ends_at, held.count()) == (None, None, 0)
    assert LeadEvent.objects.filter(kind="resumed", handoff=scene.handoff).count() == 1
    assert replay_differs() == 0


def test_an_attempt_on_an_accepted_lead_leaves_its_pause() -> None:
    scene = make_scene()
    handoffs.accept(scene.handoff, by=scene.rep, at=NOON)
    scene.pause(NOON + HOUR)

    handoffs.log_attempt(scene.handoff, Contact("call", "no_answer"), by=scene.rep, at=NOON + 2 * HOUR)

    assert scene.now().paused_at == NOON + HOUR
    assert clock_of(scene.handoff, "disposition").status == "paused"


@pytest.mark.parametrize(
    ("minutes", "flagged"), [(10, True), (5 * 60, False)], ids=["right-after", "much-later"]
)
def test_a_pause_right_after_the_lead_replied_is_flagged(minutes: int, flagged: bool) -> None:
    scene = make_scene()
    handoffs.accept(scene.handoff, by=scene.rep, at=NOON)
    reply = Contact("email", "replied", direction="inbound")
    attempt = handoffs.log_attempt(scene.handoff, reply, by=scene.rep, at=NOON + MINUTE)

    scene.pause(NOON + (minutes + 1) * MINUTE)

    data = LeadEvent.objects.get(kind="paused").data
    assert data.get("after_reply") == (attempt.pk if flagged else None)


def test_a_pause_that_ends_before_it_began_cannot_be_stored() -> None:
    scene = make_scene()
    rows = Handoff.objects.filter(pk=scene.handoff.pk)

    with pytest.raises(IntegrityError, match="pause_ends_after_it_began"), transaction.atomic():
        rows.update(paused_at=NOON, pause_ends_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_end_a_pause_once() -> None:
    """F9: run in parallel it changes nothing more."""
    scene = make_scene(cap=2)
    scene.pause(NOON)

    at_once([lambda: pauses.end_due(NOON + DAY)] * 2)

    assert LeadEvent.objects.filter(kind="resumed").count() == 1


def test_a_lead_that_was_never_offered_has_nothing_to_pause() -> None:
    """The state forbids it before the contract is asked."""
    scene = make_scene()
    make_mql()
    closed = handoffs.reject(scene.handoff, by=scene.rep, reason=make_reason("reject").key, at=NOON)

    with pytest.raises(Conflict, match="cannot be paused"):
        pausing.pause(closed, by=scene.rep, reason="buyer-away", at=NOON + HOUR)
