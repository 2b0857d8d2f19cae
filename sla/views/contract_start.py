"""The starter contract: three questions, the draft they give, and writing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import accepted, done, render_page
from sla.forms.contract_start import StartForm
from sla.models import ContractVersion
from sla.queries.contracts import contract_in_force, drafts, proposed
from sla.queries.starter import company, guesses
from sla.services import contracts, starter


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: UserRequest) -> HttpResponse:
    """`?cycle=…&reps=…&cover=…` shows another draft; posted, it is written and opens in the editor."""
    contracts.must_draft(request.user)
    sends = request.method == "POST"
    asked = request.POST if sends else request.GET if "cycle" in request.GET else None
    form = StartForm(asked, guesses())
    made: list[ContractVersion] = []
    if sends and accepted(form, lambda: made.append(_draft(request, form))):
        return done(
            request, f"{made[0]} is drafted. Change what you like.", made[0].number, to="sla:contract-edit"
        )
    answers = form.answers()
    shown = starter.preview(answers)
    context = {
        "nav_key": "contract", "number": starter.next_number(), "open_draft": drafts().first() or proposed(),
        "in_force": contract_in_force(database_now()), "sides": _sides(shown),
        "asked": {"cycle": answers.cycle, "reps": answers.reps, "cover": answers.cover},
        "on": _on(shown, form.picked()), "has_events": bool(company().events),
    }  # fmt: skip
    return render_page(request, "sla/contract_start.html", context, form)


def _draft(request: UserRequest, form: StartForm) -> ContractVersion:
    number = form.cleaned_data["number"] or 0
    return starter.draft(form.answers(), form.picked() or (), number=number, by=request.user)


def _on(shown: list[starter.Shown], picked: set[str] | None) -> list[str]:
    """The keys of the promises that are ticked: those proposed, until somebody ticked otherwise."""
    usual = {one.proposed.key for one in shown if one.proposed.on}
    return sorted(usual if picked is None else picked)


def _sides(shown: list[starter.Shown]) -> dict[str, list[starter.Shown]]:
    return {side: [one for one in shown if one.side == side] for side in ("marketing", "sales", "joint")}
