"""Lists of misses: what was asked for, the rows, and why they happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.queries import as_uuid
from common.database.moments import Period
from common.refusals import Invalid, must_be_text
from definitions.engine.text import text_key
from leads.models import Deal, DealLead
from sla.models import Breach, Clock, Escalation, Excuse
from sla.models.breach import Cause

VIEWS = {
    "period": "This period",
    "open": "Open now",
    "excuses": "To decide",
    "marketing": "Marketing",
    "sales": "Sales",
    "joint": "Joint",
}
NAMES = ("view", "kind", "cause", "team", "source", "from", "to")
UNKNOWN = "unknown"
DECIDED = Excuse.Decision


@dataclass(frozen=True, slots=True)
class Asked:
    """Which misses are asked for. Days are those of the reporting zone; both are included."""

    view: str
    first: date
    last: date
    zone: ZoneInfo
    kind: str = ""
    cause: str = ""
    team: str = ""
    source: str = ""

    @property
    def period(self) -> Period:
        return Period.of_days(self.first, self.last + timedelta(days=1), self.zone)

    @property
    def narrowed(self) -> dict[str, str]:
        """The filters that are set."""
        named = {"kind": self.kind, "cause": self.cause, "team": self.team, "source": self.source}
        return {name: value for name, value in named.items() if value}


def read_asked(said: Mapping[str, str], *, today: date, zone: ZoneInfo) -> Asked:
    """Without days the month of today. Raises Invalid for words that mean nothing."""
    must_be_text(said)
    view, kind, cause = said.get("view") or "period", said.get("kind", ""), said.get("cause", "")
    errors = {}
    if view not in VIEWS:
        errors["view"] = f"Choose one of: {', '.join(VIEWS)}."
    if kind and kind not in Clock.Kind.values:
        errors["kind"] = f"Choose one of: {', '.join(Clock.Kind.values)}."
    if cause and cause != UNKNOWN and cause not in Cause.values:
        errors["cause"] = f"Choose one of: {UNKNOWN}, {', '.join(filter(None, Cause.values))}."
    days = {name: _day(said.get(name, ""), name, errors) for name in ("from", "to")}
    if errors:
        raise Invalid(errors)
    last = days["to"] or today
    first = days["from"] or min(today.replace(day=1), last)
    if first > last:
        raise Invalid({"from": "The first day lies after the last."})
    team, source = said.get("team", "").strip()[:120], said.get("source", "").strip()[:120]
    return Asked(view, first, last, zone, kind, cause, team, source)


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1970 <= day.year <= 9000:
        errors[name] = "Enter a date such as 2026-11-24."
        return None
    return day


def found_for(asked: Asked, rows: QuerySet[Breach]) -> QuerySet[Breach]:
    """The misses asked for. Those of a view that is about now are not bound to the period."""
    rows = rows.filter(_narrowing(asked))
    if asked.view == "open":
        return rows.filter(clock__ended_at=None)
    if asked.view == "excuses":
        return rows.filter(Exists(Excuse.objects.filter(breach=OuterRef("pk"), decision=DECIDED.WAITING)))
    rows = rows.filter(at__gte=asked.period.start, at__lt=asked.period.end)
    return rows if asked.view == "period" else rows.filter(clock__commitment__side=asked.view)


def _narrowing(asked: Asked) -> Q:
    wanted = Q()
    if asked.kind:
        wanted &= Q(clock__kind=asked.kind)
    if asked.cause:
        wanted &= Q(cause="" if asked.cause == UNKNOWN else asked.cause)
    if asked.team:
        named = Q(team__name=asked.team) | Q(team__slug=asked.team)
        public_id = as_uuid(asked.team)
        wanted &= named | Q(team__public_id=public_id) if public_id else named
    if asked.source:
        wanted &= Q(clock__lead__source_key=text_key(asked.source))
    return wanted


def with_details(rows: QuerySet[Breach]) -> QuerySet[Breach]:
    """Everything a list shows of a miss: five queries for any number."""
    of_clock = ("clock__commitment", "clock__calendar_version", "clock__lead__company", "clock__handoff")
    excuses = Prefetch("excuses", Excuse.objects.order_by("-asked_at"), to_attr="asked")
    climbed = Prefetch("escalations", Escalation.objects.select_related("person"), to_attr="climbed")
    joined = DealLead.objects.select_related("deal").order_by("-joined_at", "-pk")
    deals = Prefetch("clock__handoff__deal_leads", joined, to_attr="joined")
    rows = rows.select_related(*of_clock, "team", "person", "cause_by")
    return rows.prefetch_related(excuses, climbed, deals, "clock__lead__emails")


def deal_of(breach: Breach) -> Deal | None:
    """What is at stake: the deal that the missed lead joined last. Read the misses with their details."""
    handoff = breach.clock.handoff
    joined: list[DealLead] = vars(handoff)["joined"] if handoff else []
    return joined[0].deal if joined else None


def climbed_of(breach: Breach) -> list[Escalation]:
    """The rungs that were climbed, in order. Read the misses with their details."""
    rows: list[Escalation] = vars(breach)["climbed"]
    return rows


def counts_by_cause(rows: QuerySet[Breach]) -> list[tuple[str, str, int]]:
    """Key, label and number of each cause, the commonest first."""
    counted = rows.order_by().values_list("cause").annotate(n=Count("pk")).order_by("-n", "cause")
    return [(cause or UNKNOWN, str(Cause(cause).label), n) for cause, n in counted]


def excuse_shown(breach: Breach) -> Excuse | None:
    """The newest that was asked for this miss."""
    return breach.excuses.select_related("asked_by", "decided_by").order_by("-asked_at").first()


def excused(rows: QuerySet[Breach]) -> QuerySet[Breach]:
    """Forgiven by the other side, or missed only because of a calendar that was corrected."""
    granted = Exists(Excuse.objects.filter(breach=OuterRef("pk"), decision=DECIDED.GRANTED))
    return rows.filter(Q(by_recalculation=True) | granted)
