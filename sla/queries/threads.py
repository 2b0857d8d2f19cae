"""What was said about an excuse or a contest."""

from __future__ import annotations

from sla.models import Contest, Excuse, Remark


def remarks_of(subject: Excuse | Contest) -> list[Remark]:
    """The oldest first."""
    return list(subject.remarks.select_related("by").order_by("at", "pk"))
