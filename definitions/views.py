"""The pages of definitions: what is in force, what is proposed, who signed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.refusals import Conflict
from common.web.http import accepted, done, refuse, render_page, sent
from definitions import queries
from definitions.catalogue import catalogue
from definitions.engine import wording
from definitions.forms import AnswersForm
from definitions.models import DefinitionVersion
from definitions.services import drafting, versions

NOTHING_YET = {
    "mql": "A few questions give a first draft that both sides can sign. Until then only a raised hand reaches sales.",
    "sql": "A few questions give a first draft that both sides can sign. Until then sales decides lead by lead.",
}
WHO_BEGINS = "A manager of either side, operations or an admin begins."

View = Callable[..., HttpResponse]


def of_definition(view: View) -> View:
    """Decorates an act on a definition: what its state refuses leads to the version that stands in the way."""

    @wraps(view)
    def answered(request: UserRequest, key: str, **named: Any) -> HttpResponse:
        try:
            return view(request, key, **named)
        except Conflict as refused:
            number = named.get("number") or queries.versions_of(key)[0].number
            return refuse(request, refused, resolve_url("definitions:version", key, number))

    return answered


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    return redirect("definitions:definition", key="mql")


@require_safe
def definition(request: UserRequest, key: str, number: int | None = None) -> HttpResponse:
    """One version (the one in force unless a number is given) with its criteria, scoring and signatures."""
    every = list(queries.versions_of(key))
    if not every:
        context = {"key": key, "nav_key": "definitions", "may_write": drafting.may_write(key, request.user)}
        context["text"] = NOTHING_YET[key] if context["may_write"] else f"{NOTHING_YET[key]} {WHO_BEGINS}"
        return render(request, "definitions/none.html", context)
    version = queries.version_of(key, number)
    return render(
        request,
        "definitions/definition.html",
        {
            **_shown(version),
            **_signing(request, version),
            "every": every,
            "writes": _writes(request, every, version),
            "otherwise": drafting.otherwise(every[0], by=request.user),
        },
    )


def _writes(request: UserRequest, every: list[DefinitionVersion], version: DefinitionVersion) -> str:
    """What the button that opens the questions does here: edit this draft, begin the next version, or nothing."""
    if version.status == DefinitionVersion.Status.DRAFT:
        offered = "Edit" if version == every[0] else ""
    else:
        offered = (
            f"Begin v{every[0].number + 1}" if every[0].status == DefinitionVersion.Status.ACTIVE else ""
        )
    return offered if offered and drafting.may_write(version.definition_id, request.user) else ""


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
        "seen": queries.fingerprint(version),
        "may_take_back": version.status == DefinitionVersion.Status.PROPOSED
        and versions.may_propose(request.user),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@of_definition
def write(request: UserRequest, key: str) -> HttpResponse:
    """A draft from a few answers: the first version, or the next where the one in force came from answers too."""
    start = drafting.begin(key, by=request.user)
    form = AnswersForm(sent(request), start, key)
    made: list[DefinitionVersion] = []
    if accepted(form, lambda: made.append(_draft(request, form, key))):
        said = f"{made[0]} is drafted. Propose it when both sides can read it."
        return done(request, said, key, made[0].number, to="definitions:version")
    context = {"key": key, "name": key.upper(), "number": start.number, "before": start.version}
    return render_page(request, "definitions/write.html", context | {"nav_key": "definitions"}, form)


def _draft(request: UserRequest, form: AnswersForm, key: str) -> DefinitionVersion:
    told = form.cleaned_data
    return drafting.write(key, form.answers(), note=told["note"], seen=told["seen"], by=request.user)


@require_POST
@of_definition
def propose(request: UserRequest, key: str, number: int) -> HttpResponse:
    """Put a draft before both sides."""
    found = queries.version_of(key, number)
    version = versions.propose(found, by=request.user, seen=request.POST.get("seen", ""))
    return done(
        request, f"{version} is proposed. Both sides can sign it.", key, number, to="definitions:version"
    )


@require_POST
@of_definition
def take_back(request: UserRequest, key: str, number: int) -> HttpResponse:
    """A proposal becomes a draft again."""
    version = versions.take_back(queries.version_of(key, number), by=request.user)
    said = f"{version} is a draft again. Whoever had signed it signs the new wording anew."
    return done(request, said, key, number, to="definitions:version")


@require_POST
@of_definition
def sign(request: UserRequest, key: str, number: int) -> HttpResponse:
    """Sign for one's own side; the confirmation says what follows."""
    side, seen = (request.POST.get(name, "") for name in ("side", "seen"))
    version = versions.sign(queries.version_of(key, number), by=request.user, side=side, seen=seen)
    both = version.status in (DefinitionVersion.Status.SIGNED, DefinitionVersion.Status.ACTIVE)
    said = f"{version} is signed by both sides." if both else f"Signed. {version} waits for the other side."
    return done(request, said, key, number, to="definitions:version")
