"""Importing leads: who a row speaks of, what it changes, and that twice changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from leads.models import (
    AttributeChange,
    Company,
    CustomField,
    ExternalId,
    Lead,
    LeadEmail,
    LeadEvent,
    LeadPhone,
)
from leads.services import leads
from tests.factories import make_campaign, make_lead, make_marketer, make_person
from tests.intake.files import load, reasons, refusals

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def counts(report: object) -> dict[str, int]:
    return report.counts  # type: ignore[attr-defined]


def test_every_field_finds_its_place() -> None:
    make_person("Lena Vogt")
    campaign = make_campaign("Spring fair")

    report = load(
        "leads",
        "external_id,email,first_name,last_name,title,phone,company,company_domain,industry,employees,country,"
        "source,campaign,owner,created_at,Booth note",
        "7,Mary@Lagos.example,Mary,Okoye,Terminal Manager,+234 803 555 0148,Lagos Port Works,www.lagos.example,"
        "shipping,420,NG,event,spring fair,lena  vogt,2026-01-05T10:00:00+01:00,wants audit",
    )

    lead, company = Lead.objects.get(), Company.objects.get()
    assert counts(report)["created"] == 1
    assert (lead.name, lead.title, lead.title_key, lead.source, lead.stage) == (
        "Mary Okoye", "Terminal Manager", "terminal manager", "event", "inquiry",
    )  # fmt: skip
    assert (company.name, company.industry_key, company.employees) == ("Lagos Port Works", "shipping", 420)
    assert list(company.domains.values_list("domain", "is_primary")) == [("lagos.example", True)]
    assert (lead.campaign, lead.owner and lead.owner.name) == (campaign, "Lena Vogt")
    assert (lead.created_at, lead.created_at_assumed) == (datetime(2026, 1, 5, 9, tzinfo=UTC), False)
    assert lead.attributes == {"booth_note": "wants audit"}
    assert LeadPhone.objects.get().e164 == "+2348035550148"
    assert lead.search_text == "mary okoye terminal manager lagos port works mary@lagos.example"


def test_values_count_as_known_from_the_creation_and_later_ones_from_now() -> None:
    load("leads", "external_id,title,company,industry,created_at,tier", "7,Lead,Acme,food,2026-01-05,gold")

    load("leads", "external_id,title,company,industry,created_at,tier", "7,Head,Acme,food,2026-01-05,silver")

    told = AttributeChange.objects.order_by("at", "fact").values_list("fact", "value", "at")
    created = datetime(2026, 1, 5, tzinfo=UTC)
    assert [(fact, value) for fact, value, at in told if at == created] == [
        ("attributes.tier", "gold"), ("company.industry", "food"), ("lead.title", "Lead"),
    ]  # fmt: skip
    assert [(fact, value) for fact, value, at in told if at > created] == [
        ("attributes.tier", "silver"), ("lead.title", "Head"),
    ]  # fmt: skip


def test_an_imported_lead_is_as_a_captured_one_is() -> None:
    """Parity of the batch with the service that writes leads one by one."""
    fields = {
        "email": "a@x.example", "first_name": "Ana", "title": "Lead", "company": "Acme", "industry": "food",
        "company_domain": "acme.example", "employees": "40", "country": "NO", "source": "web",
        "phone": "+47 22 12 34 56",
    }  # fmt: skip
    captured = leads.capture(fields | {"external_id": "a"}, by=make_marketer()).lead
    renamed = fields | {"external_id": "b", "email": "b@x.example"}

    load("leads", ",".join(renamed), ",".join(renamed.values()))

    imported = Lead.objects.get(external_ids__value="b")
    assert known_of(imported) == known_of(captured)
    assert imported.search_text == captured.search_text.replace("a@x", "b@x")


def known_of(lead: Lead) -> list[object]:
    same = (
        "first_name",
        "title",
        "title_key",
        "country_key",
        "source_key",
        "company",
        "stage",
        "origin",
        "version",
    )
    return [
        [getattr(lead, name) for name in same],
        {change.fact: change.value for change in lead.changes.filter(fact__startswith="lead.")},
        list(lead.phones.values_list("e164", "is_primary")),
    ]


def test_twice_changes_nothing_also_where_rows_contradict_each_other() -> None:
    rows = [
        "external_id,email,first_name,company,industry,employees,tier",
        "1,a@x.example,Ana,Acme,food,10,gold",
        "2,b@x.example,Bo,acme,paper,,silver",
        "1,a2@x.example,Anna,Acme,,20,bronze",
        ",b@x.example,Bob,Beta,food,,gold",
    ]
    first = load("leads", *rows)

    second = load("leads", *rows)

    assert first.counts == {"created": 2, "updated": 2, "unchanged": 0, "refused": 0}
    assert second.counts == {"created": 0, "updated": 0, "unchanged": 4, "refused": 0}
    assert list(Lead.objects.order_by("pk").values_list("first_name", "company__name", "attributes__tier")) == [
        ("Anna", "Acme", "bronze"), ("Bob", "Beta", "gold"),
    ]  # fmt: skip
    acme = Company.objects.get(name="Acme")
    assert (acme.industry, acme.employees) == ("paper", 20)
    assert list(LeadEmail.objects.order_by("key").values_list("key", "is_primary")) == [
        ("a2@x.example", True), ("a@x.example", False), ("b@x.example", True),
    ]  # fmt: skip


def test_an_empty_cell_erases_nothing() -> None:
    load("leads", "external_id,title,employees,company", "7,Lead,10,Acme")

    report = load("leads", "external_id,title,employees,company", "7,,,")

    assert counts(report)["unchanged"] == 1
    assert Lead.objects.get().title == "Lead"


def test_a_known_email_takes_an_external_id_once() -> None:
    lead = make_lead(email="ana@x.example")
    adopted = load("leads", "external_id,email", "7,ANA@x.example")

    report = load("leads", "external_id,email", "8,ana@x.example")

    assert counts(adopted)["updated"] == 1
    assert ExternalId.objects.get().lead == lead
    assert refusals(report) == [(2, "email", "ana@x.example")]
    assert reasons(report) == ["This e-mail belongs to the lead with the external id “7”."]


def test_an_email_of_another_lead_is_refused_within_one_file_too() -> None:
    report = load(
        "leads", "external_id,email", "1,a@x.example", "2,b@x.example", "3,a@x.example", "2,a@x.example"
    )

    assert refusals(report) == [(4, "email", "a@x.example"), (5, "email", "a@x.example")]
    assert Lead.objects.count() == 2


def test_look_alike_domains_are_two_people() -> None:
    """S21."""
    report = load("leads", "email", "a@strasse.example", "a@straße.example", "A@STRASSE.example")

    assert report.counts == {"created": 2, "updated": 0, "unchanged": 1, "refused": 0}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "m.okoye@lagosport"),
        ("email", "jules brel@quay.example"),
        ("email", "s.holm@fjord..example"),
        ("phone", "4.9E+10"),
        ("employees", "about 50"),
        ("employees", "-3"),
        ("company_domain", "not a domain"),
        ("created_at", "31/11/2026"),
        ("created_at", "2999-01-01"),
        ("campaign", "Nobody's fair"),
        ("owner", "Nobody Known"),
        ("first_name", "x" * 121),
    ],
)
def test_a_wrong_cell_refuses_its_row_at_the_right_place(column: str, value: str) -> None:
    report = load("leads", f"external_id,{column}", "1,", f"2,{value}", "3,")

    assert refusals(report) == [(3, column, value)]
    assert counts(report) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}


def test_a_row_that_names_nobody_is_refused() -> None:
    report = load("leads", "external_id,email,title", ",,Lead")

    assert reasons(report) == ["This row has neither an id in the other system nor an e-mail."]


def test_refusals_name_the_column_as_the_file_does() -> None:
    report = load("leads", "Prospect ID,Work E-mail", "7,nope", mapping={
        "columns": {"Prospect ID": "external_id", "Work E-mail": "email"},
    })  # fmt: skip

    assert refusals(report) == [(2, "Work E-mail", "nope")]


def test_one_bad_row_of_a_thousand_leaves_the_others() -> None:
    """H02 and H05: the counts add up, and the same file again adds nothing."""
    rows = [f"{n},lead{n}@x.example" for n in range(1, 1_001)]
    rows[499] = "500,broken"

    first = load("leads", "external_id,email", *rows)
    again = load("leads", "external_id,email", *rows)

    assert (first.read, first.counts) == (1_000, {"created": 999, "updated": 0, "unchanged": 0, "refused": 1})
    assert (again.read, again.counts) == (1_000, {"created": 0, "updated": 0, "unchanged": 999, "refused": 1})
    assert refusals(first) == [(501, "email", "broken")]


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_counts_add_up(rows: int) -> None:
    """H05."""
    report = load("leads", "email", *(f"lead{n}@x.example" for n in range(rows)))

    assert report.as_dict() == {
        "file": "file.csv", "kind": "leads", "dry_run": False, "read": rows, "created": rows, "updated": 0,
        "unchanged": 0, "refused": 0, "refusals": [],
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    rows = ("external_id,email,owner,tier", "1,a@x.example,Lena Vogt,gold", "2,broken,,")

    report = load("leads", *rows, create="people", dry_run=True)

    assert (report.counts["created"], refusals(report)) == (1, [(3, "email", "broken")])
    assert [model.objects.count() for model in (Lead, User, CustomField, LeadEvent)] == [0, 0, 0, 0]


def test_a_misfit_with_a_known_attribute_is_refused() -> None:
    load("leads", "external_id,size,ok,since", "1,10,yes,2026-01-01")

    report = load(
        "leads",
        "external_id,size,ok,since",
        "2,big,yes,",
        "3,5,maybe,",
        "4,5,no,soon",
        "5,7,false,2026-02-02",
    )

    assert refusals(report) == [(2, "size", "big"), (3, "ok", "maybe"), (4, "since", "soon")]
    assert Lead.objects.get(external_ids__value="5").attributes == {
        "size": 7,
        "ok": False,
        "since": "2026-02-02",
    }


def test_choices_widen_until_they_are_text() -> None:
    load("leads", "external_id,tier", *(f"{n},t{n}" for n in range(50)))
    fifty = CustomField.objects.get().type

    load("leads", "external_id,tier", "50,t50")

    assert (fifty, CustomField.objects.get().type, CustomField.objects.get().choices) == (
        "choice",
        "text",
        [],
    )
    assert Lead.objects.get(external_ids__value="50").attribute_keys == {"tier": "t50"}


def test_a_column_without_a_value_makes_no_attribute() -> None:
    load("leads", "external_id,empty,zip", "1,,01234", "2,,99999")

    assert list(CustomField.objects.values_list("name", "type")) == [("zip", "text")]


def test_missing_people_become_placeholders_that_cannot_sign_in() -> None:
    report = load(
        "leads", "external_id,owner", "1,Moses Frase", "2,moses  frase", "3,ana@x.example", create="people"
    )

    people = User.objects.order_by("name")
    assert counts(report)["created"] == 3
    assert [(one.name, one.is_active, one.is_placeholder, one.has_usable_password()) for one in people] == [
        ("Moses Frase", False, True, False), ("ana", False, True, False),
    ]  # fmt: skip


def test_two_people_of_one_name_must_be_named_by_email() -> None:
    make_person("Kim Lee", email="kim1@x.example")
    second = make_person("Kim Lee", email="kim2@x.example")

    report = load("leads", "external_id,owner", "1,Kim Lee", "2,KIM2@x.example")

    assert reasons(report) == ["Two people are called Kim Lee. Name one by e-mail."]
    assert Lead.objects.get().owner == second


def test_a_given_moment_of_creation_replaces_an_assumed_one() -> None:
    load("leads", "external_id,title", "1,Lead")

    report = load("leads", "external_id,created_at", "1,2025-01-05")

    lead = Lead.objects.get()
    assert counts(report)["updated"] == 1
    assert (lead.created_at.date().isoformat(), lead.created_at_assumed) == ("2025-01-05", False)
    assert AttributeChange.objects.get(fact="lead.title").at == lead.created_at


def test_keeping_fills_only_what_is_empty() -> None:
    load("leads", "external_id,title,company,employees", "1,Lead,Acme,")

    load("leads", "external_id,title,country,company,employees", "1,Head,NO,Beta,10", keep=True)
    load("leads", "external_id,company,employees", "1,ACME,20", keep=True)

    lead = Lead.objects.get()
    assert (lead.title, lead.country) == ("Lead", "NO")
    assert list(Company.objects.values_list("name", "employees")) == [("Acme", 20)]


def test_nobody_is_judged_or_offered() -> None:
    load("leads", "external_id", "1")

    assert list(LeadEvent.objects.values_list("kind", "historic")) == [("created", True)]
    assert Lead.objects.get().stage == "inquiry"


def test_two_files_of_the_same_leads_at_once_make_each_lead_once() -> None:
    """R33 in one process: what another transaction wrote is found, not written again."""
    load("leads", "email", *(f"lead{n}@x.example" for n in range(30)))

    report = load("leads", "email", *(f"Lead{n}@x.example" for n in range(60)))

    assert report.counts == {"created": 30, "updated": 0, "unchanged": 30, "refused": 0}
