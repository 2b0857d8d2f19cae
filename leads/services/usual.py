"""Beginning with the usual reasons and kinds of touches: each list is filled while it is empty, and never again."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from common.database.naming import alone_in_naming
from leads.engine.usual import REASONS
from leads.models import Reason, TouchKind
from leads.queries_catalogue import usual_kinds, usual_reasons
from leads.services.catalogue import must_configure


@transaction.atomic
def add_usual_reasons(*, by: User) -> int:
    """For each verb that has none; answers how many were added. Raises NotAllowed.

    An import or an agreement file may write one at the same moment without asking whether a name is free: theirs stays.
    """
    must_configure(by)
    alone_in_naming(Reason)
    missing = {verb for verb, _ in usual_reasons()}
    rows = [
        Reason(position=position, **said._asdict())
        for position, said in enumerate(REASONS)
        if said.verb in missing
    ]
    Reason.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def add_usual_touch_kinds(*, by: User) -> int:
    """While there is none; answers how many were added. Raises NotAllowed."""
    must_configure(by)
    alone_in_naming(TouchKind)
    rows = [TouchKind(**said._asdict()) for said in usual_kinds()]
    TouchKind.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
