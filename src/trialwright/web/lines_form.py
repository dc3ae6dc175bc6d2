"""Forms that end in lines, each of several fields; more lines are asked for without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from trialwright.web.clinical_forms import ClinicalForm

LINES, MOST_LINES = 4, 60
"""Lines of a form at first, and at most; each press of the button adds as many as at first."""


def lines_of(said: object, first: int = LINES) -> int:
    """Read how many lines a form was shown with.

    Parameters
    ----------
    said : object
        As it came with the form, or None.
    first : int
        Lines of an empty form.

    Returns
    -------
    int
        Those of an empty form where nothing is said, or nothing that is a number.
    """
    text = str(said or "")[:3]
    return int(text) if text.isdecimal() else first


@dataclass(frozen=True, slots=True)
class Lines:
    """How the lines of a form are asked for.

    Attributes
    ----------
    parts : tuple of str
        Fields of a line; the first one says whether the line is used.
    says : str
        What stands above the lines.
    headless : str
        What to do about a line whose first field is empty and another is not.
    """

    parts: tuple[str, ...]
    says: str
    headless: str


class LinesForm(ClinicalForm):
    """A form that ends in lines.

    Attributes
    ----------
    asks : Lines
        What a line holds.
    first_lines : int
        Lines of an empty form; as many are added at a time.
    is_dense : bool
        Fields stand beside each other where there is room.
    shown : int
        Lines that are shown.
    places : dict of str to str
        Place of a fault in the act to the field that holds it, once the act was made.
    """

    asks: Lines
    first_lines = LINES
    is_dense = True

    def begin(self) -> None:
        """Add the lines."""
        self.places: dict[str, str] = {}
        asked = lines_of(self.data.get("lines") or self.initial.get("lines"), self.first_lines)
        self.shown = min(max(asked, self.first_lines), MOST_LINES)
        self.fields["lines"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(self.shown)
        )
        for line in range(1, self.shown + 1):
            for name, field in self.line(line):
                self.fields[f"{name}_{line}"] = field
        if self.shown > self.first_lines and not self.is_bound:
            first_new = f"{self.asks.parts[0]}_{self.shown - self.first_lines + 1}"
            self.fields[first_new].widget.attrs["autofocus"] = True

    def line(self, line: int) -> Iterator[tuple[str, forms.Field]]:
        """Make the fields of a line.

        Parameters
        ----------
        line : int
            Its number, from 1.

        Yields
        ------
        tuple of str and Field
            Name and field, in the order in which they are shown.
        """
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Refuse lines that are filled in but for their first field.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        first, *others = self.asks.parts
        for line in range(1, self.shown + 1):
            names = (f"{name}_{line}" for name in others)
            begun = any(
                entered.get(name) not in (None, "", _first_choice(self.fields[name]))
                for name in names
            )
            if begun and not entered.get(f"{first}_{line}"):
                self.add_error(f"{first}_{line}", self.asks.headless)
        return entered

    def used(self) -> list[int]:
        """Give the lines that are filled in.

        Returns
        -------
        list of int
            Numbers of lines, from 1.
        """
        first = self.asks.parts[0]
        return [line for line in range(1, self.shown + 1)
                if self.cleaned_data.get(f"{first}_{line}")]  # fmt: skip

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each line."""
        return [[self[f"{part}_{line}"] for part in self.asks.parts]
                for line in range(1, self.shown + 1)]  # fmt: skip

    @property
    def rows_say(self) -> str:
        """What stands above the lines."""
        return self.asks.says

    @property
    def can_grow(self) -> bool:
        """Whether more lines can be asked for."""
        return self.shown < MOST_LINES


def _first_choice(field: forms.Field) -> str:
    """Give what a list begins with; empty for another field."""
    if not isinstance(field, forms.ChoiceField):
        return ""
    return next((str(word) for word, _ in field.choices), "")  # type: ignore[union-attr, misc]


def percent_field(label: str, help_text: str = "") -> forms.DecimalField:
    """Make the field of a part of a whole.

    Parameters
    ----------
    label, help_text : str
        Its words.

    Returns
    -------
    DecimalField
        In percent, from 0 to 100; may be left empty.
    """
    return forms.DecimalField(
        label=f"{label}, %", help_text=help_text, required=False, min_value=0, max_value=100
    )
