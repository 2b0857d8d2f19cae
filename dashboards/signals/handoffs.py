"""Signals about how sales answers and works: what is accepted, paused and closed, and whether anybody was called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Team
from common.database.moments import midnight
from dashboards.scope import Scope
from dashboards.signals.signal import FEW, Fact, Signal, cycles, number, period_of, share
from leads.models import Handoff, LeadEvent, Meeting
from sla.models import Clock

LONG = timedelta(hours=72)
LAST_MINUTES = timedelta(minutes=15)
AT_ONCE = 5  # so many by one person on one day are many
LEAST = 3
CLOSED = (Handoff.Status.DISQUALIFIED, Handoff.Status.RECYCLED, Handoff.Status.LOST)
UNTRIED_THEN = Q(first_response_at=None) | Q(first_response_at__gt=F("accepted_at") + LONG)

Rows = Callable[[Scope], QuerySet[Any]]


def accepted_long_ago(scope: Scope) -> QuerySet[Any]:
    """Accepted in the period, three days or more before now; who has a meeting waits for that."""
    period = period_of(scope)
    meets = Meeting.objects.filter(handoff=OuterRef("pk"))
    return cycles(scope).filter(
        ~Exists(meets), accepted_at__gte=period.start, accepted_at__lt=min(period.end, scope.frame.at - LONG),
        answer_implied=False,
    )  # fmt: skip


def paused(scope: Scope) -> QuerySet[Any]:
    return cycles(scope).filter(Exists(_pauses(scope)))


def _pauses(scope: Scope) -> QuerySet[LeadEvent]:
    period = period_of(scope)
    return LeadEvent.objects.filter(
        handoff=OuterRef("pk"), kind=LeadEvent.Kind.PAUSED, at__gte=period.start, at__lt=period.end
    )


def closed(scope: Scope) -> QuerySet[Any]:
    """Disqualified, recycled or lost in the period; rejections are judged before anybody calls."""
    period = period_of(scope)
    return cycles(scope).filter(status__in=CLOSED, closed_at__gte=period.start, closed_at__lt=period.end)


def _untried(scope: Scope) -> Q:
    return UNTRIED_THEN


def _replied(scope: Scope) -> Q:
    return Q(Exists(_pauses(scope).filter(data__has_key="after_reply")))


def _never_tried(scope: Scope) -> Q:
    return Q(first_response_at=None) & ~Q(Exists(Meeting.objects.filter(handoff=OuterRef("pk"))))


def by_team(rows: Rows, which: Callable[[Scope], Q], words: str) -> Callable[[Scope], list[Fact]]:
    """A share of each team, where at least ten rows are and three of them count: two queries."""

    def facts(scope: Scope) -> list[Fact]:
        counted = rows(scope).order_by().values("of_team")
        found = list(counted.annotate(of=Count("pk"), n=Count("pk", filter=which(scope))))
        telling = [row for row in found if row["of"] >= FEW and row["n"] >= LEAST and row["of_team"]]
        teams = _names(row["of_team"] for row in telling)
        return sorted(
            (
                Fact(
                    str(row["of_team"]), teams[row["of_team"]],
                    words.format(share=share(row), team=teams[row["of_team"]]), row["n"],
                )
                for row in telling
            ),
            key=lambda fact: (-fact.count, fact.about),
        )  # fmt: skip

    return facts


def of_team(rows: Rows, which: Callable[[Scope], Q]) -> Callable[[Scope, str], QuerySet[Any]]:
    def found(scope: Scope, key: str) -> QuerySet[Any]:
        return rows(scope).filter(which(scope), of_team=number(key))

    return found


def _names(teams: Iterable[int]) -> dict[int, str]:
    return dict(Team.objects.filter(pk__in=set(teams)).values_list("pk", "name"))


def rushed(scope: Scope) -> QuerySet[Any]:
    """Accepted without a call in the last 15 minutes before the answer was due, with the local day."""
    period = period_of(scope)
    last = Clock.objects.filter(
        handoff=OuterRef("pk"), kind=Clock.Kind.ANSWER, status=Clock.Status.MET,
        satisfied_at=OuterRef("accepted_at"), due_at__lte=F("satisfied_at") + LAST_MINUTES,
    )  # fmt: skip
    found: QuerySet[Any] = (
        cycles(scope)
        .filter(Exists(last), accepted_at__gte=period.start, accepted_at__lt=period.end)
        .exclude(first_response_at=F("accepted_at"))
        .annotate(on=TruncDate("accepted_at", tzinfo=scope.frame.zone))
    )
    return found


def rush_facts(scope: Scope) -> list[Fact]:
    """Days on which one person of a team did so five times or more; people of one team are told together."""
    groups = _many(rushed(scope), n=Count("pk"), late=Count("pk", filter=UNTRIED_THEN))
    days: defaultdict[tuple[int, date], list[Any]] = defaultdict(list)
    for row in groups:
        days[row["of_team"], row["on"]].append(row)
    teams = _names(team for team, _ in days)
    facts = []
    for (team, day), rows in sorted(days.items(), key=lambda found: found[0][1], reverse=True):
        n, untried = sum(row["n"] for row in rows), sum(row["late"] for row in rows)
        over = midnight(day, scope.frame.zone) + LONG + timedelta(days=1) <= scope.frame.at
        then = f" {untried} of them were not tried within 3 days." if over else ""
        words = f"{teams[team]} accepted {n} leads on {day:%a %-d %b} in the last 15 minutes before they were due."
        facts.append(Fact(f"{team}.{day.isoformat()}", teams[team], words + then, n))
    return facts


def rush_rows(scope: Scope, key: str) -> QuerySet[Any]:
    team, _, on = key.partition(".")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return Handoff.objects.none()
    found = rushed(scope).filter(of_team=number(team), on=day)
    people = [row["answered_by"] for row in _many(found, n=Count("pk"))]
    return found.filter(answered_by__in=people)


def _many(rows: QuerySet[Any], **counts: Count) -> list[dict[str, Any]]:
    grouped = rows.filter(of_team__isnull=False).order_by().values("of_team", "on", "answered_by")
    return list(grouped.annotate(**counts).filter(n__gte=AT_ONCE))


UNTRIED = Signal(
    "accepted-untried", "Accepted, not tried", "sales",
    "Leads that were accepted and that nobody tried to reach within three days. Those with a meeting are left out.",
    by_team(accepted_long_ago, _untried, "{share} leads that {team} accepted were not tried within 3 days."),
    of_team(accepted_long_ago, _untried),
)  # fmt: skip
RUSH = Signal(
    "accepted-at-the-last-minute", "Accepted at the last minute", "sales",
    "Five leads or more accepted by one person on one day, each in the last 15 minutes before its answer was due, "
    "without a call.",
    rush_facts, rush_rows,
)  # fmt: skip
PAUSED_AFTER_REPLY = Signal(
    "paused-after-reply", "Paused right after a reply", "sales",
    "Clocks paused by hand within four hours after the lead had replied.",
    by_team(paused, _replied, "{share} leads that {team} paused had replied within the 4 hours before."),
    of_team(paused, _replied),
)  # fmt: skip
CLOSED_UNTRIED = Signal(
    "closed-untried", "Closed without an attempt", "sales",
    "Accepted leads that were disqualified, recycled or lost although nobody had tried to reach them.",
    by_team(closed, _never_tried, "{share} leads that {team} closed had not been tried once."),
    of_team(closed, _never_tried),
)  # fmt: skip
