"""How often one key may call (S26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey
from common.web.rates import EXPORT, Rate, wait_for

if TYPE_CHECKING:  # views read the settings, which name this module
    from rest_framework.request import Request
    from rest_framework.views import APIView

__all__ = ["ACT", "CREATE", "EXPORT", "PALETTE", "READ", "SEARCH", "Limited", "Rate", "wait_for"]

CREATE = Rate("create", 60, 60)
ACT = Rate("act", 600, 60)
READ = Rate("read", 600, 60)
SEARCH = Rate("search", 30, 60)
PALETTE = Rate("palette", 120, 60)


class Limited(BaseThrottle):
    """A view says `rates = {"POST": CREATE}`; reading is `READ` and every other method `ACT`.

    Where it says `searched_by = "q"`, reading with that filter is `SEARCH`, as on the page.
    """

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True
        rate = getattr(view, "rates", {}).get(request.method, self._usual(request, view))
        key = request.auth
        who = f"key{key.pk}" if isinstance(key, ApiKey) else f"user{request.user.pk}"
        self.seconds = wait_for(rate, who)
        return self.seconds == 0

    @staticmethod
    def _usual(request: Request, view: APIView) -> Rate:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return ACT
        return SEARCH if request.query_params.get(getattr(view, "searched_by", "")) else READ

    def wait(self) -> float:
        return self.seconds
