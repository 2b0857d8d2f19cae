"""Contesting a rejection, talking about it, and upholding or reversing it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Conflict, NotAllowed
from common.web.http import accepted, done, render_page, sent
from leads import access
from leads.models import Handoff
from leads.queries import pointed_at
from sla.forms.breaches import ContestForm, RemarkForm, UpholdForm
from sla.models import Contest
from sla.queries.contests import contest_of
from sla.queries.threads import remarks_of
from sla.services import contests, threads

ASKED = "Contested. A sales manager decides."
SAID = {
    "": "Said. The other side is told.",
    Contest.Decision.UPHELD: "Upheld: the rejection counts.",
    Contest.Decision.REVERSED: "Reversed: net leaves the rejection out.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Asks; where it is contested already, its thread, and for a sales manager the decision."""
    handoff = access.handoff_for(request.user, public_id)
    known = contest_of(handoff)
    if known is not None and _asked_before(request, known):
        return done(request, ASKED, handoff.lead.public_id, to="desk:lead")
    if known is not None:
        return _discuss(request, handoff, known)
    if not contests.may_ask(standing_of(request.user)):
        raise NotAllowed("Marketing contests a rejection.")
    form = ContestForm(sent(request))
    if accepted(form, lambda: contests.ask(handoff, by=request.user, **form.cleaned_data)):
        return done(request, ASKED, handoff.lead.public_id, to="desk:lead")
    face = contests.contest_face(handoff, standing_of(request.user), database_now())
    if face is None:
        raise Conflict(f"Only a rejection of the last {contests.DAYS} business days can be contested.")
    context = {"handoff": handoff, "face": face, "criterion": _criterion(handoff)}
    return render_page(request, "sla/contest_ask.html", context, form)


def _asked_before(request: UserRequest, known: Contest) -> bool:
    """A second click: what was asked is said once, not again as a remark."""
    own = known.asked_by_id == request.user.pk and "decision" not in request.POST
    return own and request.POST.get("text", "").strip() == known.text


def _criterion(handoff: Handoff) -> str:
    return pointed_at([(handoff.pk, handoff.criterion)]).get((handoff.pk, handoff.criterion), "")


def _discuss(request: UserRequest, handoff: Handoff, known: Contest) -> HttpResponse:
    standing = standing_of(request.user)
    face = contests.face_of_contest(known, standing, database_now())
    if request.method == "POST" and not threads.may_say(standing):
        raise NotAllowed("Only people of marketing and sales write here.")
    decides = face.may_decide or "decision" in request.POST  # a decision that comes late is refused as one
    form = (UpholdForm if decides else RemarkForm)(sent(request))
    if accepted(form, lambda: threads.answer(known, by=request.user, **form.cleaned_data)):
        said = SAID[form.cleaned_data.get("decision", "")]
        return done(request, said, handoff.lead.public_id, to="desk:lead")
    context = {
        "handoff": handoff,
        "criterion": _criterion(handoff),
        "contest": known,
        "face": face,
        "remarks": remarks_of(known),
        "may_say": threads.may_say(standing),
    }
    return render_page(request, "sla/contest_decide.html", context, form)
