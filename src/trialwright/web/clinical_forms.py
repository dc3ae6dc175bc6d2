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
    Pregnancy,
    SubsequentTherapy,
    SurvivalContact,
    Visit,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure
from trialwright.casebook.exposure import DoseGiven, DoseReason, DoseStatus
from trialwright.conduct.acts import Act, RecordDoses
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    CountDrug,
    DelayCycle,
    EndStudy,
    EndTreatment,
    RecordDeath,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.conduct.observing import agents_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.quantities import Quantity
from trialwright.web.entry_fields import (
    fields_of,
    record_of,
    source_field,
    source_of,
)
from trialwright.web.forms import OPEN, day_field
from trialwright.web.planned import plan_to


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
        agents = _listed(self.state, self.here)
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
        help_text="In the unit of the agent; empty where it was taken as planned, or held. A "
        "reduced dose needs it.",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Why it was held or reduced", required=False,
        choices=[("", "–"), *((each, each.capitalize()) for each in get_args(DoseReason))],
    )  # fmt: skip
    source = source_field()

    places = MappingProxyType({"doses.0": "on", "doses.0.amount": "amount"})

    def clean(self) -> dict[str, Any]:
        """Refuse a reduced dose of which nobody says how much was taken.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        is_missing = entered.get("amount") is None and not self.has_error("amount")
        if entered.get("status") == "reduced" and is_missing:
            self.add_error("amount", "Give the amount that was taken.")
        return entered

    def begin(self) -> None:
        """Offer the agents that the participant takes."""
        agents = _listed(self.state, self.here)
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


def _listed(state: TrialState, here: ParticipantState) -> list[tuple[str, str]]:
    """List the agents that a participant takes; of several, one is chosen."""
    agents = sorted(_agents(state, here))
    return [*([OPEN] if len(agents) > 1 else []), *((each, each.capitalize()) for each in agents)]


def _agents(state: TrialState, here: ParticipantState) -> frozenset[str]:
    """Give the agents that a participant takes; none before the arm is known."""
    return agents_of(state, here) if here.arm else frozenset()
