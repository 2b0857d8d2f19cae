"""How far a lead has come, over all its cycles: the same conditions for figures and for the lists behind them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from leads.models import Handoff, Qualification

STEPS = {
    "mql": "MQL", "offered": "Offered", "decided": "Answered", "accepted": "Accepted", "sql": "SQL", "won": "Won"
}  # fmt: skip
_OF_A_CYCLE: dict[str, dict[str, object]] = {
    "offered": {},
    "decided": {"answered_at__isnull": False},
    "accepted": {"accepted_at__isnull": False},
    "sql": {"qualified_at__isnull": False},
    "won": {"status": Handoff.Status.WON},
}


def reached(step: str) -> Exists:
    """Leads that were ever this far, wherever they stand now."""
    if step == "mql":
        return Exists(Qualification.objects.filter(lead=OuterRef("pk")))
    return Exists(Handoff.objects.filter(lead=OuterRef("pk"), **_OF_A_CYCLE[step]))


def rejected_for(reasons: tuple[str, ...]) -> Exists:
    """Leads that sales rejected for one of these reasons, by key."""
    cycles = Handoff.objects.filter(lead=OuterRef("pk"), status=Handoff.Status.REJECTED)
    return Exists(cycles.filter(reason__key__in=reasons))
