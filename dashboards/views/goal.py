"""The goal calculator: a GET form whose every assumption can be changed, and what follows from it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.web.http import render_page
from dashboards import calculator, questions
from dashboards.forms import GoalForm, chosen
from dashboards.kpis import goal
from sla.queries.contracts import contract_in_force, drafts
from sla.services.contracts import may_draft


@require_safe
def calculate(request: UserRequest) -> HttpResponse:
    frame = questions.asking()
    own = goal.own(frame.at, frame.currency)
    quarter = chosen(request.GET.get("quarter", ""), frame.today)
    form = GoalForm(request.GET, frame.today, calculator.known(own, quarter))
    found = calculator.result(form.cleaned_data, quarter, own, frame.currency) if form.is_valid() else None
    in_force = contract_in_force(frame.at)
    volume = in_force.commitments.filter(kind="volume", period="month").first() if in_force else None
    promised = float(volume.amount) if volume and volume.amount else None
    most = found.between[1] if found and found.between else 0
    context = {
        "nav_key": "contract", "own": own, "notes": calculator.notes(own, frame.currency), "found": found,
        "currency": frame.currency, "may_draft": may_draft(request.user), "open_draft": drafts().first(),
        "promised": promised, "top": max(most, promised or 0) * 1.1,
    }  # fmt: skip
    return render_page(request, "dashboards/goal.html", context, form)
