"""What the address of a list asks for: read, checked, and turned into a condition on leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.timezone import get_current_timezone

from accounts.queries import as_uuid
from common.database.moments import midnight
from definitions.engine.text import text_key
from desk.queries.reached import STEPS, reached, rejected_for
from desk.queries.views import VIEWS
from leads.models import Handoff, Stage
from sla.models import Clock

MANY = ("source", "stage", "team", "owner", "campaign", "country", "rejected")
ONE = ("view", "created", "created_from", "created_to", "clock", "reached", "q", "sort")
PERIODS = {
    "1d": ("Last day", 1),
    "7d": ("Last 7 days", 7),
    "30d": ("Last 30 days", 30),
    "90d": ("Last 90 days", 90),
}
SORTS = ("clock", "created", "name", "company")
CLOCKS = {"late": "Late", "risk": "At risk", "track": "On track", "paused": "Paused", "none": "No clock"}
LABELS = {
    "source": "Source", "stage": "Stage", "team": "Team", "owner": "Held by", "campaign": "Campaign",
    "country": "Country", "created": "Created", "created_from": "Created from", "created_to": "Created until",
    "clock": "Clock", "reached": "Came as far as", "rejected": "Rejected because", "q": "Text",
}  # fmt: skip
NOBODY = "none"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """One question to the list of leads. `errors` are values that mean nothing: then no lead is found."""

    view: str
    sort: str
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    one: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> list[tuple[str, str]]:
        """Each filter that narrows the view, with its value."""
        pairs = [(name, value) for name, values in self.many.items() for value in values]
        return pairs + [(name, value) for name, value in self.one.items() if value]

    def condition(self, at: datetime) -> Q:
        if self.errors:
            return Q(pk__in=[])
        wanted = Q()
        for name, values in self.many.items():
            if values:
                wanted &= _any_of(name, values, over=VIEWS[self.view].over)
        for name, value in self.one.items():
            if value:
                wanted &= _ONE[name](value, at)
        return wanted


def read_filters(said: QueryDict, *, view: str) -> Filters:
    """Read an address; `view` is meant where it names none. Values that mean nothing become errors."""
    many = {name: tuple(_clean(value) for value in said.getlist(name) if value.strip()) for name in MANY}
    one = {name: _clean(said.get(name, "")) for name in ONE}
    errors = _wrong(many, one)
    chosen = one.pop("view") or view
    known = chosen if chosen in VIEWS else view
    sort = one.pop("sort")
    return Filters(known, sort if "sort" not in errors and sort else VIEWS[known].sort, many, one, errors)


def _clean(value: str) -> str:
    return value.replace("\x00", "").strip()[:LONGEST]


def _wrong(many: Mapping[str, tuple[str, ...]], one: Mapping[str, str]) -> dict[str, str]:
    known = {
        "view": [*VIEWS],
        "clock": [*CLOCKS],
        "reached": [*STEPS],
        "created": [*PERIODS],
        "sort": [*SORTS, *(f"-{s}" for s in SORTS)],
    }
    errors = {
        name: f"Choose one of: {', '.join(words)}."
        for name, words in known.items()
        if one[name] and one[name] not in words
    }
    if set(many["stage"]) - set(Stage.values):
        errors["stage"] = f"Choose one of: {', '.join(Stage.values)}."
    for name in ("created_from", "created_to"):
        if one[name] and _day(one[name]) is None:
            errors[name] = "Enter a date such as 2026-11-24."
    return errors


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None


def _any_of(name: str, values: tuple[str, ...], *, over: bool) -> Q:
    if name in ("source", "country"):
        return Q(**{f"{name}_key__in": [text_key(value) for value in values]})
    if name == "stage":
        return Q(stage__in=values)
    if name == "campaign":
        return Q(campaign__slug__in=values)
    if name == "rejected":
        return Q(rejected_for(values))
    cycles = Handoff.objects.filter(lead=OuterRef("pk"))
    cycles = cycles if over else cycles.filter(status__in=Handoff.OPEN)
    return Q(Exists(cycles.filter(_team(values) if name == "team" else _owner(values))))


def _team(values: tuple[str, ...]) -> Q:
    ids = list(filter(None, map(as_uuid, values)))
    return Q(team__name__in=values) | Q(team__slug__in=values) | Q(team__public_id__in=ids)


def _owner(values: tuple[str, ...]) -> Q:
    ids = list(filter(None, map(as_uuid, values)))
    someone = Q(holder__email__in=[value.lower() for value in values]) | Q(holder__public_id__in=ids)
    return someone | Q(holder=None) if NOBODY in values else someone


def _created(period: str, at: datetime) -> Q:
    return Q(created_at__gte=at - timedelta(days=PERIODS[period][1]))


def _from(text: str, at: datetime) -> Q:
    return Q(created_at__gte=midnight(date.fromisoformat(text), get_current_timezone()))


def _until(text: str, at: datetime) -> Q:
    """The day itself is included, as a person means it."""
    return Q(created_at__lt=midnight(date.fromisoformat(text) + timedelta(days=1), get_current_timezone()))


def _clock(state: str, at: datetime) -> Q:
    running = Clock.objects.filter(lead=OuterRef("pk"), status=Clock.Status.RUNNING)
    late = Clock.objects.filter(
        lead=OuterRef("pk"), status=Clock.Status.BREACHED, satisfied_at=None, ended_at=None
    )
    paused = Clock.objects.filter(lead=OuterRef("pk"), status=Clock.Status.PAUSED)
    risky = Q(risk_at__lte=at, due_at__gte=at)
    found = {
        "late": Q(Exists(late)) | Q(Exists(running.filter(due_at__lt=at))),
        "risk": Q(Exists(running.filter(risky))),
        "track": Q(Exists(running.filter(due_at__gte=at))) & ~Q(Exists(running.filter(risky))),
        "paused": Q(Exists(paused)),
    }
    return found.get(state) or ~Q(Exists(running)) & ~Q(Exists(late)) & ~Q(Exists(paused))


def _text(words: str, at: datetime) -> Q:
    """Every word must occur: in the name, title, company or e-mail (by the trigram index)."""
    wanted = Q()
    for word in text_key(words).split()[:8]:
        wanted &= Q(search_text__contains=word)
    return wanted


_ONE: dict[str, Callable[[str, datetime], Q]] = {
    "created": _created,
    "created_from": _from,
    "created_to": _until,
    "clock": _clock,
    "reached": lambda step, at: Q(reached(step)),
    "q": _text,
}
