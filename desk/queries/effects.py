"""What an act does to the clocks, in the words of its dialog; of clocks that nobody promised nothing is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from leads.models import Handoff, Lead
from sla.models import Clock, Commitment
from sla.queries.contracts import agreed_versions, version_at

ANSWER, RESPONSE, WAIT, FOLLOW, OUTCOME = "answer", "first_response", "buyer_wait", "follow_up", "disposition"
NOTHING = "No clock of the contract changes."
# A sentence with the clocks it names; one without any is said whatever was promised.
Part = tuple[str, tuple[str, ...]]
CLOSING: tuple[Part, ...] = (("Ends {}.", (OUTCOME,)), ("Cancels {}.", (RESPONSE, FOLLOW)))
OF_THE_DEAL: Part = ("Closes the deal and every open cycle joined to it.", ())

EFFECTS: Mapping[str, tuple[Part, ...]] = {
    "accept": (("Ends {}.", (ANSWER,)), ("Starts {}.", (FOLLOW, OUTCOME))),
    "take": (("Ends {}.", ("take",)),),
    "resupply": (("Ends {}.", ("rework",)), ("Lets {} run on.", (ANSWER, RESPONSE))),
    "reject": (
        ("Ends {}.", (ANSWER,)), ("Cancels {}.", (RESPONSE,)), ("Final: reopen starts a new cycle.", ()),
    ),
    "redirect": (("Starts {} anew.", (ANSWER,)), ("Lets {} run on.", (RESPONSE, WAIT))),
    "withdraw": (("Cancels {}.", (ANSWER, RESPONSE)), ("Starts {} again.", ("handover",))),
    "qualify": (("Ends {}.", (OUTCOME, FOLLOW)),),
    "pass": (("Starts {}.", ("take",)), ("You stay the setter.", ())),
    "send-back": (("Ends {}.", ("take",)), ("Starts {} anew for the setter.", (OUTCOME,))),
    "disqualify": CLOSING,
    "recycle": CLOSING,
    "win": (OF_THE_DEAL, *CLOSING),
    "lose": (OF_THE_DEAL, ("Ends {}.", (OUTCOME,)), ("Cancels {}.", (RESPONSE, FOLLOW, WAIT))),
    "meeting": (("Starts {} anew, or cancels it.", ("meeting",)),),
    "pause": (("Stops {} with what is left.", (ANSWER, RESPONSE, FOLLOW, OUTCOME)),),
}  # fmt: skip

# What marketing does with a lead that is not with sales, and with many at once.
OF_MARKETING: Mapping[str, tuple[Part, ...]] = {
    "offer": (("Ends {}.", ("handover",)), ("Starts {}.", (ANSWER, RESPONSE))),
    "mark-mql": (("Starts {}.", ("handover",)),),
    "set-aside": (("Cancels {}.", ("handover",)),),
    "withdraw": EFFECTS["withdraw"],
}


def effects(slug: str, handoff: Handoff, at: datetime) -> str:
    """The sentences about one act on this handoff; empty for an act that says it otherwise."""
    parts = EFFECTS.get(slug)
    return in_words(parts, timed(handoff, at)) if parts else ""


def effects_of_marketing(slug: str, at: datetime, lead: Lead | None = None) -> str:
    """The same of what marketing does with one lead, or with many: of these, clocks by older contracts go unnamed."""
    parts = OF_MARKETING.get(slug)
    return in_words(parts, _promised(at) | (_running(lead=lead) if lead else set())) if parts else ""


def timed(handoff: Handoff, at: datetime) -> set[str]:
    """Kinds that the contract in force promises, and those that run here by an older one."""
    return _promised(at) | _running(handoff=handoff)


def _promised(at: datetime) -> set[str]:
    contract = version_at(agreed_versions(), at)
    return {commitment.kind for commitment in contract.commitments.all()} if contract else set()


def _running(**of: Handoff | Lead) -> set[str]:
    return set(Clock.objects.filter(ended_at=None, **of).values_list("kind", flat=True))


def in_words(parts: tuple[Part, ...], known: Collection[str]) -> str:
    """Only the sentences and names that are about something."""
    said = []
    for words, kinds in parts:
        named = [str(Commitment.Kind(kind).label).lower() for kind in kinds if kind in known]
        if named or not kinds:
            said.append(words.format(_listed(named)))
    about_clocks = any(kind in known for _, kinds in parts for kind in kinds)
    return " ".join(said if about_clocks else [*said, NOTHING])


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
