"""Custom attributes of a file: which type a new column has, and reading its cells in that type."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from definitions.engine.text import text_key
from intake.cells import NUMBER, PADDED, TRUTHS, Dates, read_number, read_truth
from intake.encodings import UnreadableError
from intake.mapping import Layout
from leads.models import CustomField
from leads.services.attributes import MOST_CHOICES, join_choices


@dataclass
class Evidence:
    """What the values of one column have in common so far."""

    dates: Dates
    seen: bool = False
    padded: bool = False
    digits: bool = True
    numbers: bool = True
    moments: bool = True
    truths: bool = True
    spellings: dict[str, str] = field(default_factory=dict)

    def see(self, text: str) -> None:
        self.seen = True
        if self.digits:
            padded = PADDED.fullmatch(text) is not None
            self.padded |= padded
            self.digits = padded or NUMBER.fullmatch(text) is not None
            self.numbers &= self.digits and not padded and _reads(read_number, text)
        if self.moments:
            self.moments = _reads(self.dates.read, text)
        self.truths = self.truths and text.lower() in TRUTHS
        if len(self.spellings) <= MOST_CHOICES:
            self.spellings.setdefault(text_key(text), text)

    def type(self) -> str:
        """Number, else date, boolean, choice, text. Digits with leading zeros are codes, so text."""
        if self.digits and (self.padded or self.numbers):
            return CustomField.Type.TEXT if self.padded else CustomField.Type.NUMBER
        if self.moments:
            return CustomField.Type.DATE
        if self.truths:
            return CustomField.Type.BOOLEAN
        few = len(self.spellings) <= MOST_CHOICES
        return CustomField.Type.CHOICE if few else CustomField.Type.TEXT


class AttributeBook:
    """The custom fields of one file. First `see` every value, then `settle`, then `read`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._names = layout.attributes
        self._fields = _known_fields(self._names)
        self._evidence = {name: Evidence(layout.mapping.dates) for name in self._names}
        for name, type_ in layout.mapping.types.items():
            known = self._fields.get(name)
            if known is not None and known.type != type_:
                raise UnreadableError(f"The attribute “{name}” is a {known.type} already, not a {type_}.")

    def see(self, cells: dict[str, str]) -> None:
        """A known field learns nothing but new choices."""
        for name in self._names:
            if name in cells:
                self._evidence[name].see(cells[name])

    def settle(self) -> None:
        """Make the new fields and widen the known choices; a column without any value makes nothing.

        In the order of their names, as everybody holds them. May be done again where it was taken back.
        """
        fields = _known_fields(self._names)
        for name, evidence in sorted(self._evidence.items()):
            known = fields.get(name)
            if known is None and evidence.seen:
                fields[name] = self._make(name, evidence)
            elif known is not None and known.type == CustomField.Type.CHOICE:
                fields[name] = join_choices(known, evidence.spellings.values())
        self._fields = fields

    def read(self, cells: dict[str, str]) -> tuple[dict[str, Any], tuple[str, str] | None]:
        """The typed values of a row, or the first that does not fit with the reason."""
        values: dict[str, Any] = {}
        for name in self._names:
            if name not in cells:
                continue
            try:
                values[name] = self._typed(name)(cells[name])
            except ValueError as error:
                return {}, (name, str(error))
        return values, None

    def _typed(self, name: str) -> Callable[[str], Any]:
        dates = self._layout.mapping.dates
        readers: dict[str, Callable[[str], Any]] = {
            CustomField.Type.NUMBER: read_number,
            CustomField.Type.DATE: dates.read_attribute,
            CustomField.Type.BOOLEAN: read_truth,
        }
        return readers.get(self._fields[name].type, str)

    def _make(self, name: str, evidence: Evidence) -> CustomField:
        type_ = self._layout.mapping.types.get(name) or evidence.type()
        choices = list(evidence.spellings.values()) if type_ == CustomField.Type.CHOICE else []
        if len(choices) > MOST_CHOICES:
            type_, choices = CustomField.Type.TEXT, []
        return CustomField.objects.create(
            name=name, label=self._layout.label(name), type=type_, choices=choices
        )


def _known_fields(names: Collection[str]) -> dict[str, CustomField]:
    return {row.name: row for row in CustomField.objects.filter(name__in=names)}


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True
