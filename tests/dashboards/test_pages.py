"""The pages say what the command says, and every figure opens its rows."""

import json
import re
from html import unescape
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from accounts.services import keys
from common import outbox
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from sla.queries.health import LAST_RUN
from tests.dashboards.worlds import (
    HOUR,
    JUNE,
    ask,
    june,
    make_clock,
    make_commitment,
    make_contract,
    make_cycle,
    make_deal,
    make_organisation,
    sign,
    told,
)
from tests.factories import make_lead, make_member, make_person, make_reason, make_team

pytestmark = pytest.mark.django_db


def printed(*args: str) -> dict:
    out = StringIO()
    call_command("metric", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def api(client, address: str, scopes=("metrics:read",)):
    _, secret = keys.create(make_person(role="admin"), scopes=list(scopes), name="test")
    return client.get(address, headers={"authorization": f"Bearer {secret}"})


def test_command_api_and_page_give_the_same_figure(page, client):
    for _ in range(15):
        make_deal("won")
    for _ in range(5):
        make_deal("lost")

    said = printed("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--by", "team")
    called = api(client, "/api/v1/metrics/win-rate/?from=2026-06-01&to=2026-07-01&by=team").json()
    shown = page("/metrics/win-rate/?from=2026-06-01&to=2026-07-01")

    assert said["total"]["value"] == 0.75
    assert said == called
    assert "75.0%" in shown
    assert "15 of 20" in shown


def test_an_answer_says_everything_that_must_stand_beside_a_figure():
    assert list(told("win-rate")) == [
        "metric", "unit", "basis", "from", "to", "time_zone", "definition_versions", "fresh_at", "total", "rows",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        ("nonsense", "--from", "2026-06-01", "--to", "2026-07-01"),
        ("win-rate", "--from", "June", "--to", "2026-07-01"),
        ("win-rate", "--from", "2026-07-01", "--to", "2026-06-01"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--by", "moon"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--by", "attributes.moon"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--basis", "due"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--horizon", "30"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--team", "Nobody"),
        ("win-rate", "--from", "2026-06-01", "--to", "2026-07-01", "--clock", "answer"),
    ],
    ids=["slug", "day", "reversed", "group", "attribute", "basis", "horizon", "team", "clock"],
)
def test_a_question_that_cannot_be_answered_is_refused_in_one_sentence(asked):
    with pytest.raises(CommandError) as refused:
        call_command("metric", *asked)

    assert re.fullmatch(r"\w+: [^\n]+\.", str(refused.value))


def test_the_api_refuses_what_it_cannot_answer(client):
    wrong = api(client, "/api/v1/metrics/win-rate/?from=2026-06-01&to=2026-07-01&moon=full")
    unknown = api(client, "/api/v1/metrics/nonsense/?from=2026-06-01&to=2026-07-01")
    forbidden = api(client, "/api/v1/metrics/", scopes=("leads:read",))

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "moon")
    assert (unknown.status_code, forbidden.status_code) == (404, 403)


def test_the_api_lists_the_catalogue(client):
    listed = api(client, "/api/v1/metrics/").json()

    assert {"win-rate", "attainment", "buyer-wait"} <= {row["metric"] for row in listed["results"]}


@pytest.fixture
def busy():
    """A month with a contract, clocks of every state, cycles and deals."""
    contract = make_contract()
    for kind, side in (("answer", "sales"), ("first_response", "sales"), ("handover", "marketing")):
        make_commitment(kind, side, version=contract)
    make_commitment(
        "volume", "marketing", version=contract, amount=20, period="month", target=None, goal=None
    )
    make_commitment("quality", "marketing", version=contract, target=None, goal="0.75")
    make_commitment("buyer_wait", "joint", version=contract, goal="0.85")
    sign(contract)
    team = make_team("Mid-market")
    lena = make_member(team, name="Lena Vogt")
    lead = make_lead(source="Webinar", source_key="webinar")
    for number in range(21):
        make_clock("met", team=team, person=lena, due_at=june(2 + number % 10), consumed=HOUR)
    for cause in ("absent", "absent", "nobody"):
        make_clock("breached", team=team, cause=cause)
    make_clock("breached", team=team, excused="granted", lead=lead)
    make_clock("running", due_at=june(25))
    make_clock("paused", due_at=june(5))
    reason = make_reason("reject", "below-criterion", counts_against="marketing")
    for _ in range(4):
        make_cycle("rejected", answered=june(4), reason=reason)
    for _ in range(12):
        make_cycle("accepted", answered=june(4), tried=june(3, 13))
    make_deal("won")


def test_the_dashboard_shows_the_ledger_and_the_same_figures_as_the_catalogue(busy, page):
    shown = page("/dashboard/?period=2026-06")

    net = ask("attainment", clock="answer").total.net
    assert (net.numerator, net.denominator) == (21, 24)
    assert "Answered within 4 h" in shown
    assert "87.5%" in shown
    assert "3 of 24 late. Gross 84.0%" in shown
    assert "net = met ÷ (met + breached) = 21 ÷ 24" in shown
    assert "4 of 16 decided" in shown
    assert "27 answers due, June 2026" in shown


def test_every_figure_of_the_dashboard_opens_as_many_rows_as_it_counts(busy, page):
    shown = page("/dashboard/?period=2026-06&split=cause")

    counted = {"Met": 21, "Breached": 3, "Excused": 1, "On track": 1, "At risk": 0, "Paused": 1}
    for label, expected in counted.items():
        address = re.search(
            rf'href="(/metrics/attainment/rows/[^"]+)"[^>]*><span[^>]*></span>{label} ', shown
        )[1]
        assert page(address).count("<tr data-row>") == expected, label


def test_a_figure_shown_net_opens_what_it_is_made_of(busy, page):
    shown = page("/dashboard/?period=2026-06&split=source")

    for words, expected in (("87.5%", 24), ("3 of 24 late. Gross 84.0%", 3), ("<b>87.5%</b>", 24), ("2", 2)):
        address = re.search(rf'<a class="fig[^"]*" href="([^"]+clock=answer[^"]*)">{words}</a>', shown)[1]
        assert page(address).count("<tr data-row>") == expected, words


def test_how_it_is_counted_opens_the_same_figure(busy, page):
    shown = page("/dashboard/?period=2026-06&split=team")

    address = re.search(r'href="([^"]+)">How we count</a>', shown)[1]

    assert '">87.5%</a>' in page(address)


def test_a_figure_without_a_sum_shows_none(page):
    shown = page("/dashboard/?period=2026-06")

    assert "net = met ÷ (met + breached). By due time" in shown


def test_every_link_of_the_dashboard_answers(busy, page):
    shown = page("/dashboard/?period=2026-06&split=team")

    addresses = set(re.findall(r'href="(/(?:metrics|dashboard)/[^"]*)"', shown))
    assert len(addresses) > 40
    for address in addresses:
        page(address)


@pytest.mark.parametrize("split", ["cause", "team", "owner", "source", "hour"])
def test_the_rows_of_each_group_are_as_many_as_the_table_says(busy, page, split):
    shown = page(f"/dashboard/?period=2026-06&split={split}")

    cells = re.findall(r'<td class="r p5"><a class="fig" href="([^"]+part=every[^"]*)">(\d+)</a></td>', shown)
    assert sum(int(number) for _, number in cells[:-1]) == int(cells[-1][1]) == 27
    for address, number in cells:
        assert page(address).count("<tr data-row>") == int(number)


def test_by_cause_the_pages_show_counts_that_open_as_many_rows(busy, page):
    """Only misses have a cause, so a share in time says nothing."""
    table = page("/dashboard/?period=2026-06&split=cause").partition("sorted by name")[2]
    shown = page("/metrics/attainment/?from=2026-06-01&to=2026-07-01&by=cause")
    groups = re.search(r"<h2>By cause</h2>.*?</table>", shown, re.DOTALL)[0]
    rows = re.findall(r'<a class="fig" href="([^"]+)"><b>([^<]+)</b>', groups)

    assert "In time</th>" not in table
    assert "%" not in groups
    assert len(rows) > 1
    for address, number in rows:
        assert page(unescape(address)).count("<tr data-row>") == int(number)


def test_the_foot_says_whether_deadlines_are_looked_after(page, database_clock):
    for due_at in (june(20) + HOUR / 2, june(20) - 3 * HOUR):
        make_clock("running", due_at=due_at)
    outbox.leave("comment.made", 1, at=june(19))
    cache.delete(LAST_RUN)

    foot = re.search(r"<footer.*Upkeep.*?</footer>", page("/dashboard/"), re.DOTALL)[0]

    assert re.findall(r"<b[^>]*>([^<]+)</b>", foot) == ["3 h 00 m behind", "never", "1", "1"]


def test_a_period_without_anything_says_so(page):
    shown = page("/dashboard/?period=2020-01")

    assert "0 answers due" in shown
    assert "No contract was in force." in shown
    assert "no data" in shown


@pytest.mark.parametrize("period", ["week", "month", "quarter", "2026-W23", "2026-06-01..2026-06-05"])
def test_the_dashboard_knows_every_kind_of_period(page, period):
    assert "SLA dashboard" in page(f"/dashboard/?period={period}")


def test_the_last_day_of_a_chosen_period_is_included(page):
    shown = page("/dashboard/?period=custom&first=2026-06-03&last=2026-06-03")

    assert "3 Jun 2026 to 3 Jun 2026" in shown


def test_filtering_a_month_leaves_it_a_month(busy, page):
    """Its promises are judged by the month, so the dialog's two days must not make it just days."""
    shown = page("/dashboard/?period=custom&first=2026-06-01&last=2026-06-30&source=Webinar")

    assert "due, June 2026" in shown
    assert "Promised for all teams and sources together" in shown


@pytest.mark.parametrize("query", ["period=moon", "period=custom&first=x", "team=nobody", "period=9999-12"])
def test_a_dashboard_that_cannot_be_is_refused(page, query):
    assert 'role="alert"' in page(f"/dashboard/?{query}", 422)


def test_the_good_filters_of_an_address_stay_where_another_is_not_there(busy, page):
    shown = page("/dashboard/?period=garbage&team=zzz&source=Webinar", 422)

    assert "Choose a week, a month, a quarter, or a first and a last day." in shown
    assert "source=Webinar" in shown


def test_filters_are_a_dialog_and_a_page(busy, page):
    shown = page("/dashboard/filter/?period=2026-06&source=Webinar")

    assert "<option selected>Webinar</option>" in shown


def test_every_metric_has_a_page_with_its_groups(busy, page):
    from dashboards.catalogue import METRICS

    page("/metrics/")
    for metric in METRICS.values():
        for basis in metric.bases:
            query = f"from={JUNE['from']}&to={JUNE['to']}&basis={basis}"
            page(f"/metrics/{metric.slug}/?{query}&by={metric.groups[-1]}")
            page(f"/metrics/{metric.slug}/rows/?{query}")


def test_every_metric_can_be_split_by_each_of_its_groups(busy, database_clock):
    from dashboards.catalogue import METRICS

    database_clock.set(june(20))
    for metric in METRICS.values():
        for basis in metric.bases:
            whole = ask(metric.slug, basis=basis)
            for by in metric.groups:
                split = ask(metric.slug, basis=basis, by=by)
                assert split.total == whole.total, (metric.slug, basis, by)


def test_people_are_pooled_unless_they_are_oneself_or_ones_own(client, database_clock):
    database_clock.set(june(20))
    mine, theirs = make_team("Mine"), make_team("Theirs")
    manager, lena = make_member(mine, "sales_manager", name="Dana"), make_member(mine, name="Lena Vogt")
    tom = make_member(theirs, name="Tom Okafor")
    for person in (lena, tom):
        make_clock("met", person=person)

    for viewer, named in ((manager, ["Lena Vogt"]), (lena, ["Lena Vogt"]), (tom, ["Tom Okafor"])):
        client.force_login(viewer)
        found = client.get("/api/v1/metrics/attainment/?from=2026-06-01&to=2026-07-01&by=owner").json()
        assert [row["group"] for row in found["rows"]] == sorted([*named, "Other people"])
        assert found["total"]["n"] == 2


def test_where_only_teams_stand_in_figures_nobody_is_named(client, database_clock):
    database_clock.set(june(20))
    make_organisation(people_in_figures="teams")
    tom = make_member(make_team(), name="Tom Okafor")
    make_clock("met", person=tom)
    client.force_login(tom)

    found = client.get("/api/v1/metrics/attainment/?from=2026-06-01&to=2026-07-01&by=owner").json()
    shown = client.get("/dashboard/?period=2026-06&split=owner").content.decode()

    assert [row["group"] for row in found["rows"]] == ["Other people"]
    assert "Tom Okafor" not in shown.split('id="main"')[1]
    assert ">Person</a>" not in shown


@pytest.mark.parametrize(("met", "words"), [(9, "9 of 9"), (10, "72 to 100%"), (20, "100.0%")])
def test_small_numbers_show_no_rate(page, met, words):
    for _ in range(met):
        make_clock("met")

    assert f">{words}</a>" in page("/metrics/attainment/?from=2026-06-01&to=2026-07-01")


def test_rows_come_in_keyset_pages(page):
    for _ in range(51):
        make_deal("won")

    first = page("/metrics/win-rate/rows/?from=2026-06-01&to=2026-07-01")
    second = page("/metrics/win-rate/rows/" + re.search(r'rel="next" href="([^"]+)"', first)[1])

    assert (first.count("<tr data-row>"), second.count("<tr data-row>")) == (50, 1)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    busy, client, database_clock, django_assert_max_num_queries
):
    database_clock.set(june(20))
    client.force_login(make_person())
    client.get("/dashboard/?period=2026-06")

    with django_assert_max_num_queries(60):
        client.get("/dashboard/?period=2026-06")


def test_past_periods_say_what_was_frozen_and_what_is_known_now(page, database_clock):
    contract = make_contract(since=june(1, 0))
    make_commitment(
        "volume",
        "marketing",
        version=contract,
        amount=2,
        period="month",
        target=None,
        goal=None,
        name="Leads",
    )
    sign(contract)
    make_cycle()
    database_clock.set(june(30) + 24 * HOUR)
    close_periods()
    make_cycle()
    restate()

    shown = page("/promises/volume/")

    assert all(words in shown for words in ("June 2026", "At close", "Missed", "cause not known"))
    assert "0 of the last 1 kept" in page("/promises/")


def test_a_promise_that_is_not_about_a_period_has_no_past_ones(page, client):
    assert client.get("/promises/answer/").status_code == 404
