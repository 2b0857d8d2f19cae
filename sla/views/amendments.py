"""What an amendment does to clocks that run: the choice, what it would do, the last quarter under it, how far it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import done, is_htmx, render_page
from sla.access import contract_version_for
from sla.models import ContractVersion
from sla.queries.recomputes import newest_to
from sla.queries.talk import remark_count
from sla.services import contracts
from sla.services.recompute.figures import figures_of
from sla.views.versions import of_version


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def running_clocks(request: UserRequest, number: int) -> HttpResponse:
    """Everyone reads it; who drafts chooses, until a side has signed. htmx asks for the progress alone."""
    version = contract_version_for(request.user, number)
    if request.method == "POST":
        return _choose(request, version)
    recompute = newest_to(version)
    context: dict[str, object] = {"nav_key": "contract", "version": version, "recompute": recompute}
    context["said"] = remark_count(version)
    if recompute and is_htmx(request):
        return render_page(request, "sla/_recompute.html", context)
    if version.status != ContractVersion.Status.SIGNED:
        figures = figures_of(version, database_now())
        context |= {
            "preview": figures.preview,
            "hindsight": figures.hindsight,
            "as_of": figures.at,
            "may_choose": contracts.may_draft(request.user) and not version.signatures.exists(),
        }
    return render_page(request, "sla/contract_running.html", context)


def _choose(request: UserRequest, version: ContractVersion) -> HttpResponse:
    also = request.POST.get("also") == "yes"
    row = contracts.choose_for_running(version, also=also, by=request.user)
    said = f"Running clocks will go over to {row}." if also else f"{row} will hold for new clocks only."
    return done(request, said, row.number, to="sla:contract-running")
