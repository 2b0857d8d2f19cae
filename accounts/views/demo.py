"""One-click sign-in of the demo. Routed and answered only where `DEMO` is on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.queries import person_by, personas
from common.web.http import next_page


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    email = request.POST.get("persona", "")
    if not settings.DEMO or email not in {persona.email for persona in personas()}:
        raise Http404
    login(request, person_by(email))
    return HttpResponseRedirect(next_page(request))
