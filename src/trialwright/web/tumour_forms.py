"""The form of a tumour assessment: one field for each lesion of the baseline."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetWord,
    TargetWord,
    TumourAssessment,
)
from trialwright.conduct.acts import Act, RecordTumourAssessment
from trialwright.web.clinical_forms import ClinicalForm
from trialwright.web.entry_fields import source_field, source_of
from trialwright.web.forms import day_field

_TARGET, _OTHER = "target_", "other_"
_NONE, _NOBODY = "none", "not evaluated"


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
                choices=[(each, each.capitalize()) for each in NonTargetWord],
            )
        self.fields["new"] = forms.ChoiceField(
            label="New lesions",
            choices=[(_NONE, "Looked for, none found"), (_NOBODY, "Nobody could look"),
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
        """Read the lesions."""
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
