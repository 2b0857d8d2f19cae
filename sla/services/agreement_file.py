"""Reading an agreement file: every value is checked, every refusal names its place. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from definitions.catalogue import catalogue
from definitions.engine import codec, shapes
from definitions.engine.shapes import CriteriaError
from leads.models import Reason
from leads.models.qualification import Basis
from sla.engine import alerts, counting, pause_terms
from sla.services.agreement_promise import Promise, signed_promise
from sla.services.agreement_values import (
    Json,
    count,
    day,
    mapping,
    moment,
    named,
    one_of,
    optional,
    text,
    whole,
)

REASON = {"group", "label", "note_required", "next_step", "counts_against", "minimum_attempts", "position"}


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
        calendars=named(document.get("calendars"), "/calendars", mapping),
        teams=named(document.get("teams"), "/teams", text),
        definitions=_definitions(document.get("definitions") or {}),
        reasons=shapes.each(document.get("reasons") or [], "/reasons", _reason),
        number=optional(contract, "version", here, count),
        effective_from=optional(contract, "effective_from", here, moment),
        signed=named(contract["signed"], f"{here}/signed", text),
        promises=_promises(contract["commitments"], f"{here}/commitments"),
        terms=_terms(contract, here),
    )


def _definitions(value: Json) -> dict[str, Mapping[str, Json]]:
    """Both as definition files, with an optional note."""
    shapes.check_object(value, "/definitions", required=set(), optional={"mql", "sql"})
    found: dict[str, Mapping[str, Json]] = {}
    for key, file in value.items():
        path = f"/definitions/{key}"
        said = dict(mapping(file, path))
        note = said.pop("note", "")
        try:
            codec.parse_file(said, catalogue.without("handoff"))
        except CriteriaError as refusal:
            raise CriteriaError(path + refusal.path, refusal.reason) from refusal
        found[key] = {**said, "note": note}
    return found


def _reason(value: Json, path: str) -> Mapping[str, Json]:
    shapes.check_object(value, path, required={"verb", "key", "label"}, optional=REASON)
    one_of(value["verb"], f"{path}/verb", Reason.Verb.values)
    if "next_step" in value:
        one_of(value["next_step"], f"{path}/next_step", Reason.NextStep.values)
    if "counts_against" in value:
        one_of(value["counts_against"], f"{path}/counts_against", Reason.CountsAgainst.values)
    if "minimum_attempts" in value:
        whole(value["minimum_attempts"], f"{path}/minimum_attempts")
    text(value["label"], f"{path}/label")
    return dict(value)


def _promises(value: Json, path: str) -> tuple[Promise, ...]:
    found = shapes.each(value, path, signed_promise)
    if not found:
        raise CriteriaError(path, "a contract promises something")
    return found


def _terms(contract: Mapping[str, Json], here: str) -> dict[str, Json]:
    fields = shapes.each(contract.get("agreed_fields") or [], f"{here}/agreed_fields", text)
    return {
        "note": str(contract.get("note", "")),
        "review_on": optional(contract, "review_on", here, day),
        "agreed_fields": list(fields),
        "counting_rules": counting.written(
            contract.get("counting_rules", {}), f"{here}/counting_rules", Basis.values
        ),
        "pause_rules": pause_terms.written(contract.get("pause_rules", {}), f"{here}/pause_rules"),
        "alerts": alerts.written(contract.get("alerts", {}), f"{here}/alerts"),
    }
