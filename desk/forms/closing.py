"""Forms of qualifying and winning: what a deal is worth, and which one it is."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from desk.forms.acts import ActForm, HeardForm
from desk.queries.criteria import sql_criteria
from leads.models import Deal
from leads.services.deals import Terms, default_currency

NEW = "new"


class AmountForm(forms.Form):
    """A sum in the company's currency."""

    amount = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)
    recurring = forms.DecimalField(
        label="Recurring part, per year", max_digits=14, decimal_places=2, min_value=0, required=False
    )


class QualifyForm(ActForm, AmountForm):
    """Join an open deal of the company, or open a new one; criteria that data cannot know are ticked by hand."""

    deal = forms.ChoiceField(required=False)
    name = forms.CharField(max_length=200, required=False, label="Name of the deal")
    product = forms.CharField(max_length=120, required=False)
    confirmed = forms.MultipleChoiceField(required=False)

    def prepare(self) -> None:
        company = self.handoff.lead.company_id
        open_deals = (
            Deal.objects.filter(company=company, outcome=Deal.Outcome.OPEN)
            if company
            else Deal.objects.none()
        )
        self.open_deals = list(open_deals.select_related("owner").order_by("-opened_at")[:5])
        choices = [(str(deal.public_id), str(deal)) for deal in self.open_deals]
        self.fields["deal"].choices = [*choices, (NEW, "Open a new deal")]  # type: ignore[attr-defined]
        self.initial["deal"] = choices[0][0] if choices else NEW
        self.currency = default_currency()
        self.criteria = sql_criteria(self.handoff.lead_id)
        by_hand = [(words, words) for words in self.criteria.by_hand]
        self.fields["confirmed"].choices = by_hand  # type: ignore[attr-defined]

    @property
    def picked_deal(self) -> str:
        return self.data.get("deal", "") if self.is_bound else str(self.initial["deal"])

    @property
    def joined(self) -> Deal | None:
        chosen = self.cleaned_data["deal"]
        return next((deal for deal in self.open_deals if str(deal.public_id) == chosen), None)

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["amount"], self.currency, given["recurring"], given["name"], given["product"])

    @property
    def said(self) -> str:
        confirmed = self.cleaned_data.get("confirmed") or []
        by_hand = f"Said by the buyer: {'; '.join(confirmed)}." if confirmed else ""
        return " ".join(filter(None, [self.cleaned_data.get("note", ""), by_hand]))


class WinForm(ActForm, AmountForm, HeardForm):
    """What the deal is worth at won; empty leaves what it was."""

    def prepare(self) -> None:
        open_deals = self.handoff.deals.filter(outcome=Deal.Outcome.OPEN)
        self.deal = (
            open_deals.order_by("-opened_at").first() or self.handoff.deals.order_by("-opened_at").first()
        )
        self.currency = self.deal.currency if self.deal else default_currency()
        if self.deal:
            self.initial["amount"] = _whole(self.deal.amount)
            self.initial["recurring"] = _whole(self.deal.recurring)
        self.together = self.deal.handoffs.filter(status__in=self.handoff.OPEN).count() if self.deal else 1


def _whole(amount: Decimal | None) -> Decimal | None:
    """Without cents where there are none."""
    return amount.quantize(Decimal(1)) if amount is not None and amount == amount.to_integral() else amount
