"""Results within bounds in OHDSI's cohort language, in each unit in which they may stand."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial

from trialwright.eligibility.bounding import bounds_of
from trialwright.protocol.leaf_rules import MultipleRule, ObservationRule
from trialwright.registry.writing.circe_concepts import ConceptSets
from trialwright.registry.writing.circe_parts import (
    STRICT,
    Plain,
    Said,
    any_of,
    before,
    counted,
    grouped,
    numeric,
)
from trialwright.terms.quantities import Quantity, is_score
from trialwright.terms.verdicts import Answer

_RESULTS = ("Measurement", "Observation")
"""Tables of results; a number in the second is looked for where a site's concepts are known."""

_OUTSIDE = {"gte": "lt", "gt": "lte", "lte": "gt", "lt": "gte", "bt": "!bt"}
_COMPARATOR = "a comparator: a result recorded as <140 is taken for 140"


def observation(rule: ObservationRule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say bounds on results.

    Parameters
    ----------
    rule : ObservationRule
        The rule.
    sets : ConceptSets
        Where concept sets are numbered, and units found.
    is_wide : bool
        As of `circe_leaves.said`.

    Returns
    -------
    Said
        Without a group for a mean, and for a method of examination.
    """
    if rule.pick == "mean":
        return Said(None, ("the mean of several results is calculated",))
    if rule.methods:
        return Said(None, ("the method of examination is no part of a cohort's measurement",))
    number = sets.number_of(rule.fact)
    if number is None:
        return Said(None, (sets.missing(rule.fact),))
    within = _Within()
    for unit, concepts in sets.units_of(rule.unit, rule.fact):
        held = {"Unit": concepts} if concepts else {}
        inside = numeric(rule, partial(_worth, sets.substance_of(rule.fact), rule.unit, unit))
        if inside is None:
            return Said(None, (STRICT,))
        for table in _RESULTS if sets.is_of_site else _RESULTS[:1]:
            within.add(sets.asked(table, number, held), "ValueAsNumber", inside)
    if is_score(rule.unit):
        within.add_answers(rule, number, sets)
    told = (
        f"a result without a unit concept that converts to {rule.unit} does not count"
        if sets.is_of_site
        else f"a result in another unit than {rule.unit} is not converted and does not count"
    )
    return _measured(rule, within, (told, _COMPARATOR), is_wide=is_wide)


def _worth(substance: str, unit: str, other: str, bound: Decimal) -> Fraction:
    """Say what a bound is in another unit."""
    return Quantity(bound, unit).exact_in(other, substance)


def multiple(rule: MultipleRule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say multiples of the limit of normal that stands beside the result.

    Parameters
    ----------
    rule : MultipleRule
        The rule.
    sets : ConceptSets
        Where concept sets are numbered.
    is_wide : bool
        As of `circe_leaves.said`.

    Returns
    -------
    Said
        The rule.
    """
    number, inside = sets.number_of(rule.fact), numeric(rule)
    if number is None:
        return Said(None, (sets.missing(rule.fact),))
    if inside is None:
        return Said(None, (STRICT,))
    within = _Within()
    ratio = "RangeHighRatio" if rule.times == "ULN" else "RangeLowRatio"
    within.add(sets.asked("Measurement", number), ratio, inside)
    why = "only the reference range recorded with the result is read, no table of the institution"
    return _measured(rule, within, (why,), is_wide=is_wide)


@dataclass(slots=True)
class _Within:
    """Results within bounds and outside of them, as criteria of a cohort.

    Attributes
    ----------
    inside, outside : list of dict
        Any of them.
    """

    inside: list[Plain] = field(default_factory=list)
    outside: list[Plain] = field(default_factory=list)

    def add(self, asked: list[Plain], name: str, bounds: Plain) -> None:
        """Add results with a number of a name."""
        beyond = {**bounds, "Op": _OUTSIDE[bounds["Op"]]}
        for each in asked:
            ((table, held),) = each.items()
            self.inside.append({table: {**held, name: bounds}})
            self.outside.append({table: {**held, name: beyond}})

    def add_answers(self, rule: ObservationRule, number: int, sets: ConceptSets) -> None:
        """Add scores that a site holds as coded answers."""
        bounds = bounds_of(rule)
        for kept, where in ((self.inside, Answer.MET), (self.outside, Answer.NOT_MET)):
            scores = [
                {"CONCEPT_ID": concept_id, "CONCEPT_NAME": f"score {score}"}
                for concept_id, score in sorted(sets.scores.items())
                if bounds.hold(Fraction(score)) is where
            ]
            if scores:
                for table in _RESULTS:
                    kept.extend(sets.asked(table, number, {"ValueAsConcept": scores}))


def _measured(
    rule: ObservationRule | MultipleRule,
    within: _Within,
    reasons: tuple[str, ...],
    *,
    is_wide: bool,
) -> Said:
    """Say results within bounds: any of them when wide, every one when narrow."""
    if not within.inside:
        return Said(None, (f"no result of {rule.fact} is held in a unit that converts",))
    window = before(rule.within_days)
    found = any_of([counted(each, window) for each in within.inside])
    pick = rule.pick if isinstance(rule, ObservationRule) else "latest"
    if pick == "latest":
        one = "any result in the window counts" if is_wide else "every result in the window counts"
        reasons = (f"the latest result: a cohort cannot choose it, so {one}", *reasons)
    if pick == "worst" or (pick == "latest" and not is_wide):
        none = [counted(each, window, is_none=True) for each in within.outside]
        return Said(grouped("ALL", [*found["CriteriaList"], *none], found["Groups"]), reasons)
    return Said(found, reasons)
