"""`teams/` and `people/`: who there is, for every key to read."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers

from accounts.models import Membership, Team, User
from accounts.permissions import ANY_KEY
from accounts.queries import every_team, people_for_programs
from common.web.lists import WholeList


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team as programs name it: by `id` or `name`."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    side = serializers.CharField(read_only=True)
    calendar = serializers.CharField(source="calendar.name", read_only=True)
    active = serializers.BooleanField(source="is_active", read_only=True)

    class Meta:
        model = Team
        fields = (
            "id", "name", "function", "side", "routing", "countries", "min_employees", "full_cycle",
            "calendar", "active",
        )  # fmt: skip
        read_only_fields = fields


class SeatSerializer(serializers.ModelSerializer[Membership]):
    """One team of a person, and the role there."""

    id = serializers.UUIDField(source="team.public_id", read_only=True)
    name = serializers.CharField(source="team.name", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "name", "role")
        read_only_fields = fields


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person as programs name them: by `id` or `email`."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    role = serializers.CharField(source="organisation_role", read_only=True)
    active = serializers.BooleanField(source="is_active", read_only=True)
    teams = SeatSerializer(source="memberships", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "name", "role", "active", "teams")
        read_only_fields = fields


class TeamList(WholeList[Team]):
    """Every team, by name."""

    scopes = {"GET": ANY_KEY}
    serializer_class = TeamSerializer
    queryset = every_team().select_related("calendar")
    ordering = ("name", "pk")


class PersonList(WholeList[User]):
    """Everyone, by name: those whom only history knows are not active."""

    scopes = {"GET": ANY_KEY}
    serializer_class = PersonSerializer
    queryset = people_for_programs()
    ordering = ("name", "pk")


urlpatterns: list[Any] = [
    path("teams/", TeamList.as_view(), name="teams"),
    path("people/", PersonList.as_view(), name="people"),
]
