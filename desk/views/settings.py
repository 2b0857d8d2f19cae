"""Settings about leads: reasons, kinds of touches, campaigns with their briefs, custom fields."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import must_configure
from accounts.queries import organisation, standing_of
from accounts.requests import UserRequest
from common.refusals import NotAllowed
from common.web.http import accepted, done, render_page, sent
from desk.forms.fields import FieldForm, NewFieldForm
from desk.forms.settings import BriefForm, CampaignForm, ReasonForm, TouchKindForm
from leads.access import campaign_for, field_for, reason_for, touch_kind_for
from leads.models import Campaign, Reason
from leads.queries_catalogue import (
    campaigns_listed,
    fields_listed,
    reasons_of,
    touch_kinds_listed,
    usual_kinds,
    usual_reasons,
)
from leads.services import catalogue
from leads.services.fields import add_field, revise_field
from leads.services.usual import add_usual_reasons, add_usual_touch_kinds


@require_safe
def reasons(request: UserRequest) -> HttpResponse:
    verb = _verb(request.GET.get("verb", Reason.Verb.REJECT))
    found = list(reasons_of(verb))
    usual = [] if found else [(Reason.Verb(key).label, said) for key, said in usual_reasons()]
    context = {
        "reasons": found, "usual": usual, "verb": verb, "verbs": Reason.Verb.choices,
        "verb_label": Reason.Verb(verb).label, "has_next_step": verb in catalogue.WITH_NEXT_STEP,
        "me": standing_of(request.user),
    }  # fmt: skip
    return render_page(request, "desk/settings_reasons.html", context)


@require_POST
def reasons_usual(request: UserRequest) -> HttpResponse:
    """Whoever comes second, or clicks twice, adds nothing."""
    verb = _verb(request.POST.get("verb", Reason.Verb.REJECT))
    added = add_usual_reasons(by=request.user)
    said = "The usual reasons are added." if added else "There are reasons already. Nothing was added."
    return done(request, said, to=_reasons_page(verb))


@require_http_methods(["GET", "HEAD", "POST"])
def reason_new(request: UserRequest, verb: str) -> HttpResponse:
    must_configure(request.user)
    form = ReasonForm(sent(request), verb=_verb(verb))
    if accepted(form, lambda: catalogue.add_reason(verb, form.to_fields(), by=request.user)):
        return done(request, "The reason is added.", to=_reasons_page(verb))
    context = {"verb": verb, "verb_label": Reason.Verb(verb).label}
    return render_page(request, "desk/settings_reason.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def reason_edit(request: UserRequest, verb: str, key: str) -> HttpResponse:
    must_configure(request.user)
    found = reason_for(request.user, verb, key)
    form = ReasonForm(sent(request), verb=verb, initial=ReasonForm.initial_of(found))
    if accepted(form, lambda: catalogue.revise_reason(found, form.to_fields(), by=request.user)):
        return done(request, "Saved as a new version.", to=_reasons_page(verb))
    context = {"verb": verb, "verb_label": Reason.Verb(verb).label, "reason": found}
    return render_page(request, "desk/settings_reason.html", context, form)


@require_POST
def reason_retire(request: UserRequest, verb: str, key: str) -> HttpResponse:
    must_configure(request.user)
    found = reason_for(request.user, verb, key)
    catalogue.retire_reason(found, by=request.user)
    return done(request, f"“{found}” is no longer offered.", to=_reasons_page(verb))


@require_safe
def touch_kinds(request: UserRequest) -> HttpResponse:
    usual = usual_kinds()
    raising = [kind for kind in usual if kind.hand_raise]
    others = [kind for kind in usual if not kind.hand_raise]
    context = {
        "kinds": touch_kinds_listed(), "me": standing_of(request.user),
        "usual": [("Hand raise", raising), ("Other", others)] if usual else [],
    }  # fmt: skip
    return render_page(request, "desk/settings_touch_kinds.html", context)


@require_POST
def touch_kinds_usual(request: UserRequest) -> HttpResponse:
    """Whoever comes second, or clicks twice, adds nothing."""
    added = add_usual_touch_kinds(by=request.user)
    said = "The usual kinds are added." if added else "There are kinds already. Nothing was added."
    return done(request, said, to="desk:settings-touch-kinds")


@require_http_methods(["GET", "HEAD", "POST"])
def touch_kind(request: UserRequest, key: str = "") -> HttpResponse:
    """A new kind without a key, else an existing one."""
    must_configure(request.user)
    found = touch_kind_for(request.user, key) if key else None
    form = TouchKindForm(sent(request), initial=TouchKindForm.initial_of(found) if found else None)
    if accepted(form, lambda: catalogue.write_touch_kind(found, by=request.user, **form.cleaned_data)):
        return done(request, "Saved.", to="desk:settings-touch-kinds")
    return render_page(request, "desk/settings_touch_kind.html", {"kind": found}, form)


@require_safe
def fields(request: UserRequest) -> HttpResponse:
    context = {"fields": fields_listed(), "me": standing_of(request.user)}
    return render_page(request, "desk/settings_fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def field_new(request: UserRequest) -> HttpResponse:
    must_configure(request.user)
    form = NewFieldForm(sent(request))
    if accepted(form, lambda: add_field(form.words, type_=form.cleaned_data["type"], by=request.user)):
        return done(request, "The field is added.", to="desk:settings-fields")
    return render_page(request, "desk/settings_field.html", {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def field_edit(request: UserRequest, name: str) -> HttpResponse:
    """Its words. What it holds, and what files call it, stays."""
    must_configure(request.user)
    found = field_for(request.user, name)
    form = FieldForm(sent(request), field=found)
    if accepted(form, lambda: revise_field(found, form.words, by=request.user, seen=form.seen)):
        return done(request, "Saved.", to="desk:settings-fields")
    return render_page(request, "desk/settings_field.html", {"custom": found}, form)


@require_safe
def campaigns(request: UserRequest) -> HttpResponse:
    context = {
        "campaigns": campaigns_listed(), "currency": organisation().currency, "me": standing_of(request.user)
    }  # fmt: skip
    return render_page(request, "desk/settings_campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: UserRequest) -> HttpResponse:
    _must_be_marketing(request)
    form = CampaignForm(sent(request))
    made: list[Campaign] = []
    if accepted(form, lambda: made.append(catalogue.create_campaign(form.to_fields(), by=request.user))):
        return done(
            request, f"{made[0]} is made. Write its brief.", made[0].slug, to="desk:settings-campaign"
        )
    return render_page(request, "desk/settings_campaign_edit.html", {}, form)


@require_safe
def campaign(request: UserRequest, slug: str) -> HttpResponse:
    found = campaign_for(request.user, slug)
    briefs = list(found.briefs.select_related("author"))
    context = {
        "campaign": found, "brief": briefs[0] if briefs else None, "briefs": briefs,
        "currency": organisation().currency, "me": standing_of(request.user),
    }  # fmt: skip
    return render_page(request, "desk/settings_campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: UserRequest, slug: str) -> HttpResponse:
    _must_be_marketing(request)
    found = campaign_for(request.user, slug)
    form = CampaignForm(sent(request), initial=CampaignForm.initial_of(found))
    if accepted(form, lambda: catalogue.edit_campaign(found, form.to_fields(), by=request.user)):
        return done(request, "Saved.", slug, to="desk:settings-campaign")
    return render_page(request, "desk/settings_campaign_edit.html", {"campaign": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def brief(request: UserRequest, slug: str) -> HttpResponse:
    """Every change is a new version."""
    _must_be_marketing(request)
    found = campaign_for(request.user, slug)
    form = BriefForm(sent(request), initial=BriefForm.initial_of(found.briefs.first()))
    if accepted(form, lambda: catalogue.publish_brief(found, form.to_fields(), by=request.user)):
        return done(request, "The brief is published.", slug, to="desk:settings-campaign")
    return render_page(request, "desk/settings_brief.html", {"campaign": found}, form)


def _verb(word: str) -> str:
    if word not in Reason.Verb.values:
        raise Http404
    return word


def _reasons_page(verb: str) -> str:
    return f"/settings/reasons/?verb={verb}"


def _must_be_marketing(request: UserRequest) -> None:
    if not standing_of(request.user).is_marketing:
        raise NotAllowed("Only marketing, operations or an admin can change campaigns.")
