"""Names for the groups a figure is split into, and whose people may stand there by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.engine.standing import MANAGERS
from accounts.models import Membership, Organisation, Team, User
from accounts.queries import standing_of
from dashboards.questions import Question
from dashboards.subjects import CALENDAR
from definitions.engine.text import text_key
from definitions.models import DefinitionVersion
from leads.models import Campaign, Stage
from sla.models import Clock, Commitment
from sla.models.breach import Cause

OTHERS = "others"
OTHER_PEOPLE = "Other people"
NONE = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: how an address calls it, and its display name (None: the rows that have no such thing)."""

    key: str
    name: str | None


EMPTY = Group(NONE, None)


def named(question: Question, raws: Iterable[Any], shown: frozenset[int] | None) -> dict[Any, Group]:
    """The group of each raw value. `shown` are the people named; None names everybody."""
    found = set(raws)
    known = found - {None, ""}
    groups = _named(question, known, shown) if question.by else {}
    return {raw: groups.get(raw, EMPTY) for raw in found}


def _named(question: Question, raws: set[Any], shown: frozenset[int] | None) -> Mapping[Any, Group]:
    by = question.by
    if by in CALENDAR:
        labels = [label for label, _ in CALENDAR[by](question.first, question.until)]
        return {raw: Group(labels[raw - 1], labels[raw - 1]) for raw in raws}
    if by == "hour":
        return {raw: Group(f"{raw:02}", f"{raw:02}:00 to {raw:02}:59") for raw in raws}
    if by in CHOICES:
        return {raw: Group(raw, str(CHOICES[by].get(raw, raw))) for raw in raws}
    if by == "owner":
        return _people(raws, shown)
    if by in ROWS:
        return _rows(by, raws)
    return _texts(raws)


CHOICES: Mapping[str, Mapping[str, str]] = {
    "stage": dict(Stage.choices),
    "clock": dict(Clock.Kind.choices),
    "cause": dict(Cause.choices),
}
ROWS: Mapping[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "team": (Team.objects.all, "slug"),
    "campaign": (Campaign.objects.all, "slug"),
    "commitment": (Commitment.objects.select_related("version").all, "public_id"),
    "definition-version": (
        DefinitionVersion.objects.select_related("definition").all,
        "public_id",
    ),
}


def _rows(by: str, raws: set[Any]) -> Mapping[Any, Group]:
    rows, key = ROWS[by]
    found = list(rows().filter(pk__in=raws))
    names = Counter(map(str, found))
    return {row.pk: Group(str(getattr(row, key)), _told_apart(row, names)) for row in found}


def _told_apart(row: Any, names: Counter[str]) -> str:
    """Contracts repeat the names of their commitments: “Answer (v3)” is the third's where another has the name."""
    name = str(row)
    return f"{name} (v{row.version.number})" if isinstance(row, Commitment) and names[name] > 1 else name


def _people(raws: set[Any], shown: frozenset[int] | None) -> Mapping[Any, Group]:
    visible = raws if shown is None else raws & shown
    people = User.objects.filter(pk__in=visible)
    named = {person.pk: Group(str(person.public_id), str(person)) for person in people}
    return dict.fromkeys(raws, Group(OTHERS, OTHER_PEOPLE)) | named


def _texts(raws: set[Any]) -> Mapping[Any, Group]:
    """Texts that differ in case or spaces alone are one group, under the spelling that sorts first."""
    by_key: dict[str, Group] = {}
    found = {}
    for raw in sorted(raws, key=str):
        text = str(raw)
        found[raw] = by_key.setdefault(text_key(text), Group(text, text))
    return found


def people_shown(viewer: User | AnonymousUser | None, rule: str) -> frozenset[int] | None:
    """Who stands by name before this viewer: `people_in_figures` pools the others. None names everybody.

    The command has no viewer: who can run it can read the database.
    """
    if viewer is None or rule == Organisation.PeopleInFigures.ALL:
        return None
    if rule == Organisation.PeopleInFigures.TEAMS:
        return frozenset()
    standing = standing_of(viewer)
    if standing.is_admin:
        return None
    managed = [seat.team_id for seat in standing.memberships if seat.role in MANAGERS]
    of_mine = Membership.objects.filter(team__in=managed).values_list("user_id", flat=True) if managed else ()
    return frozenset({*([standing.person] if standing.person else []), *of_mine})
