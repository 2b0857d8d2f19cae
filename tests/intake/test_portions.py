"""A file of leads is written in portions: killed between two, it goes on there and doubles or loses no row (R31)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from intake.history import Request, import_file
from intake.lead_files import PORTION
from intake.mapping import Mapping
from intake.models import ImportPortion, ImportRun
from intake.portions import Survey, portions
from intake.reading import read
from intake.services import runs, work
from intake.services.portions import LEASE, OvertakenError, Portions
from intake.services.runs import Choice
from leads.models import Campaign, Company, CustomField, Lead, LeadEvent, Qualification
from leads.services import leads
from tests.clock import DatabaseClock
from tests.factories import make_definition, make_marketer
from tests.intake.files import lines
from tests.threads import at_once

ROWS = 2 * PORTION + 100


class KilledError(Exception):
    """In place of the end of a process."""


def dying(after: int) -> Callable[[int], None]:
    def told(done: int) -> None:
        if done >= after:
            raise KilledError

    return told


def people(count: int) -> list[str]:
    """The fifth names nobody, and the last two are one person."""
    rows = [f"{n},lead{n}@x.example,Acme {n % 7},{n}" for n in range(count - 3)]
    return [*rows[:4], ",,Acme 1,9", *rows[4:], f"{count},last@x.example,,", ",Last@x.example,Acme 2,7"]


def started(by: User, rows: int = ROWS) -> ImportRun:
    columns = ["external_id", "email", "company", "employees"]
    run = runs.upload("leads.csv", lines(",".join(columns), *people(rows)), by=by)
    runs.check(run, Choice(columns, known=ImportRun.Known.REPLACE), by=by)
    work.work_on(run.pk)
    return runs.start(ImportRun.objects.get(), by=by)


def killed_after(run: ImportRun, rows: int) -> None:
    request = Request(kind="leads", historic=False, source="file", mapping=Mapping.from_dict(run.mapping))
    with pytest.raises(KilledError):
        import_file(bytes(run.content), request, progress=dying(rows), log=Portions(run))


@pytest.mark.django_db
def test_a_run_that_was_killed_goes_on_after_what_is_written(database_clock: DatabaseClock) -> None:
    run = started(make_marketer())
    killed_after(run, PORTION)
    left = Lead.objects.count()
    database_clock.advance(LEASE)

    work.work_on(run.pk)

    run.refresh_from_db()
    told = {name: run.report[name] for name in ("read", "created", "updated", "refused")}
    assert told == {"read": ROWS, "created": ROWS - 2, "updated": 1, "refused": 1}
    assert (left, run.status) == (PORTION - 1, "done")
    assert [refusal["line"] for refusal in run.refusals] == [6]
    assert Counter(LeadEvent.objects.values_list("kind", flat=True)) == {"created": ROWS - 2}
    assert (Lead.objects.count(), Company.objects.count(), ImportPortion.objects.count()) == (ROWS - 2, 7, 0)


@pytest.mark.django_db
def test_the_command_leaves_what_is_written_and_writes_the_rest() -> None:
    rows = [f"{n},lead{n}@x.example,Acme {n % 7},Fair,x{n % 3}" for n in range(ROWS)]
    content = lines("external_id,email,company,campaign,tier", *rows)
    request = Request(kind="leads", create=frozenset({"campaigns"}))
    trial = import_file(content, replace(request, dry_run=True))
    tables = (Lead, Company, Campaign, CustomField)
    before = [model.objects.count() for model in tables]

    with pytest.raises(KilledError):
        import_file(content, request, progress=dying(2 * PORTION))
    report = import_file(content, request)

    assert (trial.counts["created"], before) == (ROWS, [0, 0, 0, 0])
    assert report.counts == {"created": 100, "updated": 0, "unchanged": 2 * PORTION, "refused": 0}
    assert [model.objects.count() for model in tables] == [ROWS, 7, 1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dry_run", [True, False])
def test_whoever_edits_a_lead_that_an_import_has_done_with_waits_for_nobody(dry_run: bool) -> None:
    """It held leads and companies until its end: one of two who waited for each other was refused."""
    marketer = make_marketer()
    lead = leads.capture({"email": "lead1@x.example", "company_domain": "x.example"}, by=marketer).lead
    outcomes: list[object] = []

    def edit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        fields = {"title": "COO", "company_domain": "x.example", "employees": 7}
        return leads.edit(lead, fields, version=Lead.objects.get(pk=lead.pk).version, by=marketer).title

    def meanwhile(done: int) -> None:
        if not outcomes:
            outcomes.extend(at_once([edit]))

    content = lines("email,company_domain,employees", *(f"lead{n}@x.example,x.example,9" for n in range(3)))
    import_file(content, Request(kind="leads", dry_run=dry_run), progress=meanwhile)

    assert outcomes == ["COO"]


@pytest.mark.django_db
def test_a_worker_that_was_overtaken_writes_nothing() -> None:
    run = started(make_marketer(), 5)
    slow = Portions(run)
    quick = Portions(run)
    quick.begin(0)
    quick.note(0, work._import(run))

    with pytest.raises(OvertakenError):
        slow.begin(0)


@pytest.mark.django_db
def test_a_worker_that_comes_back_after_its_run_was_started_otherwise_writes_nothing(
    database_clock: DatabaseClock,
) -> None:
    """It wrote a portion by columns that somebody had put right meanwhile, and the run counted it as its own."""
    marketer = make_marketer()
    run = started(marketer, 5)
    slow = Portions(run)
    for _ in range(work.TRIES + 1):
        work._begin(run.pk)
        database_clock.advance(LEASE)
    columns = ["external_id", "email", "company", ""]
    runs.check(run, Choice(columns, known=ImportRun.Known.REPLACE), by=marketer)
    work.work_on(run.pk)
    runs.start(run, by=marketer)

    with pytest.raises(OvertakenError):
        slow.begin(0)


@pytest.mark.django_db
def test_the_file_is_fetched_once_however_many_portions_are_written() -> None:
    """It came with the run at every portion: a hundred times twenty megabytes for the largest."""
    run = started(make_marketer())

    with CaptureQueriesContext(connection) as asked:
        work.work_on(run.pk)

    fetched = [query["sql"] for query in asked if '"intake_importrun"."content"' in query["sql"]]
    assert (len(fetched), ImportRun.objects.get().status) == (1, "done")


@pytest.mark.django_db
def test_a_run_stays_with_its_worker_until_that_one_falls_silent(database_clock: DatabaseClock) -> None:
    run = started(make_marketer(), 5)

    begun = [work._begin(run.pk), work._begin(run.pk)]
    database_clock.advance(LEASE)
    begun.append(work._begin(run.pk))

    run.refresh_from_db()
    assert (begun, run.tries) == ([True, False, True], 2)


@pytest.mark.django_db
def test_what_was_written_of_a_run_that_is_given_up_is_judged_and_said(database_clock: DatabaseClock) -> None:
    make_definition()
    run = started(make_marketer(), 5)
    killed_after(run, 3)
    for _ in range(work.TRIES):
        database_clock.advance(LEASE)
        work._begin(run.pk)
    database_clock.advance(LEASE)

    work.work_on(run.pk)

    run.refresh_from_db()
    assert (run.status, "3 rows are done" in run.report["problem"]) == ("failed", True)
    assert Qualification.objects.count() == Lead.objects.count() == 2


@pytest.mark.django_db
def test_a_portion_is_accounted_for_once() -> None:
    run = started(make_marketer(), 5)
    ImportPortion.objects.create(run=run, number=0, counts={}, refusals=[], leads=[])

    with pytest.raises(IntegrityError, match="one_account_per_portion_of_an_import"), transaction.atomic():
        ImportPortion.objects.create(run=run, number=0, counts={}, refusals=[], leads=[])


def test_rows_that_share_a_lead_are_in_one_portion_and_every_row_is_in_one() -> None:
    table = read(lines("external_id,email", "1,a@x", "2,b@x", "3,c@x", "1,", "4,c@x", "5,", "4,A@x", "2,"))
    layout = Mapping().layout(table.header, "leads")
    survey = Survey()
    for row in table.rows():
        survey.look(row.line, layout.cells(row))

    found = [[row.line for row, _ in portion] for portion in portions(table.rows(), layout, survey, 3)]

    assert found == [[7], [2, 4, 5, 6, 8], [3, 9]]
