"""Each verb of a handoff: the body it takes, and the service it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import transaction

from accounts.models import User
from common.refusals import Invalid
from desk.api import bodies
from desk.api.fields import Strict
from desk.api.references import deal_named, owner_named, team_named
from leads.models import Handoff
from leads.services import deals, handoffs, leads, meetings
from leads.services.attempts import Contact
from leads.services.deals import Terms
from leads.services.known import Known
from leads.services.meetings import Booking

Said: TypeAlias = dict[str, Any]
Run: TypeAlias = Callable[[Handoff, User, Said], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: what it does in words, its body, and how it is done."""

    words: str
    body: type[Strict]
    run: Run
    opens: bool = False  # answers with another, new handoff


def _plain(act: Callable[..., object]) -> Run:
    """Verbs whose service takes the fields as they are."""
    return lambda handoff, by, said: act(handoff, by=by, **said)


def _with_comment(act: Callable[..., object]) -> Run:
    """Verbs that know no note: what is said with them becomes a comment, in the same transaction."""

    @transaction.atomic
    def run(handoff: Handoff, by: User, said: Said) -> object:
        done = act(handoff, by=by)
        if said.get("note"):
            leads.comment(handoff.lead, said["note"], by=by)
        return done

    return run


def _placed(act: Callable[..., object]) -> Run:
    """Verbs that name a team or a person."""

    def run(handoff: Handoff, by: User, said: Said) -> object:
        team, owner = team_named(said.pop("team", "")), owner_named(said.pop("owner", ""))
        return act(handoff, by=by, team=team, person=owner, **said)

    return run


def _attempt(handoff: Handoff, by: User, said: Said) -> object:
    note, meeting_at = said.pop("note", ""), said.pop("meeting_at", None)
    booking = Booking(meeting_at) if meeting_at else None
    return handoffs.log_attempt(handoff, Contact(**said), by=by, booking=booking, note=note)


def _move_meeting(handoff: Handoff, by: User, said: Said) -> object:
    return meetings.move(handoff, said["meeting_at"], by=by, note=said.get("note", ""))


def _reject(handoff: Handoff, by: User, said: Said) -> object:
    known = Known(deal_named(by, said.pop("deal", "")), owner_named(said.pop("owner", "")))
    return handoffs.reject(handoff, by=by, known=known, **said)


def _qualify(handoff: Handoff, by: User, said: Said) -> object:
    deal = deal_named(by, said.get("deal", ""))
    if deal is not None and "amount" in said:
        raise Invalid({"amount": "Leave it out: a deal that is joined has its amount."})
    terms = Terms(amount=said.get("amount"), currency=said.get("currency", ""))
    return handoffs.qualify(handoff, by=by, deal=deal, terms=terms, note=said.get("note", ""))


def _win(handoff: Handoff, by: User, said: Said) -> object:
    currency, deal = said.pop("currency", "").upper(), deals.of(handoff)
    if currency and deal is not None and currency != deal.currency:
        raise Invalid({"currency": f"This deal is in {deal.currency}."})
    return handoffs.win(handoff, by=by, **said)


VERBS = {
    "accept": Verb("Sales takes the lead.", bodies.NoteBody, _with_comment(handoffs.accept)),
    "reject": Verb("Judges the handoff, before any contact.", bodies.RejectBody, _reject),
    "redirect": Verb("Hands it to where it belongs.", bodies.RedirectBody, _placed(handoffs.redirect)),
    "return": Verb("Asks marketing for more.", bodies.ReturnBody, _plain(handoffs.return_for_info)),
    "resupply": Verb("Marketing has added it.", bodies.NoteBody, _plain(handoffs.resupply)),
    "withdraw": Verb("Marketing takes the offer back.", bodies.WithdrawBody, _plain(handoffs.withdraw)),
    "claim": Verb(
        "Takes it from the pool, or from a holder who lets it lie, unanswered.",
        bodies.NoteBody,
        _with_comment(handoffs.claim),
    ),
    "reassign": Verb("A manager gives it to another.", bodies.PlaceBody, _placed(handoffs.reassign)),
    "attempts": Verb("Logs one contact.", bodies.AttemptBody, _attempt),
    "move-meeting": Verb("The planned meeting moves.", bodies.MoveMeetingBody, _move_meeting),
    "call-off-meeting": Verb(
        "The planned meeting is called off.", bodies.NoteBody, _plain(meetings.call_off)
    ),
    "qualify": Verb("Makes it an SQL with a deal.", bodies.QualifyBody, _qualify),
    "pass": Verb("The setter gives it to a closer.", bodies.PlaceBody, _placed(handoffs.pass_on)),
    "take": Verb("The closer takes it.", bodies.NoteBody, _with_comment(handoffs.take)),
    "send-back": Verb("The closer returns it.", bodies.SendBackBody, _plain(handoffs.send_back)),
    "disqualify": Verb("No sale here.", bodies.DisqualifyBody, _plain(handoffs.disqualify)),
    "recycle": Verb("Not now.", bodies.RecycleBody, _plain(handoffs.recycle)),
    "win": Verb("The deal is won.", bodies.WinBody, _win),
    "lose": Verb("The deal is lost.", bodies.LoseBody, _plain(handoffs.lose)),
    "reopen": Verb("Mends a wrong answer.", bodies.NoteBody, _plain(handoffs.reopen), opens=True),
}
