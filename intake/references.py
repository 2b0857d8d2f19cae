"""The people, teams, campaigns, touch kinds and reasons that a file names: found, or made where that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cached_property

from django.db.models import Max, Model
from django.utils.text import slugify

from accounts.models import Membership, Team, User
from accounts.queries import organisation
from calendars import services as calendars
from calendars.models import Calendar
from leads.engine.identity import name_key, normal_form, read_email
from leads.models import Campaign, Reason, TouchKind

CREATABLE = ("people", "teams", "campaigns", "kinds", "reasons")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TWICE = -1  # in place of a primary key: two people have this name
# History names people by e-mail or by name; a placeholder without an e-mail gets one that nobody can own.
NOWHERE = "history.invalid"


class Directory:
    """Looks names up; every method raises ValueError with a sentence where a name is unknown."""

    def __init__(self, create: Collection[str], at: datetime) -> None:
        self._create, self._at = frozenset(create), at

    def anew(self) -> Directory:
        """Nothing looked up yet."""
        return Directory(self._create, self._at)

    def person(self, text: str) -> int:
        """By e-mail, else by full name."""
        known = self._people.get(name_key(text))
        if known == TWICE:
            raise ValueError(f"Two people are called {text}. Name one by e-mail.")
        return known if known is not None else self._made("people", text, self._make_person)

    def team(self, text: str) -> int:
        known = self._teams.get(name_key(text))
        return known if known is not None else self._made("teams", text, self._make_team)

    def team_of(self, person: int) -> int | None:
        """The sales team somebody belongs to."""
        return self._seats.get(person)

    def campaign(self, text: str) -> int:
        """By slug or name."""
        known = self._campaigns.get(name_key(text))
        return known if known is not None else self._made("campaigns", text, self._make_campaign)

    def kind(self, text: str) -> int:
        """By key or label."""
        known = self._kinds.get(normal_form(text))
        return known if known is not None else self._made("kinds", text, self._make_kind)

    def reason(self, verb: str, text: str) -> Reason:
        """By key or label, among the reasons of one verb."""
        known = self._reasons.get((verb, normal_form(text)))
        if known is not None:
            return known
        self._may_make("reasons", text)
        key = _free_key(text, "reason", {key for of, key in self._reasons if of == verb})
        made = Reason.objects.create(
            verb=verb, key=key, label=_fitting(text, 120), next_step="nurture" if verb == "reject" else ""
        )
        self._reasons[verb, normal_form(text)] = self._reasons[verb, normal_form(key)] = made
        return made

    # What is known, each in one query

    @cached_property
    def _people(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for pk, name in User.objects.values_list("pk", "name"):
            if name:
                found[name_key(name)] = TWICE if name_key(name) in found else pk
        return found | {name_key(email): pk for pk, email in User.objects.values_list("pk", "email")}

    @cached_property
    def _teams(self) -> dict[str, int]:
        return {name_key(name): pk for pk, name in Team.objects.values_list("pk", "name")}

    @cached_property
    def _seats(self) -> dict[int, int]:
        seats = Membership.objects.select_related("team").order_by("-pk")
        return {seat.user_id: seat.team_id for seat in seats if seat.team.side == "sales"}

    @cached_property
    def _campaigns(self) -> dict[str, int]:
        found = Campaign.objects.values_list("pk", "name", "slug")
        return {name_key(text): pk for pk, name, slug in found for text in (name, slug)}

    @cached_property
    def _kinds(self) -> dict[str, int]:
        found = TouchKind.objects.values_list("pk", "label", "key")
        return {normal_form(text): pk for pk, label, key in found for text in (label, key)}

    @cached_property
    def _reasons(self) -> dict[tuple[str, str], Reason]:
        """The newest version of each; those in force win over retired ones."""
        known = Reason.objects.order_by("is_active", "version")
        by_label = {(reason.verb, normal_form(reason.label)): reason for reason in known}
        return by_label | {(reason.verb, normal_form(reason.key)): reason for reason in known}

    # What is made

    def _made(self, what: str, text: str, make: Callable[[str], int]) -> int:
        self._may_make(what, text)
        return make(text)

    def _may_make(self, what: str, text: str) -> None:
        if what not in self._create:
            raise ValueError(
                f"Nothing here is called “{text}”. Allow the import to create {what}, or correct it."
            )

    def _make_person(self, text: str) -> int:
        """An inactive placeholder: history may name it, nobody can sign in as it."""
        if "@" in text:
            email = read_email(text).lower()
            name = _fitting(email.partition("@")[0], 120)
        else:
            name = _fitting(text, 120)
            taken = {known.partition("@")[0] for known in self._people if known.endswith(f"@{NOWHERE}")}
            email = f"{_free(slugify(text).replace('-', '.') or 'person', taken)}@{NOWHERE}"
        person = User(email=email, name=name, is_active=False, is_placeholder=True)
        person.set_unusable_password()
        person.save(force_insert=True)
        self._people[name_key(text)] = self._people[name_key(email)] = person.pk
        return person.pk

    def _make_team(self, text: str) -> int:
        """A sales team; routing tries it last, so that history never draws new leads."""
        last = Team.objects.aggregate(last=Max("position"))["last"] or 0
        team = Team.objects.create(
            name=_fitting(text, 80),
            slug=_free_slug(Team, text),
            function=Team.Function.SALES,
            calendar=self._calendar,
            position=last + 1,
        )
        self._teams[name_key(text)] = team.pk
        return team.pk

    @cached_property
    def _calendar(self) -> Calendar:
        first = Calendar.objects.filter(is_active=True).order_by("pk").first()
        if first is not None:
            return first
        always = {day: [["00:00", "24:00"]] for day in DAYS}
        return calendars.create("24 x 7", {"tz": organisation().time_zone, "hours": always}, by=None)

    def _make_campaign(self, text: str) -> int:
        made = Campaign.objects.create(
            name=_fitting(text, 160), slug=_free_slug(Campaign, text), created_at=self._at
        )
        self._campaigns[name_key(text)] = self._campaigns[made.slug] = made.pk
        return made.pk

    def _make_kind(self, text: str) -> int:
        key = _free_key(text, "kind", set(self._kinds))
        made = TouchKind.objects.create(key=key, label=_fitting(text, 80))
        self._kinds[normal_form(text)] = self._kinds[normal_form(key)] = made.pk
        return made.pk


def _fitting(text: str, size: int) -> str:
    if len(text) > size:
        raise ValueError(f"A name has at most {size} characters.")
    return text


def _free_key(text: str, otherwise: str, taken: Collection[str]) -> str:
    """A key in normal form, by which what is known stands here too; words in other scripts have no letters for one."""
    base = slugify(text).replace("-", "_")[:50].strip("_")
    return _free(base or otherwise, taken, "_")


def _free_slug(model: type[Model], text: str) -> str:
    base = slugify(text)[:70] or model.__name__.lower()
    return _free(base, set(model._default_manager.values_list("slug", flat=True)))  # noqa: SLF001


def _free(base: str, taken: Collection[str], mark: str = "-") -> str:
    numbered = (f"{base}{mark}{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbered if name not in taken)
