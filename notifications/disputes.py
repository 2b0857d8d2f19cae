"""Who is told about excuses and contests: who decides them, who asked, and who talks along."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse

from accounts.models import User
from common.models import Outbox
from notifications import agreements
from notifications.message import Message, called
from notifications.people import MANAGER, managers, others
from sla.models import Contest, Excuse, Remark

DECIDES = {"sales": "marketing", "marketing": "sales"}
OF_EXCUSE = "breach__clock__lead__company"
OF_CONTEST = "handoff__lead__company"


def _excuse_asked(fact: Outbox) -> Message | None:
    """Nobody is told once it is decided."""
    excuse = Excuse.objects.select_related(OF_EXCUSE, "asked_by").filter(pk=fact.subject, decision="").first()
    if excuse is None:
        return None
    words = f"{_who(excuse.asked_by)} asks to excuse a miss on {called(excuse.breach.clock.lead)}"
    return _about_excuse(excuse, words, _managers(DECIDES.get(excuse.side, "")), excuse.asked_by)


def _excuse_decided(fact: Outbox) -> Message | None:
    excuse = (
        Excuse.objects.select_related(OF_EXCUSE, "asked_by", "decided_by").filter(pk=fact.subject).first()
    )
    if excuse is None or not excuse.decision:
        return None
    done = "excused" if excuse.decision == Excuse.Decision.GRANTED else "did not excuse"
    words = f"{_who(excuse.decided_by)} {done} the miss on {called(excuse.breach.clock.lead)}"
    return _about_excuse(excuse, words, [excuse.asked_by], excuse.decided_by)


def _contest_asked(fact: Outbox) -> Message | None:
    contest = (
        Contest.objects.select_related(OF_CONTEST, "asked_by").filter(pk=fact.subject, decision="").first()
    )
    if contest is None:
        return None
    words = f"{contest.asked_by.name} contests the rejection of {called(contest.handoff.lead)}"
    people = _managers("sales", contest.handoff.team_id) or _managers("sales")
    return _about_contest(contest, words, people, contest.asked_by)


def _contest_decided(fact: Outbox) -> Message | None:
    rows = Contest.objects.select_related(OF_CONTEST, "asked_by", "decided_by", "handoff__answered_by")
    contest = rows.filter(pk=fact.subject).first()
    if contest is None or not contest.decision:
        return None
    done = "reversed" if contest.decision == Contest.Decision.REVERSED else "upheld"
    words = f"{_who(contest.decided_by)} {done} the rejection of {called(contest.handoff.lead)}"
    people = [contest.asked_by, contest.handoff.answered_by]
    return _about_contest(contest, words, people, contest.decided_by)


def _remark_made(fact: Outbox) -> Message | None:
    """Who asked, who decides or decided, and whoever spoke before."""
    subjects = (f"excuse__{OF_EXCUSE}", f"contest__{OF_CONTEST}", "version__created_by")
    rows = Remark.objects.select_related(*subjects, "by")
    remark = rows.filter(pk=fact.subject).first()
    if remark is None:
        return None
    before = User.objects.filter(pk__in=_spoke_before(remark))
    if remark.excuse is not None:
        words = f"{remark.by.name} wrote about an excuse on {called(remark.excuse.breach.clock.lead)}"
        people = [remark.excuse.asked_by, *_managers(DECIDES.get(remark.excuse.side, "")), *before]
        return _about_excuse(remark.excuse, words, people, remark.by)
    if remark.contest is not None:
        words = f"{remark.by.name} wrote about the rejection of {called(remark.contest.handoff.lead)}"
        people = [remark.contest.asked_by, *_managers("sales", remark.contest.handoff.team_id), *before]
        return _about_contest(remark.contest, words, people, remark.by)
    return agreements.remark_made(remark, before)


def _spoke_before(remark: Remark) -> Iterable[int]:
    thread = Remark.objects.filter(
        excuse=remark.excuse_id, contest=remark.contest_id, version=remark.version_id
    )
    return thread.filter(at__lte=remark.at).values_list("by", flat=True)


def _about_excuse(excuse: Excuse, words: str, people: Iterable[User | None], by: User | None) -> Message:
    lead = excuse.breach.clock.lead
    url = reverse("sla:breach-excuse", args=[excuse.breach.public_id])
    return Message(words, lead, url, others(people, by))


def _about_contest(contest: Contest, words: str, people: Iterable[User | None], by: User | None) -> Message:
    url = reverse("sla:contest", args=[contest.handoff.public_id])
    return Message(words, contest.handoff.lead, url, others(people, by))


def _managers(side: str, team_id: int | None = None) -> list[User]:
    """Of this side; of one team where it is given."""
    return managers(MANAGER.get(side, ""), team_id)


def _who(person: User | None) -> str:
    return person.name if person else "Baton"


MAKERS: dict[str, Callable[[Outbox], Message | None]] = {
    "excuse.asked": _excuse_asked,
    "excuse.decided": _excuse_decided,
    "contest.asked": _contest_asked,
    "contest.decided": _contest_decided,
    "remark.made": _remark_made,
}
