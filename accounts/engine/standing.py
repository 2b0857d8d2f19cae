"""What a person may do, from the roles held: pure, so that every rule can be read and tested in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

MARKETING, SALES = "marketing", "sales"
MANAGERS = frozenset({"sales_manager", "marketing_manager"})
SELLERS = frozenset({"rep", "sales_manager"})
MARKETERS = frozenset({"marketing", "marketing_manager"})


@dataclass(frozen=True, slots=True)
class Seat:
    """One membership: the role played in one team, the side that team stands on, and what people call it."""

    team_id: int
    role: str
    side: str
    team: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's roles. Reading is open to everyone; these questions are about acting.

    Read-only wins over every other role: who holds it may do nothing.
    """

    person: int | None
    organisation_role: str = ""
    memberships: tuple[Seat, ...] = ()

    @property
    def is_admin(self) -> bool:
        return self.organisation_role == "admin"

    @property
    def is_operations(self) -> bool:
        return self.organisation_role == "operations"

    @property
    def is_read_only(self) -> bool:
        return self.organisation_role == "read_only"

    @property
    def may_configure(self) -> bool:
        return self.is_admin or self.is_operations

    @property
    def is_marketing(self) -> bool:
        """May do what "marketing" may: marketing, its manager, operations, admin (domain section 3)."""
        return self.may_configure or any(seat.role in MARKETERS for seat in self._seats)

    @property
    def sells(self) -> bool:
        """Rep or sales manager of some team."""
        return any(seat.role in SELLERS for seat in self._seats)

    @property
    def is_manager(self) -> bool:
        """Manages some team, on either side."""
        return self.is_admin or any(seat.role in MANAGERS for seat in self._seats)

    @property
    def side(self) -> str:
        """The side of the first team; empty for those who stand between the two."""
        return self.memberships[0].side if self.memberships else ""

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(seat.team_id for seat in self.memberships)

    @property
    def signs_for(self) -> frozenset[str]:
        """The sides this person signs and decides excuses for. Operations: none; admin: where a member."""
        if self.is_operations:
            return frozenset()
        return frozenset(seat.side for seat in self._seats if self.is_admin or seat.role in MANAGERS)

    def sells_in(self, team_id: int | None) -> bool:
        """Rep or sales manager of that team."""
        return any(seat.team_id == team_id and seat.role in SELLERS for seat in self._seats)

    def manages(self, team_id: int | None) -> bool:
        """Sales manager of that team, or the admin."""
        return self.is_admin or any(
            seat.team_id == team_id and seat.role == "sales_manager" for seat in self._seats
        )

    def leads_team(self, team_id: int | None) -> bool:
        """Manager of that team on whichever side it stands, or the admin."""
        return self.is_admin or any(seat.team_id == team_id and seat.role in MANAGERS for seat in self._seats)

    @property
    def _seats(self) -> tuple[Seat, ...]:
        return () if self.is_read_only else self.memberships
