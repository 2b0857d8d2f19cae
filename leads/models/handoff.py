"""Handoffs: one cycle each, who held it, and what was tried."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from common.models import PublicId
from leads.models.qualification import Basis, Motion


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """The vocabulary of handoff lists."""

    def open(self) -> HandoffQuerySet:
        return self.filter(status__in=Handoff.OPEN)

    def unanswered(self) -> HandoffQuerySet:
        return self.filter(status=Handoff.Status.OFFERED)


class Handoff(PublicId):
    """One qualification offered to one sales team, pool or person. Offered again means a new row."""

    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        RETURNED = "returned", "Returned"
        ACCEPTED = "accepted", "Accepted"
        QUALIFIED = "qualified", "Qualified"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DISQUALIFIED = "disqualified", "Disqualified"
        RECYCLED = "recycled", "Recycled"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    OPEN = ("offered", "returned", "accepted", "qualified")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="handoffs")
    qualification = models.ForeignKey("leads.Qualification", models.PROTECT, related_name="handoffs")
    status = models.CharField(max_length=12, choices=Status, default=Status.OFFERED)
    cycle = models.PositiveIntegerField(default=1, help_text="First, second ... cycle of this lead.")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="handoffs")
    holder = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="handoffs"
    )
    setter = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    setter_team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis)
    motion = models.CharField(max_length=9, choices=Motion, default=Motion.NEW)
    trigger = models.ForeignKey("leads.Touch", models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    brief = models.ForeignKey("leads.BriefVersion", models.PROTECT, null=True, blank=True, related_name="+")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    next_attempt_at = models.DateTimeField(
        null=True, blank=True, help_text="When its holder means to try again."
    )
    redirects = models.PositiveSmallIntegerField(default=0)
    attempts_count = models.PositiveIntegerField(default=0, help_text="Human attempts of this cycle.")
    contact_made = models.BooleanField(default=False)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="First accepted or rejected.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(
        null=True, blank=True, help_text="First human attempt of the cycle."
    )
    qualified_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    raised_again_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="Paused by hand since; empty while it runs."
    )
    pause_ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When the pause ends by itself; empty: nothing limits it."
    )
    meeting_at = models.DateTimeField(null=True, blank=True, help_text="When the planned meeting begins.")
    takeover_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when anyone of the team may claim it from its holder."
    )
    reason = models.ForeignKey("leads.Reason", models.PROTECT, null=True, blank=True, related_name="+")
    criterion = models.CharField(
        max_length=120, blank=True, help_text="Path of the criterion a rejection points at."
    )
    until_on = models.DateField(null=True, blank=True, help_text="Recycled until this day.")
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    answer_implied = models.BooleanField(
        default=False, help_text="The answer was implied by a later step (history)."
    )
    offer_implied = models.BooleanField(default=False)
    qualify_implied = models.BooleanField(default=False)
    missing_fields = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, help_text="Asked for by a return."
    )

    objects = HandoffQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(status__in=("offered", "returned", "accepted", "qualified")),
                name="one_open_handoff_per_lead",
            ),
            models.UniqueConstraint(fields=["lead", "cycle"], name="handoff_cycle_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False)
                | Q(status__in=("offered", "returned", "accepted", "qualified")),
                name="closed_handoff_has_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(pause_ends_at=None)
                | Q(paused_at__isnull=False, pause_ends_at__gt=F("paused_at")),
                name="pause_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "status"], name="handoff_by_team"),
            models.Index(fields=["holder", "status"], name="handoff_by_holder"),
            models.Index(fields=["-offered_at", "-id"], name="handoff_newest"),
            models.Index(
                fields=["pause_ends_at"], name="handoff_pause_ends", condition=Q(pause_ends_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"handoff {self.pk} of lead {self.lead_id}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class Assignment(models.Model):
    """Who held a cycle from one moment until another: the ownership spans."""

    class Part(models.TextChoices):
        SETTER = "setter", "Setter"
        CLOSER = "closer", "Closer"

    class Ended(models.TextChoices):
        OPEN = "", "Holds it"
        ANSWERED = "answered", "Answered"
        TIMED_OUT = "timed_out", "Timed out"
        ABSENT = "absent", "Absent"
        REDIRECTED = "redirected", "Redirected"
        PASSED = "passed", "Passed"
        REASSIGNED = "reassigned", "Reassigned"
        CLAIMED = "claimed", "Claimed"
        SENT_BACK = "sent_back", "Sent back"
        CLOSED = "closed", "Closed"

    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=6, choices=Part, default=Part.SETTER)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    cover_for = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended, default=Ended.OPEN, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="How routing or a person chose this holder.")

    class Meta:
        ordering = ["from_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"],
                condition=Q(until_at__isnull=True),
                name="one_current_assignment_per_handoff",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")),
                name="assignment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.team} holds {self.handoff_id}"


class Attempt(PublicId):
    """One logged contact on a handoff. Only human ones count for clocks."""

    class Channel(models.TextChoices):
        CALL = "call", "Call"
        EMAIL = "email", "E-mail"
        MESSAGE = "message", "Message"
        MEETING = "meeting", "Meeting"
        VISIT = "visit", "Visit"
        UNKNOWN = "unknown", "Unknown"

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", "Outbound"
        INBOUND = "inbound", "Inbound"

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", "No answer"
        VOICEMAIL = "voicemail", "Voicemail"
        GATEKEEPER = "gatekeeper", "Gatekeeper"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        BOUNCED = "bounced", "Bounced"
        REPLIED = "replied", "Replied"
        TALKED = "talked", "Talked"
        MEETING_BOOKED = "meeting_booked", "Meeting booked"
        MEETING_HELD = "meeting_held", "Meeting held"
        NO_SHOW = "no_show", "No show"
        REFUSED = "refused", "Refused"

    class Origin(models.TextChoices):
        TYPED = "typed", "Typed"
        DIALER = "dialer", "Dialer"
        MAILBOX = "mailbox", "Mailbox"
        CALENDAR = "calendar", "Calendar"
        HISTORY = "history", "History"

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="attempts")
    handoff = models.ForeignKey(Handoff, models.PROTECT, null=True, blank=True, related_name="attempts")
    channel = models.CharField(max_length=7, choices=Channel)
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.OUTBOUND)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.TYPED)
    automated = models.BooleanField(default=False)
    contact = models.BooleanField(
        default=False, help_text="Contact made: replied, talked, refused, held or inbound."
    )
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="When it happened, as told; shown, never counted.")
    recorded_at = models.DateTimeField(help_text="When it was recorded; clocks count from here.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["handoff", "recorded_at"], name="attempt_by_handoff")]

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome}"


class Insight(models.Model):
    """What a buyer said, in the buyer's words."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", "Objection"
        COMPETITOR = "competitor", "Competitor"
        QUESTION = "question", "Question"
        WORDS = "words", "Words that worked"
        PROMISE = "promise", "Promise misunderstood"
        GAP = "gap", "Product gap"

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="insights")
    deal = models.ForeignKey("leads.Deal", models.CASCADE, null=True, blank=True, related_name="insights")
    campaign = models.ForeignKey(
        "leads.Campaign", models.PROTECT, null=True, blank=True, related_name="insights"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"
