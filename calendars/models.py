"""Working calendars: who works when, in versions that clocks can name for ever."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import PublicId


class Calendar(PublicId):
    """A named set of working hours. What it says lives in its versions."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """The hours of one calendar as they were agreed at one time. Never edited."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField(help_text="The format of BusinessCalendar.from_dict, holidays included.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["calendar_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number_once"),
            models.UniqueConstraint(
                fields=["calendar"], condition=Q(is_current=True), name="one_current_calendar_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"


class Holiday(models.Model):
    """A day (or part of one) on which a calendar is closed, with the name people know it by."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=120)
    source = models.CharField(
        max_length=40, default="hand", help_text="hand, ics or country code and region."
    )

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="one_holiday_per_calendar_day")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
