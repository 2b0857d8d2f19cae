"""`/api/v1/definitions/`: the versions as files, newest first."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from common.web.lists import WholeList
from definitions.models import DefinitionVersion
from definitions.queries import every_version


class DefinitionSerializer(serializers.ModelSerializer[DefinitionVersion]):
    """One version with the tree, scoring and grades of the exchange form."""

    id = serializers.UUIDField(source="public_id")
    definition = serializers.CharField(source="definition_id")
    signed_by = serializers.SerializerMethodField()

    class Meta:
        model = DefinitionVersion
        fields = (
            "id", "definition", "number", "status", "criteria", "scoring", "grades", "note", "effective_from",
            "effective_until", "signed_by",
        )  # fmt: skip

    def get_signed_by(self, version: DefinitionVersion) -> list[dict[str, Any]]:
        return [
            {"side": signature.side, "person": signature.person.name, "at": signature.at}
            for signature in version.signatures.all()
        ]


@extend_schema(tags=["definitions"])
class DefinitionList(WholeList[DefinitionVersion]):
    """Every version of both definitions."""

    scopes: ClassVar = {"GET": "definitions:read"}
    serializer_class = DefinitionSerializer
    ordering = ("-pk",)
    queryset = every_version()
