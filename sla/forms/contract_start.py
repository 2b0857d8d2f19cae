"""The three questions of the starter contract, and which of the proposed promises are on."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from sla.engine.starter import Answers, Cover, Cycle, Reps

CYCLES = [(Cycle.WEEKS, "Under a month"), (Cycle.MONTHS, "One to three months"), (Cycle.LONG, "Longer")]
TEAMS = [(Reps.FEW, "Up to 3"), (Reps.SOME, "4 to 12"), (Reps.MANY, "More")]
COVERS = [
    (Cover.OFFICE, "Office hours, one place"),
    (Cover.ZONES, "Office hours, several time zones"),
    (Cover.LONG_HOURS, "Evenings and weekends too"),
]


class StartForm(forms.Form):
    """Radio buttons; what is not answered is as it was read from the company's own data."""

    cycle = forms.ChoiceField(
        label="1. How long does a sale take, from the first talk?", choices=CYCLES, widget=forms.RadioSelect
    )
    reps = forms.ChoiceField(
        label="2. How many people answer leads?", choices=TEAMS, widget=forms.RadioSelect
    )
    cover = forms.ChoiceField(label="3. When is somebody there?", choices=COVERS, widget=forms.RadioSelect)

    number = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, guesses: Answers) -> None:
        known = {"cycle": guesses.cycle, "reps": guesses.reps, "cover": guesses.cover}
        super().__init__(data, initial=known)
        self.sent = data
        self.guesses = guesses

    def answers(self) -> Answers:
        """What was answered, else what was read."""
        if not self.is_bound or not self.is_valid():
            return self.guesses
        data = self.cleaned_data
        return Answers(Cycle(data["cycle"]), Reps(data["reps"]), Cover(data["cover"]))

    def picked(self) -> set[str] | None:
        """The promises that are on; None where nobody was asked yet."""
        if self.sent is None or "picked" not in self.sent:
            return None
        return set(self.sent.getlist("on"))
