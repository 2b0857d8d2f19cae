"""Asking that a miss be excused, talking about it, and deciding."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import NotAllowed
from common.web.http import accepted, done, render_page, sent
from sla import access
from sla.forms.breaches import AskForm, DecideForm, RemarkForm
from sla.models import Breach, Excuse
from sla.queries.breaches import excuse_shown
from sla.queries.faces import ClockFace, face_of
from sla.queries.threads import remarks_of
from sla.services import excuses, threads
from sla.views.breaches import list_shown

SAID = {
    "": "Said. The other side is told.",
    Excuse.Decision.GRANTED: "Excused.",
    Excuse.Decision.REFUSED: "Refused: it counts.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Asks; where one stands already, its thread, and for the other side's manager the decision."""
    breach = access.breach_for(request.user, public_id)
    side = excuses.asking_side(breach, standing_of(request.user))
    known = excuse_shown(breach)
    asks_twice = (
        side is not None and "reason" in request.POST
    )  # refused as what it is, not as an empty remark
    if known is not None and (side is None or known.decision not in Excuse.OVER) and not asks_twice:
        return _discuss(request, breach, known)
    if side is None:
        raise NotAllowed(excuses.WHO_ASKS)
    form = AskForm(sent(request))
    if accepted(form, lambda: excuses.ask(breach, by=request.user, **form.cleaned_data)):
        return done(request, "Asked. The other side decides.", to=list_shown(request))
    other = excuses.OTHER.get(side, "the other side")
    context = {"breach": breach, "face": _face(breach), "other": other, "excuse": known}
    context["remarks"] = remarks_of(known) if known else ()
    return render_page(request, "sla/excuse_ask.html", context, form)


def _discuss(request: UserRequest, breach: Breach, known: Excuse) -> HttpResponse:
    standing = standing_of(request.user)
    may_decide = excuses.may_decide(known, standing)
    if request.method == "POST" and not threads.may_say(standing):
        raise NotAllowed("Only people of marketing and sales write here.")
    decides = may_decide or "decision" in request.POST  # a decision that comes late is refused as one
    form = (DecideForm if decides else RemarkForm)(sent(request))
    if accepted(form, lambda: threads.answer(known, by=request.user, **form.cleaned_data)):
        return done(request, SAID[form.cleaned_data.get("decision", "")], to=list_shown(request))
    context = {
        "breach": breach,
        "face": _face(breach),
        "excuse": known,
        "overdue": known.overdue(database_now()),
        "remarks": remarks_of(known),
        "may_decide": may_decide,
        "may_say": threads.may_say(standing),
    }
    return render_page(request, "sla/excuse_decide.html", context, form)


def _face(breach: Breach) -> ClockFace:
    vars(breach)["granted"] = list(breach.excuses.filter(decision=Excuse.Decision.GRANTED))
    breach.clock.breach = breach
    return face_of(breach.clock, database_now())
