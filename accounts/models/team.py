"""Teams, who belongs to them in which role, and who is away."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from common.models import PublicId

MARKETING_FUNCTIONS = ("demand", "content", "partner")


class Side(models.TextChoices):
    """The two parties of the contract."""

    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales"


class Team(PublicId):
    """A group of people that does one job; its side of the contract follows from its function."""

    class Function(models.TextChoices):
        DEMAND = "demand", "Demand generation"
        CONTENT = "content", "Content"
        PARTNER = "partner", "Partner marketing"
        DEVELOPMENT = "development", "Sales development"
        SALES = "sales", "Sales"
        ACCOUNT_MANAGEMENT = "account_management", "Account management"

    class Routing(models.TextChoices):
        POOL = "pool", "Shared pool"
        ROUND_ROBIN = "round_robin", "Round robin"

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    function = models.CharField(max_length=20, choices=Function)
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, related_name="teams")
    routing = models.CharField(max_length=12, choices=Routing, default=Routing.POOL)
    countries = models.JSONField(
        default=list, blank=True, help_text="Upper-case country codes it serves; empty: any."
    )
    min_employees = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="Order in which routing tries teams.")
    full_cycle = models.BooleanField(default=True, help_text="Its reps also close; passing is not offered.")
    passes_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def side(self) -> str:
        return Side.MARKETING if self.function in MARKETING_FUNCTIONS else Side.SALES


class Membership(models.Model):
    """One person in one team, with the role played there."""

    class Role(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        REP = "rep", "Sales rep"
        SALES_MANAGER = "sales_manager", "Sales manager"
        MARKETING_MANAGER = "marketing_manager", "Marketing manager"

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    calendar = models.ForeignKey(
        "calendars.Calendar",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the team's.",
    )
    weight = models.PositiveSmallIntegerField(default=1, help_text="Share of round-robin turns.")
    open_offer_cap = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Unanswered offers at once."
    )
    paused_until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="Empty: from before this was kept.")
    turns = models.PositiveIntegerField(
        default=0, help_text="Round-robin turns taken; the next goes to the fewest."
    )

    class Meta:
        ordering = ["team__name", "user__name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "team"], name="one_membership_per_person_and_team"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="membership_weight_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class Absence(models.Model):
    """A person away from one moment until another, and who covers."""

    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="absences")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(help_text="Back at this moment (half-open).")
    cover = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="covers")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["from_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("person")),
                name="absence_covered_by_someone_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} away {self.from_at:%Y-%m-%d} to {self.until_at:%Y-%m-%d}"
