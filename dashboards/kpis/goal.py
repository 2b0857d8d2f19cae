"""What a company's own history says about the way from an offer to a won deal.

Rates are of cohorts that had half a year to become customers: offers of the 12 months before that. Deals, the
time to win and attempts are of the last 12 months. Money is in one currency; others are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Avg, Count, F, FilteredRelation, Q

from accounts.models import Membership, Team
from calendars.queries import business_calendar, current_version
from dashboards.engine.figures import Rate, Spread
from dashboards.engine.goal import Cohort
from dashboards.kpis.handoffs import followed
from dashboards.kpis.measure import spread_of
from leads.models import Attempt, Deal, DealLead, Handoff
from sla.queries.reasons import hours_a_day

MATURE = timedelta(days=180)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
WORKING_DAYS_A_MONTH = 21
MINUTES_AN_ATTEMPT = Decimal(10)


@dataclass(frozen=True, slots=True)
class Own:
    """`minutes` None: nobody logs them. `first` and `until` are the days of the cohorts, the last one excluded."""

    cohorts: tuple[Cohort, ...]
    overall: Cohort
    deal: Decimal | None
    deals: int
    win_rate: Rate
    lag: Spread
    durations: tuple[float, ...]
    open_deals: tuple[tuple[float, Decimal], ...]
    attempts: Decimal | None
    minutes: Decimal | None
    reps: int
    hours: Decimal
    today: date
    first: date
    until: date

    @property
    def open_amount(self) -> Decimal:
        return sum((amount for _, amount in self.open_deals), Decimal(0))


def own(at: datetime, currency: str) -> Own:
    """Eight statements, all over indexed moments."""
    cohorts = _cohorts(at)
    deal, n, rate = _deals(at, currency)
    attempts, minutes = _attempts(at)
    reps, hours = _people()
    return Own(
        cohorts=cohorts, overall=_together(cohorts), deal=deal, deals=n, win_rate=rate, lag=_lag(at),
        durations=_durations(at, currency), open_deals=_open(at, currency), attempts=attempts,
        minutes=minutes, reps=reps, hours=hours, today=at.date(),
        first=(at - MATURE - YEAR).date(), until=(at - MATURE).date(),
    )  # fmt: skip


def _cohorts(at: datetime) -> tuple[Cohort, ...]:
    """By source, most offers first. Won is of the qualified, qualified of the accepted, accepted of the decided."""
    rows = Handoff.objects.exclude(pk__in=followed()).filter(
        offered_at__gte=at - MATURE - YEAR, offered_at__lt=at - MATURE
    )
    accepted, qualified = Q(accepted_at__isnull=False), Q(qualified_at__isnull=False)
    found = rows.values(source=F("lead__source")).annotate(
        offers=Count("pk"),
        accepted=Count("pk", filter=accepted),
        decided=Count("pk", filter=accepted | Q(status=Handoff.Status.REJECTED)),
        qualified=Count("pk", filter=accepted & qualified),
        won=Count("pk", filter=accepted & qualified & Q(status=Handoff.Status.WON)),
    )
    return tuple(
        Cohort(
            row["source"] or "No source", row["offers"], Rate(row["accepted"], row["decided"]),
            Rate(row["qualified"], row["accepted"]), Rate(row["won"], row["qualified"]),
        )
        for row in found.order_by("-offers", "source")
    )  # fmt: skip


def _together(cohorts: tuple[Cohort, ...]) -> Cohort:
    nothing = Rate()
    return Cohort(
        "", sum(one.offers for one in cohorts), sum((one.accepted for one in cohorts), nothing),
        sum((one.qualified for one in cohorts), nothing), sum((one.won for one in cohorts), nothing),
    )  # fmt: skip


def _deals(at: datetime, currency: str) -> tuple[Decimal | None, int, Rate]:
    """Average won deal with how many, and won of all that were decided."""
    closed = Deal.objects.filter(closed_at__gte=at - YEAR, closed_at__lt=at, currency=currency)
    won = Q(outcome=Deal.Outcome.WON)
    priced = won & Q(amount__isnull=False)
    found = closed.aggregate(
        average=Avg("amount", filter=priced), priced=Count("pk", filter=priced),
        won=Count("pk", filter=won), decided=Count("pk", filter=~Q(outcome=Deal.Outcome.OPEN)),
    )  # fmt: skip
    return found["average"], found["priced"], Rate(found["won"], found["decided"])


def _lag(at: datetime) -> Spread:
    """Days from the sourcing offer to won."""
    sourced = FilteredRelation("deal_leads", condition=Q(deal_leads__part=DealLead.Part.SOURCED))
    rows = Deal.objects.alias(sourcing=sourced).filter(
        outcome=Deal.Outcome.WON, closed_at__gte=at - YEAR, closed_at__lt=at, sourcing__isnull=False
    )
    spans = rows.values_list("sourcing__handoff__offered_at", "closed_at")
    return spread_of([(closed - offered) / DAY for offered, closed in spans], timed=False)


def _durations(at: datetime, currency: str) -> tuple[float, ...]:
    """Days from opened to won."""
    won = Deal.objects.filter(
        outcome=Deal.Outcome.WON, closed_at__gte=at - YEAR, closed_at__lt=at, currency=currency
    )
    spans = won.values_list("opened_at", "closed_at")
    return tuple((closed - opened) / DAY for opened, closed in spans if closed is not None)


def _open(at: datetime, currency: str) -> tuple[tuple[float, Decimal], ...]:
    """Age in days and amount."""
    deals = Deal.objects.filter(outcome=Deal.Outcome.OPEN, currency=currency, amount__isnull=False)
    found = deals.values_list("opened_at", "amount")
    return tuple(((at - opened) / DAY, amount) for opened, amount in found if amount is not None)


def _attempts(at: datetime) -> tuple[Decimal | None, Decimal | None]:
    """Human outbound attempts per offer, and the minutes logged with one."""
    offers = Handoff.objects.filter(offered_at__gte=at - YEAR, offered_at__lt=at)
    made = Attempt.objects.filter(handoff__in=offers, direction=Attempt.Direction.OUTBOUND, automated=False)
    found = made.aggregate(n=Count("pk"), minutes=Avg("minutes"))
    count = offers.count()
    per_offer = Decimal(found["n"]) / count if count else None
    return per_offer, None if found["minutes"] is None else Decimal(str(found["minutes"]))


def _people() -> tuple[int, Decimal]:
    """Active reps of the teams that answer, and the hours of a working month by the first team's calendar."""
    teams = Team.objects.filter(is_active=True, function__in=["development", "sales"])
    reps = Membership.objects.filter(team__in=teams, role=Membership.Role.REP, user__is_active=True)
    first = teams.select_related("calendar").order_by("position", "name").first()
    a_day = hours_a_day(business_calendar(current_version(first.calendar))) if first else 8.0
    return reps.values("user").distinct().count(), Decimal(str(a_day)) * WORKING_DAYS_A_MONTH
