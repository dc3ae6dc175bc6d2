"""The casebook of one participant: every fact known, and lookups over them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.terms.dates import PartialDate
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
    """

    participant: str
    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    died: PartialDate | None = None
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    attestations: tuple[Attestation, ...] = ()

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
        known = [
            fact
            for fact in self.observations
            if fact.term == term and not _is_later(fact.on, as_of)
        ]
        return tuple(sorted(known, key=_dated))

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
        return tuple(
            fact
            for fact in self.conditions
            if fact.term == term and not _is_later(fact.since or fact.recorded, as_of)
        )

    def answered(self, question: str, as_of: date) -> Attestation | None:
        """Give the last answer to a question up to a day.

        Parameters
        ----------
        question : str
            Name of the attested item.
        as_of : date
            Later answers are left out.

        Returns
        -------
        Attestation or None
            None when nobody has answered. Of two answers of one day the one that came in last.
        """
        given = [
            fact
            for fact in self.attestations
            if fact.question == question and not _is_later(fact.on, as_of)
        ]
        return sorted(given, key=_dated)[-1] if given else None

    def with_facts(
        self,
        observations: tuple[Observation, ...] = (),
        conditions: tuple[Condition, ...] = (),
        attestations: tuple[Attestation, ...] = (),
    ) -> "Casebook":
        """Give a casebook that also holds further facts.

        Parameters
        ----------
        observations, conditions, attestations : tuple
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
        )


def _dated(fact: Observation | Attestation) -> tuple[date, date]:
    """Give the order of facts in time; a partial date stands at its last day."""
    return fact.on.latest, fact.on.earliest


def _is_later(day: PartialDate | None, as_of: date) -> bool:
    """Say whether a date certainly lies after a day."""
    return day is not None and day.on_or_before(as_of) is Answer.NOT_MET
