"""What reading a bundle gave: the casebook, what was left aside, and what a person must settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.sources import Source

NOT_IN_VOCABULARY = "not in the vocabulary"
"""Why a resource is left aside that holds none of the protocol's terms."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something in a record that a person must settle.

    Attributes
    ----------
    fault : Fault
        Place, what was found, what is allowed, what to do; no name, birth date or free text.
    entry : int or None
        Place of the resource in `Bundle.entry`, counted from 0; None for the bundle itself.
    record : str
        The resource, e.g. `Observation/123`; empty when it has no usable id.
    term : str
        Name in the protocol's vocabulary; empty when no term is concerned.
    is_held : bool
        Whether the casebook holds the result as in question, on its day.
    """

    fault: Fault
    entry: int | None
    record: str = ""
    term: str = ""
    is_held: bool = False

    def __str__(self) -> str:
        """Say the question on one line."""
        record = f" [{self.record}]" if self.record else ""
        return f"{self.fault}{record}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands and how it is named.

    Attributes
    ----------
    entry : int
        Place in `Bundle.entry`, counted from 0.
    record : str
        E.g. `Observation/123`; empty when it has no usable id.
    """

    entry: int
    record: str

    @property
    def source(self) -> Source:
        """The origin of facts read from it."""
        return Source("fhir", self.record or f"entry[{self.entry}]")

    def question(self, fault: Fault, term: str = "", *, is_held: bool = False) -> Question:
        """Make a question about it.

        Parameters
        ----------
        fault : Fault
            What is wrong.
        term : str
            Name of the term concerned, if any.
        is_held : bool
            Whether the result stands in the casebook as in question.

        Returns
        -------
        Question
            With this place.
        """
        return Question(fault, self.entry, self.record, term, is_held)

    def questions(self, refused: Refusal, terms: Iterable[str]) -> "tuple[Question, ...]":
        """Make the questions that a refusal leaves open, for each term concerned.

        Parameters
        ----------
        refused : Refusal
            What is wrong.
        terms : iterable of str
            Names of the terms; none gives one question for each fault.

        Returns
        -------
        tuple of Question
            With this place.
        """
        named = tuple(terms) or ("",)
        return tuple(self.question(fault, term) for fault in refused.faults for term in named)


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of reading one participant's records.

    Every entry of the bundle has one fate: `entries == used + questioned + sum(ignored)`.

    Attributes
    ----------
    casebook : Casebook
        The facts read, in the order of the bundle, under the study number given.
    entries : int
        Entries of the bundle.
    used : int
        Entries that gave facts and no question.
    read : mapping of str to int
        Facts read by term, and `born`, `sex`, `died`; a result in question is not among them.
    ignored : mapping of str to int
        Entries left aside, by kind of resource and reason, e.g. `Condition: refuted`.
    questions : tuple of Question
        What a person must settle, in the order of the bundle.
    """

    casebook: Casebook
    entries: int
    used: int
    read: Mapping[str, int]
    ignored: Mapping[str, int]
    questions: tuple[Question, ...]

    @property
    def questioned(self) -> int:
        """Entries about which at least one question is open."""
        return len({each.entry for each in self.questions if each.entry is not None})

    @property
    def open_terms(self) -> frozenset[str]:
        """Terms with a question that the casebook does not show: what it holds of them may lack.

        A condition that is not confirmed, a result without a day or of nobody known.
        """
        return frozenset(each.term for each in self.questions if each.term and not each.is_held)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one resource gave, before it is known whose it is.

    Attributes
    ----------
    facts : tuple of Observation, Condition or Treatment
        Facts, results in question among them.
    questions : tuple of Question
        What a person must settle.
    ignored : str
        Why it is left aside; empty unless it is.
    """

    facts: tuple[Observation | Condition | Treatment, ...] = ()
    questions: tuple[Question, ...] = ()
    ignored: str = ""
