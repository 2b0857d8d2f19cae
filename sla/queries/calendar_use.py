"""Who and what works by a calendar: teams, people with hours of their own, promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership, Team
from calendars.models import Calendar
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import contract_in_force

OPEN = (ContractVersion.Status.DRAFT, ContractVersion.Status.PROPOSED)


@dataclass(frozen=True, slots=True)
class PromisesBy:
    """The promises of one version that count in a calendar."""

    version: ContractVersion
    names: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Use:
    teams: tuple[Team, ...]
    people: tuple[Membership, ...]
    promises: tuple[PromisesBy, ...]

    @property
    def nobody(self) -> bool:
        return not (self.teams or self.people or self.promises)


def use_of(calendar: Calendar, at: datetime) -> Use:
    """Teams and people by name; promises of the version in force and of those being agreed on."""
    teams = Team.objects.filter(calendar=calendar, is_active=True).order_by("name")
    people = Membership.objects.filter(calendar=calendar, user__is_active=True)
    return Use(
        tuple(teams),
        tuple(people.select_related("user", "team").order_by("user__name")),
        _promises(calendar, at),
    )


def _promises(calendar: Calendar, at: datetime) -> tuple[PromisesBy, ...]:
    in_force = contract_in_force(at)
    shown = {row.pk: row for row in ContractVersion.objects.filter(status__in=OPEN)}
    if in_force:
        shown[in_force.pk] = in_force
    named: dict[int, list[str]] = {}
    for row in Commitment.objects.filter(calendar=calendar, version__in=shown).order_by("kind", "position"):
        named.setdefault(row.version_id, []).append(row.name)
    return tuple(
        PromisesBy(shown[pk], tuple(names), in_force is not None and pk == in_force.pk)
        for pk, names in sorted(named.items())
    )
