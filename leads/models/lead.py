"""A lead: a person at a company whom marketing may hand over, and the facts known about that person."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from common.models import PublicId


class Stage(models.TextChoices):
    """Lifecycle stage of a lead (domain section 2)."""

    INQUIRY = "inquiry", "Inquiry"
    MARKETING_QUALIFIED = "marketing_qualified", "MQL"
    SALES_ACCEPTED = "sales_accepted", "SAL"
    SALES_QUALIFIED = "sales_qualified", "SQL"
    CUSTOMER = "customer", "Customer"
    RECYCLED = "recycled", "Recycled"
    DISQUALIFIED = "disqualified", "Disqualified"


class Lead(PublicId):
    """One person. Text that criteria compare has its key beside it, made in Python."""

    class Origin(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        PROSPECTING = "sales_prospecting", "Sales prospecting"
        PARTNER = "partner", "Partner"
        CUSTOMER_SUCCESS = "customer_success", "Customer success"

    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=160, blank=True)
    title_key = models.CharField(max_length=480, blank=True)
    company = models.ForeignKey("leads.Company", models.PROTECT, null=True, blank=True, related_name="leads")
    country = models.CharField(max_length=80, blank=True)
    country_key = models.CharField(max_length=240, blank=True)
    source = models.CharField(max_length=120, blank=True)
    source_key = models.CharField(max_length=360, blank=True)
    campaign = models.ForeignKey(
        "leads.Campaign", models.PROTECT, null=True, blank=True, related_name="leads"
    )
    owner = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="owned_leads"
    )
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.MARKETING)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.INQUIRY)
    stage_at = models.DateTimeField(help_text="Since when it is in this stage.")
    wake_at = models.DateTimeField(
        null=True, blank=True, help_text="When a recycled lead becomes an inquiry again."
    )
    attributes = models.JSONField(
        default=dict, blank=True, help_text="Custom attributes by name, typed by CustomField."
    )
    attribute_keys = models.JSONField(default=dict, blank=True, help_text="text_key of the text attributes.")
    created_at = models.DateTimeField()
    created_at_assumed = models.BooleanField(
        default=False, help_text="Nobody gave it; an earlier event moves it."
    )
    recorded_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    anonymised_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(
        blank=True, help_text="Key of names, title, company and e-mails, for search."
    )
    version = models.PositiveIntegerField(default=0, help_text="Counts edits; a stale page is refused.")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["stage", "-created_at", "-id"], name="lead_by_stage"),
            models.Index(fields=["source_key"], name="lead_by_source"),
            models.Index(fields=["wake_at"], name="lead_to_wake", condition=Q(wake_at__isnull=False)),
            GinIndex(fields=["search_text"], name="lead_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What a person is called on screen; the e-mail stands in where the name is unknown."""
        return f"{self.first_name} {self.last_name}".strip() or self._address or "No name"

    @property
    def is_nameless(self) -> bool:
        return not f"{self.first_name}{self.last_name}".strip()

    @property
    def _address(self) -> str:
        """The primary one. Lists fetch them beforehand, for those who need it."""
        known = sorted(self.emails.all(), key=lambda one: not one.is_primary) if self.pk else []
        return known[0].email if known else ""


class LeadEmail(models.Model):
    """An e-mail address of a lead. One address belongs to one lead."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="emails")
    email = models.CharField(max_length=254)
    key = models.CharField(max_length=254, unique=True, help_text="Normalised for comparison.")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(is_primary=True), name="one_primary_email_per_lead"
            )
        ]

    def __str__(self) -> str:
        return self.email


class LeadPhone(models.Model):
    """A phone number of a lead, as typed and in E.164 where it could be read."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="phones")
    phone = models.CharField(max_length=60)
    e164 = models.CharField(max_length=20, blank=True, db_index=True)
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(is_primary=True), name="one_primary_phone_per_lead"
            )
        ]

    def __str__(self) -> str:
        return self.phone


class CustomField(models.Model):
    """A custom attribute of leads: its name in normal form, its label and its type."""

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        BOOLEAN = "boolean", "Yes or no"
        CHOICE = "choice", "Choice"

    name = models.CharField(max_length=80, unique=True)
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=7, choices=Type)
    choices = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label


class AttributeChange(models.Model):
    """One value that one fact of a lead had from a moment on; backtests read facts as of then."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="changes")
    fact = models.CharField(
        max_length=100, help_text="Name of the fact, such as lead.title or attributes.region."
    )
    value = models.JSONField(null=True)
    was = models.JSONField(null=True, help_text="The value before; empty where there was none.")
    at = models.DateTimeField(help_text="Known from this moment on.")
    source = models.CharField(max_length=40, blank=True, help_text="form, import, api or a person's edit.")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "fact", "at"], name="change_by_lead_and_fact")]

    def __str__(self) -> str:
        return f"{self.fact} of {self.lead_id}"


class ExternalId(models.Model):
    """What another system calls one of our rows."""

    class Kind(models.TextChoices):
        LEAD = "lead", "Lead"
        COMPANY = "company", "Company"
        DEAL = "deal", "Deal"
        CAMPAIGN = "campaign", "Campaign"
        TOUCH = "touch", "Touch"
        ATTEMPT = "attempt", "Attempt"
        PERSON = "person", "Person"

    system = models.CharField(max_length=40, default="import")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=200)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="external_ids")
    company = models.ForeignKey(
        "leads.Company", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    deal = models.ForeignKey("leads.Deal", models.CASCADE, null=True, blank=True, related_name="external_ids")
    campaign = models.ForeignKey(
        "leads.Campaign", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    touch = models.ForeignKey(
        "leads.Touch", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    attempt = models.ForeignKey(
        "leads.Attempt", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    person = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "value"], name="one_row_per_external_id"),
            models.CheckConstraint(
                name="external_id_names_one_row",
                condition=(
                    Q(kind="lead", lead__isnull=False)
                    | Q(kind="company", company__isnull=False)
                    | Q(kind="deal", deal__isnull=False)
                    | Q(kind="campaign", campaign__isnull=False)
                    | Q(kind="touch", touch__isnull=False)
                    | Q(kind="attempt", attempt__isnull=False)
                    | Q(kind="person", person__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.kind}:{self.value}"


class Consent(models.Model):
    """What a lead agreed to, for one purpose and channel, at one moment. The newest row counts."""

    class State(models.TextChoices):
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LEGITIMATE_INTEREST = "legitimate_interest", "Legitimate interest"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40, default="sales_contact")
    channel = models.CharField(max_length=10, blank=True, help_text="Empty: every channel.")
    state = models.CharField(max_length=20, choices=State)
    at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True)
    text_version = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "purpose", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class DoNotContact(models.Model):
    """Nobody may contact this person, or anyone at this domain."""

    lead = models.OneToOneField(Lead, models.CASCADE, null=True, blank=True, related_name="do_not_contact")
    domain = models.CharField(max_length=253, null=True, blank=True, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False, domain__isnull=True)
                | Q(lead__isnull=True, domain__isnull=False),
                name="do_not_contact_person_or_domain",
            )
        ]

    def __str__(self) -> str:
        return self.domain or str(self.lead)
