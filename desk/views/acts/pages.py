"""What each act asks, which service it calls, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from common.database.moments import database_now
from desk.forms.accepting import AcceptForm
from desk.forms.acts import (
    ActForm,
    DisqualifyForm,
    LoseForm,
    RecycleForm,
    SendBackForm,
    WithdrawForm,
)
from desk.forms.closing import QualifyForm, WinForm
from desk.forms.logging import LogForm
from desk.forms.meetings import MeetingForm
from desk.forms.pausing import PauseForm
from desk.forms.placing import PassForm, ReassignForm, RedirectForm, ReturnForm
from desk.forms.rejecting import RejectForm
from leads.models import Attempt, Reason
from leads.queries_catalogue import reason_by
from leads.services import briefs, handoffs, insights, meetings
from sla.services import pausing
from sla.services.pausing import beginning

AFTER_REJECT = {
    Reason.NextStep.FIX: "It is an MQL again, and handover runs: marketing offers it anew or sets it aside.",
    Reason.NextStep.NURTURE: "Marketing nurtures it from now.",
    Reason.NextStep.CLOSE: "The lead is closed; a hand raise wakes it.",
}


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act: its form and template, what does it, what is said, and what happens to the clocks."""

    template: str
    do: Callable[[Any], object]
    past: Callable[[Any], str]
    foot: str = ""
    form: type[ActForm] = ActForm
    button: str = ""
    danger: bool = False
    wide: bool = False


def _accept(form: AcceptForm) -> object:
    handoff = handoffs.accept(form.handoff, by=form.by)
    briefs.read(form.shown, by=form.by, at=database_now())
    return handoff


def _reject(form: RejectForm) -> object:
    reason, criterion = form.pointed
    return handoffs.reject(
        form.handoff, by=form.by, reason=reason, criterion=criterion, known=form.known_as, note=form.said
    )


def _rejected(form: RejectForm) -> str:
    reason = reason_by(Reason.Verb.REJECT, form.pointed[0])
    step = AFTER_REJECT.get(reason.next_step, "") if reason else ""  # type: ignore[call-overload]
    return f"Rejected. {step}".strip()


def _redirect(form: RedirectForm) -> object:
    return handoffs.redirect(
        form.handoff, by=form.by, team=form.team, person=form.person, reason=form.cleaned_data["reason"],
        note=form.said,
    )  # fmt: skip


def _return(form: ReturnForm) -> object:
    missing = form.cleaned_data["missing"]
    return handoffs.return_for_info(form.handoff, by=form.by, missing=missing, note=form.said)


def _withdraw(form: WithdrawForm) -> object:
    return handoffs.withdraw(form.handoff, by=form.by, reason=form.cleaned_data["reason"], note=form.said)


def _log(form: LogForm) -> object:
    attempt = handoffs.log_attempt(
        form.handoff, form.contact, by=form.by, booking=form.booking, note=form.said
    )
    _hear(form)
    return attempt


def _logged(form: LogForm) -> str:
    return f"Logged: {Attempt.Outcome(form.cleaned_data['outcome']).label.lower()}."


def _qualify(form: QualifyForm) -> object:
    joined = form.joined
    terms = None if joined else form.terms
    return handoffs.qualify(form.handoff, by=form.by, deal=joined, terms=terms, note=form.said)


def _qualified(form: QualifyForm) -> str:
    return f"Qualified. Joined {form.joined}." if form.joined else "Qualified. A new deal is open."


def _pass(form: PassForm) -> object:
    return handoffs.pass_on(form.handoff, by=form.by, person=form.person, note=form.said)


def _send_back(form: SendBackForm) -> object:
    return handoffs.send_back(form.handoff, by=form.by, reason=form.cleaned_data["reason"], note=form.said)


def _disqualify(form: DisqualifyForm) -> object:
    _hear(form)
    return handoffs.disqualify(form.handoff, by=form.by, reason=form.cleaned_data["reason"], note=form.said)


def _recycle(form: RecycleForm) -> object:
    _hear(form)
    reason = form.cleaned_data["reason"]
    return handoffs.recycle(form.handoff, by=form.by, reason=reason, until=form.day, note=form.said)


def _win(form: WinForm) -> object:
    _hear(form)
    given = form.cleaned_data
    return handoffs.win(
        form.handoff, by=form.by, amount=given["amount"], recurring=given["recurring"], note=form.said
    )


def _lose(form: LoseForm) -> object:
    _hear(form)
    given = form.cleaned_data
    return handoffs.lose(
        form.handoff, by=form.by, reason=given["reason"], until=form.back_on, competitor=given["competitor"],
        note=form.said,
    )  # fmt: skip


def _reassign(form: ReassignForm) -> object:
    return handoffs.reassign(form.handoff, by=form.by, team=form.team, person=form.person, note=form.said)


def _pause(form: PauseForm) -> object:
    reason = form.cleaned_data["reason"]
    return pausing.pause(form.handoff, by=form.by, reason=reason, until=form.day, note=form.said)


def _paused(form: PauseForm) -> str:
    ends_at = beginning(form.day) if form.day else form.allowed.ends_at
    return f"Paused until {localtime(ends_at):%a %-d %b, %H:%M}." if ends_at else "Paused. The clocks stand."


def _meeting(form: MeetingForm) -> object:
    if form.new_time is None:
        return meetings.call_off(form.handoff, by=form.by, note=form.said)
    return meetings.move(form.handoff, form.new_time, by=form.by, note=form.said)


def _met_when(form: MeetingForm) -> str:
    at = form.new_time
    return f"Meeting moved to {localtime(at):%a %-d %b, %H:%M}." if at else "Meeting called off."


def _hear(form: Any) -> None:
    given = form.cleaned_data
    insights.hear(form.handoff, given["heard"], by=form.by, words=given["words"])


def _plain(words: str) -> Callable[[Any], str]:
    return lambda form: words


def _simple(do: Callable[..., object]) -> Callable[[Any], object]:
    return lambda form: do(form.handoff, by=form.by)


PAGES = {
    "accept": ActPage(
        "accept", _accept, _plain("Accepted."), form=AcceptForm, button="Accept lead",
    ),
    "claim": ActPage(
        "plain", _simple(handoffs.claim), _plain("Claimed. It is yours to answer."), button="Claim lead",
        foot="Changes no clock. Nobody else of the team is asked any more.",
    ),
    "take": ActPage(
        "plain", _simple(handoffs.take), _plain("Taken. The setter is told."), button="Take lead",
    ),
    "resume": ActPage(
        "plain", _simple(handoffs.resume), _plain("Resumed. The clocks run on with what they had left."),
        button="Resume clocks", foot="The paused clocks run on with what they had left.",
    ),
    "resupply": ActPage(
        "resupply", lambda form: handoffs.resupply(form.handoff, by=form.by, note=form.said),
        _plain("Resupplied. The answer clock runs on."), button="Resupply lead",
    ),
    "reopen": ActPage(
        "reopen", lambda form: handoffs.reopen(form.handoff, by=form.by, note=form.said),
        _plain("Reopened as a new cycle. The old one stays as it was."), button="Reopen lead",
    ),
    "reject": ActPage(
        "reject", _reject, _rejected, form=RejectForm, button="Reject lead", danger=True, wide=True,
    ),
    "redirect": ActPage(
        "redirect", _redirect, _plain("Redirected. A new answer clock runs."), form=RedirectForm,
        button="Redirect lead",
    ),
    "return": ActPage(
        "return", _return, _plain("Returned to marketing. The answer clock waits."), form=ReturnForm,
        button="Return lead",
    ),
    "withdraw": ActPage(
        "reasons", _withdraw, _plain("Withdrawn. The lead is an MQL again."), form=WithdrawForm,
        button="Withdraw lead",
    ),
    "log": ActPage("log", _log, _logged, form=LogForm, wide=True),
    "qualify": ActPage(
        "qualify", _qualify, _qualified, form=QualifyForm, button="Qualify lead", wide=True,
    ),
    "pass": ActPage(
        "pass", _pass, _plain("Passed. The closer takes it or sends it back."), form=PassForm,
        button="Pass lead",
    ),
    "send-back": ActPage(
        "reasons", _send_back, _plain("Sent back to the setter. The deal stays open."), form=SendBackForm,
        button="Send lead back",
    ),
    "disqualify": ActPage(
        "reasons", _disqualify, _plain("Disqualified. A new hand raise wakes the lead."), form=DisqualifyForm,
        button="Disqualify lead", danger=True,
    ),
    "recycle": ActPage(
        "recycle", _recycle, lambda form: f"Recycled until {form.day:%-d %b %Y}. Marketing nurtures from now.",
        form=RecycleForm, button="Recycle lead",
    ),
    "win": ActPage(
        "win", _win, _plain("Won. Open cycles joined to the deal are closed with it."), form=WinForm,
        button="Close as won",
    ),
    "lose": ActPage(
        "lose", _lose, _plain("Lost. Open cycles joined to the deal are closed with it."), form=LoseForm,
        button="Close as lost", danger=True,
    ),
    "reassign": ActPage(
        "redirect", _reassign, _plain("Reassigned. The new holder is told."), form=ReassignForm,
        button="Reassign lead", foot="Clocks run on. In another team the rest runs in its calendar.",
    ),
    "meeting": ActPage(
        "meeting", _meeting, _met_when, form=MeetingForm, button="Save meeting",
    ),
    "pause": ActPage(
        "pause", _pause, _paused, form=PauseForm, button="Pause clocks",
    ),
}  # fmt: skip
