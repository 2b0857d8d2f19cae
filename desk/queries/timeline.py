"""What happened to a lead, newest first: touches, acts, attempts and comments in one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from accounts.models import Team, User
from desk.queries.sentences import Names, said
from leads.models import Attempt, Comment, Deal, Lead, LeadEvent, Reason, Touch
from leads.queries import pointed_at

SHOWN = 200
FIRST, AFTER = -1, 1  # at one moment a lead is first seen, then touched, and acts follow from that
TRIED = (LeadEvent.Kind.ATTEMPTED, LeadEvent.Kind.CONTACTED)
ICONS = {
    "created": ("world", ""), "mql": ("circle-check", "ok"), "offered": ("arrow-right", "key"),
    "claimed": ("hand-finger", "sal"), "accepted": ("check", "ok"), "rejected": ("x", "bad"),
    "redirected": ("route", "key"), "returned": ("arrow-back-up", "sal"), "resupplied": ("send", "mkt"),
    "withdrawn": ("arrow-left", "mkt"), "qualified": ("star", "ok"), "passed": ("user-up", "sal"),
    "taken": ("check", "sal"), "sent_back": ("arrow-back-up", "sal"), "disqualified": ("ban", "bad"),
    "recycled": ("recycle", ""), "won": ("trophy", "ok"), "lost": ("thumb-down", "bad"),
    "reassigned": ("user-plus", "key"), "reopened": ("refresh", "key"), "raised_again": ("hand-finger", "mkt"),
    "paused": ("player-pause", ""), "resumed": ("player-play", ""), "set_aside": ("ban", "mkt"),
    "takeover": ("hand-finger", "key"), "woken": ("sunrise", "mkt"), "merged": ("git-merge", ""),
    "anonymised": ("user-off", ""), "booked": ("calendar-event", "key"), "moved": ("calendar-event", ""),
    "held": ("users", "ok"), "no_show": ("calendar-x", "bad"), "called_off": ("calendar-x", ""),
}  # fmt: skip
CHANNELS = {
    "call": "phone",
    "email": "mail",
    "message": "message",
    "meeting": "calendar-event",
    "visit": "building",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a sentence, its sign, and what was said with it. `rank` orders what happened at the same moment."""

    at: datetime
    sentence: str
    icon: str
    tone: str = ""
    note: str = ""
    by: str = ""
    recorded_at: datetime | None = None
    mentioned: tuple[User, ...] = ()
    rank: int = 0

    @property
    def backdated(self) -> bool:
        """Told later than it happened; clocks count from when it was told."""
        return self.recorded_at is not None and (self.recorded_at - self.at).total_seconds() > 60


def timeline_of(lead: Lead) -> list[Entry]:
    """The newest 200 entries, in nine queries at most."""
    entries = [*_touches(lead), *_acts(lead), *_attempts(lead), *_comments(lead)]
    return sorted(entries, key=attrgetter("at", "rank"), reverse=True)[:SHOWN]


def comments_of(lead: Lead) -> list[Comment]:
    """What both teams said, the newest first."""
    return list(
        Comment.objects.filter(lead=lead)
        .select_related("by")
        .prefetch_related("mentions")
        .order_by("-at", "-pk")[:SHOWN]
    )


def _touches(lead: Lead) -> Iterator[Entry]:
    for touch in Touch.objects.filter(lead=lead).select_related("kind", "campaign").order_by("-at")[:SHOWN]:
        icon = "hand-finger" if touch.kind.hand_raise else "speakerphone"
        whence = touch.campaign or lead.source
        yield Entry(
            touch.at,
            said("{}: <b>{}</b>", touch.kind, whence) if whence else said("<b>{}</b>", touch.kind),
            icon,
            "mkt",
            touch.detail,
        )


def _acts(lead: Lead) -> Iterator[Entry]:
    rows = LeadEvent.objects.filter(lead=lead).exclude(kind__in=TRIED).select_related("actor", "note")
    events = list(rows.order_by("-at", "-pk")[:SHOWN])
    names = names_of(events)
    for event in events:
        icon, tone = ICONS[event.kind]
        note = getattr(event, "note", None)
        rank = FIRST if event.kind == LeadEvent.Kind.CREATED else AFTER
        yield Entry(event.at, names.sentence(event), icon, tone, note.text if note else "", rank=rank)


def _attempts(lead: Lead) -> Iterator[Entry]:
    for attempt in Attempt.objects.filter(lead=lead).select_related("by").order_by("-recorded_at")[:SHOWN]:
        how = (
            f"{attempt.get_channel_display()}, {attempt.get_outcome_display().lower() or 'outcome not told'}"
        )
        who = "Automatic" if attempt.automated else (attempt.by or "Somebody")
        minutes = f", {attempt.minutes} min" if attempt.minutes else ""
        icon = CHANNELS.get(attempt.channel, "phone") if attempt.direction == "outbound" else "phone-incoming"
        yield Entry(
            attempt.at, said("<b>{}</b>: {}{}", who, how, minutes), icon, "sal" if attempt.contact else "",
            attempt.note, recorded_at=attempt.recorded_at,
        )  # fmt: skip


def _comments(lead: Lead) -> Iterator[Entry]:
    for comment in comments_of(lead):
        yield Entry(
            comment.at, said("<b>{}</b> commented", comment.by), "message", "", comment.text, by=str(comment.by),
            mentioned=tuple(comment.mentions.all()),
        )  # fmt: skip


def names_of(events: Iterable[LeadEvent]) -> Names:
    """Names of the people, teams, reasons and criteria that the codes of these rows stand for."""
    events = list(events)
    data = [event.data for event in events]
    teams = _ids(data, "team", "from_team")
    people = _ids(data, "person", "from_person", "known_owner")
    deals = _ids(data, "known_deal")
    reasons = {row["reason"] for row in data if row.get("reason")}
    return Names(
        people=dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {},
        teams=dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        reasons=dict(Reason.objects.filter(key__in=reasons).order_by("version").values_list("key", "label"))
        if reasons
        else {},
        deals=dict(Deal.objects.filter(pk__in=deals).values_list("pk", "name")) if deals else {},
        criteria=pointed_at(
            (event.handoff_id, event.data.get("criterion") or "") for event in events if event.handoff_id
        ),
    )


def _ids(data: Iterable[Mapping[str, object]], *keys: str) -> set[int]:
    return {value for row in data for key in keys if isinstance(value := row.get(key), int)}
