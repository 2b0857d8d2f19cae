"""Choosing a file, and saying what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from intake.encodings import CHOICES
from intake.guessing import FORMATS, Column
from intake.models import ImportRun
from intake.services.runs import Choice
from leads.engine.identity import normal_form
from leads.models import Campaign

LABELS = {
    "external_id": "Id in the other system", "email": "Email", "first_name": "First name",
    "last_name": "Last name", "title": "Role", "phone": "Phone", "company": "Company",
    "company_domain": "Company domain", "industry": "Industry", "employees": "Company employees",
    "country": "Country", "source": "Source", "campaign": "Campaign", "owner": "Owner",
    "created_at": "Created at",
}  # fmt: skip


class UploadForm(forms.Form):
    """One CSV file."""

    file = forms.FileField(
        label="CSV file",
        help_text="Up to 20 MB and 100,000 rows, with column names in the first row.",
        allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.tsv,text/csv"}),
    )


class ColumnsForm(forms.Form):
    """What each column is, and how the file is to be read."""

    encoding = forms.ChoiceField(
        choices=list(CHOICES.items()), help_text="Change it where letters look wrong."
    )
    date_format = forms.ChoiceField(label="Dates are written", choices=list(FORMATS.items()), required=False)
    known = forms.ChoiceField(label="When the email is already known", choices=ImportRun.Known.choices)
    campaign = forms.ModelChoiceField(
        Campaign.objects.filter(is_active=True), required=False, empty_label="No campaign",
        help_text="For rows whose file does not name one.",
    )  # fmt: skip

    def __init__(self, columns: Sequence[Column], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        for index, column in enumerate(columns):
            own = [] if column.is_field else [("@", "Attribute of its own")]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=f"Field for {column.name}", choices=[("", "Do not import"), *LABELS.items(), *own],
                required=False, initial=column.target or ("@" if own and column.filled and not column.is_own else ""),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        """Each column beside the field that says what it is."""
        return [(column, self[f"column_{index}"]) for index, column in enumerate(self._columns)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        told = [cleaned.get(f"column_{index}", "") for index, _ in enumerate(self._columns)]
        for index, target in enumerate(told):
            if target not in ("", "@") and target in told[:index]:
                self.add_error(f"column_{index}", f"Another column is {LABELS[target]} already.")
        for index in self._namesakes(told):
            self.add_error(
                f"column_{index}", "Two columns have this name. Rename one in the file, or import neither."
            )
        if not {"email", "external_id"}.intersection(told):
            self.add_error(None, "Say which column holds the email, or the id in the other system.")
        return cleaned

    def _namesakes(self, told: Sequence[str]) -> list[int]:
        """Columns that a mapping, which goes by names, cannot tell from one that is treated otherwise."""
        names = [normal_form(column.name) for column in self._columns]
        return [
            index for index, name in enumerate(names) if name in names[:index] and any(
                target for known, target in zip(names, told, strict=True) if known == name
            )
        ]  # fmt: skip

    def choice(self) -> Choice:
        data = self.cleaned_data
        return Choice(
            targets=[data[f"column_{index}"] for index, _ in enumerate(self._columns)],
            encoding=data["encoding"],
            date_format=data["date_format"],
            known=data["known"],
            campaign=data["campaign"],
        )
