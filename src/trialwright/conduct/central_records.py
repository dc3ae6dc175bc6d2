"""Independent central review: who reads, the act of adjudication, and what is kept of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from trialwright.casebook.tumours import TumourAssessment, TumourBaseline

Evaluator = Literal["", "reader 1", "reader 2", "adjudicator"]
"""Who reads tumours; empty: the investigator."""

Central = Literal["reader 1", "reader 2", "adjudicator"]
"""Those of independent central review."""

INVESTIGATOR: Evaluator = ""

READERS: tuple[Central, Central] = ("reader 1", "reader 2")
"""Each reads by himself, from lesions that he chose."""

ADJUDICATOR: Central = "adjudicator"

TUMOUR_ACTS = ("tumour_baseline_recorded", "tumour_assessed")
"""Acts on which the responses of the investigator rest."""

CENTRAL_ACTS = ("central_baseline_recorded", "central_assessed")
"""Acts on which the responses of central review rest."""


@dataclass(frozen=True, slots=True)
class Adjudicate:
    """Decide between two readers who differ.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the act; readings up to it are compared.
    chosen : {'reader 1', 'reader 2', 'adjudicator'}
        Whose reading counts; `adjudicator`: the adjudicator's own, which is on record.
    reason : str
        Why.
    """

    participant: str
    on: date
    chosen: Central
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one evaluator read of a participant.

    Attributes
    ----------
    baseline : TumourBaseline or None
        Lesions chosen by this evaluator.
    assessments : tuple of TumourAssessment
        In the order of entry.
    accounts : tuple of str
        Who entered them, each account once.
    """

    baseline: TumourBaseline | None = None
    assessments: tuple[TumourAssessment, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A decision between two readers.

    Attributes
    ----------
    on : date
        Its day.
    chosen : {'reader 1', 'reader 2', 'adjudicator'}
        Whose reading counts.
    differing : tuple of str
        In what the readers differed; the decision stands while they differ in just this.
    account : str
        Who decided; why stands beside the record and may be redacted alone.
    """

    on: date
    chosen: Central
    differing: tuple[str, ...]
    account: str


@dataclass(frozen=True, slots=True)
class CentralReview:
    """Independent central review of one participant.

    Attributes
    ----------
    readings : mapping of str to Reading
        By evaluator; who has read nothing is not there.
    adjudications : tuple of Adjudication
        In the order of entry.
    """

    readings: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))
    adjudications: tuple[Adjudication, ...] = ()

    def of(self, evaluator: str) -> Reading:
        """Give what one evaluator read.

        Parameters
        ----------
        evaluator : str
            Of central review.

        Returns
        -------
        Reading
            Empty when nothing is on record.
        """
        return self.readings.get(evaluator, Reading())


NO_CENTRAL_REVIEW = CentralReview()
"""Of a participant whom nobody read centrally."""
