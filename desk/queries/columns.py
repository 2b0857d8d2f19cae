"""The columns of the lead queue: which there are, which an address asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the sort that its head offers, and how early it leaves a narrow list (p2 first)."""

    key: str
    label: str
    classes: str = ""
    sort: str = ""
    chosen: bool = True  # shown where the address names no columns


COLUMNS = (
    Column("source", "Source", "p3"),
    Column("signal", "Signal", "p2", chosen=False),
    Column("title", "Role", "p2", chosen=False),
    Column("country", "Country", "p2", chosen=False),
    Column("industry", "Industry", "p2", chosen=False),
    Column("employees", "Employees", "r p2", chosen=False),
    Column("status", "Status", "p4"),
    Column("holder", "Held by", "p5"),
    Column("owner", "Lead owner", "p2", chosen=False),
    Column("clock", "SLA", sort="clock"),
    Column("created", "Created", "r p2", sort="created"),
)
ALWAYS = "clock"
USUAL = tuple(column.key for column in COLUMNS if column.chosen)
CHOICES = [(column.key, column.label) for column in COLUMNS if column.key != ALWAYS]


def read_columns(said: QueryDict) -> tuple[Column, ...]:
    """The columns that are asked for, in the order of the house. An address without `cols` means the usual ones."""
    wanted = {*said.getlist("cols"), ALWAYS} if "cols" in said else {*USUAL}
    return tuple(column for column in COLUMNS if column.key in wanted)


def columns_in_address(said: QueryDict) -> list[tuple[str, str]]:
    """What an address must say to show the same columns: nothing for the usual ones, one empty word for none."""
    chosen = [column.key for column in read_columns(said)]
    if tuple(chosen) == USUAL:
        return []
    return [("cols", key) for key in chosen if key != ALWAYS] or [("cols", "")]
