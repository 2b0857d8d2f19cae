"""Every change of a watched column leaves one row, by whichever door it came (R19, I07)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from accounts.models import ApiKey, Membership, User
from accounts.services import keys, organisation, people, teams
from accounts.services.teams import Share, TeamFields
from common.database.moments import database_now
from common.database.watching import acting
from common.models import Change
from common.refusals import Invalid
from definitions.engine.starter import Answers
from definitions.models import DefinitionVersion
from definitions.services import drafting, versions
from leads.models import Reason, TouchKind
from leads.services import catalogue, usual
from leads.services.catalogue import ReasonFields
from sla.models import Commitment, ContractVersion
from sla.services import calendars, contracts
from sla.services.calendars import Week
from tests.clock import DatabaseClock
from tests.factories import (
    NOON,
    make_calendar,
    make_definition,
    make_member,
    make_person,
    make_reason,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import draft

pytestmark = pytest.mark.django_db

WATCHED = {
    "accounts_user": "organisation_role is_active",
    "accounts_membership": "user_id team_id role calendar_id weight open_offer_cap paused_until",
    "accounts_team": "function calendar_id routing countries min_employees position full_cycle passes_to_id is_active",
    "accounts_organisation": "time_zone currency people_in_figures",
    "accounts_apikey": "person_id scopes expires_at revoked_at",
    "calendars_calendarversion": "calendar_id rules is_current",
    "leads_reason": "verb key label note_required next_step counts_against minimum_attempts is_active",
    "leads_touchkind": "key label hand_raise is_active",
    "sla_contractversion": (
        "status effective_from effective_until mql_version_id sql_version_id agreed_fields counting_rules pause_rules"
        " alerts also_running review_on"
    ),
    "sla_commitment": (
        "version_id side kind position name segment target target_days calendar_choice calendar_id out_of_hours"
        " warnings goal attempts attempt_days attempt_calls attempt_channels binds_up_to amount period"
        " restart_on_reassign ladder"
    ),
    "definitions_definitionversion": "status effective_from effective_until criteria scoring grades",
}
TOMORROW = NOON + timedelta(days=1)
PERSONAL = {"name", "email", "password", "digest", "prefix"}  # wherever a person is meant


def noted(act: Callable[[], object]) -> list[tuple[Any, ...]]:
    """What is noted of it."""
    last = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    act()
    rows = Change.objects.filter(pk__gt=last)
    return list(rows.values_list("table_name", "row_id", "operation", "before", "after", "actor"))


def run(statement: str, *values: str | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def saved(row: Any, **fields: object) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def test_the_database_watches_these_columns_and_no_others() -> None:
    triggers = run(
        "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'note_change'"
    )

    assert {table: " ".join(re.findall(r"'(\w+)'", said)) for table, said in triggers} == WATCHED


@pytest.mark.parametrize("table", WATCHED)
def test_each_watched_column_exists_and_none_is_personal_or_secret(table: str) -> None:
    watched = set(WATCHED[table].split())
    columns = run("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)

    assert watched <= {name for (name,) in columns}
    assert not (table.startswith("accounts_") and watched & PERSONAL)


def test_every_term_of_a_promise_is_watched() -> None:
    terms = {field.column for field in Commitment._meta.concrete_fields} - {"id", "public_id"}

    assert terms == set(WATCHED["sla_commitment"].split())


def blaming_sales(row: Reason) -> list[Reason]:
    row.counts_against = "sales"
    return [row]


DOORS: dict[str, Callable[[Reason], object]] = {
    "save": lambda row: saved(row, counts_against="sales"),
    "update": lambda row: Reason.objects.filter(pk=row.pk).update(counts_against="sales"),
    "bulk_update": lambda row: Reason.objects.bulk_update(blaming_sales(row), ["counts_against"]),
    "upsert": lambda row: Reason.objects.bulk_create(
        blaming_sales(row), update_conflicts=True, unique_fields=["id"], update_fields=["counts_against"]
    ),
    "sql": lambda row: run("UPDATE leads_reason SET counts_against = 'sales' WHERE id = %s", row.pk),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_change_is_noted_once_whatever_makes_it(door: str) -> None:
    row = make_reason("reject")

    assert noted(lambda: DOORS[door](row)) == [
        ("leads_reason", row.pk, "update", {"counts_against": "nobody"}, {"counts_against": "sales"}, None)
    ]


def test_of_many_rows_only_those_that_differ_are_noted() -> None:
    """Phantom changes of bulk writes: https://github.com/django-commons/django-simple-history/issues/1363."""
    shown = make_touch_kind()
    make_touch_kind(is_active=False)

    assert noted(lambda: TouchKind.objects.update(is_active=False)) == [
        ("leads_touchkind", shown.pk, "update", {"is_active": True}, {"is_active": False}, None)
    ]


def copied_in() -> None:
    with connection.cursor() as cursor:
        columns = "leads_touchkind (key, label, hand_raise, is_active)"
        cursor.copy_expert(f"COPY {columns} FROM STDIN", StringIO("demo\tDemo\tt\tt\n"))


@pytest.mark.parametrize(
    "make",
    [
        copied_in,
        lambda: TouchKind.objects.bulk_create([TouchKind(key="demo", label="Demo", hand_raise=True)]),
        lambda: TouchKind.objects.create(key="demo", label="Demo", hand_raise=True),
    ],
)
def test_of_a_new_row_all_that_is_watched_is_noted(make: Callable[[], object]) -> None:
    said = noted(make)

    after = {"key": "demo", "label": "Demo", "hand_raise": True, "is_active": True}
    assert said == [("leads_touchkind", TouchKind.objects.get().pk, "insert", None, after, None)]


@pytest.mark.parametrize("delete", [TouchKind.delete, lambda row: TouchKind.objects.all().delete()])
def test_what_a_deleted_row_said_is_noted(delete: Callable[[TouchKind], object]) -> None:
    row = make_touch_kind("demo")
    key = row.pk  # deleting takes it from the object
    before = {"key": "demo", "label": "Demo", "hand_raise": False, "is_active": True}

    assert noted(lambda: delete(row)) == [("leads_touchkind", key, "delete", before, None, None)]


def test_what_is_not_watched_leaves_nothing() -> None:
    person = make_member(make_team())
    key, _ = keys.create(person, scopes=["leads:read"])

    assert not noted(lambda: Membership.objects.update(turns=7))
    assert not noted(lambda: saved(person, name="Another", email="another@example.com"))
    assert not noted(lambda: User.objects.update(last_login=database_now()))
    assert not noted(lambda: ApiKey.objects.filter(pk=key.pk).update(last_used_at=database_now()))
    assert not noted(person.save)


def a_seat() -> Membership:
    return Membership.objects.get(user=make_member(make_team()))


def a_key() -> ApiKey:
    return keys.create(make_person(), scopes=["leads:read"])[0]


def a_proposal() -> ContractVersion:
    version = draft()
    saved(version, status="proposed", effective_from=None)
    return version


def sided(version: DefinitionVersion) -> DefinitionVersion:
    """Sales has signed already."""
    version.signatures.create(side="sales", person=make_person(), at=NOON)
    return version


ACTS: dict[str, Callable[[User], Callable[[], object]]] = {
    "a person's role": lambda by: partial(
        people.edit, make_person(), name="Ada", organisation_role="operations", by=by
    ),
    "an invitation": lambda by: partial(
        people.invite, "new@example.com", "New", team=make_team(), role="rep", by=by
    ),
    "a person who left": lambda by: partial(people.deactivate, a_key().person, by=by),
    "a team": lambda by: partial(teams.create, TeamFields("Partners", "partner", make_calendar()), by=by),
    "a share": lambda by: partial(teams.edit_member, a_seat(), role="rep", share=Share(weight=2), by=by),
    "a member who leaves": lambda by: partial(teams.remove_member, a_seat(), by=by),
    "the zone": lambda by: partial(
        organisation.update, name="Ours", time_zone="Europe/Oslo", currency="NOK", by=by
    ),
    "whom figures name": lambda by: partial(organisation.show_people, "all", by=by),
    "a key": lambda by: partial(keys.create, by, scopes=["leads:read"], by=by),
    "a revoked key": lambda by: partial(keys.revoke, a_key(), by=by),
    "a calendar": lambda by: partial(
        calendars.create, Week("Mornings", "UTC", {"mon": [["08:00", "12:00"]]}), by=by
    ),
    "a reason": lambda by: partial(catalogue.add_reason, "lose", ReasonFields("No budget"), by=by),
    "usual kinds": lambda by: partial(usual.add_usual_touch_kinds, by=by),
    "a draft": lambda by: partial(contracts.draft, by=by),
    "a signature": lambda by: partial(contracts.sign, a_proposal(), starts=TOMORROW, by=by, at=NOON),
    "a definition": lambda by: partial(
        drafting.write, "mql", Answers(industries=("Food",)), note="", seen="", by=by
    ),
    "a proposed definition": lambda by: partial(
        versions.propose, make_definition(status="draft", effective_from=None), by=by
    ),
    "a signed definition": lambda by: partial(
        versions.sign, sided(make_definition(status="proposed", effective_from=None)), side="marketing", by=by
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_it_is_noted_who_acted(act: str) -> None:
    by = make_member(make_team(function="demand"), "marketing_manager", person=make_person(role="admin"))

    said = noted(ACTS[act](by))

    assert {actor for *_, actor in said} == {by.pk}


@pytest.mark.django_db(transaction=True)
def test_nobody_acts_in_the_transaction_after() -> None:
    """Also where several share one connection, as behind PgBouncer: this one serves both."""
    by, row = make_person(role="operations"), make_touch_kind()
    change = partial(catalogue.write_touch_kind, row, label="Demo", hand_raise=True, by=by)

    assert [actor for *_, actor in noted(change)] == [by.pk]
    assert [actor for *_, actor in noted(lambda: TouchKind.objects.update(hand_raise=False))] == [None]
    acting(by.pk)
    assert [actor for *_, actor in noted(lambda: TouchKind.objects.update(hand_raise=True))] == [None]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_a_change_nor_an_actor() -> None:
    by = make_person(role="operations")

    def refused() -> None:
        with transaction.atomic():
            with suppress(Invalid), transaction.atomic():
                catalogue.add_reason("reject", ReasonFields(""), by=by)
            make_reason("reject", "late")

    assert [(operation, actor) for _, _, operation, *_, actor in noted(refused)] == [("insert", None)]


@pytest.mark.parametrize(
    "change", [lambda: Change.objects.update(actor=1), lambda: Change.objects.all().delete()]
)
def test_what_is_noted_stays_even_for_the_owner(change: Callable[[], object]) -> None:
    make_touch_kind()

    with pytest.raises(DatabaseError, match="common_change is append-only"), transaction.atomic():
        change()


def test_a_change_has_the_moment_of_the_database(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)
    kind = make_touch_kind()

    said = Change.objects.get(table_name="leads_touchkind")

    assert (said.at, str(said)) == (NOON, f"insert leads_touchkind {kind.pk}")
