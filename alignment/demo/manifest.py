"""What the demo must show: expected figures, and the same figures counted in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q, QuerySet, Sum

from alignment.demo import dressed, forgotten, guests, nordhavn, stories
from alignment.demo.floor import AWAY, POOL_MEDIAN
from alignment.demo.people import MIDMARKET, email_of
from alignment.demo.world import OSLO
from leads.models import Deal, Handoff, Lead
from sla.models import Breach, Clock, Contest, Excuse
from sla.services.recompute.writing import CORRECTED

FOUND_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what is expected, give or take `within`, and how it is counted as of a moment."""

    name: str
    expected: float
    count: Callable[[datetime], float]
    within: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with what was counted."""

    figure: Figure
    counted: float

    @property
    def holds(self) -> bool:
        return abs(self.counted - self.figure.expected) <= self.figure.within + 1e-9


def check(at: datetime) -> list[Line]:
    """Every figure as it was at the moment of seeding."""
    return [Line(figure, figure.count(at)) for figure in FIGURES]


def absent_offers(at: datetime) -> QuerySet[Handoff]:
    """Offers to Marcus while he was away (story 3)."""
    away = Q(offered_at__gte=at - AWAY[0], offered_at__lt=at - AWAY[1])
    to_him = Handoff.objects.filter(away, assignments__person__email=email_of("Marcus Bell"))
    return Handoff.objects.filter(pk__in=to_him.values("pk"))


def late_pool_clocks(at: datetime) -> list[Clock]:
    """Answer clocks of what the mid-market pool was offered after 15:00 (story 6), judged by now."""
    clocks = Clock.objects.filter(kind="answer", team__name=MIDMARKET, status__in=("met", "breached"))
    to_pool = clocks.filter(handoff__assignments__person=None).exclude(handoff__status="offered")
    rows = to_pool.select_related("handoff").distinct().order_by("pk")
    return [row for row in rows if row.handoff and _began_late(row.started_at, row.handoff)]


def _began_late(at: datetime, handoff: Handoff) -> bool:
    return at == handoff.offered_at and at.astimezone(OSLO).hour >= 15


def bounced() -> QuerySet[Handoff]:
    """Sent on twice or more (story 7)."""
    return Handoff.objects.filter(redirects__gte=2)


def _late_pool_share(at: datetime) -> float:
    statuses = [clock.status for clock in late_pool_clocks(at)]
    return statuses.count("met") / len(statuses)


def _late_pool_hours(at: datetime) -> float:
    """Business time; who never answered waits longest."""
    hours = [
        clock.consumed / timedelta(hours=1) if clock.satisfied_at else float("inf")
        for clock in late_pool_clocks(at)
    ]
    return median(hours)


def _bounced_days(at: datetime) -> float:
    waits = [
        (row.first_response_at - row.raised_at) / timedelta(days=1)
        for row in bounced()
        if row.first_response_at
    ]
    return median(waits)


def _unanswered(state: Q) -> Callable[[datetime], float]:
    def count(at: datetime) -> float:
        clocks = Clock.objects.filter(kind="answer", handoff__status="offered").filter(state)
        return clocks.count()

    return count


def _at_risk(at: datetime) -> float:
    return _unanswered(Q(status="running", risk_at__lte=at))(at)


def _listed(**more: object) -> Callable[[datetime], float]:
    return lambda at: Handoff.objects.filter(basis="list", **more).count()


def _deal() -> Deal:
    return Deal.objects.get(company__name=nordhavn.COMPANY)


def _found_late(at: datetime) -> float:
    """Misses found late that did not fall due while the workers stood; there are none."""
    late = [row for row in Breach.objects.all() if row.detected_at - row.at > FOUND_AT_ONCE]
    days = {row.at.astimezone(OSLO).date() for row in late}
    return len(days)


def _in_time(**more: object) -> Callable[[datetime], float]:
    return lambda at: Clock.objects.filter(kind="answer", handoff__in=bounced(), **more).count()


def _last_minute(at: datetime) -> QuerySet[Handoff]:
    """Accepted by Tom at 16:52 in the last quarter of an hour before the answer was due (story 11)."""
    late = Handoff.objects.filter(
        clocks__kind="answer", clocks__status="met", clocks__satisfied_at=F("accepted_at"),
        clocks__due_at__lte=F("accepted_at") + timedelta(minutes=15), answered_by__email=email_of("Tom Okafor"),
        accepted_at__gt=at - timedelta(days=24),
    )  # fmt: skip
    rows = [row.pk for row in late if _is_at(row.accepted_at, 16, 52)]
    return Handoff.objects.filter(pk__in=rows)


def _is_at(at: datetime | None, hour: int, minute: int) -> bool:
    local = at.astimezone(OSLO) if at else None
    return local is not None and (local.hour, local.minute) == (hour, minute)


def _tried_soon(at: datetime) -> QuerySet[Handoff]:
    return _last_minute(at).filter(first_response_at__lte=F("accepted_at") + timedelta(days=3))


def _month_end(at: datetime) -> float:
    """Of last month's offers those of its last three working days, by the days of Bergen."""
    this = at.astimezone(OSLO).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (this - timedelta(days=1)).replace(day=1)
    offered = Handoff.objects.filter(offered_at__gte=before, offered_at__lt=this)
    first = dressed.last_days(at)[0]
    late: int = sum(row.offered_at.astimezone(OSLO).date() >= first for row in offered)
    return late / offered.count()


FIGURES = (
    Figure("leads", 10_500, lambda at: Lead.objects.count(), within=900),
    Figure("unanswered offers", 12, lambda at: Handoff.objects.filter(status="offered").count()),
    Figure("late", 3, _unanswered(Q(status="breached"))),
    Figure("at risk", 3, _at_risk),
    Figure("paused", 1, lambda at: Handoff.objects.filter(status="offered", paused_at__isnull=False).count()),
    Figure("returned", 3, lambda at: Handoff.objects.filter(status="returned").count()),
    Figure("to offer", len(guests.TO_OFFER) + 2, lambda at: _without_cycle().count(), within=2),
    Figure("excuses waiting", 2, lambda at: Excuse.objects.filter(decision="").count()),
    Figure("contests waiting", 1, lambda at: Contest.objects.filter(decision="").count()),
    Figure("2: bought list", stories.LIST_LEADS, _listed()),
    Figure("2: rejected for data", 27, _listed(reason__group="Data", status="rejected")),
    Figure("2: phone is dead", stories.LIST_DEAD, _listed(reason__key="data_wrong")),
    Figure("2: complete at the offer", 0.58, lambda at: _complete() / stories.LIST_LEADS, within=0.005),
    Figure("3: offered to Marcus while away", 14, lambda at: absent_offers(at).count()),
    Figure("3: of them breached", 11, lambda at: _absent_missed(at).count()),
    Figure("3: excuses asked", 4, lambda at: _absent_excuses(at).count()),
    Figure("3: granted", 1, lambda at: _absent_excuses(at).filter(decision="granted").count()),
    Figure("3: refused", 2, lambda at: _absent_excuses(at).filter(decision="refused").count()),
    Figure("6: pool after 15:00, in time", 0.56, _late_pool_share, within=0.02),
    Figure("6: pool after 15:00, median hours", POOL_MEDIAN / 60, _late_pool_hours, within=0.2),
    Figure("7: sent on twice or more", 12, lambda at: bounced().count()),
    Figure("7: answers missed among them", 0, _in_time(status="breached")),
    Figure("7: median days until a person tried", 2.6, _bounced_days, within=0.01),
    Figure(
        "8: people of Nordhavn", 5, lambda at: Lead.objects.filter(company__name=nordhavn.COMPANY).count()
    ),
    Figure("8: their cycles", 5, lambda at: _deal().handoffs.count()),
    Figure("8: the deal", 310_000, lambda at: float(_deal().amount or 0)),
    Figure("8: summed over handoffs", 1_550_000, lambda at: _summed_wrongly()),
    Figure("5: share of last month's offers in its last days", 0.31, _month_end, within=0.05),
    Figure("11: accepted by Tom at 16:52", dressed.LAST_MINUTE, lambda at: _last_minute(at).count()),
    Figure("11: of them tried within three days", 0, lambda at: _tried_soon(at).count()),
    Figure("14: days with misses found late", 1, _found_late),
    Figure("15: excused by the corrected calendar", forgotten.EXCUSED, lambda at: _by_correction().count()),
)


def _by_correction() -> QuerySet[Excuse]:
    return Excuse.objects.filter(reason=CORRECTED, decision="granted", decided_by=None)


def _without_cycle() -> QuerySet[Lead]:
    return Lead.objects.filter(stage="marketing_qualified").exclude(handoffs__status__in=Handoff.OPEN)


def _complete() -> int:
    """With a role and a phone; the rest every list brings."""
    leads = Lead.objects.filter(source="Bought list").annotate(numbers=Count("phones"))
    return leads.filter(numbers__gt=0).exclude(title="").count()


def _absent_missed(at: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(kind="answer", status="breached", handoff__in=absent_offers(at))


def _absent_excuses(at: datetime) -> QuerySet[Excuse]:
    return Excuse.objects.filter(breach__clock__in=_absent_missed(at))


def _summed_wrongly() -> float:
    total = Handoff.objects.filter(lead__company__name=nordhavn.COMPANY).aggregate(sum=Sum("deals__amount"))
    return float(total["sum"])
