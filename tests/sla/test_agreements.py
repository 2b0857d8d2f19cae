"""An agreement file is loaded whole or not at all, and the same file again changes nothing."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from calendars.models import Calendar
from common.models import Change
from common.refusals import Invalid
from definitions.models import DefinitionVersion
from leads.models import Reason
from leads.services import usual
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import contract_in_force
from sla.services import agreements
from tests.factories import (
    EVERYBODY,
    HOUR,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_person,
    make_team,
)
from tests.sla.makers import clock_of, happens

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
EXAMPLE, FIRST = EXAMPLES / "agreement.json", EXAMPLES / "first-agreement.json"


@pytest.fixture(autouse=True)
def company() -> None:
    """The teams that the example names, and a manager on each side."""
    demand = make_team("Demand generation", function="demand", calendar=make_calendar())
    make_member(demand, "marketing_manager", person=make_person(email="elise.moreau@northwater.example"))
    sales = make_team("Mid-market EMEA", calendar=make_calendar())
    make_member(sales, "sales_manager", person=make_person(email="dana.whitfield@northwater.example"))
    for name in ("Enterprise", "Americas development", "Americas sales"):
        make_team(name, calendar=make_calendar())


def make_calendar_named(name: str) -> None:
    made = make_calendar()
    Calendar.objects.filter(pk=made.pk).update(name=name)


def small(**contract) -> dict:
    signed = {"marketing": "elise.moreau@northwater.example", "sales": "dana.whitfield@northwater.example"}
    promises = [{"kind": "answer", "target": "4h", "calendar": "24x7"}]
    return {"contract": {"signed": signed, "commitments": promises} | contract}


def test_the_example_makes_a_signed_contract_in_force():
    document = json.loads(EXAMPLE.read_text())

    loaded = agreements.load(document, at=NOON)

    version = contract_in_force(NOON)
    assert (version, version.number, loaded.changed) == (loaded.version, 1, True)
    assert version.commitments.count() == len(document["contract"]["commitments"])
    assert sorted(version.signatures.values_list("side", flat=True)) == ["marketing", "sales"]
    assert {version.mql_version.status, version.sql_version.status} == {"active"}
    assert version.reasons.count() == len(document["reasons"])


def test_how_clocks_write_mail_is_part_of_what_a_version_says():
    first = agreements.load(small(alerts={"daily_cap": 9}), at=NOON)

    again = agreements.load(small(alerts={"daily_cap": 9}), at=NOON + HOUR)
    other = agreements.load(small(alerts={"daily_cap": 8}), at=NOON + HOUR)

    assert (first.version.alerts, again.changed, other.changed) == ({"daily_cap": 9}, False, True)


def test_whatever_a_file_changes_is_noted_with_who_loaded_it():
    """R19."""
    by, hours = make_person(role="operations"), make_calendar()
    last = Change.objects.latest("pk").pk

    agreements.load(small() | {"teams": {"Enterprise": hours.name}}, at=NOON, by=by)

    said = Change.objects.filter(pk__gt=last)
    assert set(said.values_list("actor", flat=True)) == {by.pk}
    assert {"accounts_team", "sla_commitment"} <= set(said.values_list("table_name", flat=True))


def test_the_example_starts_the_clocks_of_a_demo_request_in_duty_hours():
    agreements.load(json.loads(EXAMPLE.read_text()), at=NOON)
    handoff = make_handoff()

    happens("offered", handoff, NOON)

    answer = clock_of(handoff, "answer")
    assert (answer.commitment.name, answer.target) == ("Answer", 4 * HOUR)


def test_the_same_file_again_changes_nothing():
    document = json.loads(EXAMPLE.read_text())
    first = agreements.load(document, at=NOON)

    again = agreements.load(copy.deepcopy(document), at=NOON + HOUR)

    assert (again.changed, again.version) == (False, first.version)
    assert (ContractVersion.objects.count(), DefinitionVersion.objects.count()) == (1, 2)
    assert (Reason.objects.count(), Calendar.objects.get(name="Bergen").versions.count()) == (
        len(document["reasons"]),
        1,
    )


def test_a_changed_file_is_the_next_version_and_ends_the_one_before():
    first = agreements.load(small(), at=NOON).version

    second = agreements.load(small(note="Tighter.", effective_from="2026-07-01"), at=NOON).version

    first.refresh_from_db()
    assert (second.number, first.effective_until, second.effective_from) == (
        2,
        second.effective_from,
        second.effective_from,
    )
    assert [contract_in_force(at) for at in (NOON, second.effective_from)] == [first, second]


def test_working_days_become_hours_of_the_calendar_when_it_is_signed():
    rules = {"tz": "UTC", "hours": {day: [["09:00", "16:30"]] for day in ("mon", "tue")}}
    promises = [{"kind": "disposition", "target": "2d", "calendar": "Short"}]

    agreements.load(small(commitments=promises) | {"calendars": {"Short": rules}}, at=NOON)

    promise = Commitment.objects.get()
    assert (promise.target, promise.target_days) == (15 * HOUR, 2)


def test_a_changed_reason_is_a_new_version_and_the_old_one_stays():
    reason = {"verb": "reject", "key": "spam", "label": "Spam"}
    agreements.load(small() | {"reasons": [reason]}, at=NOON)

    agreements.load(small(note="Again") | {"reasons": [reason | {"label": "Rubbish"}]}, at=NOON + HOUR)

    versions = Reason.objects.filter(key="spam").order_by("version").values_list("label", "is_active")
    assert list(versions) == [("Spam", False), ("Rubbish", True)]


def test_the_first_example_after_the_usual_reasons_changes_none_of_them():
    usual.add_usual_reasons(by=make_person(role="operations"))
    before = set(Reason.objects.values_list("pk", flat=True))
    document = json.loads(FIRST.read_text()) | {"teams": {}}
    small_signed = small()["contract"]["signed"]
    for commitment in document["contract"]["commitments"]:
        commitment["calendar"] = "24x7"

    loaded = agreements.load(
        document | {"contract": document["contract"] | {"signed": small_signed}}, at=NOON
    )

    assert set(Reason.objects.values_list("pk", flat=True)) == before
    assert set(loaded.version.reasons.values_list("pk", flat=True)) == before


def test_a_known_reason_keeps_its_place_unless_the_file_names_one():
    spam, rude = ({"verb": "reject", "key": key, "label": key.title()} for key in ("spam", "rude"))
    agreements.load(small() | {"reasons": [spam, rude]}, at=NOON)

    agreements.load(small(note="Again") | {"reasons": [rude, spam | {"position": 7}]}, at=NOON + HOUR)

    found = Reason.objects.filter(is_active=True).order_by("position")
    assert list(found.values_list("key", "position", "version")) == [("rude", 1, 1), ("spam", 7, 2)]


def test_a_definition_that_says_something_new_is_signed_and_supersedes():
    agreements.load(small() | {"definitions": {"mql": {"criteria": EVERYBODY}}}, at=NOON)
    other = {"criteria": {"fact": "lead.country", "op": "eq", "value": "NO"}}

    loaded = agreements.load(small() | {"definitions": {"mql": other}}, at=NOON + HOUR)

    states = (
        DefinitionVersion.objects.filter(definition="mql").order_by("number").values_list("status", flat=True)
    )
    assert (list(states), loaded.version.mql_version.number) == (["superseded", "active"], 2)


def commitments(**fields) -> dict:
    return small(commitments=[{"kind": "answer", "target": "4h", "calendar": "24x7"} | fields])


BAD = {
    "no object": ([], "/"),
    "no contract": ({}, "/contract"),
    "unknown part": (small() | {"colour": 1}, "/colour"),
    "unknown field": (small(colour=1), "/contract/colour"),
    "no promise": (small(commitments=[]), "/contract/commitments"),
    "unknown kind": (commitments(kind="smile"), "/contract/commitments/0/kind"),
    "no target": (commitments(target=None), "/contract/commitments/0/target"),
    "no span": (commitments(target="soon"), "/contract/commitments/0/target"),
    "nothing": (commitments(target="0h"), "/contract/commitments/0/target"),
    "broken day": (commitments(target="1.5d"), "/contract/commitments/0/target"),
    "unknown calendar": (commitments(calendar="Moon"), "/contract/commitments/0/calendar"),
    "whose hours": (commitments(kind="handover", calendar="team"), "/contract/commitments/0/calendar"),
    "unknown fact": (
        commitments(segment={"fact": "lead.colour", "op": "eq", "value": "red"}),
        "/contract/commitments/0/segment/fact",
    ),
    "a goal over one": (commitments(goal=90), "/contract/commitments/0/goal"),
    "a warning after due": (commitments(warnings=[120]), "/contract/commitments/0/warnings/0"),
    "a step for nobody": (
        commitments(ladder=[{"after_hours": 1, "to": "boss"}]),
        "/contract/commitments/0/ladder/0/to",
    ),
    "steps out of order": (
        commitments(ladder=[{"after": "4h", "to": "team"}, {"after": "1h", "do": "pool"}]),
        "/contract/commitments/0/ladder/1/after",
    ),
    "an unknown term of mail": (small(alerts={"loudness": 11}), "/contract/alerts/loudness"),
    "follow-up without attempts": (commitments(kind="follow_up"), "/contract/commitments/0/attempts"),
    "no days before launch": (
        commitments(kind="brief", target=None, calendar="24x7"),
        "/contract/commitments/0/target",
    ),
    "no hours of marketing": (commitments(kind="nurture", calendar="team"), "/contract/commitments/0/calendar"),
    "a brief for some leads": (
        commitments(kind="brief_read", segment={"fact": "lead.country", "op": "eq", "value": "NO"}),
        "/contract/commitments/0/segment",
    ),
    "no sum to judge": (
        small(commitments=[{"kind": "volume", "period": "month"}]),
        "/contract/commitments/0/amount",
    ),
    "no share to judge": (
        small(commitments=[{"kind": "quality", "period": "month"}]),
        "/contract/commitments/0/goal",
    ),
    "no period to judge": (
        small(commitments=[{"kind": "quality", "goal": 0.75}]),
        "/contract/commitments/0/period",
    ),
    "a stranger signs": (
        small(signed=dict.fromkeys(("marketing", "sales"), "nobody@northwater.example")),
        "/contract/signed/marketing",
    ),
    "the wrong side signs": (
        small(signed=dict.fromkeys(("marketing", "sales"), "dana.whitfield@northwater.example")),
        "/contract/signed/marketing",
    ),
    "unknown team": (small() | {"teams": {"Nobody": "Bergen"}}, "/teams/Nobody"),
    "unknown zone": (small() | {"calendars": {"X": {"tz": "Moon/Base", "hours": {"mon": []}}}}, "/calendars/X"),
    "a holiday that is none": (
        small() | {"calendars": {"X": {"tz": "UTC", "hours": {}, "holidays": ["soon"]}}},
        "/calendars/X/holidays",
    ),
    "bad criteria": (
        small() | {"definitions": {"mql": {"criteria": {"fact": "handoff.team", "op": "exists"}}}},
        "/definitions/mql/criteria/fact",
    ),
    "bad reason": (small() | {"reasons": [{"verb": "smile", "key": "x", "label": "X"}]}, "/reasons/0/verb"),
    "a cap in words": (small(pause_rules={"cap_hours": "5"}), "/contract/pause_rules/cap_hours"),
    "a cap without end": (small(pause_rules={"cap_hours": 1e9}), "/contract/pause_rules/cap_hours"),
    "reasons that are none": (small(pause_rules={"reasons": "busy"}), "/contract/pause_rules/reasons"),
    "an unknown basis": (small(counting_rules={"bases": ["list", "luck"]}), "/contract/counting_rules/bases/1"),
    "bases that are none": (small(counting_rules={"bases": "list"}), "/contract/counting_rules/bases"),
    "an unknown rule of counting": (small(counting_rules={"basis": []}), "/contract/counting_rules/basis"),
    "an unknown rule of pauses": (small(pause_rules={"hours": 5}), "/contract/pause_rules/hours"),
    "no moment": (small(effective_from="soon"), "/contract/effective_from"),
}  # fmt: skip


@pytest.mark.parametrize(("document", "path"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_at_its_place_and_nothing_is_written(document, path):
    with pytest.raises(Invalid) as refused:
        agreements.load(document, at=NOON)

    assert list(refused.value.errors) == [path]
    assert not ContractVersion.objects.exists()
    assert not DefinitionVersion.objects.exists()
    assert not Calendar.objects.filter(name="X").exists()


def test_a_version_that_is_signed_cannot_be_loaded_with_other_words():
    agreements.load(small(version=4), at=NOON)

    with pytest.raises(Invalid) as refused:
        agreements.load(small(version=4, note="Other words"), at=NOON + HOUR)

    assert list(refused.value.errors) == ["/contract/version"]


def test_a_version_cannot_begin_before_the_one_that_is_in_force():
    agreements.load(small(), at=NOON)

    with pytest.raises(Invalid) as refused:
        agreements.load(small(note="Earlier", effective_from="2026-01-01"), at=NOON)

    assert list(refused.value.errors) == ["/contract/effective_from"]


def test_only_what_changed_is_named():
    first = agreements.load(json.loads(EXAMPLE.read_text()), at=NOON)
    again = agreements.load(json.loads(EXAMPLE.read_text()), at=NOON + HOUR)

    assert {"calendar Duty", "team Enterprise works by Hamburg", "MQL v1 signed"} <= set(first.done)
    assert again.done == ["contract v1 unchanged"]


def test_the_agreement_of_the_first_day_is_complete():
    document = json.loads((EXAMPLE.parent / "first-agreement.json").read_text())
    make_calendar_named("Office hours")
    demand = make_team("Demand", function="demand")
    make_member(demand, "marketing_manager", person=make_person(email="marketing@example.com"))
    make_member(make_team("Sales"), "sales_manager", person=make_person(email="sales@example.com"))

    loaded = agreements.load(document, at=NOON)

    assert {promise.kind for promise in loaded.version.commitments.all()} == {
        "answer", "first_response", "follow_up", "disposition", "handover", "rework", "buyer_wait",
    }  # fmt: skip


def test_the_command_says_what_it_did(tmp_path):
    file, out = tmp_path / "agreement.json", StringIO()
    file.write_text(json.dumps(small()))

    call_command("load_agreement", str(file), stdout=out)

    assert out.getvalue() == "contract v1 signed\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        (json.dumps(commitments(target="soon")), "/contract/commitments/0/target: a span is written"),
    ],
    ids=["no JSON", "a bad value"],
)
def test_the_command_refuses_with_place_and_reason(tmp_path, text, said):
    file = tmp_path / "agreement.json"
    file.write_text(text)

    with pytest.raises(CommandError, match=said):
        call_command("load_agreement", str(file))


def test_the_command_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_agreement", str(tmp_path / "none.json"))


def test_a_signed_version_cannot_be_edited():
    """Rule 9: the database itself refuses."""
    version = agreements.load(small(), at=NOON).version

    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        ContractVersion.objects.filter(pk=version.pk).update(note="Softer")
    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        version.commitments.update(target=timedelta(days=9))


def test_two_signed_versions_never_overlap():
    first = agreements.load(small(), at=NOON).version

    with pytest.raises(IntegrityError, match="contract_versions_do_not_overlap"), transaction.atomic():
        ContractVersion.objects.create(
            contract=first.contract, number=9, status="signed", effective_from=NOON + HOUR, created_at=NOON
        )
