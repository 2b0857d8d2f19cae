"""The assumptions of the goal calculator: what is left empty is the company's own figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import forms
from django.http import QueryDict

from dashboards.calculator import MOST, MOST_ATTEMPTS, MOST_HOURS, MOST_LAG, MOST_MINUTES, MOST_REPS
from dashboards.engine.periods import Days, quarter_of

AHEAD = 5


def quarters(today: date) -> list[Days]:
    """The running quarter and the next four."""
    found = [quarter_of(today)]
    while len(found) < AHEAD:
        found.append(quarter_of(found[-1].until))
    return found


def chosen(given: str, today: date) -> Days:
    """The quarter that is asked for; the next one where none or another thing is."""
    offered = quarters(today)
    return next((one for one in offered if one.key == given), offered[1])


def _amount(label: str, least: int = 0) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=least, max_value=MOST, decimal_places=2)


def _percent(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal("0.1"), max_value=100, decimal_places=2
    )


class GoalForm(forms.Form):
    """A GET form. Rates in per cent, money in the organisation's currency, hours a rep and month."""

    quarter = forms.ChoiceField(label="Quarter", required=False)
    revenue = _amount("New revenue in the quarter", 1)
    share = _percent("Of it from marketing leads, %")
    deal = _amount("Average deal", 1)
    win = _percent("SQL to won, %")
    qualify = _percent("Accepted to SQL, %")
    accept = _percent("Accepted of decided, %")
    lag = forms.IntegerField(label="Days from offer to won", required=False, min_value=0, max_value=MOST_LAG)
    pipeline = _amount("Won from what is open")
    attempts = forms.DecimalField(
        label="Attempts an offer", required=False, min_value=0, max_value=MOST_ATTEMPTS, decimal_places=1
    )
    minutes = forms.DecimalField(
        label="Minutes an attempt", required=False, min_value=0, max_value=MOST_MINUTES, decimal_places=1
    )
    reps = forms.IntegerField(label="Reps", required=False, min_value=1, max_value=MOST_REPS)
    hours = forms.DecimalField(
        label="Hours a rep and month for leads",
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        decimal_places=1,
    )

    def __init__(self, data: QueryDict, today: date, known: dict[str, Decimal | int | None]) -> None:
        """`known` are the own figures, shown where nothing is asked for; the next quarter unless another is."""
        offered = quarters(today)
        default = offered[1].key
        shown = {name: value for name, value in known.items() if value is not None}
        given = {name: value for name in self.base_fields if (value := data.get(name, "").strip())}
        super().__init__({name: str(value) for name, value in (shown | {"quarter": default} | given).items()})
        for name in ("quarter", *shown):
            self.fields[name].required = True  # an empty one falls back on the own figure
        self.fields["quarter"].choices = [(one.key, one.name) for one in offered]  # type: ignore[attr-defined]
