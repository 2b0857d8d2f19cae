"""The sample of a fictitious hardware seller gives the figures that its README states."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Team, User
from leads.models import Deal, DealLead, Handoff, Lead, Qualification
from tests.dashboards.worlds import ask, groups
from tests.factories import make_calendar

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "maven"
ALL_TIME = {"from": "2016-01-01", "to": "2018-01-01"}
MANAGERS = {
    "Cara Losch": (480, 0.6443, 1_130_049),
    "Celia Rouche": (610, 0.6341, 1_603_897),
    "Dustin Brinkmann": (747, 0.6298, 1_094_363),
    "Melvin Marxen": (882, 0.6220, 2_251_930),
    "Rocco Neubert": (691, 0.6208, 1_960_545),
    "Summer Sewald": (828, 0.6434, 1_964_750),
}

pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the sample data is not beside the project")


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def teams_by_agent() -> tuple[dict[str, Team], dict[str, User]]:
    calendar = make_calendar()
    teams, agents = {}, {}
    for number, row in enumerate(rows_of("sales_teams.csv")):
        name = row["sales_agent"]
        agents[name] = User.objects.create(email=f"agent{number}@example.com", name=name)
        teams[name], _ = Team.objects.get_or_create(
            name=row["manager"], slug=row["manager"].split()[0].lower(), function="sales", calendar=calendar
        )
    return teams, agents


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Written once for the module, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        write_sample()
        yield
        transaction.set_rollback(True)


def write_sample() -> None:
    """One lead, cycle and deal for each opportunity that was closed."""
    teams, agents = teams_by_agent()
    closed = [row for row in rows_of("sales_pipeline.csv") if row["deal_stage"] in ("Won", "Lost")]
    started = [moment(row["engage_date"]) for row in closed]
    ended = [moment(row["close_date"]) for row in closed]
    leads = Lead.objects.bulk_create(
        Lead(stage="customer", created_at=at, recorded_at=at, stage_at=at) for at in started
    )
    raised = Qualification.objects.bulk_create(
        Qualification(lead=lead, basis="import", raised_at=at, at=at)
        for lead, at in zip(leads, started, strict=True)
    )
    cycles = Handoff.objects.bulk_create(
        Handoff(
            lead=one.lead, qualification=one, status=row["deal_stage"].lower(), basis="import", raised_at=one.at,
            offered_at=one.at, accepted_at=one.at, answered_at=one.at, qualified_at=one.at, closed_at=end,
            team=teams[row["sales_agent"]], holder=agents[row["sales_agent"]],
        )
        for one, row, end in zip(raised, closed, ended, strict=True)
    )  # fmt: skip
    deals = Deal.objects.bulk_create(
        Deal(
            name=row["opportunity_id"], amount=row["close_value"], currency="USD", opened_at=cycle.offered_at,
            closed_at=cycle.closed_at, outcome=cycle.status,
        )
        for row, cycle in zip(closed, cycles, strict=True)
    )  # fmt: skip
    DealLead.objects.bulk_create(
        DealLead(deal=deal, handoff=cycle, part="sourced", joined_at=cycle.offered_at)
        for deal, cycle in zip(deals, cycles, strict=True)
    )


def test_the_sample_has_its_stated_figures(world):
    won = ask("win-rate", **ALL_TIME).total
    cycle = ask("sales-cycle", **ALL_TIME).total

    assert (won.numerator, won.denominator, round(won.value, 6)) == (4_238, 6_711, 0.631501)
    assert ask("revenue", **ALL_TIME).total.value == 10_005_534
    assert round(ask("average-deal", **ALL_TIME).total.value, 4) == 2_360.9094
    assert ask("median-deal", **ALL_TIME).total.value == 1_117
    assert (round(cycle.mean, 4), cycle.median, cycle.p90) == (51.7820, 57, 106)
    assert (cycle.least, cycle.most, cycle.n) == (1, 138, 4_238)


def test_the_sample_by_team_has_its_stated_figures(world):
    rates, revenues = (groups(ask(slug, by="team", **ALL_TIME)) for slug in ("win-rate", "revenue"))

    found = {
        name: (rate.numerator, round(rate.value, 4), revenues[name].value) for name, rate in rates.items()
    }
    assert found == MANAGERS


def test_the_sample_split_in_any_way_adds_up_to_the_total(world):
    for by in ("owner", "month", "week", "team"):
        found = ask("revenue", by=by, **ALL_TIME)
        assert sum(row.figure.value for row in found.rows if row.figure.n) == 10_005_534
