"""Forms of what was before treatment: the person, medical history, prior therapy, specimens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms

from trialwright.casebook.facts import Condition
from trialwright.casebook.treatments import Specimen, Treatment
from trialwright.conduct.acts import Act, RecordException, RecordFacts
from trialwright.conduct.amendment_acts import RecordReconsent
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import refuse
from trialwright.web.clinical_forms import ClinicalForm
from trialwright.web.entry_fields import PartialDay, fields_of, record_of
from trialwright.web.forms import OPEN, day_field, reason_field
from trialwright.web.version_names import names_of


@dataclass(frozen=True, slots=True)
class FactKind:
    """How a fact of the casebook is asked for.

    Attributes
    ----------
    record : type
        Of the casebook.
    many : str
        Name of the list of such facts.
    labels : mapping of str to str
        Words of fields that the form has for itself.
    """

    record: type
    many: str
    labels: Mapping[str, str]


FACTS: Mapping[str, FactKind] = MappingProxyType(
    {
        "medical-history": FactKind(
            Condition, "conditions", {"term": "Condition", "since": "Began", "until": "Ended"}
        ),
        "prior-therapy": FactKind(
            Treatment, "treatments", {"since": "First dose", "until": "Last dose"}
        ),
        "specimen": FactKind(
            Specimen, "specimens", {"number": "How many", "on": "Day of collection"}
        ),
    }
)
"""Word of an address to the fact."""


class FactForm(ClinicalForm):
    """One fact of the casebook; its fields are those of the record.

    Attributes
    ----------
    kind : FactKind
        The record and its list.
    """

    kind: FactKind

    def begin(self) -> None:
        """Take the fields of the record; the day of entry is when it was put on record."""
        terms = self.state.study.terms.items()
        conditions = [(name, each.says) for name, each in terms if each.kind == "condition"]
        medicines = [(each, each.replace("-", " ").capitalize())
                     for each in sorted(self.state.study.medicines)]  # fmt: skip
        choices = {"term": [OPEN, *conditions], "medicine": [OPEN, *medicines]}
        made = fields_of(self.kind.record, choices)
        made.pop("recorded", None)
        for name, label in self.kind.labels.items():
            made[name].label = label
        for name in ("is_confirmed", "is_local"):
            if name in made:
                made[name].initial = "yes" if name == "is_confirmed" else "no"
        if "thickness_um" in made:
            made["thickness_um"].required = False
        self.fields.update(made)

    def act(self, on: date) -> Act:
        """Read the fact.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = {**self.cleaned_data, "recorded": PartialDate.of(on)}
        facts: dict[str, Any] = {self.kind.many: (record_of(self.kind.record, entered),)}
        return RecordFacts(self.here.number, on, **facts)


class PersonForm(ClinicalForm):
    """Date of birth and sex, as far as the protocol asks for them."""

    born = PartialDay(label="Born", required=False)
    sex = forms.ChoiceField(
        label="Recorded sex", required=False,
        choices=[("", "Not recorded"), ("female", "Female"), ("male", "Male")],
    )  # fmt: skip

    def act(self, on: date) -> Act:
        """Read the person.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.

        Raises
        ------
        Refusal
            If neither is given.
        """
        entered = self.cleaned_data
        if not entered["born"] and not entered["sex"]:
            raise refuse("born", "neither a birth date nor a sex", "one of them", "Give one")
        return RecordFacts(self.here.number, on, entered["born"], entered["sex"] or None)


class ExceptionForm(ClinicalForm):
    """An exception that was granted, or a deviation that was found."""

    criterion = forms.ChoiceField(label="Criterion that is not met")
    sort = forms.ChoiceField(
        label="What it is",
        choices=[("exception", "An exception, granted before registration"),
                 ("deviation", "A deviation, found afterwards")],
    )  # fmt: skip
    granted_by = forms.CharField(
        label="Who granted it", help_text="Board or office, and its reference. Never a "
        "participant's name.", max_length=200,
    )  # fmt: skip
    on = day_field("Day")
    reason = reason_field("The verdict on the criterion stays what it is.")

    def begin(self) -> None:
        """Offer the criteria of the protocol."""
        listed = [(each.id, f"{each.id} {each.says}") for each in self.state.study.criteria]
        self.fields["criterion"].choices = listed  # type: ignore[attr-defined]

    def act(self, on: date) -> Act:
        """Read the exception.

        Parameters
        ----------
        on : date
            Day of entry; the form gives a day of its own.

        Returns
        -------
        Act
            Undecided yet.
        """
        return RecordException(self.here.number, **self.cleaned_data)


class ReconsentForm(ClinicalForm):
    """A consent to an amended version of the protocol."""

    version = forms.ChoiceField(
        label="Version", help_text="In force at the participant's site on that day."
    )
    on = day_field("Day of the signature")

    def begin(self) -> None:
        """Offer the amendments on record."""
        listed = [(str(number), name) for number, name in names_of(self.state).items() if number]
        self.fields["version"].choices = listed  # type: ignore[attr-defined]

    def act(self, on: date) -> Act:
        """Read the consent.

        Parameters
        ----------
        on : date
            Day of entry; the form gives a day of its own.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = self.cleaned_data
        return RecordReconsent(self.here.number, int(entered["version"]), entered["on"])
