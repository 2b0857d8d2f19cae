"""Forms of the acts that give a lead to someone else, or ask for more about it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Membership, Team, User
from accounts.queries import person_by, team_by
from desk.forms.acts import ActForm, ReasonForm
from desk.queries.missing import missing_facts
from leads.models import Handoff

SELLERS = (Membership.Role.REP, Membership.Role.SALES_MANAGER)
ROUTING = "routing"


class ToForm(ActForm):
    """To whom: `team:<id>`, `person:<id>` or routing."""

    to = forms.ChoiceField(error_messages={"required": "Choose where it goes."})

    @property
    def team(self) -> Team | None:
        kind, _, public_id = str(self.cleaned_data["to"]).partition(":")
        return team_by(public_id) if kind == "team" else None

    @property
    def person(self) -> User | None:
        kind, _, public_id = str(self.cleaned_data["to"]).partition(":")
        return person_by(public_id) if kind == "person" else None

    def offer(self, teams: list[Team], people: list[User], routing: str = "") -> None:
        choices = [(f"team:{team.public_id}", str(team)) for team in teams]
        choices += [(f"person:{person.public_id}", str(person)) for person in people]
        self.fields["to"].choices = choices + ([(ROUTING, routing)] if routing else [])  # type: ignore[attr-defined]


class RedirectForm(ToForm, ReasonForm):
    """Other teams, colleagues, or back to routing; and why, where reasons are agreed."""

    verb = "redirect"
    reason_required = False

    def prepare(self) -> None:
        super().prepare()
        selling = Team.objects.filter(
            is_active=True, function__in=("development", "sales", "account_management")
        )
        others = [team for team in selling.order_by("position", "name") if team.pk != self.handoff.team_id]
        self.offer(others, colleagues(self.handoff), "Back to routing")

    @property
    def number(self) -> int:
        return self.handoff.redirects + 1


class ReassignForm(ToForm):
    """The people of the team, its pool, and other selling teams."""

    def prepare(self) -> None:
        selling = Team.objects.filter(
            is_active=True, function__in=("development", "sales", "account_management")
        )
        self.offer(list(selling.order_by("position", "name")), colleagues(self.handoff))


class PassForm(ToForm):
    """The closers of the team that this one passes to; without one, by routing."""

    def prepare(self) -> None:
        target = self.handoff.team.passes_to if self.handoff.team else None
        closers = sellers_of(target) if target else []
        self.offer([], closers, "By routing" if target else "")
        self.target = target


def colleagues(handoff: Handoff) -> list[User]:
    """Who sells in the team that holds the lead, but its holder."""
    return (
        [person for person in sellers_of(handoff.team) if person.pk != handoff.holder_id]
        if handoff.team
        else []
    )


def sellers_of(team: Team) -> list[User]:
    seats = Membership.objects.filter(team=team, role__in=SELLERS, user__is_active=True)
    return [seat.user for seat in seats.select_related("user").order_by("user__name")]


class ReturnForm(ActForm):
    """What is missing: the agreed fields, those without a value ticked, or something else in a note."""

    OTHER = "other"
    missing = forms.MultipleChoiceField(
        label="What is missing?", required=False, error_messages={"invalid_choice": "Choose from the list."}
    )

    def prepare(self) -> None:
        self.facts = missing_facts(self.handoff.lead)
        choices = [(fact.name, fact.label) for fact in self.facts] + [(self.OTHER, "Something else")]
        self.fields["missing"].choices = choices  # type: ignore[attr-defined]
        self.initial["missing"] = [fact.name for fact in self.facts if fact.is_missing]

    @property
    def ticked(self) -> list[str]:
        chosen: list[str] = self["missing"].value() or []
        return chosen

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = given.get("missing") or []
        if not chosen:
            self.add_error("missing", "Tick what is missing.")
        elif self.OTHER in chosen and not given.get("note", "").strip():
            self.add_error("note", "Say what else is missing.")
        return given
