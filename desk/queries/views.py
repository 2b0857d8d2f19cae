"""The saved views of the lead queue: which leads each holds, as conditions on leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from desk.queries.missing import USUAL
from leads.models import Handoff, Lead, LeadEmail, LeadPhone, Stage
from sla.models import ContractVersion

WORKED = (Stage.MARKETING_QUALIFIED, Stage.SALES_ACCEPTED, Stage.SALES_QUALIFIED)


@dataclass(frozen=True, slots=True)
class View:
    """One saved view: its tab, what an empty one says, and the order it opens in."""

    key: str
    label: str
    condition: Callable[[datetime], Q]
    sort: str
    empty: str
    over: bool = False  # its cycles are over, so no clock runs on them


def _open_cycle() -> Exists:
    return Exists(Handoff.objects.open().filter(lead=OuterRef("pk")))


def _open(at: datetime) -> Q:
    """MQLs and whatever sales has: by stage, and by an open cycle where the stage tells nothing (customers)."""
    by_stage = Lead.objects.filter(stage__in=WORKED).order_by().values("pk")
    by_cycle = Handoff.objects.open().order_by().values("lead_id")
    return Q(pk__in=by_stage.union(by_cycle))


def _to_offer() -> Q:
    return Q(~_open_cycle(), stage=Stage.MARKETING_QUALIFIED)


def _rejected(at: datetime) -> Q:
    local = localtime(at)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    rejected = Handoff.objects.filter(status=Handoff.Status.REJECTED, closed_at__gte=monday)
    return Q(pk__in=rejected.order_by().values("lead_id"))


def _in_status(status: str) -> Callable[[datetime], Q]:
    return lambda at: Q(pk__in=Handoff.objects.filter(status=status).order_by().values("lead_id"))


def _missing(at: datetime) -> Q:
    """Leads still to answer for that lack a field the contract agrees on."""
    waiting = Handoff.objects.filter(status__in=("offered", "returned")).order_by().values("lead_id")
    mqls = Lead.objects.filter(stage=Stage.MARKETING_QUALIFIED).order_by().values("pk")
    lacks = Q(pk__in=[])
    for name in agreed_fields(at):
        lacks |= lacking(name)
    return Q(pk__in=mqls.union(waiting)) & lacks


def agreed_fields(at: datetime) -> list[str]:
    """Those of the contract in force, else the usual ones."""
    signed = ContractVersion.objects.filter(status=ContractVersion.Status.SIGNED, effective_from__lte=at)
    fields = signed.order_by("-effective_from").values_list("agreed_fields", flat=True).first()
    return list(fields or USUAL)


def lacking(name: str) -> Q:
    """Leads in which one agreed field is empty; a name that says nothing of a lead lacks nowhere."""
    short = name.rpartition(".")[2]
    if name.startswith("attributes."):
        return ~Q(attributes__has_key=short)
    if short == "phone":
        return Q(~Exists(LeadPhone.objects.filter(lead=OuterRef("pk"))))
    if short == "email":
        return Q(~Exists(LeadEmail.objects.filter(lead=OuterRef("pk"))))
    if short in ("company", "campaign", "owner"):
        return Q(**{f"{short}__isnull": True})
    if short in ("industry", "employees"):
        empty = Q(company__industry="") if short == "industry" else Q(company__employees=None)
        return Q(company=None) | empty
    return Q(**{short: ""}) if short in _TEXTS else Q(pk__in=[])


_TEXTS = ("first_name", "last_name", "title", "country", "source")

VIEWS = {
    view.key: view
    for view in (
        View("open", "All open", _open, "clock", "No lead is open. New ones appear here when they qualify."),
        View("offer", "To offer", lambda at: _to_offer(), "clock", "Every MQL has been offered."),
        View(
            "waiting", "Waiting on sales", _in_status("offered"), "clock", "Sales has answered every offer."
        ),
        View("returned", "Returned to me", _in_status("returned"), "clock", "Sales waits for nothing."),
        View(
            "rejected", "Rejected this week", _rejected, "-created", "No lead was rejected this week.", True
        ),
        View("recycled", "Recycled", lambda at: Q(stage=Stage.RECYCLED), "-created", "No lead rests.", True),
        View("missing", "Missing data", _missing, "clock", "Every lead has the agreed fields."),
        View("all", "All leads", lambda at: Q(), "-created", "No leads yet.", True),
    )
}


def leads_to_offer() -> QuerySet[Lead]:
    """What that view holds, whenever it is asked."""
    return Lead.objects.filter(_to_offer(), merged_into=None)


def leads_in(view: str, at: datetime, leads: QuerySet[Lead]) -> QuerySet[Lead]:
    return leads.filter(VIEWS[view].condition(at), merged_into=None)
