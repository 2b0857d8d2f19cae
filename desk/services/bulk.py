"""One act on many leads: the same rule for each. Who may not act changes nothing; a lead that has moved on is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from common.refusals import Conflict, DomainError, Invalid
from leads.models import Handoff, Lead
from leads.services import acts

MOST = 500
Act = Callable[[Lead], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were done, and which were not, by name, each with why."""

    done: int
    refused: tuple[tuple[Lead, str], ...]


@transaction.atomic
def each(leads: Iterable[Lead], act: Act) -> Outcome:
    """Do the act lead by lead in the order of their keys (D13).

    A lead whose state forbids it is left and told; NotAllowed undoes everything (I01).
    """
    done, refused = 0, []
    rows = sorted(leads, key=lambda lead: lead.pk)
    acts.lock(
        [lead.pk for lead in rows]
    )  # all of them before anything else, so that no turn is waited for crosswise
    for lead in rows:
        try:
            with transaction.atomic():
                act(lead)
        except (Conflict, Invalid) as refusal:
            refused.append((lead, _words(refusal)))
        else:
            done += 1
    return Outcome(done, tuple(sorted(refused, key=lambda pair: str(pair[0]).casefold())))


def open_cycle(lead: Lead) -> Handoff:
    """The cycle that an act on a lead means. Raises Conflict where none is open."""
    found = lead.handoffs.filter(status__in=Handoff.OPEN).first()
    if found is None:
        raise Conflict("This lead is not with sales.", state=lead.stage)
    return found


def _words(refusal: DomainError) -> str:
    return " ".join(refusal.errors.values()) if isinstance(refusal, Invalid) else refusal.message
