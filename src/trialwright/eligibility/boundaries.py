"""Whether the examples of a criterion show what happens at each of its bounds."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.derived import creatinine_clearance
from trialwright.eligibility.examples import DAY, casebook_of
from trialwright.protocol.criteria import Criterion, leaves
from trialwright.protocol.leaf_rules import (
    AgeRule,
    Bounded,
    ClearanceRule,
    Leaf,
    LinesRule,
    MultipleRule,
    ObservationRule,
    QtcfRule,
)
from trialwright.protocol.study import Study
from trialwright.terms.dates import completed_years
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import Quantity

_SIDES = ("at_least", "above", "at_most", "below")


def unshown(study: Study) -> Iterator[Fault]:
    """Find bounds at which no example of their criterion lies.

    At the bound itself it shows whether a rule is strict: 3.0 x ULN is not under 3 x ULN.

    Parameters
    ----------
    study : Study
        The protocol.

    Yields
    ------
    Fault
        One for each criterion, with every bound that no example shows. Lines of therapy are left
        out, and an age that is no whole number: no example can lie there.
    """
    for place, criterion in enumerate(study.criteria):
        lacking = dict.fromkeys(_lacking(criterion, study))
        if lacking:
            yield Fault(
                f"criteria.{place}.examples",
                f"{criterion.id} has no example at the bound: {', '.join(lacking)}",
                "for each bound, an example whose value is the bound",
                "Add one",
            )


def _lacking(criterion: Criterion, study: Study) -> Iterator[str]:
    """Name each bound at which no example lies."""
    casebooks = tuple(_casebooks(criterion, study))
    for leaf in leaves(criterion.rule):
        if not isinstance(leaf, Bounded) or isinstance(leaf, LinesRule):
            continue
        shown = {number for each in casebooks for number in _numbers(leaf, each, study)}
        for side in _SIDES:
            bound = getattr(leaf, side)
            if bound is None or Fraction(bound) in shown:
                continue
            if isinstance(leaf, AgeRule) and Fraction(bound).denominator != 1:
                continue
            yield f"{_named(leaf)} {side.replace('_', ' ')} {bound:f}"


def _casebooks(criterion: Criterion, study: Study) -> Iterator[Casebook]:
    """Give the casebook of each example that can be read; one that cannot is another fault."""
    for example in criterion.examples:
        with suppress(Refusal):
            yield casebook_of(example, criterion, study.terms, study.medicines)


def _named(leaf: Leaf) -> str:
    """Name what is bounded."""
    match leaf:
        case MultipleRule():
            return f"{leaf.fact} in {leaf.times}"
        case AgeRule():
            return "age"
        case ClearanceRule():
            return "creatinine clearance"
        case _:
            return str(getattr(leaf, "fact", leaf.kind))


def _numbers(leaf: Leaf, casebook: Casebook, study: Study) -> Iterator[Fraction]:
    """Give the numbers that a leaf compares with its bounds in an example."""
    with suppress(Refusal):  # a unit that does not convert is another fault
        match leaf:
            case ObservationRule():
                read = _amounts(leaf.fact, leaf.unit, casebook, study)
                yield from _mean(read) if leaf.pick == "mean" else read
            case QtcfRule():
                yield from _mean(_amounts(leaf.fact, "ms", casebook, study))
            case MultipleRule():
                yield from _multiples(leaf, casebook)
            case AgeRule() if casebook.born is not None:
                yield from (Fraction(years) for years in completed_years(casebook.born, DAY))
            case ClearanceRule():
                yield from _clearances(leaf, casebook, study)


def _amounts(fact: str, unit: str, casebook: Casebook, study: Study) -> list[Fraction]:
    """Give the exact results of a fact in a unit."""
    return [
        amount.exact_in(unit, study.terms[fact].substance)
        for _, amount in _exact(casebook.observed(fact, DAY))
    ]


def _exact(results: Iterable[Observation]) -> Iterator[tuple[Observation, Quantity]]:
    """Give the results that are amounts without a comparator."""
    for each in results:
        if isinstance(each.value, Quantity) and not each.value.comparator:
            yield each, each.value


def _mean(numbers: list[Fraction]) -> Iterator[Fraction]:
    """Give the mean of numbers, if there are any."""
    if numbers:
        yield sum(numbers, Fraction(0)) / len(numbers)


def _multiples(leaf: MultipleRule, casebook: Casebook) -> Iterator[Fraction]:
    """Give the results as multiples of their own limit of normal."""
    for each, amount in _exact(casebook.observed(leaf.fact, DAY)):
        limit = each.high if leaf.times == "ULN" else each.low
        if limit:
            yield Fraction(amount.value) / Fraction(limit)


def _clearances(leaf: ClearanceRule, casebook: Casebook, study: Study) -> Iterator[Fraction]:
    """Give the creatinine clearance of each creatinine and weight."""
    if casebook.born is None or casebook.sex is None:
        return
    age, _ = completed_years(casebook.born, DAY)
    for weight in _amounts(leaf.weight, "kg", casebook, study):
        for creatinine in _amounts(leaf.creatinine, "mg/dL", casebook, study):
            if creatinine > 0:
                yield creatinine_clearance(age, weight, creatinine, casebook.sex)
