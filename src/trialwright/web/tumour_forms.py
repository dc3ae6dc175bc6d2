"""Forms of tumours: the baseline, and an assessment with one field for each of its lesions."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TargetWord,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import Act, RecordTumourAssessment, RecordTumourBaseline
from trialwright.web.clinical_forms import ClinicalForm
from trialwright.web.entry_fields import source_field, source_of
from trialwright.web.forms import OPEN, day_field

_TARGET, _OTHER = "target_", "other_"
_NONE, _NOBODY = "none", "not evaluated"


TARGETS, OTHERS = 5, 8
"""Lesions of a baseline that can be entered: at most five targets in all (RECIST 1.1, 3.1.2), and
as many others as a form shows."""


class BaselineForm(ClinicalForm):
    """All disease before treatment: targets with their diameter, and everything else.

    Attributes
    ----------
    rows_say : str
        What stands above the rows.
    """

    rows_say = "A target has its longest diameter, a node its short axis. Rows may be left empty."
    on = day_field("Day of the imaging", "The last day when it took several.")
    method = forms.CharField(
        label="Method", help_text="E.g. CT SCAN.", required=False, max_length=60
    )
    source = source_field()

    def begin(self) -> None:
        """Add a row of fields for each lesion."""
        for place in range(1, TARGETS + 1):
            self._lesion(f"T{place}", f"Target T{place}")
            self.fields[f"T{place}_mm"] = forms.DecimalField(
                label="Millimetres", required=False, min_value=0
            )  # fmt: skip
        for place in range(1, OTHERS + 1):
            self._lesion(f"N{place}", f"Other disease N{place}")

    def _lesion(self, label: str, says: str) -> None:
        """Add the fields of a lesion."""
        self.fields[f"{label}_site"] = forms.CharField(
            label=f"{says}: organ", required=False, max_length=60
        )
        self.fields[f"{label}_node"] = forms.ChoiceField(
            label="Lymph node", required=False, choices=[("no", "No"), ("yes", "Yes")]
        )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each lesion, as a table shows them."""
        labels = [*(f"T{place}" for place in range(1, TARGETS + 1)),
                  *(f"N{place}" for place in range(1, OTHERS + 1))]  # fmt: skip
        parts = ("site", "node", "mm")
        return [[self[f"{label}_{part}"] for part in parts if f"{label}_{part}" in self.fields]
                for label in labels]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a target of which a part is missing.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        for place in range(1, TARGETS + 1):
            site, mm = entered.get(f"T{place}_site"), entered.get(f"T{place}_mm")
            if site and mm is None and not self.has_error(f"T{place}_mm"):
                self.add_error(f"T{place}_mm", "Give the diameter, or leave the row empty.")
            if mm is not None and not site:
                self.add_error(f"T{place}_site", "Name the organ.")
        return entered

    def act(self, on: date) -> Act:
        """Read the lesions.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = self.cleaned_data
        targets = tuple(
            TargetLesion(label, site, is_node, entered[f"{label}_mm"])
            for label, site, is_node in self._named("T", TARGETS)
        )
        others = tuple(NonTargetLesion(*each) for each in self._named("N", OTHERS))
        baseline = TumourBaseline(
            entered["on"], targets, others, source_of(entered), entered["method"].strip()
        )
        return RecordTumourBaseline(self.here.number, baseline)

    def _named(self, letter: str, most: int) -> list[tuple[str, str, bool]]:
        """Give label, organ and sort of each lesion whose organ is given."""
        entered = self.cleaned_data
        labels = [f"{letter}{place}" for place in range(1, most + 1)]
        return [(label, entered[f"{label}_site"].strip(), entered[f"{label}_node"] == "yes")
                for label in labels if entered[f"{label}_site"].strip()]  # fmt: skip


class AssessmentForm(ClinicalForm):
    """A tumour assessment after baseline."""

    on = day_field("Day of the assessment")
    source = source_field()

    def begin(self) -> None:
        """Add a field for each lesion, and those of a new one."""
        baseline = self.here.baseline
        words = ", ".join(TargetWord)
        for lesion in baseline.targets if baseline else ():
            self.fields[f"{_TARGET}{lesion.label}"] = forms.CharField(
                label=f"Target {lesion.label}, {lesion.site or 'site not recorded'}",
                help_text=f"Millimetres, or {words}. Empty: not evaluated.",
                required=False, max_length=30,
            )  # fmt: skip
        for other in baseline.nontargets if baseline else ():
            self.fields[f"{_OTHER}{other.label}"] = forms.ChoiceField(
                label=f"Non-target {other.label}, {other.site or 'site not recorded'}",
                choices=[OPEN, *((each, each.capitalize()) for each in NonTargetWord)],
            )
        self.fields["new"] = forms.ChoiceField(
            label="New lesions",
            choices=[OPEN, (_NONE, "Looked for, none found"), (_NOBODY, "Nobody could look"),
                     *((each, f"{each.capitalize()} new lesion") for each in Certainty)],
        )  # fmt: skip
        self.fields["new_site"] = forms.CharField(
            label="Organ of the new lesion", required=False, max_length=60
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a reading that is neither millimetres nor a word.

        Returns
        -------
        dict of str to object
            With readings in place of texts.
        """
        entered = super().clean() or {}
        for name in [each for each in entered if each.startswith(_TARGET)]:
            try:
                entered[name] = _reading(entered[name])
            except InvalidOperation:
                self.add_error(name, f"Give millimetres, or {', '.join(TargetWord)}.")
        return entered

    def act(self, on: date) -> Act:
        """Read the lesions.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = self.cleaned_data
        targets = {name.removeprefix(_TARGET): value for name, value in entered.items()
                   if name.startswith(_TARGET) and value is not None}  # fmt: skip
        others = {name.removeprefix(_OTHER): NonTargetWord(value)
                  for name, value in entered.items() if name.startswith(_OTHER)}  # fmt: skip
        assessment = TumourAssessment(
            entered["on"], targets, others, self._new(), source_of(entered)
        )
        return RecordTumourAssessment(self.here.number, assessment)

    def _new(self) -> tuple[NewLesion, ...] | None:
        """Read the new lesion; None when nobody could look."""
        word = self.cleaned_data["new"]
        if word == _NOBODY:
            return None
        site = self.cleaned_data["new_site"].strip()
        return () if word == _NONE else (NewLesion(Certainty(word), site),)


def _reading(text: str) -> Decimal | TargetWord | None:
    """Read a target lesion; None: left empty."""
    written = text.strip().upper()
    if not written:
        return None
    return TargetWord(written) if written in set(TargetWord) else Decimal(written)
