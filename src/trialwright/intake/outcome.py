"""What reading a bundle gave: the casebook, what was left aside, and what a person must settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.intake.ages import UNTOLD, Ages
from trialwright.intake.dosage import NO_DOSE, Dose
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
    opens : frozenset of str
        Further terms and medicines of which it may be a record.
    """

    fault: Fault
    entry: int | None
    record: str = ""
    term: str = ""
    is_held: bool = False
    opens: frozenset[str] = frozenset()

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
    container : str
        What stands there, e.g. `entry[12]` or `line[13]`.
    file : str
        File of an export of several; empty where there is one.
    """

    entry: int
    record: str
    container: str
    file: str = ""

    @property
    def where(self) -> str:
        """The path of the resource."""
        is_wrapped = self.container.startswith("entry")
        return f"{self.container}.resource" if is_wrapped else self.container

    @property
    def source(self) -> Source:
        """The origin of facts read from it."""
        return Source("fhir", self.record or f"{self.file} {self.container}".lstrip())

    @property
    def nameless(self) -> "Place":
        """The place without the name of the record, which may be a record number."""
        return replace(self, record="")

    def question(
        self,
        fault: Fault,
        term: str = "",
        *,
        is_held: bool = False,
        opens: frozenset[str] = frozenset(),
    ) -> Question:
        """Make a question about it.

        Parameters
        ----------
        fault : Fault
            What is wrong.
        term : str
            Name of the term concerned, if any.
        is_held : bool
            Whether the result stands in the casebook as in question.
        opens : frozenset of str
            Further terms and medicines of which it may be a record.

        Returns
        -------
        Question
            With this place.
        """
        placed = replace(fault, file=self.file) if self.file else fault
        return Question(placed, self.entry, self.record, term, is_held, opens)

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
        return left_open(self.questions)


def left_open(questions: Iterable[Question]) -> frozenset[str]:
    """Give the terms and medicines of which the casebook may lack something.

    Parameters
    ----------
    questions : iterable of Question
        What a person must settle.

    Returns
    -------
    frozenset of str
        Those of questions that the casebook does not show.
    """
    given = tuple(questions)
    named = {each.term for each in given if each.term and not each.is_held}
    return frozenset(named.union(*(each.opens for each in given)))


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
    dose : Dose
        Dosage of the treatments among the facts, to be compared.
    ages : Ages
        At which the conditions among the facts began and ended, to be dated.
    """

    facts: tuple[Observation | Condition | Treatment, ...] = ()
    questions: tuple[Question, ...] = ()
    ignored: str = ""
    dose: Dose = NO_DOSE
    ages: Ages = UNTOLD


def together(readings: Iterable[Reading], nothing: str) -> Reading:
    """Put what the parts of one resource gave together.

    Parameters
    ----------
    readings : iterable of Reading
        Of each part; of their dosage nothing is kept.
    nothing : str
        Why the resource is left aside when they gave nothing.

    Returns
    -------
    Reading
        In the order of the parts.
    """
    every = tuple(readings)
    facts = tuple(fact for each in every for fact in each.facts)
    questions = tuple(asked for each in every for asked in each.questions)
    return Reading(facts, questions, "" if facts or questions else nothing)
