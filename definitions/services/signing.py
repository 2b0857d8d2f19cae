"""Who signs for which side, the same for definitions and for the contract: two people, one for each."""

from __future__ import annotations

from typing import Any, Protocol

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import Conflict, NotAllowed

PROPOSED = "proposed"


class Signable(Protocol):
    """A version that both sides sign."""

    @property
    def status(self) -> str: ...

    @property
    def signatures(self) -> Any: ...

    def get_status_display(self) -> str: ...


def side_to_sign(row: Signable, by: User, side: str) -> str:
    """The side that this person signs for: the one named, else the first of their own.

    Raises NotAllowed (nobody signs for the other side, nor for both), Conflict (not proposed, or signed before).
    """
    mine = standing_of(by).signs_for
    asked = side or next(iter(sorted(mine)), "")
    if asked not in mine:
        raise NotAllowed("Only a manager of a side can sign for it.")
    if row.status != PROPOSED:
        raise Conflict(
            f"{row} is {row.get_status_display().lower()}, so it cannot be signed.", state=row.status
        )
    if row.signatures.filter(side=asked).exists():
        raise Conflict(f"{row} is already signed for {asked}.", state=row.status)
    if row.signatures.filter(person=by).exists():
        raise NotAllowed("You signed for the other side already. Two people sign, one for each side.")
    return asked
