"""The examples that stand beside each criterion, made into casebooks and run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Specimen, Treatment
from trialwright.eligibility.example_facts import (
    HERE,
    Value,
    conditions,
    findings,
    observations,
    one_of,
    shown,
    specimens,
    treatments,
)
from trialwright.eligibility.screening import verdict
from trialwright.protocol.criteria import Anchor, Criterion, Example, leaves
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse

DAY = date(2020, 6, 15)
"""The day on which examples are judged; every anchor falls on it."""

ANCHORS: Mapping[Anchor, date] = {
    "consent": DAY,
    "screening": DAY,
    "registration": DAY,
    "first_dose": DAY,
}
NO_MEDICINES: Mapping[str, Medicine] = MappingProxyType({})
SEXES: tuple[Literal["female", "male"], ...] = ("female", "male")
YES_NO: tuple[Literal["yes", "no"], ...] = ("yes", "no")


def casebook_of(
    example: Example,
    criterion: Criterion,
    terms: Mapping[str, Term],
    medicines: Mapping[str, Medicine] = NO_MEDICINES,
) -> Casebook:
    """Make the casebook that an example describes.

    Parameters
    ----------
    example : Example
        Facts by name.
    criterion : Criterion
        Whose questions and approvals give the roles that answer.
    terms : mapping of str to Term
        The vocabulary.
    medicines : mapping of str to Medicine
        The protocol's medicines.

    Returns
    -------
    Casebook
        With every fact dated on the example's day or before it.

    Raises
    ------
    Refusal
        If a value is none that its fact can have.
    """
    return casebook_from(example.given, terms, roles_of(criterion), DAY, "EXAMPLE", medicines)


def roles_of(criterion: Criterion) -> dict[str, str]:
    """Give the role that a criterion asks each of its questions.

    Parameters
    ----------
    criterion : Criterion
        The criterion.

    Returns
    -------
    dict of str to str
        Role by question; any other question, such as the one whether the record is complete, is
        the investigator's.
    """
    return {
        leaf.question: leaf.by
        for leaf in leaves(criterion.rule)
        if isinstance(leaf, AttestedRule | ApprovalRule)
    }


def casebook_from(
    given: Mapping[str, Value | None],
    terms: Mapping[str, Term],
    roles: Mapping[str, str],
    on: date,
    participant: str,
    medicines: Mapping[str, Medicine] = NO_MEDICINES,
) -> Casebook:
    """Make a casebook from facts by name.

    Parameters
    ----------
    given : mapping of str to value
        As in `protocol.criteria.Example`, in the notation of `example_facts`; null leaves a fact
        out.
    terms : mapping of str to Term
        The vocabulary.
    roles : mapping of str to str
        Role that answers each question.
    on : date
        Day of every fact that does not say how many days before.
    participant : str
        Study number.
    medicines : mapping of str to Medicine
        The protocol's medicines.

    Returns
    -------
    Casebook
        With the facts given.

    Raises
    ------
    Refusal
        Naming every fact that is no term and no medicine, or whose value is none that it can have.
    """
    gathered = _Gathered(terms, medicines, roles, on)
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
        tuple(gathered.treatments),
        tuple(gathered.specimens),
    )


@dataclass(slots=True)
class _Gathered:
    """Facts of one participant, as they are read."""

    terms: Mapping[str, Term]
    medicines: Mapping[str, Medicine]
    roles: Mapping[str, str]
    on: date
    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    observations: list[Observation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    specimens: list[Specimen] = field(default_factory=list)

    def take(self, name: str, value: Value) -> None:
        """Take one fact."""
        if name == "age":
            self.born = PartialDate.of(_birthday(_age(value, self.on), self.on))
        elif name == "sex":
            self.sex = one_of(value, SEXES, value)
        elif name in self.medicines:
            self.treatments += treatments(name, value, self.on)
        elif name in self.terms:
            self._take_term(name, self.terms[name], value)
        else:
            others = ("a name under medicines",) if self.medicines else ()
            known = ", ".join([*self.terms, *others])
            raise refuse(name, "a name that is no term", known, "Correct the name")

    def _take_term(self, name: str, term: Term, value: Value) -> None:
        """Take one fact of the vocabulary."""
        match term.kind:
            case "observation":
                self.observations += observations(name, term, value, self.on)
            case "finding":
                self.observations += findings(name, value, self.on)
            case "condition":
                self.conditions += conditions(name, value, self.on)
            case "specimen":
                self.specimens += specimens(value, self.on)
            case "question":
                answer, role = one_of(value, YES_NO, value), self.roles.get(name, "investigator")
                day = PartialDate.of(self.on)
                self.attestations.append(Attestation(name, answer, "", role, day, HERE))
            case "treatment":
                members = ", ".join(term.members)
                raise refuse(name, "a set of medicines", members, "Name the medicine given")


def _age(value: Value, on: date) -> int:
    """Read an age in completed years."""
    most = min(130, on.year - 2)  # born in a year of the calendar
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    raise refuse("age", shown(value), f"a whole number of years, 0 to {most}", "Correct the age")


def _birthday(years: int, on: date) -> date:
    """Give a birth date half a year before the completed age."""
    return date(on.year - years - (on.month < 7), 12 if on.month < 7 else 1, 1)


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
        casebook = casebook_of(example, criterion, study.terms, study.medicines)
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
