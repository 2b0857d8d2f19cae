"""Writing a version on a page: a draft of a definition from a few answers, the first one or the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.database.moments import database_now
from common.database.watching import acting
from common.refusals import Conflict, Invalid, NotAllowed
from definitions.catalogue import catalogue
from definitions.engine import codec, starter
from definitions.engine.starter import Answers
from definitions.models import Definition, DefinitionVersion
from definitions.queries import fingerprint
from definitions.services.versions import may_propose

Status = DefinitionVersion.Status


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the page starts from: the draft that is being written, else the newest version, else nothing."""

    version: DefinitionVersion | None
    answers: Answers
    seen: str  # given back with what is written: a draft that somebody else has changed is not overwritten

    @property
    def number(self) -> int:
        """Of the draft that is written."""
        if self.version is None:
            return 1
        return self.version.number + (self.version.status != Status.DRAFT)

    @property
    def draft(self) -> DefinitionVersion | None:
        is_draft = self.version is not None and self.version.status == Status.DRAFT
        return self.version if is_draft else None


def begin(key: str, *, by: User) -> Beginning:
    """Raises NotAllowed, and Conflict where one is proposed already, or says more than answers can."""
    if not may_propose(by):
        raise NotAllowed("Operations and managers write definitions.")
    version = DefinitionVersion.objects.filter(definition=key).order_by("-number").first()
    if version is None:
        return Beginning(None, Answers(), "")
    if version.status in (Status.PROPOSED, Status.SIGNED):
        state = version.get_status_display().lower()
        raise Conflict(
            f"{version} is {state} already. One change is agreed on at a time.", state=version.status
        )
    answers = starter.answers_of(version.criteria)
    if answers is None:
        raise Conflict(_only_by_file(version), state=version.status)
    return Beginning(version, answers, fingerprint(version))


def _only_by_file(version: DefinitionVersion) -> str:
    return f"{version} says more than the questions of this page can. It is changed with an agreement file."


def otherwise(newest: DefinitionVersion, *, by: User) -> str:
    """How the next version is written where this page cannot write it; empty where it can, or by nobody here."""
    free = newest.status not in (Status.PROPOSED, Status.SIGNED)
    if not free or not may_propose(by) or starter.answers_of(newest.criteria) is not None:
        return ""
    return _only_by_file(newest)


def may_write(key: str, by: User) -> bool:
    """Whether the page can begin: what its buttons ask."""
    try:
        begin(key, by=by)
    except (NotAllowed, Conflict):
        return False
    return True


@transaction.atomic
def write(
    key: str, answers: Answers, *, note: str, seen: str, by: User, at: datetime | None = None
) -> DefinitionVersion:
    """The draft with these answers. Scoring and grades stay as they are in the version that it replaces.

    Raises Invalid where nothing is asked, or where somebody else wrote meanwhile, and what `begin` raises.
    """
    Definition.objects.get_or_create(key=key)
    Definition.objects.select_for_update().get(key=key)
    _hold_newest(key)
    start = begin(key, by=by)
    if seen != start.seen:
        raise Invalid({"changed": f"{start.version} was written meanwhile. Open the page again to see it."})
    acting(by.pk)
    row = start.draft or _next(key, start, by, at or database_now())
    row.criteria, row.note = _checked(answers), note
    row.save()
    return row


def _hold_newest(key: str) -> None:
    """Who proposes a draft, or takes a proposal back, holds that version alone."""
    DefinitionVersion.objects.select_for_update().filter(definition=key).order_by("-number").first()


def _next(key: str, start: Beginning, by: User, now: datetime) -> DefinitionVersion:
    before = start.version
    return DefinitionVersion(
        definition_id=key, number=start.number, created_at=now, created_by=by,
        scoring=before.scoring if before else {}, grades=before.grades if before else [],
    )  # fmt: skip


def _checked(answers: Answers) -> dict[str, object]:
    tree = starter.criteria(answers)
    if not tree["all"]:
        raise Invalid({"nothing": "Ask for something: without any criterion every lead would meet it."})
    try:
        codec.parse(tree, catalogue)
    except codec.CriteriaError as error:
        raise Invalid({"criteria": str(error)}) from error
    return tree
