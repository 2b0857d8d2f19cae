"""How the API describes itself: OpenAPI, with the scope that a key needs and the refusals of each call."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from accounts.authentication import ApiKeyAuthentication
from common.web.problems import CONTENT_TYPE, ProblemShape

ANY_CALL = ("401", "403", "422", "429", "503")
WITH_ID = ("404",)
WITH_BODY = ("400", "409", "413", "415")


class DescribedSchema(AutoSchema):
    """Adds `x-scope`, the scope a key needs, empty where every key may call; and what a call may be refused with."""

    def get_extensions(self) -> dict[str, Any]:
        scope = getattr(self.view, "scopes", {}).get(self.method)
        return {} if scope is None else {"x-scope": scope}

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        codes = [
            *ANY_CALL,
            *(WITH_ID if "{" in self.path else ()),
            *(WITH_BODY if self.method != "GET" else ()),
        ]
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        refusals = {code: self._refusal(code, direction) for code in codes}
        return dict(sorted({**refusals, **answers}.items()))

    def _refusal(self, code: str, direction: Direction) -> Any:
        return self._get_response_for_code(ProblemShape, code, [CONTENT_TYPE], direction)  # type: ignore[no-untyped-call]


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
