"""The examples that stand beside each criterion, made into casebooks and run."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeVar

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.screening import verdict
from trialwright.protocol.criteria import Anchor, AttestedRule, Criterion, Example, leaves
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, refuse
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
    given: Mapping[str, str | int | None],
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
        If a name is no term, or a value is none that the fact can have.
    """
    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    observations: list[Observation] = []
    conditions: list[Condition] = []
    attestations: list[Attestation] = []
    day = PartialDate.of(on)
    for name, value in given.items():
        if value is None:
            continue
        if name == "age":
            born = PartialDate.of(_birthday(_age(value), on))
        elif name == "sex":
            sex = _one_of("sex", value, SEXES)
        elif name not in terms:
            raise refuse(name, "no term of the vocabulary", ", ".join(terms), "Correct the name")
        elif terms[name].kind == "observation":
            amount = Quantity.read(str(value), terms[name].unit)
            observations.append(Observation(name, amount, day, _HERE))
        elif terms[name].kind == "condition":
            _one_of(name, value, ("present", "absent"))
            conditions.append(Condition(name, value == "present", day, None, _HERE, day))
        else:
            answer = _one_of(name, value, YES_NO)
            role = roles.get(name, "investigator")
            attestations.append(Attestation(name, answer, "", role, day, _HERE))
    return Casebook(
        participant, born, sex, None, tuple(observations), tuple(conditions), tuple(attestations)
    )


def _age(value: str | int) -> int:
    """Read an age in completed years."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 130:
        return value
    raise refuse("age", repr(value), "a whole number of years, 0 to 130", "Correct it")


def _birthday(years: int, on: date) -> date:
    """Give a birth date half a year before the completed age."""
    return date(on.year - years - (on.month < 7), 12 if on.month < 7 else 1, 1)


def _one_of(name: str, value: str | int, allowed: tuple[Word, ...]) -> Word:
    """Refuse a value that is none of those allowed."""
    for word in allowed:
        if value == word:
            return word
    raise refuse(name, repr(value), " or ".join(allowed), "Correct the value")


def run(study: Study) -> Iterator[Fault]:
    """Run every example of every criterion.

    Parameters
    ----------
    study : Study
        The protocol.

    Yields
    ------
    Fault
        For each example whose answer is not the one it says.
    """
    for place, criterion in enumerate(study.criteria):
        for number, example in enumerate(criterion.examples):
            casebook = casebook_of(example, criterion, study.terms)
            arm = example.arm or (criterion.arms or (study.arms[0].id,))[0]
            given = verdict(criterion, study, casebook, arm, DAY, ANCHORS)
            if given.word != example.answer:
                yield Fault(
                    f"criteria.{place}.examples.{number}",
                    f"{criterion.id} answers {given.word!r} ({given.finding.because})",
                    f"{example.answer!r}, as the example says",
                    "Correct the rule or the example",
                )
