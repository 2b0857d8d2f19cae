"""One promise of an agreement, as a file or a form writes it: checked, every refusal at its place. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from definitions.catalogue import catalogue
from definitions.engine import codec, shapes
from definitions.engine.criteria import AllOf
from definitions.engine.shapes import CriteriaError
from leads.models import Attempt
from sla.engine import ladder
from sla.models import Commitment
from sla.services.agreement_values import (
    Json,
    Span,
    amount,
    count,
    one_of,
    optional,
    percent,
    share,
    span,
    text,
    yes_or_no,
)

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


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as it is written: its columns, its calendar by name, its target."""

    path: str
    kind: str
    columns: Mapping[str, Json]
    calendar: str
    target: Span | None
    out_of_hours: timedelta | None


def signed_promise(value: Json, path: str) -> Promise:
    """What a file says is signed at once; a draft may leave open how much it promises."""
    found = promise(value, path)
    _check_judged(value, path, found.kind)
    return found


def promise(value: Json, path: str) -> Promise:
    """One commitment. Raises CriteriaError at the path of what is wrong."""
    shapes.check_object(value, path, required={"kind"}, optional=PROMISE)
    kind = one_of(value["kind"], f"{path}/kind", Commitment.Kind.values)
    calendar = _calendar(value, path, kind)
    target = optional(value, "target", path, span)
    if kind not in FOR_PERIODS and target is None:
        raise CriteriaError(f"{path}/target", "a promise that runs by the clock needs a target, such as 4h")
    if kind in TIMED and target is None:
        raise CriteriaError(f"{path}/target", f"this promise says {TIMED[kind]}")
    if kind == "follow_up" and "attempts" not in value:
        raise CriteriaError(f"{path}/attempts", "a follow-up says how many attempts")
    _check_effort(value, path)
    late = optional(value, "out_of_hours", path, span)
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
        "warnings": sorted(shapes.each(value.get("warnings") or [], f"{path}/warnings", percent)),
        "goal": optional(value, "goal", path, share),
        "amount": optional(value, "amount", path, amount),
        "period": one_of(value.get("period", ""), f"{path}/period", ["", "month", "quarter"]),
        "restart_on_reassign": yes_or_no(
            value.get("restart_on_reassign", False), f"{path}/restart_on_reassign"
        ),
        "ladder": _ladder(value.get("ladder") or [], f"{path}/ladder", kind),
    }
    return columns | {column: optional(value, name, path, count) for name, column in COUNTS.items()}


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
    attempts = optional(value, "attempts", path, count)
    said = {name: optional(value, name, path, count) or 0 for name in PARTS_OF_EFFORT}
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
