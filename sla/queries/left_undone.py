"""What waits for somebody longer than was agreed: decisions, signatures, a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from accounts.queries import organisation
from definitions.models import DefinitionVersion
from sla.engine.reminding import Rhythm
from sla.models import Contest, ContractStep, ContractVersion, Excuse, Reminder
from sla.models.breach import TIME_TO_DECIDE
from sla.queries.contracts import contract_in_force

About = Reminder.About
TWO_DAYS = timedelta(days=2)
# A decision is late once its time is over; a proposal after two days; a review is told of once.
RHYTHMS = {
    About.EXCUSE: Rhythm(), About.CONTEST: Rhythm(), About.REVIEW: Rhythm(most=1),
    About.CONTRACT: Rhythm(first=TWO_DAYS), About.DEFINITION: Rhythm(first=TWO_DAYS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undone:
    """One row that waits since a moment."""

    about: About
    subject: int
    since: datetime


def left_undone(now: datetime) -> list[Undone]:
    """Whatever a reminder could be due for, however much there is in a fixed number of queries."""
    return [*_excuses(now), *_contests(now), *_contracts(now), *_definitions(now), *_review(now)]


def waiting_proposals() -> QuerySet[ContractStep]:
    """The last proposal of each version that is still proposed."""
    proposals = ContractStep.objects.filter(kind=ContractStep.Kind.PROPOSED)
    later = proposals.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
    rows = proposals.filter(version__status=ContractVersion.Status.PROPOSED)
    return rows.exclude(Exists(later))


def _excuses(now: datetime) -> Iterator[Undone]:
    begun = now - RHYTHMS[About.EXCUSE].over_after
    rows = Excuse.objects.filter(decision="", decide_by__gt=begun, decide_by__lte=now)
    for key, since in _dated(rows.values_list("pk", "decide_by")):
        yield Undone(About.EXCUSE, key, since)


def _contests(now: datetime) -> Iterator[Undone]:
    begun = now - RHYTHMS[About.CONTEST].over_after - TIME_TO_DECIDE
    rows = Contest.objects.filter(decision="", asked_at__gt=begun, asked_at__lte=now - TIME_TO_DECIDE)
    for key, asked_at in rows.values_list("pk", "asked_at"):
        yield Undone(About.CONTEST, key, asked_at + TIME_TO_DECIDE)


def _contracts(now: datetime) -> Iterator[Undone]:
    for key, since in waiting_proposals().filter(at__lte=now).values_list("pk", "at"):
        yield Undone(About.CONTRACT, key, since)


def _definitions(now: datetime) -> Iterator[Undone]:
    rows = DefinitionVersion.objects.filter(status=DefinitionVersion.Status.PROPOSED, proposed_at__lte=now)
    for key, since in _dated(rows.values_list("pk", "proposed_at")):
        yield Undone(About.DEFINITION, key, since)


def _review(now: datetime) -> Iterator[Undone]:
    contract = contract_in_force(now)
    if contract is not None and contract.review_on is not None:
        since = datetime.combine(contract.review_on, time(), ZoneInfo(organisation().time_zone))
        if since <= now:
            yield Undone(About.REVIEW, contract.pk, since)


def _dated(rows: Iterable[tuple[int, datetime | None]]) -> Iterator[tuple[int, datetime]]:
    yield from ((key, since) for key, since in rows if since is not None)
