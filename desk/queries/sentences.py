"""Journal rows in words: codes and ids become the sentences of a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from desk.queries.meetings import meeting_words
from leads.models import Handoff, LeadEvent, Stage
from leads.models.qualification import Basis

Codes = Mapping[str, Any]


def said(sentence: str, *values: object) -> SafeString:
    """A sentence of ours with their words in it, escaped."""
    return format_html(sentence, *values)


BASES = {
    Basis.DEFINITION: "by the definition", Basis.HAND_RAISE: "by a hand raise", Basis.PARTNER: "by a partner",
    Basis.LIST: "from a list", Basis.MANUAL: "marked by hand", Basis.IMPORT: "from history",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids and keys of some journal rows are called."""

    people: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[int, str] = field(default_factory=dict)
    criteria: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def sentence(self, event: LeadEvent) -> SafeString:
        tell = SENTENCES.get(event.kind)
        words = tell(self, event.data) if tell else said("{}", event.get_kind_display())
        by = said(" by <b>{}</b>", event.actor) if event.actor else ""
        implied = " (implied by a later step)" if event.implied else ""
        why = AFTERWORDS.get(event.kind, Names.because)(self, event.data)
        return said("{}{}{}{}{}", words, by, implied, why, self.pointed(event))

    def pointed(self, event: LeadEvent) -> SafeString:
        """The criterion that whoever rejected says is not met."""
        words = self.criteria.get((event.handoff_id or 0, event.data.get("criterion") or ""))
        return said(", <b>{}</b>", words) if words else said("{}", "")

    def place(self, data: Codes) -> str:
        """Whom a lead went to: a person, else a team's pool."""
        person, team = self.people.get(data.get("person") or 0), self.teams.get(data.get("team") or 0)
        return person or (f"the pool of {team}" if team else "sales")

    def because(self, data: Codes) -> SafeString:
        key = data.get("reason")
        return said(": {}", self.reasons.get(key, str(key).replace("_", " "))) if key else said("{}", "")


def _mql(names: Names, data: Codes) -> SafeString:
    return said("Became an <b>MQL</b>, {}", BASES.get(data.get("basis", ""), "basis not told"))


def _accepted(names: Names, data: Codes) -> SafeString:
    with_what = {"attempt": ", with the attempt", "booking": ", by a booked meeting"}.get(
        data.get("by", ""), ""
    )
    return said("<b>Accepted</b>{}", with_what)


def _why_rejected(names: Names, data: Codes) -> SafeString:
    deal, owner = names.deals.get(data.get("known_deal") or 0), names.people.get(data.get("known_owner") or 0)
    whose = said(", the buyer of <b>{}</b>", ", ".join(filter(None, [deal, owner]))) if deal or owner else ""
    return said("{}{}", names.because(data), whose)


def _missing(names: Names, data: Codes) -> SafeString:
    """The reason says it in full; without one the names of the fields do."""
    fields = ", ".join(str(name).rpartition(".")[2].replace("_", " ") for name in data.get("fields") or [])
    return names.because(data) if data.get("reason") or not fields else said(": {}", fields)


def _paused(names: Names, data: Codes) -> SafeString:
    soon = ", right after the lead replied" if data.get("after_reply") else ""
    return said("{}{}", names.because(data), soon)


def _resumed(names: Names, data: Codes) -> SafeString:
    by = data.get("by")
    if by == "end":
        return said("<b>{}</b> by itself, the pause was over", "Resumed")
    return said("<b>Resumed</b>{}", ", the lead was acted on" if by else "")


def _meeting(sentence: str) -> Callable[[Names, Codes], SafeString]:
    def told(names: Names, data: Codes) -> SafeString:
        """When it is to begin, in the page's time zone; a buyer has no login to be named by."""
        at = data.get("starts_at")
        when = f" for {meeting_words(datetime.fromisoformat(at))}" if at else ""
        buyer = " by the buyer" if data.get("booked_by") == "buyer" else ""
        return said("<b>{}</b>{}{}", sentence, when, buyer)

    return told


def _recycled(names: Names, data: Codes) -> SafeString:
    until = f" until {date.fromisoformat(data['until'][:10]):%-d %b %Y}" if data.get("until") else ""
    return said("<b>Recycled</b>{}", until)


def _claimed(names: Names, data: Codes) -> SafeString:
    former = names.people.get(data.get("from_person") or 0)
    return said("<b>Taken over</b> from {}", former) if former else said("<b>{}</b>", "Claimed")


def _open_to_team(names: Names, data: Codes) -> SafeString:
    return said("{}", "Open to the team, anyone may claim it from its holder")


def _reassigned(names: Names, data: Codes) -> SafeString:
    why = ", after two redirects" if data.get("escalated") else ""
    return said("Reassigned to <b>{}</b>{}", names.place(data), why)


def _set_aside(names: Names, data: Codes) -> SafeString:
    stage = dict(Stage.choices).get(data.get("stage", ""), "")
    return said("Set aside, {}", str(stage).lower())


def _reopened(names: Names, data: Codes) -> SafeString:
    status = dict(Handoff.Status.choices).get(data.get("status", ""), "")
    return said("<b>Reopened</b> as {}, a new cycle", str(status).lower())


def _verb(verb: str, rest: str = "") -> Callable[[Names, Codes], SafeString]:
    return lambda names, data: said("<b>{}</b>{}", verb, rest)


def _to(sentence: str) -> Callable[[Names, Codes], SafeString]:
    return lambda names, data: said("{} to <b>{}</b>", sentence, names.place(data))


SENTENCES: dict[str, Callable[[Names, Codes], SafeString]] = {
    "created": lambda names, data: said("{}", "First seen"), "mql": _mql, "offered": _to("Offered"),
    "claimed": _claimed, "takeover": _open_to_team, "accepted": _accepted, "rejected": _verb("Rejected"),
    "redirected": _to("Redirected"), "returned": _verb("Returned", " for info"),
    "resupplied": _verb("Resupplied"),
    "withdrawn": _verb("Withdrawn"), "qualified": _verb("Qualified, SQL"), "passed": _to("Passed"),
    "taken": _verb("Taken"), "sent_back": _verb("Sent back"), "disqualified": _verb("Disqualified"),
    "recycled": _recycled, "won": _verb("Won"), "lost": _verb("Lost"), "reassigned": _reassigned,
    "reopened": _reopened, "paused": _verb("Paused"), "resumed": _resumed,
    "set_aside": _set_aside, "booked": _meeting("Meeting booked"), "moved": _meeting("Meeting moved"),
    "held": _meeting("Meeting held"), "no_show": _meeting("The buyer did not come"),
    "called_off": _meeting("Meeting called off"),
}  # fmt: skip
# What is said after who did it: the reason, unless there is more.
AFTERWORDS: Mapping[str, Callable[[Names, Codes], SafeString]] = {
    "rejected": _why_rejected, "returned": _missing, "paused": _paused,
}  # fmt: skip
