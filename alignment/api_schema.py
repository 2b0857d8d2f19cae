"""How the API describes itself: OpenAPI, with the scope that a key needs for each call."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.authentication import ApiKeyAuthentication


class ScopedSchema(AutoSchema):
    """Adds `x-scope`: the scope a key needs; empty where every key may call."""

    def get_extensions(self) -> dict[str, Any]:
        scope = getattr(self.view, "scopes", {}).get(self.method)
        return {} if scope is None else {"x-scope": scope}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
