"""The table of events and clocks (domain section 5), as data: what each event does to each kind of clock."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of clocks, in the order in which an event reaches them."""

    HANDOVER = "handover"
    BUYER_WAIT = "buyer_wait"
    ANSWER = "answer"
    FIRST_RESPONSE = "first_response"
    REWORK = "rework"
    FOLLOW_UP = "follow_up"
    DISPOSITION = "disposition"
    TAKE = "take"
    RE_RESPONSE = "re_response"
    MEETING = "meeting"


class Do(StrEnum):
    """What an event does to the open clocks of one kind. None of them touches a clock that has ended."""

    START = "start"  # a new round; of buyer wait there is one round only
    END = "end"
    BOOK = "book"  # ended by a meeting that the buyer booked: met, but in no spread of response times
    CANCEL = "cancel"
    ANEW = "anew"  # cancelled, and a new round
    RESTART = "restart"  # the same, where the contract says so
    COUNT = "count"  # one attempt; the N-th ends it
    PAUSE = "pause"
    RESUME = "resume"
    HOLD = "hold"  # paused by hand
    RELEASE = "release"  # resumed by hand
    MOVE = "move"  # recomputed in the hours of another team


ON_QUALIFICATION = frozenset({Kind.HANDOVER, Kind.BUYER_WAIT})
PAUSED_BY_HAND = (Kind.ANSWER, Kind.FIRST_RESPONSE, Kind.FOLLOW_UP, Kind.DISPOSITION)
MOVED = (*PAUSED_BY_HAND, Kind.TAKE, Kind.RE_RESPONSE)

_CLOSED = {Kind.TAKE: Do.CANCEL, Kind.RE_RESPONSE: Do.CANCEL, Kind.MEETING: Do.CANCEL}
_REJECTED = {Kind.ANSWER: Do.END, Kind.FIRST_RESPONSE: Do.CANCEL, Kind.REWORK: Do.CANCEL, **_CLOSED}
_GIVEN_UP = {Kind.FIRST_RESPONSE: Do.CANCEL, Kind.FOLLOW_UP: Do.CANCEL, Kind.DISPOSITION: Do.END, **_CLOSED}
_OUTCOME = {**_GIVEN_UP, Kind.ANSWER: Do.CANCEL, Kind.REWORK: Do.CANCEL}
_ATTEMPT = {Kind.BUYER_WAIT: Do.END, Kind.FIRST_RESPONSE: Do.END, Kind.RE_RESPONSE: Do.END}
_OFFER = {Kind.HANDOVER: Do.END, Kind.ANSWER: Do.START, Kind.FIRST_RESPONSE: Do.START}
_RETURN = {Kind.ANSWER: Do.PAUSE, Kind.REWORK: Do.START}
_ACCEPT = {Kind.ANSWER: Do.END, Kind.REWORK: Do.CANCEL, Kind.FOLLOW_UP: Do.START, Kind.DISPOSITION: Do.START}
_BOOKED = {Kind.BUYER_WAIT: Do.BOOK, Kind.FIRST_RESPONSE: Do.BOOK, Kind.RE_RESPONSE: Do.BOOK}
_GONE = dict.fromkeys(Kind, Do.CANCEL)

TABLE: Mapping[str, Mapping[Kind, Do]] = {
    "mql": {Kind.HANDOVER: Do.START, Kind.BUYER_WAIT: Do.START},
    "set_aside": {Kind.HANDOVER: Do.CANCEL, Kind.BUYER_WAIT: Do.CANCEL},
    "offered": _OFFER,
    "claimed": {},
    "reassigned": dict.fromkeys(MOVED, Do.RESTART),
    "reassigned to another team": dict.fromkeys(MOVED, Do.MOVE),
    "redirected": {Kind.ANSWER: Do.ANEW},
    "redirected to another team": {
        Kind.ANSWER: Do.ANEW,
        Kind.FIRST_RESPONSE: Do.MOVE,
        Kind.RE_RESPONSE: Do.MOVE,
    },
    "returned": {**_RETURN, Kind.FIRST_RESPONSE: Do.PAUSE},
    "returned while a hand raise waits": _RETURN,
    "resupplied": {Kind.ANSWER: Do.RESUME, Kind.FIRST_RESPONSE: Do.RESUME, Kind.REWORK: Do.END},
    "accepted": _ACCEPT,
    "accepted by a booking": {**_ACCEPT, Kind.BUYER_WAIT: Do.BOOK, Kind.FIRST_RESPONSE: Do.BOOK},
    "rejected to fix": {**_REJECTED, Kind.HANDOVER: Do.START},
    "rejected for good": {**_REJECTED, Kind.BUYER_WAIT: Do.CANCEL},
    "withdrawn": {
        Kind.HANDOVER: Do.START,
        Kind.ANSWER: Do.CANCEL,
        Kind.FIRST_RESPONSE: Do.CANCEL,
        Kind.REWORK: Do.END,
        **_CLOSED,
    },
    "attempted": {**_ATTEMPT, Kind.FOLLOW_UP: Do.COUNT},
    "contacted": {**_ATTEMPT, Kind.FOLLOW_UP: Do.END},
    "qualified": {Kind.FOLLOW_UP: Do.END, Kind.DISPOSITION: Do.END},
    "passed": {Kind.TAKE: Do.START},
    "taken": {Kind.TAKE: Do.END},
    "sent_back": {Kind.TAKE: Do.END, Kind.DISPOSITION: Do.START},
    "disqualified": {**_GIVEN_UP, Kind.BUYER_WAIT: Do.CANCEL},
    "recycled": {**_GIVEN_UP, Kind.BUYER_WAIT: Do.CANCEL},
    "won": _OUTCOME,
    "lost": {**_OUTCOME, Kind.BUYER_WAIT: Do.CANCEL},
    "reopened as an offer": _OFFER,
    "reopened as accepted": {Kind.HANDOVER: Do.END, Kind.DISPOSITION: Do.START},
    "reopened": {Kind.HANDOVER: Do.END},  # sales has the lead again: nothing is left to hand over
    "raised_again": {Kind.RE_RESPONSE: Do.START},
    # A meeting clock starts when the meeting is to begin; held in time of that, and recorded, it is met.
    "booked": {Kind.MEETING: Do.START},
    "booked by the buyer": {**_BOOKED, Kind.FOLLOW_UP: Do.END, Kind.MEETING: Do.START},
    "moved": {Kind.MEETING: Do.ANEW},
    "moved by the buyer": {**_BOOKED, Kind.FOLLOW_UP: Do.END, Kind.MEETING: Do.ANEW},
    "held": {Kind.MEETING: Do.END},
    "no_show": {Kind.MEETING: Do.CANCEL},
    "called_off": {Kind.MEETING: Do.CANCEL},
    "paused": dict.fromkeys(PAUSED_BY_HAND, Do.HOLD),
    "resumed": dict.fromkeys(PAUSED_BY_HAND, Do.RELEASE),
    "merged": _GONE,
    "anonymised": _GONE,
}
