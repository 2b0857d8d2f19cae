#!/usr/bin/env python3
"""Turns the "CRM Sales Opportunities" tables of Maven Analytics into history files for `manage.py import_history`.

    python3 docs/examples/maven_history.py FOLDER_OF_TABLES FOLDER_FOR_FILES

What stands for what:

- one opportunity is one lead (its id is the `external_id`) and one deal of the same name;
- a lead's company is the account (empty on some), with its sector and number of employees;
- the tables know no source, so the regional office takes its place: `--by source` gives figures by office;
- an opportunity begins when it is engaged: an event `qualified` at `engage_date` by the sales agent, in a team
  named for the agent's manager. Baton adds the steps this implies: MQL, offered, accepted;
- `won` or `lost` at `close_date`. What a won opportunity was worth is the amount of its deal; a lost one has none;
- opportunities that are only prospected have no date: leads without events, created at the time of the import.

Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = dict[str, str]
LEAD = (
    "external_id",
    "company",
    "industry",
    "employees",
    "country",
    "source",
    "owner",
    "created_at",
    "product",
)
EVENT = ("lead_external_id", "event", "at", "actor", "team", "deal", "product", "amount")
CLOSED = {"Won": "won", "Lost": "lost"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tables", type=Path, help="with accounts, products, sales_teams, sales_pipeline .csv")
    parser.add_argument("files", type=Path, help="where leads.csv and events.csv go")
    given = parser.parse_args()
    convert(given.tables, given.files)


def convert(tables: Path, files: Path) -> None:
    accounts = {row["account"]: row for row in read(tables / "accounts.csv")}
    agents = {row["sales_agent"]: row for row in read(tables / "sales_teams.csv")}
    products = {row["product"].replace(" ", ""): row["product"] for row in read(tables / "products.csv")}
    deals = read(tables / "sales_pipeline.csv")
    for deal in deals:  # the pipeline spells one product without its blank
        deal["product"] = products.get(deal["product"].replace(" ", ""), deal["product"])
    files.mkdir(parents=True, exist_ok=True)
    write(files / "leads.csv", LEAD, (lead(deal, accounts, agents) for deal in deals))
    write(files / "events.csv", EVENT, (event for deal in deals for event in events(deal, agents)))


def lead(deal: Row, accounts: dict[str, Row], agents: dict[str, Row]) -> Row:
    account = accounts.get(deal["account"], {})
    return {
        "external_id": deal["opportunity_id"],
        "company": deal["account"],
        "industry": account.get("sector", ""),
        "employees": account.get("employees", ""),
        "country": account.get("office_location", ""),
        "source": agents[deal["sales_agent"]]["regional_office"],
        "owner": deal["sales_agent"],
        "created_at": deal["engage_date"],
        "product": deal["product"],
    }


def events(deal: Row, agents: dict[str, Row]) -> Iterator[Row]:
    if not deal["engage_date"]:
        return
    told = {
        "lead_external_id": deal["opportunity_id"],
        "actor": deal["sales_agent"],
        "team": agents[deal["sales_agent"]]["manager"],
        "deal": deal["opportunity_id"],
        "product": deal["product"],
        "amount": "",
    }
    yield told | {"event": "qualified", "at": deal["engage_date"]}
    closed = CLOSED.get(deal["deal_stage"])
    if closed:
        amount = deal["close_value"] if closed == "won" else ""
        yield told | {"event": closed, "at": deal["close_date"], "amount": amount}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: tuple[str, ...], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
