"""Reading an agreement file: every value is checked, every refusal names its place. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from definitions.catalogue import catalogue
from definitions.engine import codec, literals, shapes
from definitions.engine.criteria import AllOf
from definitions.engine.shapes import CriteriaError
from leads.models import Attempt, Reason
from leads.models.qualification import Basis
from sla.engine import alerts, counting, ladder, pause_terms
from sla.models import Commitment

Json = Any
T = TypeVar("T")
SPAN = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?([mhd])", re.ASCII)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
TEAM, ALWAYS = "team", "24x7"
EVERYBODY: dict[str, Json] = {"all": []}
MARKETING = frozenset(
    {"handover", "rework", "volume", "quality", "completeness", "pipeline", "brief", "nurture"}
)
# Marketing and the joint promise have no answering team whose hours could be meant.
NAMES_ITS_HOURS = frozenset({"handover", "rework", "buyer_wait", "brief", "nurture"})
FOR_PERIODS = MARKETING - {"handover", "rework"} | {"conversion", "brief_read"}
TIMED = {"brief": "how long before the campaign starts, such as 5d", "nurture": "how soon, such as 10d"}
PARTS_OF_EFFORT = ("days", "calls", "channels")  # each is said of the attempts
MOST_CHANNELS = len(Attempt.Channel) - 1  # “unknown” is of old files, nobody can log it
OF_CAMPAIGNS = frozenset({"brief", "brief_read"})
COUNTS = {"attempts": "attempts", "days": "attempt_days", "calls": "attempt_calls", "channels": "attempt_channels",
          "binds_up_to": "binds_up_to"}  # fmt: skip
PROMISE = {"name", "segment", "target", "calendar", "out_of_hours", "warnings", "goal", "amount", "period",
           "restart_on_reassign", "ladder", *COUNTS}  # fmt: skip
REASON = {"group", "label", "note_required", "next_step", "counts_against", "minimum_attempts", "position"}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of business time, or a number of working days."""

    time: timedelta | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as it is written: its columns, its calendar by name, its target."""

    path: str
    kind: str
    columns: Mapping[str, Json]
    calendar: str
    target: Span | None
    out_of_hours: timedelta | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A whole file."""

    calendars: Mapping[str, Mapping[str, Json]]
    teams: Mapping[str, str]
    definitions: Mapping[str, Mapping[str, Json]]
    reasons: tuple[Mapping[str, Json], ...]
    number: int | None
    effective_from: datetime | None
    signed: Mapping[str, str]
    promises: tuple[Promise, ...]
    terms: Mapping[str, Json]


def read(document: Json) -> Agreement:
    """Raises CriteriaError: a path such as `/contract/commitments/0/target`, and a sentence."""
    top = {"calendars", "teams", "definitions", "reasons"}
    shapes.check_object(document, "", required={"contract"}, optional=top)
    contract, here = document["contract"], "/contract"
    terms = {"note", "review_on", "agreed_fields", "counting_rules", "pause_rules", "alerts"}
    shapes.check_object(
        contract, here, required={"signed", "commitments"}, optional={"version", "effective_from", *terms}
    )
    shapes.check_object(contract["signed"], f"{here}/signed", required={"marketing", "sales"})
    return Agreement(
        calendars=_named(document.get("calendars"), "/calendars", _object),
        teams=_named(document.get("teams"), "/teams", text),
        definitions=_definitions(document.get("definitions") or {}),
        reasons=shapes.each(document.get("reasons") or [], "/reasons", _reason),
        number=_optional(contract, "version", here, _count),
        effective_from=_optional(contract, "effective_from", here, _moment),
        signed=_named(contract["signed"], f"{here}/signed", text),
        promises=_promises(contract["commitments"], f"{here}/commitments"),
        terms=_terms(contract, here),
    )


def text(value: Json, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CriteriaError(path, "words are wanted")
    return value.strip()


def _definitions(value: Json) -> dict[str, Mapping[str, Json]]:
    """Both as definition files, with an optional note."""
    shapes.check_object(value, "/definitions", required=set(), optional={"mql", "sql"})
    found: dict[str, Mapping[str, Json]] = {}
    for key, file in value.items():
        path = f"/definitions/{key}"
        said = dict(_object(file, path))
        note = said.pop("note", "")
        try:
            codec.parse_file(said, catalogue.without("handoff"))
        except CriteriaError as refusal:
            raise CriteriaError(path + refusal.path, refusal.reason) from refusal
        found[key] = {**said, "note": note}
    return found


def _reason(value: Json, path: str) -> Mapping[str, Json]:
    shapes.check_object(value, path, required={"verb", "key", "label"}, optional=REASON)
    _one_of(value["verb"], f"{path}/verb", Reason.Verb.values)
    if "next_step" in value:
        _one_of(value["next_step"], f"{path}/next_step", Reason.NextStep.values)
    if "counts_against" in value:
        _one_of(value["counts_against"], f"{path}/counts_against", Reason.CountsAgainst.values)
    if "minimum_attempts" in value:
        _whole(value["minimum_attempts"], f"{path}/minimum_attempts")
    text(value["label"], f"{path}/label")
    return dict(value)


def _promises(value: Json, path: str) -> tuple[Promise, ...]:
    found = shapes.each(value, path, _signed_promise)
    if not found:
        raise CriteriaError(path, "a contract promises something")
    return found


def _signed_promise(value: Json, path: str) -> Promise:
    """What a file says is signed at once; a draft may leave open how much it promises."""
    found = promise(value, path)
    _check_judged(value, path, found.kind)
    return found


def promise(value: Json, path: str) -> Promise:
    """One commitment. Raises CriteriaError at the path of what is wrong."""
    shapes.check_object(value, path, required={"kind"}, optional=PROMISE)
    kind = _one_of(value["kind"], f"{path}/kind", Commitment.Kind.values)
    calendar = _calendar(value, path, kind)
    target = _optional(value, "target", path, _span)
    if kind not in FOR_PERIODS and target is None:
        raise CriteriaError(f"{path}/target", "a promise that runs by the clock needs a target, such as 4h")
    if kind in TIMED and target is None:
        raise CriteriaError(f"{path}/target", f"this promise says {TIMED[kind]}")
    if kind == "follow_up" and "attempts" not in value:
        raise CriteriaError(f"{path}/attempts", "a follow-up says how many attempts")
    _check_effort(value, path)
    late = _optional(value, "out_of_hours", path, _span)
    if late is not None and late.time is None:
        raise CriteriaError(f"{path}/out_of_hours", "minutes or hours are wanted, such as 2h")
    return Promise(path, kind, _columns(value, path, kind), calendar, target, late.time if late else None)


def _columns(value: Mapping[str, Json], path: str, kind: str) -> dict[str, Json]:
    segment = value.get("segment", EVERYBODY)
    if codec.parse(segment, catalogue, f"{path}/segment") != AllOf(()) and kind in OF_CAMPAIGNS:
        raise CriteriaError(f"{path}/segment", "a promise about briefs is about every campaign")
    columns: dict[str, Json] = {
        "side": "joint" if kind == "buyer_wait" else "marketing" if kind in MARKETING else "sales",
        "name": text(value.get("name", Commitment.Kind(kind).label), f"{path}/name"),
        "segment": segment,
        "warnings": sorted(shapes.each(value.get("warnings") or [], f"{path}/warnings", _percent)),
        "goal": _optional(value, "goal", path, _share),
        "amount": _optional(value, "amount", path, _amount),
        "period": _one_of(value.get("period", ""), f"{path}/period", ["", "month", "quarter"]),
        "restart_on_reassign": _yes_or_no(
            value.get("restart_on_reassign", False), f"{path}/restart_on_reassign"
        ),
        "ladder": _ladder(value.get("ladder") or [], f"{path}/ladder", kind),
    }
    return columns | {column: _optional(value, name, path, _count) for name, column in COUNTS.items()}


def _check_judged(value: Mapping[str, Json], path: str, kind: str) -> None:
    """A promise for periods without a figure or a period would stand in the contract, and nothing would judge it."""
    if kind not in FOR_PERIODS:
        return
    figure = "amount" if kind in Commitment.SUMS else "goal"
    if value.get(figure) is None:
        raise CriteriaError(
            f"{path}/{figure}", "a promise about a period says how much, or which share, keeps it"
        )
    if not value.get("period"):
        raise CriteriaError(f"{path}/period", "it is judged by the month or the quarter")


def _check_effort(value: Mapping[str, Json], path: str) -> None:
    """Nobody can keep "5 attempts, 9 of them calls", and a follow-up that nobody can keep is missed each time."""
    attempts = _optional(value, "attempts", path, _count)
    said = {name: _optional(value, name, path, _count) or 0 for name in PARTS_OF_EFFORT}
    for name, number in said.items():
        if attempts and number > attempts:
            raise CriteriaError(f"{path}/{name}", f"{attempts} at most: it is said of the attempts")
    if said["channels"] > MOST_CHANNELS:
        raise CriteriaError(f"{path}/channels", f"there are {MOST_CHANNELS} channels")


def _ladder(value: Json, path: str, kind: str) -> list[Json]:
    """As it is written; what it means is read again when it is climbed."""
    ladder.read(value, path, kind=kind)
    return list(value)


def _calendar(value: Mapping[str, Json], path: str, kind: str) -> str:
    calendar = text(value.get("calendar", TEAM), f"{path}/calendar")
    if calendar == TEAM and kind in NAMES_ITS_HOURS:
        raise CriteriaError(
            f"{path}/calendar", f"name a calendar, or {ALWAYS}: no sales team answers for this promise"
        )
    return calendar


def _terms(contract: Mapping[str, Json], here: str) -> dict[str, Json]:
    fields = shapes.each(contract.get("agreed_fields") or [], f"{here}/agreed_fields", text)
    return {
        "note": str(contract.get("note", "")),
        "review_on": _optional(contract, "review_on", here, _day),
        "agreed_fields": list(fields),
        "counting_rules": counting.written(
            contract.get("counting_rules", {}), f"{here}/counting_rules", Basis.values
        ),
        "pause_rules": pause_terms.written(contract.get("pause_rules", {}), f"{here}/pause_rules"),
        "alerts": alerts.written(contract.get("alerts", {}), f"{here}/alerts"),
    }


def _optional(node: Mapping[str, Json], name: str, path: str, read: Callable[[Json, str], T]) -> T | None:
    value = node.get(name)
    return None if value is None else read(value, f"{path}/{name}")


def _named(value: Json, path: str, read: Callable[[Json, str], T]) -> dict[str, T]:
    return {name: read(inner, f"{path}/{name}") for name, inner in _object(value or {}, path).items()}


def _object(value: Json, path: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise CriteriaError(path, "an object is wanted")
    return value


def _one_of(value: Json, path: str, known: list[str]) -> str:
    if value not in known:
        raise CriteriaError(path, f"one of {', '.join(filter(None, known))} is wanted")
    return str(value)


def _span(value: Json, path: str) -> Span:
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None or not float(found[1]):
        raise CriteriaError(path, "a span is written 30m, 4h or 5d, and is above zero")
    if found[2] != "d":
        return Span(time=float(found[1]) * UNITS[found[2]])
    if not found[1].isdigit():
        raise CriteriaError(path, "days are whole")
    return Span(days=int(found[1]))


def _whole(value: Json, path: str) -> int:
    if type(value) is not int or not 0 <= value <= 32_767:
        raise CriteriaError(path, "a whole number is wanted")
    return value


def _count(value: Json, path: str) -> int:
    if not _whole(value, path):
        raise CriteriaError(path, "a number above zero is wanted")
    return int(value)


def _percent(value: Json, path: str) -> int:
    if type(value) is not int or not 0 < value < 100:
        raise CriteriaError(path, "a warning lies between 1 and 99 per cent of the target")
    return value


def _share(value: Json, path: str) -> Decimal:
    found = Decimal(str(shapes.number(value, path)))
    if not 0 <= found <= 1:
        raise CriteriaError(path, "a goal is a share from 0 to 1, such as 0.9")
    return found


def _amount(value: Json, path: str) -> Decimal:
    found = Decimal(str(shapes.number(value, path)))
    if found <= 0:
        raise CriteriaError(path, "an amount above zero is wanted")
    return found


def _yes_or_no(value: Json, path: str) -> bool:
    if not isinstance(value, bool):
        raise CriteriaError(path, "true or false is wanted")
    return value


def _moment(value: Json, path: str) -> datetime:
    found = shapes.at(path, literals.read, "date", value)
    assert isinstance(found, datetime)  # noqa: S101 - what `literals` makes of a date
    return found.astimezone(UTC)


def _day(value: Json, path: str) -> date:
    return _moment(value, path).date()
