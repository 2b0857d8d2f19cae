"""Forms of what marketing does with leads: adding, offering, marking, setting aside, waking, filtering."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Membership, Team, User
from accounts.queries import person_by, team_by
from desk.forms.acts import NOTE, grouped
from desk.forms.profiles import say_what_is_wrong
from desk.queries.filters import CLOCKS, PERIODS, read_filters
from desk.queries.reached import STEPS
from leads.models import Campaign, Lead, Reason, Stage

ROUTING = "routing"
SELLING = ("development", "sales", "account_management")
SELLERS = (Membership.Role.REP, Membership.Role.SALES_MANAGER)


class NewLeadForm(forms.Form):
    """One lead as somebody types it. A known e-mail adds to the lead that has it."""

    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    email = forms.CharField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter an e-mail address."},
    )  # fmt: skip
    phone = forms.CharField(max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    title = forms.CharField(label="Role", max_length=160, required=False)
    company = forms.CharField(max_length=200, required=False)
    company_domain = forms.CharField(
        label="Domain", max_length=254, required=False, help_text="Such as acme.com."
    )
    employees = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    country = forms.CharField(max_length=80, required=False, help_text="Two letters route best: NO, DE, US.")
    source = forms.CharField(max_length=120, required=False)
    campaign = forms.ModelChoiceField(
        Campaign.objects.filter(is_active=True), required=False, to_field_name="slug", empty_label="None"
    )

    def clean(self) -> None:
        say_what_is_wrong(self, self.told)

    @property
    def told(self) -> dict[str, Any]:
        """The fields that were filled, by the names of the history files."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if isinstance(campaign := said.get("campaign"), Campaign):
            said["campaign"] = campaign.slug
        return said


class ToSalesForm(forms.Form):
    """To whom leads are offered: routing, a team or a person."""

    to = forms.ChoiceField(error_messages={"required": "Choose where it goes."})

    by_routing = True

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"to": ROUTING} if self.by_routing else {})
        teams = list(Team.objects.filter(is_active=True, function__in=SELLING).order_by("position", "name"))
        seats = Membership.objects.filter(team__in=teams, role__in=SELLERS, user__is_active=True)
        people = {seat.user_id: seat.user for seat in seats.select_related("user").order_by("user__name")}
        choices = [(ROUTING, "By routing")] if self.by_routing else []
        choices += [(f"team:{team.public_id}", str(team)) for team in teams]
        choices += [(f"person:{person.public_id}", str(person)) for person in people.values()]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    @property
    def team(self) -> Team | None:
        kind, _, public_id = str(self.cleaned_data["to"]).partition(":")
        return team_by(public_id) if kind == "team" else None

    @property
    def person(self) -> User | None:
        kind, _, public_id = str(self.cleaned_data["to"]).partition(":")
        return person_by(public_id) if kind == "person" else None


class AssignForm(ToSalesForm):
    """Who holds leads from now on: a team's pool or a person."""

    by_routing = False


class WhyForm(forms.Form):
    """A reason of one verb, and words where the reason needs them."""

    verb = ""
    reason = forms.ChoiceField(error_messages={"required": "Choose a reason."})
    note = forms.CharField(max_length=NOTE, required=False)
    minimum = None

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        rows = list(Reason.objects.filter(verb=self.verb, is_active=True))
        self.groups = grouped(rows)
        self.fields["reason"].choices = [(row.key, row.label) for row in rows]  # type: ignore[attr-defined]


class MarkMqlForm(WhyForm):
    """Why marketing qualifies by hand."""

    verb = "mark_mql"


class SetAsideForm(WhyForm):
    """Why an MQL is not offered, and until when it rests."""

    verb = "set_aside"
    until = forms.DateField(
        label="Rests until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="On this day it is an inquiry again. Without a day the reason decides.",
    )  # fmt: skip


class WakeForm(forms.Form):
    """Waking asks for nothing; a note may say why."""

    note = forms.CharField(max_length=NOTE, required=False)


class ToCampaignForm(forms.Form):
    """The campaign that leads belong to from now on."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.filter(is_active=True), to_field_name="slug",
        empty_label="Choose a campaign", error_messages={"required": "Choose a campaign."},
    )  # fmt: skip


class FilterForm(forms.Form):
    """Every filter of the queue, filled with those that are on."""

    q = forms.CharField(label="Text", max_length=200, required=False)
    source = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(choices=[("", "Any"), *Stage.choices], required=False)
    team = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(label="Held by", required=False)
    campaign = forms.ChoiceField(required=False)
    country = forms.CharField(max_length=80, required=False)
    created = forms.ChoiceField(
        choices=[("", "Any"), *((key, words) for key, (words, _) in PERIODS.items())], required=False
    )
    created_from = forms.CharField(
        required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )
    created_to = forms.CharField(
        label="Created until", required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )
    clock = forms.ChoiceField(choices=[("", "Any"), *CLOCKS.items()], required=False)
    reached = forms.ChoiceField(label="Came as far as", choices=[("", "Any"), *STEPS.items()], required=False)
    rejected = forms.ChoiceField(label="Rejected because", required=False)

    def __init__(self, query: Any, *, view: str) -> None:
        asked = read_filters(query, view=view)
        super().__init__(
            initial=dict(reversed(asked.active))
        )  # of several values the first; the rest is kept
        self._offer("source", ((name, name) for name in _sources()))
        teams = Team.objects.filter(is_active=True, function__in=SELLING)
        self._offer("team", ((team.slug, team.name) for team in teams.order_by("name")))
        people = User.objects.filter(is_active=True, memberships__role__in=SELLERS).distinct()
        owners = [(person.email, person.name) for person in people.order_by("name")]
        self._offer("owner", [("none", "Nobody: in the pool"), *owners])
        rejections = Reason.objects.filter(verb=Reason.Verb.REJECT, is_active=True).order_by(
            "position", "label"
        )
        self._offer("rejected", rejections.values_list("key", "label"))
        self._offer("campaign", Campaign.objects.values_list("slug", "name"))

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = [("", "Any"), *choices]  # type: ignore[attr-defined]


def _sources() -> list[str]:
    """The words in use, read along their index."""
    used = Lead.objects.exclude(source_key="").order_by("source_key").distinct("source_key")
    return list(used.values_list("source", flat=True)[:100])
