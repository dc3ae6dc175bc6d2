"""The casebook of one participant: every fact known, and lookups over them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.treatments import Coverage, Specimen, Treatment
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer


@dataclass(frozen=True, slots=True)
class Casebook:
    """What is known of one participant.

    Attributes
    ----------
    participant : str
        Study number; never a name.
    born, died : PartialDate or None
        As known; None when not recorded.
    sex : {'female', 'male'} or None
        Administrative sex as recorded.
    observations, conditions, attestations : tuple
        Facts in the order in which they came in.
    treatments, specimens : tuple
        Medicines and treatments given, and specimens at hand, in that order too.
    coverage : tuple of Coverage
        Spans over which the record is known to be complete.
    unsettled : frozenset of str
        Terms and medicines of which something on record could not be read: silence about them is
        no absence.
    person : Source or None
        The record that holds birth date and sex.
    """

    participant: str
    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    died: PartialDate | None = None
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unsettled: frozenset[str] = frozenset()
    person: Source | None = None
    _filed: dict[tuple[str, str], list[Any]] | None = field(
        init=False, repr=False, compare=False, default=None
    )
    _unread: "tuple[Casebook, Callable[[Casebook], Casebook]] | None" = field(
        init=False, repr=False, compare=False, default=None
    )

    def later(self, read: "Callable[[Casebook], Casebook]") -> "Casebook":
        """Give a casebook that also holds what is read when somebody first looks into it.

        Parameters
        ----------
        read : callable (Casebook) -> Casebook
            Adds the further facts. Called at the first look, in any thread, and not before; what
            it raises is raised there.

        Returns
        -------
        Casebook
            A new one; this one is unchanged.
        """
        put_off = object.__new__(Casebook)
        object.__setattr__(put_off, "participant", self.participant)
        object.__setattr__(put_off, "_filed", None)
        object.__setattr__(put_off, "_unread", (self, read))
        return put_off

    def __getattr__(self, name: str) -> Any:
        """Read what was put off, when a field is looked at for the first time."""
        unread: tuple[Casebook, Callable[[Casebook], Casebook]] | None
        unread = object.__getattribute__(self, "_unread")
        if unread is None:  # no field, or another thread has just read it
            return object.__getattribute__(self, name)
        base, steps = self, []
        while unread is not None:
            base, read = unread
            steps.append(read)
            unread = base._unread
        for read in reversed(steps):
            base = read(base)
        for each in fields(self):
            if each.init:
                object.__setattr__(self, each.name, getattr(base, each.name))
        object.__setattr__(self, "_unread", None)
        return getattr(self, name)

    def _of(self, kind: str, name: str) -> list[Any]:
        """Give the facts filed under a name; they are filed once, for rules look them up often."""
        filed = self._filed
        if filed is None:
            filed = {}
            _file(filed, "observation", ((fact.term, fact) for fact in self.observations))
            for each in filed.values():
                each.sort(key=_dated)  # observations alone are filed yet; equal days keep order
            _file(filed, "condition", ((fact.term, fact) for fact in self.conditions))
            _file(filed, "attestation", ((fact.question, fact) for fact in self.attestations))
            _file(filed, "treatment", ((fact.medicine, fact) for fact in self.treatments))
            object.__setattr__(self, "_filed", filed)
        return filed.get((kind, name), _NONE)

    def observed(self, term: str, as_of: date) -> tuple[Observation, ...]:
        """Give the observations of a term that are not certainly from the future.

        Parameters
        ----------
        term : str
            Name in the protocol's vocabulary.
        as_of : date
            Observations certainly later than this day are left out; one whose partial date
            straddles it stays, for the rule to find it undecided.

        Returns
        -------
        tuple of Observation
            Oldest first; equal days keep the order in which they came in.
        """
        filed = self._of("observation", term)
        if filed and filed[-1].on.latest <= as_of:
            return tuple(filed)
        return tuple(fact for fact in filed if not _is_later(fact.on, as_of))

    def conditions_of(self, term: str, as_of: date) -> tuple[Condition, ...]:
        """Give the records of a condition that are not certainly from the future.

        Parameters
        ----------
        term : str
            Name in the protocol's vocabulary.
        as_of : date
            Records that certainly begin after this day are left out.

        Returns
        -------
        tuple of Condition
            In the order in which they came in.
        """
        filed = self._of("condition", term)
        return tuple(fact for fact in filed if not _is_later(fact.since or fact.recorded, as_of))

    def treated_with(self, medicines: Iterable[str], as_of: date) -> tuple[Treatment, ...]:
        """Give the records of medicines that are not certainly from the future.

        Parameters
        ----------
        medicines : iterable of str
            Names among the protocol's medicines.
        as_of : date
            Treatment that certainly begins after this day is left out.

        Returns
        -------
        tuple of Treatment
            By medicine, in the order named; records of one in the order in which they came in.
        """
        return tuple(
            fact
            for medicine in medicines
            for fact in self._of("treatment", medicine)
            if not _is_later(fact.since or fact.recorded, as_of)
        )

    def answered(self, question: str, as_of: date, role: str = "") -> Attestation | None:
        """Give the last answer to a question up to a day.

        Parameters
        ----------
        question : str
            Name of the attested item.
        as_of : date
            Later answers are left out.
        role : str
            Only answers in this role count; empty: in any.

        Returns
        -------
        Attestation or None
            None when nobody has answered. Of two answers of one day the one that came in last.
        """
        given = [
            fact
            for fact in self._of("attestation", question)
            if not _is_later(fact.on, as_of) and role in ("", fact.role)
        ]
        return sorted(given, key=_dated)[-1] if given else None

    def with_facts(
        self,
        observations: tuple[Observation, ...] = (),
        conditions: tuple[Condition, ...] = (),
        attestations: tuple[Attestation, ...] = (),
        treatments: tuple[Treatment, ...] = (),
    ) -> "Casebook":
        """Give a casebook that also holds further facts.

        Parameters
        ----------
        observations, conditions, attestations, treatments : tuple
            Facts to add after those held.

        Returns
        -------
        Casebook
            A new one; this one is unchanged.
        """
        return replace(
            self,
            observations=self.observations + observations,
            conditions=self.conditions + conditions,
            attestations=self.attestations + attestations,
            treatments=self.treatments + treatments,
        )


_NONE: list[Any] = []
"""What is filed under a name of which nothing is recorded; never changed."""


def _file(filed: dict[tuple[str, str], list[Any]], kind: str, facts: Iterable[Any]) -> None:
    """File facts under their kind and name."""
    for name, fact in facts:
        filed.setdefault((kind, name), []).append(fact)


def _dated(fact: Observation | Attestation) -> tuple[date, date]:
    """Give the order of facts in time; a partial date stands at its last day."""
    return fact.on.latest, fact.on.earliest


def _is_later(day: PartialDate | None, as_of: date) -> bool:
    """Say whether a date certainly lies after a day."""
    return day is not None and day.on_or_before(as_of) is Answer.NOT_MET
