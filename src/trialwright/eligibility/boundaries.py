"""Whether the examples of a criterion show what happens at each of its bounds."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.derived import creatinine_clearance
from trialwright.eligibility.examples import DAY, casebook_of
from trialwright.protocol.criteria import Criterion, leaves
from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.leaf_rules import (
    AgeRule,
    ClearanceRule,
    Leaf,
    MultipleRule,
    ObservationRule,
    QtcfRule,
)
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.study import Study
from trialwright.terms.dates import completed_years
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import Quantity, comparable

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
        One for each criterion, with every bound that no example shows; a bound that several facts
        share, such as AST and ALT, is shown by one of them. Lines of therapy are left
        out, an age that is no whole number, and a bound beyond which no plausible value lies.
    """
    for place, criterion in enumerate(study.criteria):
        lacking = tuple(_lacking(criterion, study))
        if lacking:
            yield Fault(
                f"criteria.{place}.examples",
                f"{criterion.id} has no example at the bound: {', '.join(lacking)}",
                "for each bound, an example whose value is the bound",
                "Add one",
            )


def _lacking(criterion: Criterion, study: Study) -> Iterator[str]:
    """Name each bound at which no example lies; one that several facts share is one bound."""
    casebooks = tuple(_casebooks(criterion, study))
    facts: dict[tuple[str, str], dict[str, None]] = {}
    is_shown: dict[tuple[str, str], bool] = {}
    for leaf in leaves(criterion.rule):
        if not isinstance(leaf, Bounded) or isinstance(leaf, LinesRule):
            continue
        shown = {number for each in casebooks for number in _numbers(leaf, each, study)}
        for side in _SIDES:
            bound = getattr(leaf, side)
            if bound is None or _is_out_of_reach(leaf, side, study):
                continue
            said = f"{side.replace('_', ' ')} {bound:f}{_scale(leaf)}"
            facts.setdefault((leaf.kind, said), {})[_named(leaf)] = None
            is_shown[leaf.kind, said] = (
                is_shown.get((leaf.kind, said), False) or Fraction(bound) in shown
            )
    for (kind, said), names in facts.items():
        if not is_shown[kind, said]:
            yield f"{' or '.join(names)} {said}"


def _scale(leaf: Leaf) -> str:
    """Say in what a bound counts."""
    match leaf:
        case ObservationRule():
            return f" {leaf.unit}"
        case MultipleRule():
            return f" x {leaf.times}"
        case _:
            return ""


def _is_out_of_reach(leaf: Bounded, side: str, study: Study) -> bool:
    """Say whether no example can lie at a bound, or none beyond it."""
    bound = getattr(leaf, side)
    if isinstance(leaf, AgeRule):
        return Fraction(bound).denominator != 1
    if not isinstance(leaf, ObservationRule):
        return False
    term = study.terms[leaf.fact]
    if term.plausible is None or not comparable(leaf.unit, term.unit, term.substance):
        return False
    here = Quantity(bound, leaf.unit).exact_in(term.unit, term.substance)
    if side == "at_least":
        return here <= term.plausible.at_least
    return side == "at_most" and here >= term.plausible.at_most


def _casebooks(criterion: Criterion, study: Study) -> Iterator[Casebook]:
    """Give the casebook of each example that can be read; one that cannot is another fault."""
    for example in criterion.examples:
        with suppress(Refusal):
            yield casebook_of(example, criterion, study.terms, study.medicines)


def _named(leaf: Leaf) -> str:
    """Name what is bounded."""
    if isinstance(leaf, ClearanceRule):
        return "creatinine clearance"
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
