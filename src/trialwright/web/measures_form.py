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
from trialwright.protocol.vocabulary import Term
from trialwright.terms.answers import ANSWERS, SCORED
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, ucum
from trialwright.web.entry_fields import source_field, source_of
from trialwright.web.forms import day_field, sentence
from trialwright.web.lines_form import Lines, LinesForm

OTHER = "other"
"""What is chosen for a value that the protocol has no name for."""


_WORDS = tuple(dict.fromkeys(ANSWERS.values()))
_SCORES = ("0", "1+", "2+", "3+")
"""Results in words, and scores of immunohistochemistry of HER2, as rules compare them."""


class MeasuresForm(LinesForm):
    """Laboratory values, vital signs or an ECG.

    Attributes
    ----------
    name : str
        Of the form, as the entry holds it.
    takes_findings : bool
        Whether a line may hold a result in words, e.g. `positive`, in place of an amount.
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
    takes_findings = False
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
        terms = [(name, f"{term.says} ({term.unit or 'in words'})") for name, term in
                 self.state.study.terms.items() if self._takes(term)]  # fmt: skip
        yield "term", forms.ChoiceField(
            label=f"Value {line}", choices=[("", "–"), *terms, (OTHER, "Another, by name")],
            required=False,
        )  # fmt: skip
        yield (
            "other",
            forms.CharField(label="Name, if not listed", required=False, max_length=80),
        )
        if self.takes_findings:
            yield "answer", forms.ChoiceField(
                label="Result in words", required=False,
                choices=[("", "–"), *((each, each.capitalize()) for each in (*_WORDS, *_SCORES))],
            )  # fmt: skip
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
            term = entered[f"term_{line}"]
            if self._is_in_words(line, term):
                self._take_words(line, term)
            else:
                self._take_amount(line)
            if term == OTHER and not entered.get(f"other_{line}"):
                self.add_error(f"other_{line}", "Name it.")
            if term != OTHER and entered.get(f"other_{line}"):
                self.add_error(f"other_{line}", "Choose “Another, by name” beside it, or empty it.")
            self._compare_limits(line, term)
        if not self.used() and not self.errors:
            self.add_error("term_1", "Give at least one value.")
        return entered

    def _takes(self, term: Term) -> bool:
        """Say whether a line may hold a term of the protocol."""
        return term.kind == "observation" or (self.takes_findings and term.kind == "finding")

    def _is_in_words(self, line: int, term: str) -> bool:
        """Say whether a line holds a result in words."""
        known = self.state.study.terms.get(term)
        return bool(self.cleaned_data.get(f"answer_{line}")) or (
            known is not None and known.kind == "finding"
        )

    def _take_words(self, line: int, term: str) -> None:
        """Refuse words for what is measured, amounts for what is not, and words of another term."""
        entered, known = self.cleaned_data, self.state.study.terms.get(term)
        answer = entered.get(f"answer_{line}")
        amounts = [name for name in ("value", "unit", "low", "high")
                   if entered.get(f"{name}_{line}") not in (None, "")]  # fmt: skip
        if known is not None and known.kind == "observation":
            self.add_error(f"answer_{line}", "It is measured: give amount and unit, and no words.")
            return
        if not answer and not self.has_error(f"answer_{line}"):
            self.add_error(f"answer_{line}", "Choose the result: it is told in words.")
        if answer in _SCORES and not (known and set(known.coded) & SCORED):
            self.add_error(f"answer_{line}", "Scores are of HER2 by immunohistochemistry alone.")
        for name in amounts:
            self.add_error(f"{name}_{line}", "A result in words has none. Empty this.")

    def _take_amount(self, line: int) -> None:
        """Refuse a line without its amount, and read the unit in its spelling of UCUM."""
        entered = self.cleaned_data
        if entered.get(f"value_{line}") is None and not self.has_error(f"value_{line}"):
            self.add_error(f"value_{line}", "Give the amount, or leave the line empty.")
        unit = entered.get(f"unit_{line}") or ""
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
        is_kept = term != OTHER or bool(self.cleaned_data.get(f"answer_{line}"))
        if not is_kept and (low is not None or high is not None):
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
            seen: Quantity | str = entered.get(f"answer_{line}") or Quantity(
                Decimal(entered[f"value_{line}"]), entered[f"unit_{line}"]
            )
            if term == OTHER:
                others.append(OtherEntry(entered[f"other_{line}"].strip(), seen, day, source))
            else:
                found.append(Observation(term, seen, day, source, entered[f"low_{line}"],
                                         entered[f"high_{line}"]))  # fmt: skip
        return RecordForm(self.here.number, on, self.name, entered["visit"].strip(),
                          observations=tuple(found), others=tuple(others))  # fmt: skip


class LaboratoryForm(MeasuresForm):
    """Laboratory values, and findings such as an antigen that is positive or negative."""

    name = "laboratory"
    takes_findings = True
    asks = Lines(
        ("term", "other", "answer", "value", "unit", "low", "high"),
        f"{MeasuresForm.asks.says} A finding, e.g. of a test for HIV or HBsAg, has a result in "
        "words and no amount.",
        MeasuresForm.asks.headless,
    )
