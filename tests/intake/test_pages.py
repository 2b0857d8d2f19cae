"""The import pages: who may, what is refused in words, and the whole way with a real task (R31, S20)."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from intake import guessing
from intake.models import ImportRun
from intake.reading import read
from intake.services import runs, work
from intake.services.portions import LEASE
from intake.tasks import resume_imports
from leads.models import CustomField, Lead, LeadEvent, Qualification
from tests.clock import DatabaseClock
from tests.factories import (
    make_campaign,
    make_definition,
    make_lead,
    make_marketer,
    make_member,
    make_person,
    make_team,
)
from tests.intake.files import lines, shared

pytestmark = pytest.mark.django_db
SCANS = lines(
    "E-mail,First Name,Company,Job,Tel.,Scan time,Booth note",
    "m.okoye@lagos.example,Mary,Lagos Port Works,Terminal Manager,+234 803 555 0148,19/11/2025 10:14,wants audit",
    "h.sato@mirai,Hana,Mirai Foods,Plant Lead,03 5550 1177,19/11/2025 10:20,",
    "a.reyes@solis.example,=cmd(),Solis,Lead,,31/11/2025 10:20,",
    "k.adu@volta.example,Kofi,Volta,Lead,,19/11/2025 11:02,asked price",
)


@pytest.fixture
def marketer() -> User:
    return make_marketer(name="Priya Raman")


@pytest.fixture
def client(marketer: User) -> Client:
    client = Client()
    client.force_login(marketer)
    return client


def upload(client: Client, content: bytes = SCANS, name: str = "scans.csv"):
    return client.post("/import/", {"file": SimpleUploadedFile(name, content, content_type="text/csv")})


def guessed(client: Client, run: ImportRun) -> dict[str, str]:
    """The form of the matching page, as it stands there."""
    form = client.get(f"/import/{run.public_id}/map/").context["form"]
    return {field.html_name: field.value() or "" for field in form}


def checked(client: Client, content: bytes = SCANS, **said: str) -> ImportRun:
    upload(client, content)
    run = ImportRun.objects.get()
    answer = client.post(f"/import/{run.public_id}/map/", guessed(client, run) | said)
    assert answer.status_code == 302, answer.context["form"].errors
    work.work_on(run.pk)
    return ImportRun.objects.get()


def test_the_whole_way_from_a_file_to_its_account(client: Client) -> None:
    make_definition({"fact": "lead.title", "op": "contains", "value": "manager"})

    run = checked(client)
    shown = client.get(f"/import/{run.public_id}/check/").content.decode()
    client.post(f"/import/{run.public_id}/check/")
    work.work_on(run.pk)
    result = client.get(f"/import/{run.public_id}/run/")

    run.refresh_from_db()
    assert "2 of 4 rows cannot be imported" in shown
    assert (run.status, run.report["created"], run.report["refused"], run.report["mqls"]) == ("done", 2, 2, 1)
    refused = [(one["line"], one["column"]) for one in run.report["refusals"]]
    assert refused == [(3, "E-mail"), (4, "Scan time")]
    page = result.content.decode()
    assert ("31/11/2025 10:20" in page, '?view=all">All leads' in page) == (True, True)
    assert sorted(Lead.objects.values_list("first_name", "stage")) == [
        ("Kofi", "inquiry"), ("Mary", "marketing_qualified"),
    ]  # fmt: skip
    assert LeadEvent.objects.filter(kind="offered").count() == 0
    assert list(CustomField.objects.values_list("name", flat=True)) == ["booth_note"]


def test_checking_writes_nothing(client: Client) -> None:
    run = checked(client)

    assert (run.status, run.report["dry_run"], run.report["created"]) == ("checked", True, 2)
    assert Lead.objects.count() == 0


def test_a_known_lead_is_filled_in_or_replaced_as_chosen(client: Client) -> None:
    known = make_lead(email="k.adu@volta.example", first_name="Kwame", title="")

    for way in ("fill", "replace"):
        ImportRun.objects.all().delete()
        run = checked(client, known=way)
        runs.start(run, by=run.by)
        work.work_on(run.pk)
        known.refresh_from_db()
        assert (known.first_name, known.title) == ({"fill": "Kwame", "replace": "Kofi"}[way], "Lead")


def test_the_campaign_of_the_page_is_for_rows_that_name_none(client: Client) -> None:
    campaign = make_campaign("AquaTech")

    run = checked(client, campaign=str(campaign.pk))
    runs.start(run, by=run.by)
    work.work_on(run.pk)

    assert set(Lead.objects.values_list("campaign", flat=True)) == {campaign.pk}


def test_refused_rows_come_back_as_a_safe_file(client: Client) -> None:
    run = checked(client)

    answer = client.get(f"/import/{run.public_id}/refused.csv")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert answer["Content-Disposition"] == 'attachment; filename="refused-scans.csv"'
    assert rows[0][-5:] == ["baton_line", "baton_column", "baton_value", "baton_reason", "baton_more_cells"]
    assert [row[:2] for row in rows[1:]] == [["h.sato@mirai", "Hana"], ["a.reyes@solis.example", "'=cmd()"]]
    assert rows[2][7:10] == ["4", "Scan time", "31/11/2025 10:20"]


@pytest.mark.parametrize("role", ["rep", "sales_manager"])
def test_only_marketing_may_import(role: str) -> None:
    client = Client()
    client.force_login(make_member(make_team(), role))

    assert client.get("/import/").status_code == 200
    assert upload(client).status_code == 403
    assert ImportRun.objects.count() == 0


def test_every_step_asks_for_the_right(client: Client) -> None:
    run = checked(client)
    stranger = Client()
    stranger.force_login(make_person(role="read_only"))

    answers = [stranger.post(f"/import/{run.public_id}/{step}/").status_code for step in ("map", "check")]

    assert answers == [403, 403]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("scans.xlsx", b"PK\x03\x04", "Choose a CSV file."),
        ("scans.csv", b"PK\x03\x04", "This is an Excel workbook"),
        ("scans.csv", b"<html><body>", "This is a web page"),
        ("scans.csv", b"", "The file is empty"),
        ("scans.csv", b"a,a\n" + b"x" * 20_000_001, "The file is larger than 20 MB."),
        ("scans.csv", b"email\n" + b"a@b.example\n" * 100_001, "The file has more than 100,000 rows."),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    client: Client, name: str, content: bytes, sentence: str
) -> None:
    answer = upload(client, content, name)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_ten_files_an_hour_are_the_most(client: Client, marketer: User) -> None:
    for number in range(10):
        runs.upload(f"{number}.csv", b"email\n", by=marketer)

    assert "10 files an hour" in upload(client).content.decode()


def test_a_column_can_only_be_one_thing(client: Client) -> None:
    upload(client)
    run = ImportRun.objects.get()

    answer = client.post(f"/import/{run.public_id}/map/", guessed(client, run) | {"column_1": "email"})

    assert answer.status_code == 422
    assert "Another column is Email already." in answer.content.decode()


def test_an_import_runs_once(client: Client) -> None:
    run = checked(client)

    first, second = (client.post(f"/import/{run.public_id}/check/").status_code for _ in range(2))

    assert (first, second) == (302, 409)


def test_a_lost_message_is_made_up_for(client: Client) -> None:
    """R31: nothing but the row says what there is to do."""
    run = checked(client)
    runs.start(run, by=run.by)

    resume_imports()
    resume_imports()

    run.refresh_from_db()
    assert (run.status, Lead.objects.count()) == ("done", 2)


def test_a_worker_that_died_between_writing_and_judging_goes_on_there(client: Client) -> None:
    make_definition()
    run = checked(client)
    runs.start(run, by=run.by)
    work._begin(run.pk)
    work._read_in(run.pk)  # and here it died
    before = Qualification.objects.count()

    resume_imports()

    run.refresh_from_db()
    assert (before, run.status, run.report["mqls"], Lead.objects.count()) == (0, "done", 2, 2)


def test_a_file_that_kills_its_worker_is_put_aside(client: Client, database_clock: DatabaseClock) -> None:
    """R20."""
    run = checked(client)
    runs.start(run, by=run.by)
    for _ in range(3):
        work._begin(run.pk)
        database_clock.advance(LEASE)

    resume_imports()

    run.refresh_from_db()
    assert (run.status, run.report["problem"]) == (
        "failed",
        "The import stopped 3 times. Nothing of it was written.",
    )


def test_the_page_polls_while_a_worker_is_busy_and_then_reloads(client: Client) -> None:
    upload(client)
    run = ImportRun.objects.get()
    client.post(f"/import/{run.public_id}/map/", guessed(client, run))

    busy = client.get(f"/import/{run.public_id}/check/", headers={"HX-Request": "true"})
    work.work_on(run.pk)
    over = client.get(f"/import/{run.public_id}/check/", headers={"HX-Request": "true"})

    assert 'hx-trigger="every 1s"' in busy.content.decode()
    assert over["HX-Refresh"] == "true"


def test_columns_are_guessed_from_the_headers_of_real_exports() -> None:
    folder = shared("importer_fixtures") / "headers_only"
    found = {}
    for name in ("hubspot_contacts_export", "salesforce_lead_api_export"):
        header = read((folder / f"{name}.csv").read_bytes()).header
        found[name] = {
            field: column for column, field in zip(header, guessing.targets(header), strict=True) if field
        }

    assert found["hubspot_contacts_export"] == {
        "external_id": "Contact ID", "first_name": "First Name", "last_name": "Last Name", "email": "Email",
        "phone": "Phone Number", "title": "Job Title", "company": "Company Name", "company_domain": "Website URL",
        "industry": "Industry", "source": "Original Source", "owner": "Contact owner", "created_at": "Create Date",
    }  # fmt: skip
    assert found["salesforce_lead_api_export"] == {
        "external_id": "Id", "first_name": "FirstName", "last_name": "LastName", "title": "Title", "email": "Email",
        "company": "Company", "country": "Country", "phone": "Phone", "company_domain": "Website",
        "source": "LeadSource", "industry": "Industry", "employees": "NumberOfEmployees", "created_at": "CreatedDate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "format_"),
    [
        (["2026-11-19", "2026-11-20T10:00:00Z"], ""),
        (["19/11/2026"], "%d/%m/%Y"),
        (["11/19/2026 10:14"], "%m/%d/%Y %H:%M"),
        (["19.11.2026 10:14", ""], "%d.%m.%Y %H:%M"),
        (["May-20"], ""),
    ],
)
def test_the_way_dates_are_written_is_guessed(values: list[str], format_: str) -> None:
    assert guessing.date_format(values) == format_


def test_the_matching_page_says_what_becomes_of_each_column(client: Client) -> None:
    upload(client, lines("email,Email,Booth note,Nothing", "a@b.example,c@d.example,wants audit,"))

    page = client.get(f"/import/{ImportRun.objects.get().public_id}/map/").content.decode()

    results = [words for words in ("Matched", "Left out", "Attribute", "Empty") if f"{words}</span>" in page]
    assert results == ["Matched", "Left out", "Attribute", "Empty"]


def test_a_refused_cell_is_named_as_in_the_file_with_what_it_was_matched_with(client: Client) -> None:
    content = b"Business e-mail,Country\nnot an address,DE\nmaren@nordhavn.example,NO\n"
    run = checked(client, content, column_0="email")

    page = client.get(f"/import/{run.public_id}/check/").content.decode()

    assert "<span>Business e-mail</span>" in page
    assert "matched with Email</small>" in page


def test_a_row_without_any_name_is_refused_as_a_whole(client: Client) -> None:
    run = checked(client, b"E-mail,Country\n,DE\nmaren@nordhavn.example,NO\n", column_0="email")

    page = client.get(f"/import/{run.public_id}/check/").content.decode()

    assert "Whole row" in page
    assert "external_id" not in page


def test_where_no_row_can_be_imported_the_page_does_not_offer_to_import_the_others(client: Client) -> None:
    run = checked(client, lines("E-mail,First Name", "no address,Mary"))

    page = client.get(f"/import/{run.public_id}/check/").content.decode()

    assert "<strong>1 of 1 rows cannot be imported.</strong> Correct your file" in page
    assert ("Import the others" in page, "Import 0 rows" in page) == (False, False)
