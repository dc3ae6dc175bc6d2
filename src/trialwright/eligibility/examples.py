"""The examples that stand beside each criterion, made into casebooks and run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.screening import verdict
from trialwright.protocol.criteria import Anchor, AttestedRule, Criterion, Example, leaves
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

DAY = date(2020, 6, 15)
"""The day on which examples are judged; every anchor falls on it."""

ANCHORS: Mapping[Anchor, date] = {
    "consent": DAY,
    "screening": DAY,
    "registration": DAY,
    "first_dose": DAY,
}
_HERE = Source("example", "protocol")
Word = TypeVar("Word", bound=str)
SEXES: tuple[Literal["female", "male"], ...] = ("female", "male")
STATES: tuple[Literal["present", "absent"], ...] = ("present", "absent")
YES_NO: tuple[Literal["yes", "no"], ...] = ("yes", "no")


def casebook_of(example: Example, criterion: Criterion, terms: Mapping[str, Term]) -> Casebook:
    """Make the casebook that an example describes.

    Parameters
    ----------
    example : Example
        Facts by name.
    criterion : Criterion
        Whose questions give the roles that answer.
    terms : mapping of str to Term
        The vocabulary.

    Returns
    -------
    Casebook
        With every fact dated on the example's day.

    Raises
    ------
    Refusal
        If a value is none that its fact can have.
    """
    roles = {
        leaf.question: leaf.by for leaf in leaves(criterion.rule) if isinstance(leaf, AttestedRule)
    }
    return casebook_from(example.given, terms, roles, DAY, "EXAMPLE")


def casebook_from(
    given: Mapping[str, str | int | Decimal | None],
    terms: Mapping[str, Term],
    roles: Mapping[str, str],
    on: date,
    participant: str,
) -> Casebook:
    """Make a casebook from facts by name.

    Parameters
    ----------
    given : mapping of str to value
        As in `protocol.criteria.Example`; null leaves a fact out.
    terms : mapping of str to Term
        The vocabulary.
    roles : mapping of str to str
        Role that answers each question.
    on : date
        Day of every fact.
    participant : str
        Study number.

    Returns
    -------
    Casebook
        With the facts given.

    Raises
    ------
    Refusal
        Naming every fact that is no term, or whose value is none that it can have.
    """
    gathered = _Gathered(terms, roles, on)
    faults: list[Fault] = []
    for name, value in given.items():
        try:
            if value is not None:
                gathered.take(name, value)
        except Refusal as refused:
            faults += [replace(fault, where=name) for fault in refused.faults]
    if faults:
        raise Refusal(faults)
    return Casebook(
        participant,
        gathered.born,
        gathered.sex,
        None,
        tuple(gathered.observations),
        tuple(gathered.conditions),
        tuple(gathered.attestations),
    )


@dataclass(slots=True)
class _Gathered:
    """Facts of one day, as they are read."""

    terms: Mapping[str, Term]
    roles: Mapping[str, str]
    on: date
    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    observations: list[Observation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)

    def take(self, name: str, value: str | int | Decimal) -> None:
        """Take one fact."""
        if name == "age":
            self.born = PartialDate.of(_birthday(_age(value, self.on), self.on))
        elif name == "sex":
            self.sex = _one_of(value, SEXES)
        elif name in self.terms:
            self._take_term(name, self.terms[name], value)
        else:
            known = ", ".join(self.terms)
            raise refuse(name, "a name that is no term", known, "Correct the name")

    def _take_term(self, name: str, term: Term, value: str | int | Decimal) -> None:
        """Take one fact of the vocabulary."""
        day = PartialDate.of(self.on)
        match term.kind:
            case "observation":
                amount = Quantity.read(
                    f"{value:f}" if isinstance(value, Decimal) else str(value), term.unit
                )
                self.observations.append(Observation(name, amount, day, _HERE))
            case "condition":
                is_present = _one_of(value, STATES) == "present"
                self.conditions.append(Condition(name, is_present, day, None, _HERE, day))
            case "question":
                answer, role = _one_of(value, YES_NO), self.roles.get(name, "investigator")
                self.attestations.append(Attestation(name, answer, "", role, day, _HERE))


def _age(value: str | int | Decimal, on: date) -> int:
    """Read an age in completed years."""
    most = min(130, on.year - 2)  # born in a year of the calendar
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    raise refuse(
        "age", shorten(repr(value)), f"a whole number of years, 0 to {most}", "Correct the age"
    )


def _birthday(years: int, on: date) -> date:
    """Give a birth date half a year before the completed age."""
    return date(on.year - years - (on.month < 7), 12 if on.month < 7 else 1, 1)


def _one_of(value: str | int | Decimal, allowed: tuple[Word, ...]) -> Word:
    """Refuse a value that is none of those allowed."""
    for word in allowed:
        if value == word:
            return word
    raise refuse("", shorten(repr(value)), " or ".join(allowed), "Correct the value")


def run(study: Study) -> Iterator[Fault]:
    """Run every example of every criterion.

    Parameters
    ----------
    study : Study
        The protocol.

    Yields
    ------
    Fault
        For each example that cannot be read, or whose answer is not the one it says.
    """
    for place, criterion in enumerate(study.criteria):
        for number, example in enumerate(criterion.examples):
            yield from _run_one(study, criterion, example, f"criteria.{place}.examples.{number}")


def _run_one(study: Study, criterion: Criterion, example: Example, where: str) -> Iterator[Fault]:
    """Run one example."""
    try:
        casebook = casebook_of(example, criterion, study.terms)
    except Refusal as refused:
        for fault in refused.faults:
            yield replace(fault, where=f"{where}.given.{fault.where}")
        return
    arm = example.arm or (criterion.arms or (study.arms[0].id,))[0]
    given = verdict(criterion, study, casebook, arm, DAY, ANCHORS)
    if given.word != example.answer:
        yield Fault(
            f"{where}.answer",
            f"{criterion.id} answers {given.word!r} ({given.finding.because})",
            f"{example.answer!r}, as the example says",
            "Correct the rule or the example",
        )
