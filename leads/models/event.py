"""The journal of leads (append-only), and the free text that may be blanked beside it."""

from django.db import models

from common.models import PublicId


class LeadEvent(models.Model):
    """One thing that happened to a lead: ids, codes and numbers only. Rows are inserted and read, never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", "Created"
        MQL = "mql", "Qualified as MQL"
        OFFERED = "offered", "Offered"
        CLAIMED = "claimed", "Claimed"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        REDIRECTED = "redirected", "Redirected"
        RETURNED = "returned", "Returned for info"
        RESUPPLIED = "resupplied", "Resupplied"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ATTEMPTED = "attempted", "Attempted"
        CONTACTED = "contacted", "Contact made"
        QUALIFIED = "qualified", "Qualified"
        PASSED = "passed", "Passed"
        TAKEN = "taken", "Taken"
        SENT_BACK = "sent_back", "Sent back"
        DISQUALIFIED = "disqualified", "Disqualified"
        RECYCLED = "recycled", "Recycled"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        REASSIGNED = "reassigned", "Reassigned"
        REOPENED = "reopened", "Reopened"
        RAISED_AGAIN = "raised_again", "Raised a hand again"
        TAKEOVER = "takeover", "Open to the team"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Resumed"
        BOOKED = "booked", "Meeting booked"
        MOVED = "moved", "Meeting moved"
        HELD = "held", "Meeting held"
        NO_SHOW = "no_show", "No show"
        CALLED_OFF = "called_off", "Meeting called off"
        SET_ASIDE = "set_aside", "Set aside"
        WOKEN = "woken", "Woken"
        MERGED = "merged", "Merged"
        ANONYMISED = "anonymised", "Anonymised"

    append_only = True

    kind = models.CharField(max_length=12, choices=Kind)
    # Indexes that begin with the lead and the handoff are in Meta; others would cost every journal row.
    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="events", db_index=False)
    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, null=True, blank=True, related_name="events", db_index=False
    )
    qualification = models.ForeignKey(
        "leads.Qualification", models.PROTECT, null=True, blank=True, related_name="events"
    )
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="When it happened.")
    recorded_at = models.DateTimeField(help_text="When it was recorded; later than at only for history.")
    implied = models.BooleanField(default=False, help_text="Implied by a later step of imported history.")
    historic = models.BooleanField(default=False, help_text="Imported; notifies nobody.")
    data = models.JSONField(default=dict, help_text="Ids, codes and numbers only; no names, no free text.")

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["lead", "at", "id"], name="event_by_lead"),
            models.Index(fields=["handoff", "id"], name="event_by_handoff"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of lead {self.lead_id} at {self.at:%Y-%m-%d %H:%M}"


class EventNote(models.Model):
    """The free text said with one journal row; blanked on erasure, so the journal never changes."""

    event = models.OneToOneField(LeadEvent, models.PROTECT, related_name="note")
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.text[:40]


class Comment(PublicId):
    """Something one team tells the other about a lead. Both teams read it."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="comments")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    mentions = models.ManyToManyField("accounts.User", blank=True, related_name="mentioned_in")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:40]
