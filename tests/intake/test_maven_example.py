"""The documented example: tables of a CRM become history files, and the metrics say what the tables say."""

from __future__ import annotations

import importlib.util
import json
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command

from leads.models import Deal, Lead
from tests.intake.files import shared

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PROJECT = Path(__file__).resolve().parents[2]
TABLES = {
    "accounts": [
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
        "Acme,retail,1996,1100.04,282,United States,",
        "Betasoft,medical,1999,251.41,495,Norway,Acme",
    ],
    "products": ["product,series,sales_price", "GTX Pro,GTX,4821", "MG Special,MG,55"],
    "sales_teams": [
        "sales_agent,manager,regional_office",
        "Ana Silva,Rosa Lund,East",
        "Bo Dahl,Rosa Lund,West",
        "Cy Moe,Kim Berg,West",
    ],
    "sales_pipeline": [
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
        "O1,Ana Silva,GTXPro,Acme,Won,2017-01-02,2017-01-12,100",
        "O2,Ana Silva,MG Special,,Won,2017-01-02,2017-02-01,400",
        "O3,Bo Dahl,GTX Pro,Betasoft,Lost,2017-01-05,2017-01-09,0",
        "O4,Cy Moe,MG Special,Acme,Won,2017-02-01,2017-03-28,1000",
        "O5,Cy Moe,MG Special,Betasoft,Engaging,2017-03-01,,",
        "O6,Bo Dahl,GTX Pro,Acme,Prospecting,,,",
    ],
}

# Won, win rate in per cent, revenue.
MANAGERS = {
    "Melvin Marxen": (882, 62.20, 2_251_930),
    "Summer Sewald": (828, 64.34, 1_964_750),
    "Rocco Neubert": (691, 62.08, 1_960_545),
    "Celia Rouche": (610, 63.41, 1_603_897),
    "Cara Losch": (480, 64.43, 1_130_049),
    "Dustin Brinkmann": (747, 62.98, 1_094_363),
}


def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "maven_history", PROJECT / "docs" / "examples" / "maven_history.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def import_all(tables: Path, files: Path) -> list[dict[str, Any]]:
    """As docs/import.md says, the reports of both files."""
    example().convert(tables, files)
    reports = []
    for kind in ("leads", "events"):
        report = files / f"{kind}.json"
        call_command(
            "import_history", str(files / f"{kind}.csv"), kind=kind, create_missing=frozenset({"people", "teams"}),
            report=report, stdout=StringIO(),
        )  # fmt: skip
        reports.append(json.loads(report.read_text()))
    return reports


def metric(slug: str, by: str = "") -> dict[str, Any]:
    out = StringIO()
    call_command("metric", slug, "--from=2016-01-01", "--to=2018-01-01", f"--by={by}", "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def values(slug: str, by: str) -> dict[str, Any]:
    return {row["group"]: row["value"] for row in metric(slug, by)["rows"]}


@pytest.fixture
def small(tmp_path: Path) -> list[dict[str, Any]]:
    for name, rows in TABLES.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(rows) + "\n")
    return import_all(tmp_path, tmp_path / "files")


def test_every_opportunity_becomes_a_lead_and_every_engaged_one_a_deal(small: list[dict[str, Any]]) -> None:
    assert [(report["read"], report["created"], report["refused"]) for report in small] == [
        (6, 6, 0),
        (9, 9, 0),
    ]
    assert sorted(Deal.objects.values_list("outcome", "product", "amount", "company__name")) == [
        ("lost", "GTX Pro", None, "Betasoft"),
        ("open", "MG Special", None, "Betasoft"),
        ("won", "GTX Pro", 100, "Acme"),
        ("won", "MG Special", 400, None),
        ("won", "MG Special", 1000, "Acme"),
    ]
    assert sorted(Lead.objects.values_list("external_ids__value", "stage"))[-2:] == [
        ("O5", "sales_qualified"), ("O6", "inquiry"),
    ]  # fmt: skip


def test_the_metrics_say_what_is_computed_by_hand(small: list[dict[str, Any]]) -> None:
    cycle = metric("sales-cycle")["total"]

    assert metric("win-rate")["total"] == {"value": 0.75, "numerator": 3, "denominator": 4, "n": 4}
    assert metric("revenue")["total"]["value"] == 1500
    assert metric("average-deal")["total"]["value"] == 500
    assert metric("median-deal")["total"]["value"] == 400
    assert {name: cycle[name] for name in ("mean", "median", "min", "max", "n")} == {
        "mean": 95 / 3, "median": 30, "min": 10, "max": 55, "n": 3,
    }  # fmt: skip
    assert values("win-rate", "team") == {"Rosa Lund": 2 / 3, "Kim Berg": 1}
    assert values("revenue", "source") == {"East": 500, "West": 1000}
    assert values("revenue", "owner") == {"Ana Silva": 500, "Cy Moe": 1000}


def test_the_sample_data_gives_its_reference_figures(tmp_path: Path) -> None:
    """../shared/data/README.md, to the digit."""
    leads, events = import_all(shared("maven"), tmp_path)

    assert [(report["created"], report["refused"]) for report in (leads, events)] == [(8_800, 0), (15_011, 0)]
    won = metric("win-rate")["total"]
    assert (won["numerator"], won["denominator"], round(won["value"] * 100, 4)) == (4_238, 6_711, 63.1501)
    assert metric("revenue")["total"]["value"] == 10_005_534
    assert round(metric("average-deal")["total"]["value"], 4) == 2360.9094
    assert metric("median-deal")["total"]["value"] == 1117
    cycle = metric("sales-cycle")["total"]
    assert [round(cycle[name], 4) for name in ("mean", "median", "p90", "min", "max")] == [
        51.782,
        57,
        106,
        1,
        138,
    ]
    assert by_manager() == MANAGERS
    assert values("revenue", "source") == {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}


def by_manager() -> dict[str, tuple[int, float, int]]:
    revenue = values("revenue", "team")
    return {
        row["group"]: (row["numerator"], round(row["value"] * 100, 2), revenue[row["group"]])
        for row in metric("win-rate", "team")["rows"]
    }
