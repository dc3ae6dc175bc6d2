"""Criteria that no participant can meet together, found before anybody is screened."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias, get_args

from trialwright.protocol.criteria import (
    AllRule,
    Anchor,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
)
from trialwright.protocol.data import Number
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import (
    AttestedRule,
    FindingRule,
    Leaf,
    ObservationRule,
    SexRule,
)
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault
from trialwright.terms.quantities import Quantity, comparable

Edge: TypeAlias = tuple[Fraction, bool]
"""A bound, and whether it is strict."""

_DAYS: tuple[Anchor, ...] = get_args(Anchor)
"""Days from which criteria look back, in the order in which they come."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """A rule that everybody must meet, or (`is_met` false) that nobody may meet."""

    criterion: Criterion
    where: str
    leaf: Leaf
    is_met: bool


def contradictions(study: Study) -> Iterator[Fault]:
    """Find pairs of demands that nobody meets together, on one arm and of one sex.

    An inclusion demands its rule, an exclusion that its rule does not hold. Only what must hold
    whatever else does is compared: alternatives are left to screening.

    Parameters
    ----------
    study : Study
        The protocol.

    Yields
    ------
    Fault
        One for each pair, at the later of the two rules.
    """
    demands = [
        demand
        for place, criterion in enumerate(study.criteria)
        if criterion.rule is not None
        for demand in _demands(
            criterion, criterion.rule, f"criteria.{place}.rule", is_met=not criterion.is_exclusion
        )
    ]
    for earlier, later in combinations(demands, 2):
        if not _concern_one(earlier.criterion, later.criterion):
            continue
        what = _clash(earlier, later, study)
        if what:
            yield Fault(
                later.where,
                f"{later.criterion.id} asks of {what} what nobody meets who meets "
                f"{earlier.criterion.id}",
                "criteria that one participant can meet",
                "Correct one of the two",
            )


def _concern_one(one: Criterion, other: Criterion) -> bool:
    """Say whether somebody is asked both criteria: of an arm and a sex that both concern."""
    if one.arms and other.arms and not set(one.arms) & set(other.arms):
        return False
    return None in (one.sex, other.sex) or one.sex == other.sex


def _demands(criterion: Criterion, rule: Rule, where: str, *, is_met: bool) -> Iterator[_Demand]:
    """Give the leaves that must be met, or must not be, whatever else holds."""
    match rule:
        case NotRule():
            yield from _demands(criterion, rule.rule, f"{where}.rule", is_met=not is_met)
        case AllRule() | AnyRule():
            if isinstance(rule, AllRule) is is_met or len(rule.of) == 1:
                for place, below in enumerate(rule.of):
                    yield from _demands(criterion, below, f"{where}.of.{place}", is_met=is_met)
        case AtLeastRule() | FirstRule() | IfRule():
            return  # alternatives
        case _:
            yield _Demand(criterion, where, rule, is_met)


def _clash(earlier: _Demand, later: _Demand, study: Study) -> str:
    """Name the fact of which two demands cannot both hold; empty when they can."""
    match earlier.leaf, later.leaf:
        case ObservationRule() as one, ObservationRule() as other if _is_same_value(one, other):
            if not _is_one_day(earlier, later):
                return ""
            substance = study.terms[one.fact].substance
            if not comparable(other.unit, one.unit, substance):
                return ""  # said of the unit
            edges = (
                _edges(one, one.unit, substance, is_met=earlier.is_met),
                _edges(other, one.unit, substance, is_met=later.is_met),
            )
            return "" if _meet(*edges) else one.fact
        case SexRule() as one, SexRule() as other:
            is_same = (one.expect == other.expect) is (earlier.is_met is later.is_met)
            return "" if is_same else "sex"
        case ConditionRule() as one, ConditionRule() as other if one.fact == other.fact:
            return one.fact if _states_clash(earlier, later) else ""
        case TreatmentRule() as one, TreatmentRule() as other if one.fact == other.fact:
            return one.fact if _doses_clash(earlier, later) else ""
        case FindingRule() as one, FindingRule() as other if one.fact == other.fact:
            return one.fact if _results_clash(earlier, later) else ""
        case AttestedRule() as one, AttestedRule() as other:
            is_asked_twice = (one.question, one.by) == (other.question, other.by)
            is_same = (one.expect == other.expect) is (earlier.is_met is later.is_met)
            return one.question if is_asked_twice and not is_same else ""
        case one, other:
            return _named(one) if one.kind == other.kind and _same_clash(earlier, later) else ""


def _named(leaf: Leaf) -> str:
    """Name what a rule is on."""
    return str(getattr(leaf, "fact", "") or getattr(leaf, "question", "") or leaf.kind)


def _is_one_day(earlier: _Demand, later: _Demand) -> bool:
    """Say whether two demands look back from one day."""
    return earlier.criterion.anchor == later.criterion.anchor


def _is_by_then(one: _Demand, other: _Demand) -> bool:
    """Say whether what was so on the day of one demand was so by the day of the other."""
    return _DAYS.index(one.criterion.anchor) <= _DAYS.index(other.criterion.anchor)


def _same_clash(earlier: _Demand, later: _Demand) -> bool:
    """Say whether two demands on one and the same value, bounded or not, cannot both hold."""
    one, other = earlier.leaf, later.leaf
    if not _is_one_day(earlier, later):
        return False
    if isinstance(one, Bounded) and isinstance(other, Bounded):
        bare = dict.fromkeys(("at_least", "above", "at_most", "below"))
        is_same = one.model_copy(update=bare) == other.model_copy(update=bare)
        if not is_same or isinstance(one, ObservationRule):
            return False
        edges = _edges(one, is_met=earlier.is_met), _edges(other, is_met=later.is_met)
        return not _meet(*edges)
    return one == other and earlier.is_met is not later.is_met


def _is_same_value(one: ObservationRule, other: ObservationRule) -> bool:
    """Say whether two rules bound one and the same value: the latest of a fact."""
    return one.fact == other.fact and one.pick == other.pick == "latest"


def _states_clash(earlier: _Demand, later: _Demand) -> bool:
    """Say whether one demand wants a condition at a time at which the other wants none."""
    wanted = {
        (demand.leaf.expect == "present") is demand.is_met: demand
        for demand in (earlier, later)
        if isinstance(demand.leaf, ConditionRule)
    }
    if len(wanted) < 2:
        return False
    present, absent = wanted[True].leaf, wanted[False].leaf
    if not isinstance(present, ConditionRule) or not isinstance(absent, ConditionRule):
        return False
    if absent.when == "ever":
        return _is_by_then(wanted[True], wanted[False])
    if present.when != absent.when or not _is_one_day(earlier, later):
        return False
    is_longer = (present.within_days or 0) <= (absent.within_days or 0)
    return present.when == "now" or is_longer


def _doses_clash(earlier: _Demand, later: _Demand) -> bool:
    """Say whether one demand wants treatment at a time at which the other wants none."""
    if earlier.is_met is later.is_met:
        return False
    given, none = (earlier, later) if earlier.is_met else (later, earlier)
    one, other = given.leaf, none.leaf
    if not isinstance(one, TreatmentRule) or not isinstance(other, TreatmentRule):
        return False
    is_any_end = not other.stopped_for
    if not is_any_end and not (one.stopped_for and set(one.stopped_for) <= set(other.stopped_for)):
        return False
    if other.when == "ever":
        return _is_by_then(given, none)
    if not _is_one_day(given, none):
        return False
    is_going_on = one.when in ("now", "started-within")
    if other.when == "now":
        return is_going_on
    if other.when == "within" and one.when == "now":
        # what goes on on the day judged was last given on it, and no registration is later
        return none.criterion.anchor == "registration"
    is_longer = (one.days or 0) <= (other.days or 0)
    is_longer &= (one.half_lives or 0) <= (other.half_lives or 0)
    return one.when == other.when and is_longer


def _results_clash(earlier: _Demand, later: _Demand) -> bool:
    """Say whether no coded result is one that both demands leave."""
    if not _is_one_day(earlier, later):
        return False
    one, other = earlier.leaf, later.leaf
    if not isinstance(one, FindingRule) or not isinstance(other, FindingRule):
        return False
    first, second = set(one.among), set(other.among)
    if earlier.is_met and later.is_met:
        return not first & second
    if one.within_days != other.within_days or earlier.is_met is later.is_met:
        return False
    return first <= second if earlier.is_met else second <= first


def _meet(one: tuple[list[Edge], list[Edge]], other: tuple[list[Edge], list[Edge]]) -> bool:
    """Say whether some number lies within both pairs of lower and upper edges."""
    return all(
        low < high or (low == high and not is_strict_low and not is_strict_high)
        for low, is_strict_low in one[0] + other[0]
        for high, is_strict_high in one[1] + other[1]
    )


def _edges(
    leaf: Bounded, unit: str = "", substance: str = "", *, is_met: bool
) -> tuple[list[Edge], list[Edge]]:
    """Give the lower and upper edges that a demand leaves; none when it leaves two intervals."""

    def exact(*named: tuple[Number | None, bool]) -> list[Edge]:
        return [
            (_in_unit(leaf, bound, unit, substance), strict)
            for bound, strict in named
            if bound is not None
        ]

    lows = exact((leaf.at_least, False), (leaf.above, True))
    highs = exact((leaf.at_most, False), (leaf.below, True))
    if is_met:
        return lows, highs
    if lows and highs:
        return [], []
    return (
        [(bound, not is_strict) for bound, is_strict in highs],
        [(bound, not is_strict) for bound, is_strict in lows],
    )


def _in_unit(leaf: Bounded, bound: Number, unit: str, substance: str) -> Fraction:
    """Give a bound in a unit; only results are in several."""
    if isinstance(leaf, ObservationRule):
        return Quantity(bound, leaf.unit).exact_in(unit, substance)
    return Fraction(bound)
