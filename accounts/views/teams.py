"""Teams: the list, one team with its members, and the dialogs about them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, queries
from accounts.forms.people import MemberForm, ShareForm
from accounts.forms.teams import TeamForm
from accounts.models import Membership, Team
from accounts.requests import UserRequest
from accounts.services import teams as service
from accounts.services.teams import Share
from common.database.moments import database_now
from common.web.http import accepted, done, render_page, sent


@require_safe
def teams(request: UserRequest) -> HttpResponse:
    context = {"teams": queries.teams_listed(), "me": queries.standing_of(request.user)}
    return render_page(request, "accounts/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: UserRequest) -> HttpResponse:
    access.must_configure(request.user)
    form = TeamForm(sent(request), initial=TeamForm.initial_of_new())
    made: list[Team] = []
    if accepted(form, lambda: made.append(service.create(form.to_fields(), by=request.user))):
        return done(request, f"{made[0]} is made. Add its members.", made[0].public_id, to="accounts:team")
    return render_page(request, "accounts/team_new.html", {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Everyone reads it; only operations and admins get the form."""
    found = access.team_for(request.user, public_id)
    if request.method == "POST":
        access.must_configure(request.user)
    form = TeamForm(sent(request), initial=TeamForm.initial_of(found))
    if accepted(form, lambda: service.edit(found, form.to_fields(), by=request.user)):
        return done(request, "Saved.", found.public_id, to="accounts:team")
    me = queries.standing_of(request.user)
    context = {
        "team": found, "me": me, "teams": queries.teams_listed(),
        "members": queries.member_rows(found, at=database_now()),
        "may_edit_members": me.may_configure or me.leads_team(found.pk),
    }  # fmt: skip
    return render_page(request, "accounts/team.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: UserRequest, public_id: UUID) -> HttpResponse:
    access.must_configure(request.user)
    found = access.team_for(request.user, public_id)
    form = MemberForm(
        sent(request), candidates=queries.outside_of(found), initial={"role": _usual_role(found)}
    )
    if accepted(form, lambda: _add(request, found, form)):
        said = f"{form.cleaned_data['person']} is in {found}."
        return done(request, said, found.public_id, to="accounts:team")
    return render_page(request, "accounts/member_add.html", {"team": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: UserRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    seat = access.seat_for(request.user, public_id, person_id)
    access.must_lead(request.user, seat.team)
    form = ShareForm(sent(request), initial=_initial(seat))
    if accepted(
        form,
        lambda: service.edit_member(
            seat, role=form.cleaned_data["role"], share=_share(form), by=request.user
        ),
    ):
        return done(request, f"{seat.user}: saved.", public_id, to="accounts:team")
    context = {"seat": seat, "me": queries.standing_of(request.user)}
    return render_page(request, "accounts/member.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: UserRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Asks before somebody leaves a team."""
    seat = access.seat_for(request.user, public_id, person_id)
    access.must_configure(request.user)
    form = forms.Form(sent(request))
    if accepted(form, lambda: service.remove_member(seat, by=request.user)):
        return done(request, f"{seat.user} has left {seat.team}.", public_id, to="accounts:team")
    context = {"seat": seat, "danger": True, "back_url": resolve_url("accounts:team", public_id)}
    return render_page(request, "accounts/member_remove.html", context, form)


def _add(request: UserRequest, team: Team, form: MemberForm) -> None:
    data = form.cleaned_data
    service.add_member(team, data["person"], role=data["role"], share=_share(form), by=request.user)


def _share(form: ShareForm) -> Share:
    data = form.cleaned_data
    return Share(data["weight"], data["open_offer_cap"], form.paused_until_at())


def _initial(seat: Membership) -> dict[str, object]:
    until = localtime(seat.paused_until).date() if seat.paused_until else None
    return {
        "role": seat.role, "weight": seat.weight, "open_offer_cap": seat.open_offer_cap, "paused_until": until
    }  # fmt: skip


def _usual_role(team: Team) -> str:
    return str(Membership.Role.REP if team.side == "sales" else Membership.Role.MARKETING)
