"""Three-valued verdicts that carry their reasons.

Unknown is never yes and never no: the connectives are Kleene's strong ones [1]_.

References
----------
.. [1] Kleene SC. Introduction to Metamathematics. 1952; section 64.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialwright.terms.sources import Source


class Answer(StrEnum):
    """What a rule can answer."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a verdict rests on.

    Attributes
    ----------
    what : str
        Name of the fact, e.g. `hemoglobin`.
    value : str
        Its value with unit, as recorded.
    on : str
        Its date as known (ISO 8601, possibly partial), empty when it has none.
    source : Source
        Where it came from.
    converted : str
        Its value in the unit of the rule, where that is another one; empty otherwise.
    """

    what: str
    value: str
    on: str
    source: Source
    converted: str = ""

    def __str__(self) -> str:
        """Say the fact with its date and source."""
        dated = f" on {self.on}" if self.on else ""
        return f"{self.what} {self.value}{dated} [{self.source}]"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of a rule, never without its reason.

    Attributes
    ----------
    answer : Answer
        met, not met, unknown or not applicable.
    because : str
        One sentence with the values, units and bounds.
    evidence : tuple of Evidence
        The facts it rests on; empty when none was found.
    missing : tuple of str
        Facts that would decide an unknown answer.
    parts : tuple of Finding
        Findings of the rules below, for a combined rule.
    turns_on : tuple of date
        Days of the anchor, later than the one judged, from which on the answer may be another
        although nothing else is recorded: a result grows too old, a wash-out ends, somebody has a
        birthday. In order, each once.

    Raises
    ------
    ValueError
        If no reason is given.
    """

    answer: Answer
    because: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple["Finding", ...] = ()
    turns_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an answer without its reason."""
        if not self.because.strip():
            raise ValueError(f"the answer {self.answer} has no reason")


def all_of(answers: Sequence[Answer]) -> Answer:
    """Combine answers by `and`: one `not met` decides; else one `unknown` leaves it open.

    Parameters
    ----------
    answers : sequence of Answer
        Not applicable ones are left out.

    Returns
    -------
    Answer
        Not applicable when nothing applies.
    """
    applying = [answer for answer in answers if answer is not Answer.NOT_APPLICABLE]
    if not applying:
        return Answer.NOT_APPLICABLE
    for decisive in (Answer.NOT_MET, Answer.UNKNOWN):
        if decisive in applying:
            return decisive
    return Answer.MET


def negate(answer: Answer) -> Answer:
    """Turn met and not met around; unknown and not applicable stay.

    Parameters
    ----------
    answer : Answer
        The answer of the rule below.

    Returns
    -------
    Answer
        Its negation.
    """
    match answer:
        case Answer.MET:
            return Answer.NOT_MET
        case Answer.NOT_MET:
            return Answer.MET
        case _:
            return answer


def any_of(answers: Sequence[Answer]) -> Answer:
    """Combine answers by `or`: one `met` decides; else one `unknown` leaves it open.

    Parameters
    ----------
    answers : sequence of Answer
        Not applicable ones are left out.

    Returns
    -------
    Answer
        Not applicable when nothing applies.
    """
    return negate(all_of([negate(answer) for answer in answers]))
