"""Design-time checks of the criteria: what can never be right is said before any screening."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from trialwright.eligibility.examples import run
from trialwright.eligibility.trees import check as check_tree
from trialwright.protocol.criteria import AllRule, Criterion, ObservationRule, Rule, leaves
from trialwright.protocol.data import Number
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import Quantity, comparable

Edge: TypeAlias = tuple[Fraction, bool]
"""A bound, and whether it is strict."""


def check(study: Study) -> tuple[Fault, ...]:
    """Find criteria that are impossible, contradictory or not covered by an example.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of Fault
        Every fault found, with dotted paths.
    """
    faults = [
        Fault(f"criteria.{place}.{where}", f"{criterion.id}: {found}", allowed, do)
        for place, criterion in enumerate(study.criteria)
        if criterion.rule is not None
        for where, found, allowed, do in check_tree(criterion.rule, study.terms, "rule")
    ]
    faults += [*_approvals(study), *_contradictions(study), *_units(study)]
    if faults:
        return tuple(faults)
    try:
        return (*_uncovered(study), *run(study))
    except Refusal as refused:
        return refused.faults


def _units(study: Study) -> Iterator[Fault]:
    """Find terms whose plausible window or unit is unusable."""
    for name, term in study.terms.items():
        if term.kind != "observation":
            continue
        if not term.unit or not comparable(term.unit, term.unit):
            yield Fault(f"terms.{name}.unit", f"{term.unit!r}", "a UCUM unit", "Correct the unit")
        if term.plausible and term.plausible.at_least >= term.plausible.at_most:
            yield Fault(
                f"terms.{name}.plausible",
                "a window that nothing lies in",
                "at_least under at_most",
                "Correct the bounds",
            )


def _approvals(study: Study) -> Iterator[Fault]:
    """Find an approval that no question of the criterion asks for."""
    for place, criterion in enumerate(study.criteria):
        roles = {leaf.by for leaf in leaves(criterion.rule) if leaf.kind == "attested"}
        if criterion.approval and criterion.approval not in roles:
            yield Fault(
                f"criteria.{place}.approval",
                f"{criterion.id} may be approved by the {criterion.approval}",
                "a role that a question of the criterion asks",
                "Add the question, or remove the approval",
            )


def _contradictions(study: Study) -> Iterator[Fault]:
    """Find bounds on one fact that an inclusion sets and no participant can meet together."""
    demanded: list[tuple[int, Criterion, ObservationRule]] = [
        (place, criterion, leaf)
        for place, criterion in enumerate(study.criteria)
        if not criterion.is_exclusion
        for leaf in _demanded(criterion.rule)
    ]
    for later, (place, criterion, rule) in enumerate(demanded):
        for _, other, earlier in demanded[:later]:
            shares_arm = (
                not criterion.arms or not other.arms or set(criterion.arms) & set(other.arms)
            )
            if rule.fact != earlier.fact or not shares_arm:
                continue
            if not _meet(rule, earlier, study):
                yield Fault(
                    f"criteria.{place}.rule",
                    f"{criterion.id} and {other.id} ask of {rule.fact} what no value meets",
                    "bounds that overlap",
                    "Correct one of the two",
                )


def _demanded(rule: Rule | None) -> Iterator[ObservationRule]:
    """Give the observations that must hold whatever else does."""
    match rule:
        case ObservationRule():
            yield rule
        case AllRule():
            for below in rule.of:
                yield from _demanded(below)


def _meet(rule: ObservationRule, other: ObservationRule, study: Study) -> bool:
    """Say whether some number lies within both bounds, compared in the first one's unit."""
    lows, highs = _edges(rule, rule.unit, study)
    other_lows, other_highs = _edges(other, rule.unit, study)
    return all(
        low < high or (low == high and not is_strict_low and not is_strict_high)
        for low, is_strict_low in lows + other_lows
        for high, is_strict_high in highs + other_highs
    )


def _edges(rule: ObservationRule, unit: str, study: Study) -> tuple[list[Edge], list[Edge]]:
    """Give the lower and the upper bounds of a rule in a unit, each with whether it is strict."""
    substance = study.terms[rule.fact].substance

    def turned(*named: tuple[Number | None, bool]) -> list[Edge]:
        return [
            (Quantity(bound, rule.unit).exact_in(unit, substance), is_strict)
            for bound, is_strict in named
            if bound is not None
        ]

    return (
        turned((rule.at_least, False), (rule.above, True)),
        turned((rule.at_most, False), (rule.below, True)),
    )


def _uncovered(study: Study) -> Iterator[Fault]:
    """Find a criterion whose examples do not show each of its answers."""
    for place, criterion in enumerate(study.criteria):
        shown = {example.answer for example in criterion.examples}
        wanted = {"absent", "present"} if criterion.is_exclusion else {"met", "not met"}
        wanted = {"met"} if criterion.kind == "note" else wanted | {"unknown"}
        lacking = ", ".join(sorted(wanted - shown))
        if lacking:
            yield Fault(
                f"criteria.{place}.examples",
                f"{criterion.id} has no example answered {lacking}",
                "an example for each answer",
                "Add one",
            )
