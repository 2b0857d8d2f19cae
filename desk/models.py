"""What a person keeps for the pages of desk: views of the lead queue under a name."""

from __future__ import annotations

from django.db import models

from common.models import PublicId


class SavedView(PublicId):
    """One question to the lead queue that one person gave a name; a tab beside those of the house."""

    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, help_text="The query string of the list, in its one order.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="one_saved_view_per_person_and_name")
        ]

    def __str__(self) -> str:
        return self.name
