"""The page of a lead: its tabs, comments, contact fields, touches, and where a merged one went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.queries.bands import Axis, bands_of
from desk.queries.lead import lead_view
from desk.queries.timeline import timeline_of
from leads.models import BriefReading, Comment, DoNotContact, Lead, LeadEvent, Touch
from leads.services import handoffs
from leads.services.attempts import Contact
from sla.queries import clock_faces
from tests.clock import DatabaseClock
from tests.desk.world import HTMX, World, as_user, queries_of
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_lead,
    make_mql,
    make_touch_kind,
)
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db
TABS = ["", "comments/", "clocks/", "changes/"]


def standing(person: Any) -> Any:
    from accounts.queries import standing_of

    return standing_of(person)


@pytest.mark.parametrize("who", ["rep", "other", "manager", "marketer", "reader"])
@pytest.mark.parametrize("tab", TABS)
def test_everyone_reads_every_tab(world: World, who: str, tab: str) -> None:
    lead = world.offer(to=world.rep).lead

    answer = as_user(getattr(world, who)).get(f"/leads/{lead.public_id}/{tab}")

    assert answer.status_code == 200
    assert "A free leak audit" in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_lead_without_any_history_has_all_tabs(world: World, tab: str) -> None:
    assert as_user(world.rep).get(f"/leads/{make_lead().public_id}/{tab}").status_code == 200


def test_a_lead_that_waits_to_be_offered_shows_marketings_clock(world: World) -> None:
    lead = make_mql()

    view = lead_view(lead, standing(world.rep), at=NOON)

    assert [step.label for step in view.steps] == [
        "Captured",
        "MQL",
        "Offered",
        "Accepted",
        "First response",
        "SQL",
    ]
    assert [step.current for step in view.steps] == [False, True, False, False, False, False]


def test_an_inquiry_has_every_stage_before_it(world: World) -> None:
    view = lead_view(make_lead(), standing(world.rep), at=NOON)

    assert [step.label for step in view.steps][:3] == ["Captured", "MQL", "Offered"]


def test_that_a_person_may_not_be_contacted_stands_above_all_that_calls(world: World) -> None:
    lead = world.offer(to=world.rep).lead
    DoNotContact.objects.create(lead=lead, at=NOON)

    page = as_user(world.rep).get(f"/leads/{lead.public_id}/").content.decode()

    assert page.count("asked not to be contacted") == 1
    assert page.index("asked not to be contacted") < page.index('data-key="l"')


def test_a_recycled_and_an_erased_lead_say_so_on_top(world: World) -> None:
    wakes, gone = (
        make_lead(stage="recycled", wake_at=NOON + timedelta(days=100)),
        make_lead(anonymised_at=NOON),
    )

    told = [as_user(world.rep).get(f"/leads/{lead.public_id}/").content.decode() for lead in (wakes, gone)]

    assert ("Recycled until 11 Sep 2026." in told[0], "<strong>Anonymised</strong>" in told[1]) == (
        True,
        True,
    )


def test_steps_say_what_was_reached_and_what_is_due(world: World) -> None:
    handoff = world.offer(to=world.rep)

    view = lead_view(handoff.lead, standing(world.rep), at=NOON)

    steps = {step.label: step for step in view.steps}
    assert steps["Offered"].current
    assert steps["MQL"].done
    assert steps["Accepted"].due_at == NOON + 4 * HOUR
    assert steps["First response"].due_at == NOON + 22 * HOUR
    assert steps["SQL"].due_at is None


def test_a_closed_cycle_ends_with_how_it_closed(world: World) -> None:
    handoff = handoffs.reject(world.offer(to=world.rep), by=world.rep, reason="student", at=NOON)

    view = lead_view(handoff.lead, standing(world.rep), at=NOON)

    assert [step.label for step in view.steps] == ["Captured", "MQL", "Offered", "Rejected"]


def test_the_timeline_tells_everything_the_newest_first(world: World, database_clock: DatabaseClock) -> None:
    handoff = world.offer(NOON - HOUR, to=world.rep)
    handoffs.log_attempt(
        handoff, Contact("call", "talked", minutes=9), by=world.rep, note="Call again", at=NOON
    )

    history = as_user(world.rep).get(f"/leads/{handoff.lead.public_id}/").context["history"]

    assert [str(entry.sentence) for entry in history] == [
        "<b>Accepted</b>, with the attempt by <b>Lena Vogt</b>",
        "<b>Lena Vogt</b>: Call, talked, 9 min",
        "Offered to <b>Lena Vogt</b> by <b>Priya Raman</b>",
        f"{Touch.objects.get().kind}: <b>{Touch.objects.get().campaign}</b>",
    ]
    assert history[1].note == "Call again"


def test_text_that_people_typed_is_escaped(world: World) -> None:
    handoff = world.offer(to=world.rep, last_name="<script>alert(1)</script>")
    as_user(world.rep).post(f"/leads/{handoff.lead.public_id}/comments/add/", {"text": "<img src=x>"})

    for tab in TABS:
        shown = as_user(world.rep).get(f"/leads/{handoff.lead.public_id}/{tab}").content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x>" not in shown


def test_a_comment_names_people_of_either_team(world: World) -> None:
    lead = world.offer(to=world.rep).lead

    answer = as_user(world.marketer).post(
        f"/leads/{lead.public_id}/comments/add/", {"text": f"@{world.rep.email} she asked about valves"}
    )

    assert answer["Location"] == f"/leads/{lead.public_id}/comments/"
    assert list(Comment.objects.get().mentions.all()) == [world.rep]
    page = as_user(world.rep).get(f"/leads/{lead.public_id}/comments/").content.decode()
    assert '<span class="mention">@Lena Vogt</span> she asked about valves' in page


@pytest.mark.parametrize("sent", [{"text": "@Lena Vogt look"}, {"text": "look", "tell": "chosen"}])
def test_people_are_named_by_name_or_chosen(world: World, sent: dict[str, str]) -> None:
    lead = world.offer(to=world.rep).lead
    chosen = {"tell": world.rep.email} if "tell" in sent else {}

    as_user(world.marketer).post(f"/leads/{lead.public_id}/comments/add/", sent | chosen)

    assert list(Comment.objects.get().mentions.all()) == [world.rep]


def test_an_empty_comment_comes_back_with_the_reason(world: World) -> None:
    lead = world.offer(to=world.rep).lead

    answer = as_user(world.rep).post(f"/leads/{lead.public_id}/comments/add/", {"text": " "})

    assert answer.status_code == 422
    assert Comment.objects.count() == 0


def test_who_only_reads_cannot_comment(world: World) -> None:
    lead = world.offer().lead

    assert (
        as_user(world.reader).post(f"/leads/{lead.public_id}/comments/add/", {"text": "Hello"}).status_code
        == 403
    )


def contact_fields(client: Any, lead: Lead) -> dict[str, Any]:
    form = client.get(f"/leads/{lead.public_id}/edit/").context["form"]
    return {name: "" if form.initial.get(name) is None else form.initial[name] for name in form.fields}


def test_editing_changes_only_what_was_changed(world: World) -> None:
    lead = world.offer(to=world.rep).lead
    client = as_user(world.rep)
    sent = contact_fields(client, lead) | {"title": "Plant Director", "phone": "+47 22 12 34 56"}

    answer = client.post(f"/leads/{lead.public_id}/edit/", sent)

    lead.refresh_from_db()
    assert answer["Location"] == f"/leads/{lead.public_id}/"
    assert (lead.title, lead.phones.get().phone, lead.country) == ("Plant Director", "+47 22 12 34 56", "NO")


def test_a_stale_edit_is_refused_and_loses_nothing(world: World) -> None:
    """I10: two tabs edit the same lead."""
    lead = world.offer(to=world.rep).lead
    client = as_user(world.rep)
    stale = contact_fields(client, lead) | {"title": "Mine"}
    client.post(f"/leads/{lead.public_id}/edit/", contact_fields(client, lead) | {"title": "Theirs"})

    answer = client.post(f"/leads/{lead.public_id}/edit/", stale, **HTMX)

    lead.refresh_from_db()
    assert (answer.status_code, lead.title) == (409, "Theirs")
    shown = answer.content.decode()
    assert "Theirs" in shown
    assert 'value="Mine"' in shown


def test_a_wrong_field_says_what_is_wrong(world: World) -> None:
    lead = world.offer(to=world.rep).lead
    client = as_user(world.rep)

    answer = client.post(
        f"/leads/{lead.public_id}/edit/", contact_fields(client, lead) | {"email": "nobody"}, **HTMX
    )

    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()


def test_a_touch_typed_by_hand_is_recorded(world: World) -> None:
    lead, kind = world.offer(to=world.rep).lead, make_touch_kind()

    as_user(world.marketer).post(
        f"/leads/{lead.public_id}/touch/", {"kind": kind.pk, "detail": "Met at the fair"}
    )

    assert lead.touches.order_by("-pk").values_list("detail", flat=True)[0] == "Met at the fair"


def test_a_merged_lead_says_where_it_went(world: World) -> None:
    survivor = make_lead(last_name="Survivor")
    gone = make_lead(merged_into=survivor)

    answer = as_user(world.rep).get(f"/leads/{gone.public_id}/")

    assert answer.status_code == 404
    assert f'href="/leads/{survivor.public_id}/"' in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_three_cycles_cost_as_many_queries_as_one(
    world: World, tab: str, django_assert_num_queries: Any
) -> None:
    handoff = world.offer(to=world.rep)
    url, client = f"/leads/{handoff.lead.public_id}/{tab}", as_user(world.rep)
    handoffs.log_attempt(handoff, Contact("call", "no_answer"), by=world.rep, at=NOON)
    as_user(world.rep).post(f"/leads/{handoff.lead.public_id}/comments/add/", {"text": "One"})
    spent = queries_of(client, url)
    for _ in range(2):
        handoffs.log_attempt(handoff, Contact("email", "no_answer"), by=world.other, at=NOON)
        as_user(world.other).post(f"/leads/{handoff.lead.public_id}/comments/add/", {"text": "More"})

    with django_assert_num_queries(spent):
        client.get(url)


def test_bands_show_when_a_clock_ran_stood_and_was_late(world: World, database_clock: DatabaseClock) -> None:
    handoff = world.offer(NOON, to=world.rep)
    handoffs.return_for_info(handoff, by=world.rep, missing=["phone"], at=NOON + HOUR)
    handoffs.resupply(handoff, by=world.marketer, at=NOON + 2 * HOUR)
    database_clock.set(NOON + 3 * HOUR)

    bands = as_user(world.rep).get(f"/leads/{handoff.lead.public_id}/clocks/").context["bands"].bands

    kinds = {
        band.face.kind: [span["kind"] for span in band.spans if span["end"] > span["start"]] for band in bands
    }
    assert kinds["answer"] == ["run", "pause", "run"]
    assert kinds["rework"] == ["mkt"]


def test_what_both_owe_is_told_apart_by_who_had_the_lead() -> None:
    make_contract(calendar=make_calendar(), buyer_wait=8 * HOUR, rework=8 * HOUR)
    handoff = make_handoff()
    handoff.offered_at = NOON + 30 * MINUTE
    happens("mql", handoff.lead, NOON)
    happens("offered", handoff, NOON + 30 * MINUTE)
    happens("returned", handoff, NOON + HOUR)
    happens("resupplied", handoff, NOON + 2 * HOUR)
    faces = clock_faces([handoff.pk], NOON + 3 * HOUR)[handoff.pk]

    [wait] = [
        band for band in bands_of(faces, handoff, at=NOON + 3 * HOUR).bands if band.face.side == "joint"
    ]

    assert [span["kind"] for span in wait.spans] == ["mkt", "run", "mkt", "run"]
    assert wait.spent == "Spent: 1 h 30 m with marketing, 1 h 30 m with sales."


def test_the_clocks_tab_says_who_did_what_and_who_held_it(
    world: World, database_clock: DatabaseClock
) -> None:
    handoff = world.offer(NOON, to=world.rep)
    handoffs.accept(handoff, by=world.rep, at=NOON + HOUR)
    database_clock.set(NOON + 2 * HOUR)

    page = as_user(world.rep).get(f"/leads/{handoff.lead.public_id}/clocks/")

    said = page.content.decode()
    assert "Met: accepted" in said
    assert "Answer: ran 1 h 00 m, due " in said
    assert [(str(one.span.person), one.held) for one in page.context["holdings"]] == [("Lena Vogt", 2 * HOUR)]


def test_closed_time_is_drawn_short() -> None:
    from calendars.queries import business_calendar, current_version

    calendar = business_calendar(current_version(make_calendar()))
    nine = NOON - 3 * HOUR

    axis = Axis(nine, nine + timedelta(days=1, hours=8), [calendar])

    assert axis.place(nine) == 0
    assert axis.place(nine + 8 * HOUR) == pytest.approx(43.48)
    assert axis.place(nine + 24 * HOUR) == pytest.approx(56.52)
    assert axis.place(nine + 32 * HOUR + MINUTE) == 100


def test_at_one_moment_the_touch_stands_below_what_followed_from_it(world: World) -> None:
    lead = world.offer(to=world.rep).lead
    lead.events.filter(kind="mql").delete()
    for kind in ("mql", "created"):
        lead.events.create(kind=kind, at=NOON - HOUR, recorded_at=NOON - HOUR)

    said = [entry.icon for entry in timeline_of(lead) if entry.at == NOON - HOUR]

    assert said == ["circle-check", "speakerphone", "world"]


@pytest.mark.parametrize("part", ["clocks", "pane-clocks"])
def test_the_clocks_of_an_open_page_are_polled(world: World, part: str) -> None:
    lead = world.offer(to=world.rep).lead

    said = as_user(world.rep).get(f"/leads/{lead.public_id}/?part={part}", **HTMX).content.decode()

    assert "First response" in said
    assert 'hx-swap-oob="morph"' in said
    assert "<html" not in said


def test_both_teams_see_which_wording_of_the_promise_the_holder_has_read(world: World) -> None:
    handoff = world.offer(to=world.rep)
    newer = handoff.brief.campaign.briefs.create(number=2, promise="In five weeks", published_at=NOON)
    address, said = f"/leads/{handoff.lead.public_id}/", []

    said.append(as_user(world.marketer).get(address).content.decode())
    BriefReading.objects.create(brief=newer, person=world.rep, at=NOON)
    said.append(as_user(world.marketer).get(address).content.decode())

    assert "Lena Vogt has not read it yet." in said[0]
    assert "Lena Vogt read v2, " in said[1]


def test_the_timeline_says_a_day_as_people_do_and_ends_in_no_colon() -> None:
    lead, kind = make_lead(), make_touch_kind()
    Touch.objects.create(lead=lead, kind=kind, at=NOON, recorded_at=NOON)
    LeadEvent.objects.create(
        lead=lead, kind="recycled", at=NOON + HOUR, recorded_at=NOON + HOUR, data={"until": "2026-12-28"}
    )

    told = [str(entry.sentence) for entry in timeline_of(lead)]

    assert told == ["<b>Recycled</b> until 28 Dec 2026", f"<b>{kind}</b>"]


@pytest.mark.parametrize(("who", "offered"), [("rep", True), ("reader", False)])
def test_only_who_may_comment_is_asked_for_a_comment(world: World, who: str, offered: bool) -> None:
    lead = world.offer(to=world.rep).lead

    for tab in ("", "comments/"):
        page = as_user(getattr(world, who)).get(f"/leads/{lead.public_id}/{tab}").content.decode()
        assert ('class="composer"' in page) is offered
