"""The pages of definitions: what is in force, what is proposed, who signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.http import done
from definitions import queries
from definitions.catalogue import catalogue
from definitions.engine import wording
from definitions.models import DefinitionVersion
from definitions.services import versions


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    return redirect("definitions:definition", key="mql")


@require_safe
def definition(request: UserRequest, key: str, number: int | None = None) -> HttpResponse:
    """One version (the one in force unless a number is given) with its criteria, scoring and signatures."""
    every = list(queries.versions_of(key))
    if not every:
        return render(request, "definitions/none.html", {"key": key, "nav_key": "definitions"})
    version = queries.version_of(key, number)
    return render(
        request,
        "definitions/definition.html",
        {**_shown(version), **_signing(request, version), "every": every},
    )


def _shown(version: DefinitionVersion) -> dict[str, Any]:
    parsed = queries.file_of(version)
    other = queries.in_force_beside(version)
    against = queries.compared(version, parsed, other) if other else None
    return {
        "against": against,
        "version": version,
        "key": version.definition_id,
        "nav_key": "definitions",
        "tree": queries.criteria_lines(parsed.criteria, against.changes if against else queries.SAME),
        "rules": list(queries.score_rules(parsed)),
        "grades": [(grade.name, wording.describe(grade.when, catalogue)) for grade in parsed.grades],
    }


def _signing(request: UserRequest, version: DefinitionVersion) -> dict[str, Any]:
    signed = {signature.side: signature for signature in version.signatures.all()}
    mine = standing_of(request.user).signs_for - set(signed)
    has_signed = any(signature.person_id == request.user.pk for signature in signed.values())
    open_to_sign = version.status == DefinitionVersion.Status.PROPOSED and not has_signed
    sides = [
        (side, label, signed.get(side)) for side, label in (("marketing", "Marketing"), ("sales", "Sales"))
    ]
    return {
        "sides": sides,
        "may_sign": sorted(mine) if open_to_sign else [],
        "may_propose": version.status == DefinitionVersion.Status.DRAFT
        and versions.may_propose(request.user),
    }


@require_POST
def propose(request: UserRequest, key: str, number: int) -> HttpResponse:
    """Put a draft before both sides."""
    version = versions.propose(queries.version_of(key, number), by=request.user)
    return done(
        request, f"{version} is proposed. Both sides can sign it.", key, number, to="definitions:version"
    )


@require_POST
def sign(request: UserRequest, key: str, number: int) -> HttpResponse:
    """Sign for one's own side; the confirmation says what follows."""
    version = versions.sign(
        queries.version_of(key, number), by=request.user, side=request.POST.get("side", "")
    )
    both = version.status in (DefinitionVersion.Status.SIGNED, DefinitionVersion.Status.ACTIVE)
    said = f"{version} is signed by both sides." if both else f"Signed. {version} waits for the other side."
    return done(request, said, key, number, to="definitions:version")
