"""Every page of the product, each with a row behind it that the page is really about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from accounts.models import User
from accounts.services import absences, keys
from definitions.engine import starter
from definitions.engine.starter import Answers
from desk.models import BulkRun
from desk.queries.columns import CHOICES
from desk.services import bulk_runs, views
from desk.services.bulk_runs import Order
from desk.tasks import run_bulk
from intake.models import ImportRun
from intake.services import runs, work
from intake.services.runs import Choice
from leads.models import Deal, Handoff
from leads.services import handoffs, leads, offers
from leads.services.attempts import Contact
from leads.services.meetings import Booking
from notifications.services.relay import relay
from sla.models import Breach
from sla.services import contract_drafts, contract_talk, sweep
from tests.accounts.people import PASSWORD
from tests.architecture.routes import Route, routes
from tests.e2e.world import Story, World
from tests.factories import HOUR, NOON, make_definition, make_field, make_member

DAY = timedelta(days=1)
LONG = {
    "title": "Vice president of operations, maintenance and technical services", "country": "DE",
    "phone": "+49 40 3344556", "company": "Norddeutsche Papier- und Zellstoffverarbeitungsgesellschaft mbH & Co. KG",
}  # fmt: skip
SCANS = b"E-mail,First name,Company\nm.okoye@lagos.example,Mary,Lagos Port Works\nno mail,,\n"
COLUMNS = ("email", "first_name", "company")
STRANGERS = ("/login/", "/password/reset/", "/password/reset/done/", "/password/reset/key/done/", "/nowhere/")
CAREFUL = (
    "/2fa/",
    "/2fa/reauthenticate/",
    "/2fa/totp/deactivate/",
    "/2fa/recovery-codes/",
    "/2fa/recovery-codes/generate/",
)
EVERY_COLUMN = "&".join(f"cols={key}" for key, _ in CHOICES)
VIEWS = (
    "/inbox/?view=first-response", "/inbox/?view=working", "/inbox/?view=returned", "/leads/?view=all",
    "/leads/?view=offer", "/leads/?q=nobody", f"/leads/?{EVERY_COLUMN}", "/search/?q=solberg", "/breaches/?view=all",
    "/breaches/?view=excuses", "/settings/reasons/?verb=redirect",
)  # fmt: skip
# Asked for by POST alone, answered with a file, or met only on the way in or with a second factor.
NO_PAGES = frozenset(
    {
        "accounts:person-invite-again", "accounts:person-reactivate",
        "accounts:session-end", "accounts:session-end-others",
        "accounts:theme", "accounts:start", "account_logout", "account_login",
        "account_set_password", "account_reset_password_from_key", "mfa_download_recovery_codes", "mfa_authenticate",
        "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "intake:refused", "desk:queue-csv",
        "desk:lead-comment", "desk:settings-reason-retire", "desk:settings-reasons-usual",
        "desk:settings-touch-kinds-usual", "notifications:seen", "notifications:open",
        "definitions:sign", "definitions:propose", "definitions:take-back",
        "desk:view-delete", "desk:brief-acknowledge", "sla:breaches-csv", "dashboards:rows-csv",
        "sla:contract-draft", "sla:contract-promise-move", "sla:contract-propose",
        "sla:calendar-take",
    }
)  # fmt: skip


@dataclass
class Pages:
    """Who reads them all, the rows by prefix or name of an address, and those of acts that need a state."""

    reader: User
    known: dict[str, str]
    of_act: dict[str, str] = field(default_factory=dict)

    def addresses(self) -> list[str]:
        """Of every page, once."""
        return list(dict.fromkeys([*(self._address(route) for route in routes() if is_page(route)), *VIEWS]))

    def _address(self, route: Route) -> str:
        if route.name == "desk:bulk":
            return f"/leads/bulk/offer/?pick={self.of_act['lead-offer']}"
        if route.name == "dashboards:promise":
            return "/promises/volume/"
        if route.name == "dashboards:promise-rows":
            return "/promises/nurture/rows/"
        row = self.of_act.get(route.name.partition(":")[2].removeprefix("handoff-"))
        return route.address(
            self.known | (dict.fromkeys(("handoffs/", "leads/", "import/", "contract/"), row) if row else {})
        )


def is_page(route: Route) -> bool:
    return not (route.path.startswith(("api/", "health/")) or route.name in NO_PAGES)


def make_pages(world: World, story: Story) -> Pages:
    """One more of whatever a page needs, and one person who may see every button."""
    reader = make_member(world.sales, "sales_manager", person=world.admin)
    reader.set_password(PASSWORD)
    reader.save()
    late = world.offered("Wilhelmina-Alexandra Featherstonehaugh-Cholmondeley", NOON - DAY, **LONG)
    sweep.breach_overdue(at=NOON)
    leads.comment(late.lead, f"Who calls them? @{reader.email}", by=world.lena)
    absences.record(world.tom, from_at=NOON + DAY, until_at=NOON + 3 * DAY, by=reader, cover=world.lena)
    acts = acts_of(world, story, reader)
    relay()
    key, _ = keys.create(reader, scopes=["leads:read"], name="Website forms")
    acts |= proposed(reader) | imports_of(reader)
    in_answers = starter.criteria(Answers(known=("lead.title",)))
    make_definition(in_answers, key="sql", status="draft", effective_from=None)
    known = known_of(world, story) | drafted(reader) | {"keys/": str(key.public_id)}
    return Pages(reader, known, acts)


def known_of(world: World, story: Story) -> dict[str, str]:
    fresh, calendar = story.fresh, type(world.sales).objects.get(pk=world.sales.pk).calendar
    known = {
        "leads/": fresh.lead.public_id, "handoffs/": fresh.public_id, "companies/": fresh.lead.company.public_id,
        "deals/": Deal.objects.earliest("pk").public_id, "qualifications/": fresh.qualification.public_id,
        "people/": world.tom.public_id, "teams/": world.sales.public_id, "members/": world.lena.public_id,
        "calendars/": calendar.public_id, "campaigns/": world.campaign.slug, "reasons/": "reject", "key": "customer",
        "verb": "reject", "touch-kinds/": "webinar", "definitions/": "mql", "definitions:write key": "sql",
        "number": world.mql_version.number, "fields/": make_field("sites", "number").name,
        "year": "2026", "breaches/": Breach.objects.latest("pk").public_id, "metrics/": "win-rate",
        "signals/": "month-end", "bulk/public_id": a_bulk_run(world, story).public_id,
        "views/": views.save("Norway, by name", "country=NO&sort=name&cols=title", by=world.admin).public_id,
    }  # fmt: skip
    return {name: str(value) for name, value in known.items()}


def a_bulk_run(world: World, story: Story) -> BulkRun:
    """Over, with one lead that was refused."""
    order = Order("offer", {"to": "routing"}, "offered", "view=offer")
    run = bulk_runs.start(order, [story.fresh.lead.pk, story.rejected.lead.pk], by=world.priya)
    run_bulk(run.pk)
    return run


def acts_of(world: World, story: Story, reader: User) -> dict[str, str]:
    """The handoff or lead that stands where this act can be asked for."""
    pooled = offers.offer(world.mql("Olga Brandt", NOON - HOUR), by=world.priya, team=world.sales, at=NOON)
    pooled.assignments.update(person=None)
    Handoff.objects.filter(pk=pooled.pk).update(holder=None)
    qualified, passed = world.talked("Sven Lund", NOON - 4 * HOUR), world.talked("Eva Horn", NOON - 4 * HOUR)
    for handoff in (qualified, passed):
        handoffs.qualify(handoff, by=world.lena, at=NOON - HOUR)
    handoffs.pass_on(passed, by=world.lena, person=reader, at=NOON)
    paused = world.talked("Kai Berg", NOON - 4 * HOUR)
    handoffs.pause(paused, by=world.lena, reason="buyer_away", at=NOON)
    to_meet, soon = world.talked("Arne Vik", NOON - 4 * HOUR), Booking(datetime.now(UTC) + timedelta(days=30))
    handoffs.log_attempt(to_meet, Contact("call", "meeting_booked"), by=world.lena, booking=soon)
    inquiry = leads.capture({"email": "new@costa.example"}, by=world.priya).lead
    rows = {
        "claim": pooled, "resupply": story.returned, "qualify": story.talked, "recycle": story.talked,
        "disqualify": story.talked, "pass": qualified, "win": qualified, "lose": qualified, "take": passed,
        "send-back": passed, "pause": story.talked, "resume": paused, "meeting": to_meet, "reopen": story.rejected,
        "lead-offer": story.waiting, "lead-set-aside": story.waiting, "lead-mark-mql": inquiry,
        "lead-wake": story.rejected.lead, "contest": story.rejected,
    }  # fmt: skip
    return {name: str(row.public_id) for name, row in rows.items()}


def proposed(by: User) -> dict[str, str]:
    """A version of the contract that waits for both signatures."""
    version = contract_drafts.propose(contract_drafts.open_draft(by=by), by=by)
    contract_talk.say(version, "Why 260? The budget is that of autumn.", by=by)
    pages = (
        "contract-sign",
        "contract-amendment",
        "contract-running",
        "contract-send-back",
        "contract-discussion",
    )
    return dict.fromkeys(pages, str(version.number))


def drafted(by: User) -> dict[str, str]:
    """A version that is being written, one promise of it, and the side that its reader signs for."""
    version = contract_drafts.open_draft(by=by)
    promise = version.commitments.earliest("pk").public_id
    return {"contract/": str(version.number), "promises/": str(promise), "sign/": "sales"}


def imports_of(person: User) -> dict[str, str]:
    """A file that is just uploaded, one that is checked, one that has run: each has a page of its own."""
    found = {}
    for step in ("map", "check", "run"):
        run = runs.upload(f"{step}.csv", SCANS, by=person)
        if step != "map":
            runs.check(run, Choice(COLUMNS), by=person)
            work.work_on(run.pk)
        if step == "run":
            runs.start(ImportRun.objects.get(pk=run.pk), by=person)
            work.work_on(run.pk)
        found[step] = str(run.public_id)
    return found
