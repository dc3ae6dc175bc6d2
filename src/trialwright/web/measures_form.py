"""The form of measurements: laboratory values, vital signs, an ECG; one line for each value."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from trialwright.casebook.course import OtherEntry
from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import Act
from trialwright.conduct.clinical_acts import RecordForm
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, ucum
from trialwright.web.entry_fields import source_field, source_of
from trialwright.web.forms import day_field, sentence
from trialwright.web.lines_form import Lines, LinesForm

OTHER = "other"
"""What is chosen for a value that the protocol has no name for."""


class MeasuresForm(LinesForm):
    """Laboratory values, vital signs or an ECG.

    Attributes
    ----------
    name : str
        Of the form, as the entry holds it.
    """

    name = ""
    first_lines = 5
    asks = Lines(
        ("term", "other", "value", "unit", "low", "high"),
        "One line for each value. Limits of multiples of normal, and grades that start at a limit "
        "of normal, need the laboratory's own limits, in the unit of the value. Lines may be left "
        "empty.",
        "Say what was measured.",
    )
    visit = forms.CharField(label="Visit", help_text="Its code, e.g. C1D8.", max_length=20)
    on = day_field("Day of the specimen or examination")
    source = source_field()

    def line(self, line: int) -> Iterator[tuple[str, forms.Field]]:
        """Make the fields of one value.

        Parameters
        ----------
        line : int
            Its number, from 1.

        Yields
        ------
        tuple of str and Field
            Name and field.
        """
        terms = [(name, f"{term.says} ({term.unit})") for name, term in
                 self.state.study.terms.items() if term.kind == "observation"]  # fmt: skip
        yield "term", forms.ChoiceField(
            label=f"Value {line}", choices=[("", "–"), *terms, (OTHER, "Another, by name")],
            required=False,
        )  # fmt: skip
        yield (
            "other",
            forms.CharField(label="Name, if not listed", required=False, max_length=80),
        )
        yield "value", forms.DecimalField(label="Amount", required=False)
        yield "unit", forms.CharField(label="Unit (UCUM)", required=False, max_length=30)
        yield "low", forms.DecimalField(label="Lower limit of normal", required=False)
        yield "high", forms.DecimalField(label="Upper limit of normal", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a line of which a part is missing or contradicts another, and an empty form.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean()
        for line in self.used():
            term, value = entered[f"term_{line}"], entered.get(f"value_{line}")
            if value is None and not self.has_error(f"value_{line}"):
                self.add_error(f"value_{line}", "Give the amount, or leave the line empty.")
            self._take_unit(line, entered.get(f"unit_{line}") or "")
            if term == OTHER and not entered.get(f"other_{line}"):
                self.add_error(f"other_{line}", "Name it.")
            if term != OTHER and entered.get(f"other_{line}"):
                self.add_error(f"other_{line}", "Choose “Another, by name” beside it, or empty it.")
            self._compare_limits(line, term)
        if not self.used() and not self.errors:
            self.add_error("term_1", "Give at least one value.")
        return entered

    def _take_unit(self, line: int, unit: str) -> None:
        """Read a unit in its spelling of UCUM, and refuse what is none."""
        try:
            self.cleaned_data[f"unit_{line}"] = ucum(unit) if unit else ""
        except Refusal as refused:
            for fault in refused.faults:
                self.add_error(f"unit_{line}", sentence(fault, is_placed=True))
        if not unit:
            self.add_error(f"unit_{line}", "Give the unit; it is never guessed.")

    def _compare_limits(self, line: int, term: str) -> None:
        """Refuse limits of normal that end below their beginning, or that nothing would keep."""
        low, high = (self.cleaned_data.get(f"{end}_{line}") for end in ("low", "high"))
        if low is not None and high is not None and low > high:
            self.add_error(f"high_{line}", "The upper limit lies below the lower one.")
        if term == OTHER and (low is not None or high is not None):
            self.add_error(
                f"low_{line}", "Limits are kept of the values that the protocol names. Empty them."
            )

    def act(self, on: date) -> Act:
        """Read the lines.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered, found, others = self.cleaned_data, [], []
        day, source = PartialDate.of(entered["on"]), source_of(entered)
        for line in self.used():
            term = entered[f"term_{line}"]
            amount = Quantity(Decimal(entered[f"value_{line}"]), entered[f"unit_{line}"])
            if term == OTHER:
                others.append(OtherEntry(entered[f"other_{line}"].strip(), amount, day, source))
            else:
                found.append(Observation(term, amount, day, source, entered[f"low_{line}"],
                                         entered[f"high_{line}"]))  # fmt: skip
        return RecordForm(self.here.number, on, self.name, entered["visit"].strip(),
                          observations=tuple(found), others=tuple(others))  # fmt: skip
