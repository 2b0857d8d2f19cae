"""What marketing did: campaigns with their briefs, and the touches they produced."""

from django.db import models

from common.models import PublicId


class Campaign(PublicId):
    """One marketing effort with a budget and a brief."""

    name = models.CharField(max_length=160, unique=True)
    slug = models.SlugField(max_length=160, unique=True)
    channel = models.CharField(max_length=40, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    spend = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BriefVersion(models.Model):
    """What a campaign told its audience, in one wording. A handoff names the version its buyer saw."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="briefs")
    number = models.PositiveIntegerField()
    audience = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    message = models.TextField(blank=True)
    promise = models.TextField(blank=True, help_text="What was promised; buyers will quote it.")
    avoid = models.TextField(blank=True, help_text="What not to say.")
    published_at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["campaign_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="brief_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} brief v{self.number}"


class BriefReading(models.Model):
    """One person has read one wording of a brief: acknowledged it, or accepted a lead that it stood on."""

    brief = models.ForeignKey(BriefVersion, models.CASCADE, related_name="readings")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "person"], name="brief_version_read_once_by_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person} read {self.brief}"


class TouchKind(models.Model):
    """A kind of marketing interaction. A hand raise always reaches a person."""

    key = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    hand_raise = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Touch(PublicId):
    """One recorded marketing interaction of a lead."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="touches")
    kind = models.ForeignKey(TouchKind, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="touches")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "touches"
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["lead", "at"], name="touch_by_lead"),
            models.Index(fields=["campaign", "at"], name="touch_by_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d}"
