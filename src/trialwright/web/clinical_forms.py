"""Forms of what is seen of a participant: each is read as one act, dated with the day of entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args

from django import forms

from trialwright.casebook.course import (
    ClinicalProgression,
    ConcomitantMedicine,
    CycleDelay,
    DrugCount,
    OtherEntry,
    Pregnancy,
    SubsequentTherapy,
    SurvivalContact,
    Visit,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure
from trialwright.casebook.exposure import DoseGiven, DoseReason, DoseStatus
from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import Act, RecordDoses
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    CountDrug,
    DelayCycle,
    EndStudy,
    EndTreatment,
    RecordDeath,
    RecordForm,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.conduct.observing import agents_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, ucum
from trialwright.web.entry_fields import (
    fields_of,
    record_of,
    source_field,
    source_of,
)
from trialwright.web.forms import day_field, sentence
from trialwright.web.planned import plan_to

ROWS = 5
"""Values of a form of measurements that can be entered at once."""


class ClinicalForm(forms.Form):
    """A form about one participant."""

    def __init__(
        self, *given: Any, state: TrialState, here: ParticipantState, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.state, self.here = state, here
        self.begin()

    def begin(self) -> None:
        """Add what depends on the participant."""

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """Fields that stand beside each other, row by row; none here."""
        return []

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields that are of no row and not hidden, in their order."""
        in_rows = {each.name for row in self.rows for each in row}
        return [each for each in self.visible_fields() if each.name not in in_rows]

    def remarks(self) -> list[str]:
        """Say what to look at again in what was entered, once it is on record.

        Returns
        -------
        list of str
            Sentences; mostly none.
        """
        return []

    def act(self, on: date) -> Act:
        """Read the form as an act.

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
            If the fields contradict each other.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class EntryKind:
    """How an entry of the course is asked for.

    Attributes
    ----------
    act, record : type
        The act and the record it carries.
    """

    act: type
    record: type


ENTRIES: Mapping[str, EntryKind] = MappingProxyType(
    {
        "visit": EntryKind(RecordVisit, Visit),
        "medicine": EntryKind(RecordMedicine, ConcomitantMedicine),
        "drug-count": EntryKind(CountDrug, DrugCount),
        "cycle-delay": EntryKind(DelayCycle, CycleDelay),
        "clinical-progression": EntryKind(RecordProgression, ClinicalProgression),
        "end-of-treatment": EntryKind(EndTreatment, OffTreatment),
        "later-therapy": EntryKind(RecordSubsequentTherapy, SubsequentTherapy),
        "survival": EntryKind(ContactSurvival, SurvivalContact),
        "pregnancy": EntryKind(RecordPregnancy, Pregnancy),
        "end-of-study": EntryKind(EndStudy, OffStudy),
        "death": EntryKind(RecordDeath, Death),
        "screen-failure": EntryKind(ScreenFail, ScreenFailure),
    }
)
"""Word of an address to the entry of the course."""


class EntryForm(ClinicalForm):
    """An entry of the course; its fields are those of the record.

    Attributes
    ----------
    kind : EntryKind
        The act and the record.
    """

    kind: EntryKind

    def begin(self) -> None:
        """Take the fields of the record, and a note."""
        criteria = [(each.id, f"{each.id} {each.says}") for each in self.state.study.criteria]
        agents = [(each, each.capitalize()) for each in sorted(_agents(self.state, self.here))]
        choices = {"criteria": criteria, "agent": agents}
        self.fields.update(fields_of(self.kind.record, choices))
        self.fields["note"] = forms.CharField(
            label="Note", help_text="Name no participant.", required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    def act(self, on: date) -> Act:
        """Read the entry.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        record = record_of(self.kind.record, self.cleaned_data)
        note = self.cleaned_data["note"].strip()
        made: Act = self.kind.act(self.here.number, on, record, note)
        return made


class MeasuresForm(ClinicalForm):
    """Laboratory values, vital signs or an ECG."""

    name = ""
    visit = forms.CharField(label="Visit", help_text="Its code, e.g. C1D8.", max_length=20)
    on = day_field("Day of the specimen or examination")
    source = source_field()

    def begin(self) -> None:
        """Add a row of fields for each value."""
        terms = [(name, f"{term.says} ({term.unit})") for name, term in
                 self.state.study.terms.items() if term.kind == "observation"]  # fmt: skip
        for row in range(1, ROWS + 1):
            self.fields[f"term_{row}"] = forms.ChoiceField(
                label=f"Value {row}", choices=[("", "–"), *terms, ("other", "Another, by name")],
                required=False,
            )  # fmt: skip
            self.fields[f"other_{row}"] = forms.CharField(
                label="Name, if not listed", required=False, max_length=80
            )
            self.fields[f"value_{row}"] = forms.DecimalField(label="Amount", required=False)
            self.fields[f"unit_{row}"] = forms.CharField(
                label="Unit (UCUM)", required=False, max_length=30
            )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each value, as a table shows them."""
        parts = ("term", "other", "value", "unit")
        return [[self[f"{part}_{row}"] for part in parts] for row in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Refuse a row of which a part is missing.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        for row in range(1, ROWS + 1):
            term, value, unit = (entered.get(f"{part}_{row}") for part in ("term", "value", "unit"))
            if term and value is None and not self.has_error(f"value_{row}"):
                self.add_error(f"value_{row}", "Give the amount, or leave the row empty.")
            if term:
                self._take_unit(row, unit or "")
            if not term and value is not None:
                self.add_error(f"term_{row}", "Say what was measured.")
            if term == "other" and not entered.get(f"other_{row}"):
                self.add_error(f"other_{row}", "Name it.")
        return entered

    def _take_unit(self, row: int, unit: str) -> None:
        """Read a unit in its spelling of UCUM, and refuse what is none."""
        try:
            self.cleaned_data[f"unit_{row}"] = ucum(unit) if unit else ""
        except Refusal as refused:
            for fault in refused.faults:
                self.add_error(f"unit_{row}", sentence(fault, is_placed=True))
        if not unit:
            self.add_error(f"unit_{row}", "Give the unit; it is never guessed.")

    def act(self, on: date) -> Act:
        """Read the rows.

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
        for row in range(1, ROWS + 1):
            term = entered[f"term_{row}"]
            if not term:
                continue
            amount = Quantity(Decimal(entered[f"value_{row}"]), entered[f"unit_{row}"])
            if term == "other":
                others.append(OtherEntry(entered[f"other_{row}"].strip(), amount, day, source))
            else:
                found.append(Observation(term, amount, day, source))
        return RecordForm(self.here.number, on, self.name, entered["visit"].strip(),
                          observations=tuple(found), others=tuple(others))  # fmt: skip


class DoseForm(ClinicalForm):
    """Doses of one agent: one day, or each planned day up to another."""

    agent = forms.ChoiceField(label="Agent")
    on = day_field("Day")
    last = day_field("Last day", "The same on each planned day up to it.", required=False)
    status = forms.ChoiceField(
        label="What became of it",
        choices=[(each, each.capitalize()) for each in get_args(DoseStatus)],
    )
    amount = forms.DecimalField(
        label="Amount taken", required=False,
        help_text="In the unit of the agent; empty where it was taken as planned, or held.",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Why it was held or reduced", required=False,
        choices=[("", "–"), *((each, each.capitalize()) for each in get_args(DoseReason))],
    )  # fmt: skip
    source = source_field()

    def begin(self) -> None:
        """Offer the agents that the participant takes."""
        agents = [(each, each.capitalize()) for each in sorted(_agents(self.state, self.here))]
        self.fields["agent"].choices = agents  # type: ignore[attr-defined]

    def act(self, on: date) -> Act:
        """Read the doses; an amount that is left empty is the planned one.

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
        agent, first = entered["agent"], entered["on"]
        last = entered["last"] or first
        planned = {dose.on: dose.amount for dose in plan_to(self.state, self.here, last).doses
                   if dose.agent == agent and first <= dose.on <= last}  # fmt: skip
        days = [first] if entered["last"] is None else sorted(planned)
        return RecordDoses(self.here.number, on, tuple(self._dose(agent, each, planned.get(each))
                                                       for each in days))  # fmt: skip

    def _dose(self, agent: str, day: date, planned: Quantity | None) -> DoseGiven:
        """Give one dose."""
        entered, unit = self.cleaned_data, self.state.study.agents[agent].dose_unit
        given = entered["amount"]
        amount = planned if given is None else Quantity(Decimal(given), unit)
        if entered["status"] == "held" and given is None:
            amount = None
        return DoseGiven(agent, day, amount, entered["status"], source_of(entered),
                         entered["reason"] or None)  # fmt: skip


def _agents(state: TrialState, here: ParticipantState) -> frozenset[str]:
    """Give the agents that a participant takes; none before the arm is known."""
    return agents_of(state, here) if here.arm else frozenset()
