"""What is asked of a metric: which days, on which basis, split by what, and of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Team, User
from accounts.queries import as_uuid, organisation
from calendars.engine.zones import zone_names
from common.database.moments import Period, database_now
from common.refusals import Invalid, must_be_text
from leads.models import CustomField
from sla.models import Clock, Commitment, ContractVersion
from sla.services.membership import takes_everybody

if TYPE_CHECKING:
    from dashboards.catalogue import Metric

PERIOD, COHORT, DUE, SNAPSHOT = "period", "cohort", "due", "snapshot"
ATTRIBUTE = "attributes."
ASKED = ("from", "to", "by", "basis", "horizon", "team", "source", "owner", "clock", "zone", "promise")
OVER_PERIODS = ("volume", "quality", "completeness", "conversion")
OF_PROMISES = (*OVER_PERIODS, "acceptance-rate")  # the metrics that can be asked of one promise
LONGEST_OF_SEGMENT = timedelta(days=366)  # each of its offers is judged in memory
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """Whose rows count; empty means everybody's."""

    team: Team | None = None
    source: str = ""
    owner: User | None = None
    clock: str = ""
    promise: Commitment | None = None  # one about a period: the offers of its segment

    def as_query(self) -> dict[str, str]:
        """The same filters in an address."""
        named = {
            "team": self.team.slug if self.team else "",
            "source": self.source,
            "owner": str(self.owner.public_id) if self.owner else "",
            "clock": self.clock,
            "promise": str(self.promise.public_id) if self.promise else "",
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `at` is the moment it was asked: what was not yet due then is not yet missed.

    The days are those of `zone`: the reporting zone, or one that the question names, as that of a frozen result.
    """

    first: date
    until: date
    zone: ZoneInfo
    at: datetime
    basis: str
    horizon: timedelta | None = None
    by: str = ""
    filters: Filters = field(default_factory=Filters)
    currency: str = "USD"
    names_zone: bool = False

    @property
    def period(self) -> Period:
        """The days in the zone as instants; worked out here, never by the database (A29)."""
        return Period.of_days(self.first, self.until, self.zone)

    def as_query(self) -> dict[str, str]:
        """The question as an address puts it; `read` of that asks the same again."""
        asked = {"from": self.first.isoformat(), "to": self.until.isoformat(), "basis": self.basis}
        days = {"horizon": str(self.horizon.days)} if self.horizon is not None else {}
        zone = {"zone": self.zone.key} if self.names_zone else {}
        return asked | days | ({"by": self.by} if self.by else {}) | self.filters.as_query() | zone

    def in_zone(self, key: str) -> Question:
        """The same days where midnight is another; an address names the zone only if it is another."""
        return self if key == self.zone.key else replace(self, zone=ZoneInfo(key), names_zone=True)

    @property
    def horizon_days(self) -> int | None:
        return self.horizon.days if self.horizon is not None else None


@dataclass(frozen=True, slots=True)
class Asking:
    """The part of every question that one page asks only once: the zone, the moment, the currency."""

    zone: ZoneInfo
    at: datetime
    currency: str
    people_in_figures: str

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


def asking() -> Asking:
    """Two queries: the organisation and the database's clock."""
    known = organisation()
    return Asking(ZoneInfo(known.time_zone), database_now(), known.currency, known.people_in_figures)


def read(metric: Metric, given: Mapping[str, str], frame: Asking) -> Question:
    """A question as a command or an address puts it. Raises Invalid with the field and a sentence."""
    unknown = [name for name in given if name not in ASKED]
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This is not something a metric can be asked."))
    must_be_text(given)
    first, until = read_days(given)
    basis, filters = _basis(metric, given.get("basis", "")), _filters(metric, given)
    _must_be_judged_at_once(filters, until - first)
    return Question(
        first, until, frame.zone, frame.at, basis, _horizon(given.get("horizon", ""), basis),
        _group(metric, given.get("by", "")), filters, frame.currency,
    ).in_zone(_zone(given) or frame.zone.key)  # fmt: skip


def read_days(given: Mapping[str, str]) -> tuple[date, date]:
    """The first day, and the one after the last. Raises Invalid with the field and a sentence."""
    first, until = _day(given, "from"), _day(given, "to")
    if until < first:
        raise Invalid({"to": "The period ends before it begins."})
    return first, until


def _zone(given: Mapping[str, str]) -> str:
    name = given.get("zone", "")
    if name and name not in zone_names():
        raise Invalid({"zone": f"There is no time zone “{name}”."})
    return name


def _filters(metric: Metric, given: Mapping[str, str]) -> Filters:
    if given.get("clock") and "clock" not in metric.groups:
        raise Invalid({"clock": f"{metric.slug} counts no clocks."})
    promise = _promise(given["promise"], metric) if given.get("promise") else None
    return replace(read_filters(given), promise=promise)


def _promise(given: str, metric: Metric) -> Commitment:
    """By its public id; only a signed one promises anything."""
    if metric.slug not in OF_PROMISES:
        raise Invalid({"promise": f"{metric.slug} cannot be asked of one promise."})
    signed = Commitment.objects.filter(version__status=ContractVersion.Status.SIGNED, kind__in=OVER_PERIODS)
    known, public_id = signed.select_related("version__mql_version"), as_uuid(given)
    found = known.filter(public_id=public_id).first() if public_id else None
    if found is None:
        raise Invalid({"promise": "There is no signed promise about a period by this id."})
    return found


def _must_be_judged_at_once(filters: Filters, days: timedelta) -> None:
    """Raises Invalid for more days of a segment than are judged in one go."""
    promise = filters.promise
    if promise is not None and days > LONGEST_OF_SEGMENT and not takes_everybody(promise):
        raise Invalid({"to": f"“{promise.name}” is about a segment: ask for a year of it at most."})


def read_filters(given: Mapping[str, str]) -> Filters:
    """Raises Invalid for a team, person or clock that there is not."""
    must_be_text(given)
    team, owner, clock = (given.get(name, "") for name in ("team", "owner", "clock"))
    if clock and clock not in Clock.Kind.values:
        raise Invalid({"clock": f"There is no clock “{clock}”."})
    return Filters(
        team=_team(team) if team else None,
        source=given.get("source", "").strip(),
        owner=_person(owner) if owner else None,
        clock=clock,
    )


def _day(given: Mapping[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(given.get(name, ""))
    except ValueError:
        raise Invalid({name: "Give a day as YYYY-MM-DD."}) from None
    if not EARLIEST <= day <= LATEST:
        raise Invalid({name: "Choose a day from 1900 to 2200."})
    return day


def _basis(metric: Metric, given: str) -> str:
    basis = given or metric.bases[0]
    if basis not in metric.bases:
        raise Invalid({"basis": f"{metric.slug} is counted by {' or '.join(metric.bases)}."})
    return basis


def _horizon(given: str, basis: str) -> timedelta | None:
    if given in ("", "all"):
        return None
    if not given.isdecimal() or not 0 < len(given) < 6:
        raise Invalid({"horizon": "Give a number of days, or all."})
    if basis != COHORT:
        raise Invalid({"horizon": "Only a cohort is followed for a number of days."})
    return timedelta(days=int(given))


def _group(metric: Metric, given: str) -> str:
    """A group of the metric, else a custom attribute: by its bare name, or as `attributes.name` past any group's."""
    if not given or given in metric.groups:
        return given
    name = given.removeprefix(ATTRIBUTE)
    if CustomField.objects.filter(name=name).exists():
        return f"{ATTRIBUTE}{name}"
    raise Invalid({"by": f"{metric.slug} cannot be split by “{given}”."})


def _team(given: str) -> Team:
    public_id = as_uuid(given)
    match = Q(public_id=public_id) if public_id else Q(name=given.strip()) | Q(slug=given.strip())
    found = Team.objects.filter(match).order_by("pk").first()
    if found is None:
        raise Invalid({"team": f"There is no team “{given}”."})
    return found


def _person(given: str) -> User:
    public_id = as_uuid(given)
    match = Q(public_id=public_id) if public_id else Q(email=given.strip().lower())
    found = User.objects.filter(match).first()
    if found is None:
        raise Invalid({"owner": f"There is no person “{given}”."})
    return found
