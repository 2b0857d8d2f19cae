"""Forms on the page of a lead: a comment, a touch, and what is known of the contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from accounts.queries import people_of
from desk.forms.attributes import PREFIX, input_for, starting_value, told_attributes
from desk.forms.meetings import meeting_time
from desk.forms.profiles import say_what_is_wrong
from leads.models import Campaign, CustomField, Lead, TouchKind
from leads.services.meetings import Booking
from leads.services.touches import Interaction

CONTACT = ("first_name", "last_name", "title", "email", "phone", "company", "country", "source")


class CommentForm(forms.Form):
    """Something both teams can read. People are named as @Name, as @their@e.mail, or chosen."""

    text = forms.CharField(
        label="Comment",
        max_length=5_000,
        widget=forms.Textarea(
            attrs={"placeholder": "Write a comment. @ to mention someone from either team."}
        ),
    )
    tell = forms.ChoiceField(required=False, label="Tell someone")

    def __init__(self, data: Any = None, *, people: Iterable[User]) -> None:
        super().__init__(data)
        self.people = list(people)
        names = [("", "Tell someone"), *((person.email, person.name) for person in self.people)]
        self.fields["tell"].choices = names  # type: ignore[attr-defined]

    @property
    def addressed(self) -> str:
        """The comment with every person it names written as the address that tells them."""
        text = str(self.cleaned_data["text"])
        for person in sorted(self.people, key=lambda one: len(one.name), reverse=True):
            text = text.replace(f"@{person.name}", f"@{person.email}")
        told = self.cleaned_data.get("tell")
        return f"@{told} {text}" if told and f"@{told}" not in text else text


class ContactForm(forms.Form):
    """What is known of a person. It remembers the version it was shown with, so that a stale one is refused."""

    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    title = forms.CharField(max_length=160, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=60, required=False)
    company = forms.CharField(max_length=200, required=False)
    country = forms.CharField(max_length=80, required=False)
    source = forms.CharField(max_length=120, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lead: Lead, custom: Iterable[CustomField]) -> None:
        super().__init__(data, initial=known_of(lead))
        for field in custom:
            name, known = f"{PREFIX}{field.name}", lead.attributes.get(field.name)
            self.fields[name] = input_for(field, known)
            self.initial[name] = starting_value(field, known)

    def clean(self) -> None:
        changed = [name for name in self.changed_data if name in CONTACT and name in self.cleaned_data]
        say_what_is_wrong(self, {name: self.cleaned_data[name] for name in changed})

    @property
    def attribute_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def knows_attributes(self) -> bool:
        """Whether one of them has a value or was refused: then all are shown at once."""
        return any(bound.value() not in (None, "") or bound.errors for bound in self.attribute_fields)

    def version(self, lead: Lead) -> int:
        """The version that whoever sends this had before their eyes."""
        seen = self.cleaned_data.get("seen_version") if self.is_bound and self.is_valid() else None
        return lead.version if seen is None else int(seen)

    def overtaken(self, lead: Lead) -> list[tuple[str, str]]:
        """Sent from an older version: what stands there now in the fields that would be overwritten."""
        if not self.is_bound or self.version(lead) == lead.version:
            return []
        changed = [name for name in self.changed_data if name != "seen_version"]
        return [(str(self[name].label), str(self.initial.get(name) or "empty")) for name in changed]

    def catch_up(self, lead: Lead) -> None:
        """Sending what was typed once more overwrites knowingly."""
        self.data = {name: self.data.get(name, "") for name in self.fields} | {
            "seen_version": str(lead.version)
        }

    def fields_changed(self) -> dict[str, Any]:
        """Only what was changed, so that nothing untouched is written."""
        told = {name: self.cleaned_data[name] for name in self.changed_data if name in CONTACT}
        attributes = told_attributes(self.cleaned_data, self.changed_data)
        return told | ({"attributes": attributes} if attributes else {})


def known_of(lead: Lead) -> dict[str, Any]:
    """What the form starts with."""
    email, phone = lead.emails.order_by("-is_primary").first(), lead.phones.order_by("-is_primary").first()
    return {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "title": lead.title,
        "email": email.email if email else "",
        "phone": phone.phone if phone else "",
        "company": lead.company.name if lead.company else "",
        "country": lead.country,
        "source": lead.source,
        "seen_version": lead.version,
    }


class TouchForm(forms.Form):
    """One interaction, typed by hand."""

    kind = forms.ModelChoiceField(TouchKind.objects.filter(is_active=True), empty_label=None)
    campaign = forms.ModelChoiceField(
        Campaign.objects.filter(is_active=True), required=False, empty_label="None"
    )
    happened_at = forms.DateTimeField(
        label="When",
        required=False,
        help_text="Empty: now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    detail = forms.CharField(max_length=500, required=False, label="What happened")
    meeting_at = meeting_time("Meeting booked for")
    owner = forms.ModelChoiceField(
        people_of("sales"), required=False, label="On whose calendar", empty_label="Nobody's"
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, other in (("meeting_at", "owner"), ("owner", "meeting_at")):
            if given.get(other) and not given.get(name) and name not in self.errors:
                self.add_error(name, "A booked meeting needs a time and a person.")
        return given

    def interaction(self) -> Interaction:
        given = self.cleaned_data
        booking = Booking(given["meeting_at"], given["owner"]) if given["meeting_at"] else None
        return Interaction(
            given["kind"], given["campaign"], given["happened_at"], given["detail"], booking=booking
        )
