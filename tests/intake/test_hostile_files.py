"""Files that are meant badly, or merely are bad: none stops a worker, none writes what it should not (H04, S20)."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from intake.encodings import CHOICES, UnreadableError, is_known
from intake.models import ImportRun
from intake.reading import MAX_BLANK, read
from intake.services import runs, work
from intake.services.runs import Choice
from leads.models import CustomField, Lead, Reason, TouchKind
from tests.factories import make_marketer
from tests.intake.files import lines, load, reasons

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_marketer())
    return client


def uploaded(content: bytes) -> ImportRun:
    return runs.upload("file.csv", content, by=make_marketer())


def mapped(client: Client, run: ImportRun, *targets: str, **said: str):
    told = {f"column_{index}": target for index, target in enumerate(targets)}
    return client.post(
        f"/import/{run.public_id}/map/",
        {"encoding": "utf-8", "date_format": "", "known": "fill"} | told | said,
    )


@pytest.mark.parametrize(
    "encoding",
    ["idna", "punycode", "undefined", "zlib_codec", "rot13", "unicode_escape", "utf-7", "a\0b", "nonsense"],
)
def test_only_encodings_of_text_can_be_chosen(client: Client, encoding: str) -> None:
    run = uploaded(lines("email", "a@b.com"))

    answer = mapped(client, run, "email", encoding=encoding)

    assert answer.status_code == 422
    assert "encoding" in answer.context["form"].errors
    with pytest.raises(UnreadableError, match="There is no encoding"):
        read(b"email", encoding=encoding)


def test_every_encoding_that_is_offered_is_known() -> None:
    assert [name for name in CHOICES if not is_known(name)] == []


def test_a_file_of_line_ends_is_refused_before_a_worker_reads_it() -> None:
    with pytest.raises(UnreadableError, match="more than 100,000 empty rows"):
        list(read(b"email\n" + b"\n" * 20_000_000).rows())

    assert len(list(read(b"email\n" + b"\n" * MAX_BLANK + b"a@b.com\n").rows())) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"x" * 10_000_000, "The name of column 1 cannot be read.", id="one name"),
        pytest.param(b"a,b;c" * 2_000_000, "The file has 2000001 columns", id="two million names"),
    ],
)
def test_a_single_line_of_ten_megabytes_is_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(content)

    assert refused.value.message.startswith(sentence)


def test_a_row_of_ten_megabytes_is_one_refused_row() -> None:
    report = load("leads", "email,note", "a@b.com,x", "b@b.com," + "x" * 10_000_000, "c@b.com,x")

    assert reasons(report) == ["This cell is longer than 32 KB."]
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("mark", ["\r", "\n", '"'])
def test_a_file_cannot_choose_a_delimiter_that_ends_lines_or_quotes(mark: str) -> None:
    assert read(f"sep={mark}\nemail,b\n".encode()).delimiter == ","


def test_names_in_other_scripts_get_keys_of_their_own() -> None:
    load("leads", "external_id", "1")
    words = ("予約", "订阅", "구독", "вебинар", "ندوة")

    touches = load(
        "touches", "lead_external_id,kind,at", *(f"1,{word},2025-05-0{n}" for n, word in enumerate(words, 1)),
        create="all",
    )  # fmt: skip
    events = load(
        "events", "lead_external_id,event,at,reason",
        *(f"1,recycled,2025-06-{n:02},{word}" for n, word in enumerate(words, 1)), create="all",
    )  # fmt: skip

    assert (touches.counts["created"], events.counts["refused"]) == (5, 0)
    assert sorted(TouchKind.objects.values_list("key", flat=True)) == [
        "kind",
        "kind_2",
        "kind_3",
        "kind_4",
        "kind_5",
    ]
    assert Reason.objects.filter(verb="recycle").count() == 5


def test_columns_of_one_name_are_told_apart_or_refused(client: Client) -> None:
    run = uploaded(lines("email,Note,note", "a@b.com,x,y"))

    one = mapped(client, run, "email", "@", "")
    none = mapped(client, run, "email", "", "")

    assert (one.status_code, none.status_code) == (422, 302)
    assert list(one.context["form"].errors) == ["column_2"]


def test_a_column_may_be_left_out_although_another_one_becomes_its_field(client: Client) -> None:
    run = uploaded(lines("Email,Work email", "private@b.com,work@b.com"))

    answer = mapped(client, run, "", "email")
    work.work_on(run.pk)
    runs.start(run, by=make_marketer())
    work.work_on(run.pk)

    assert answer.status_code == 302
    assert list(Lead.objects.values_list("emails__email", flat=True)) == ["work@b.com"]


def test_an_attribute_cannot_have_the_name_of_a_field(client: Client) -> None:
    run = uploaded(lines("email,Source", "a@b.com,Fair"))

    answer = mapped(client, run, "email", "@")

    assert list(answer.context["form"].errors) == ["column_1"]


@pytest.mark.parametrize(
    ("constants", "stored"), [({"source": " Fair\0 "}, "Fair"), ({"source": "", "created_at": " "}, "")]
)
def test_constants_are_cleaned_like_cells(constants: dict[str, str], stored: str) -> None:
    load("leads", "email", "a@b.com", mapping={"constants": constants})

    assert Lead.objects.get().source == stored


@pytest.mark.parametrize("name", ["!!!", "x" * 81])
def test_a_constant_needs_a_name(name: str) -> None:
    with pytest.raises(UnreadableError, match="needs a name of letters or digits"):
        load("leads", "email", "a@b.com", mapping={"constants": {name: "x"}})

    assert not CustomField.objects.exists()


def test_every_refused_row_comes_back_also_those_that_the_page_does_not_show(client: Client) -> None:
    marketer = make_marketer()
    run = uploaded(lines("email,note", *(f"no address {n},=1+{n}" for n in range(1_200)), "a@b.com,x"))
    runs.check(run, Choice(["email", "@"]), by=marketer)

    work.work_on(run.pk)
    answer = client.get(f"/import/{run.public_id}/refused.csv")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    run.refresh_from_db()
    assert (run.report["refused"], len(run.report["refusals"])) == (1_200, 1_000)
    assert len(rows) == 1_201
    assert rows[-1][:3] == ["no address 1199", "'=1+1199", "1201"]
