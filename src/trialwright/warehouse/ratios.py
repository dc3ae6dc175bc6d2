"""Ratios within bounds, by multiplying whole numbers: no quotient is ever rounded."""

from ibis.expr.types import Value

from trialwright.terms.bounds import Bounds
from trialwright.warehouse.columns import choose, verdict
from trialwright.warehouse.thresholds import Edge, turns


def ratio_within(bounds: Bounds, above: Value, below: Value, comparator: str) -> Value:
    """Say whether a ratio lies within bounds, as `Bounds.hold` says it of a number.

    Parameters
    ----------
    bounds : Bounds
        The bounds.
    above, below : Value
        Whole numbers of which the ratio is; below is above 0.
    comparator : str
        Of the ratio; empty: it is exact.

    Returns
    -------
    Value
        Verdicts.
    """
    found = turns(bounds, comparator)

    def is_below(edge: Edge) -> Value:
        here, there = above * edge.bound.denominator, below * edge.bound.numerator
        return here <= there if edge.is_below else here < there

    steps = (found.first, found.below), (found.second, found.between)
    cases = [(is_below(edge), verdict(number)) for edge, number in steps if edge is not None]
    last = found.between if found.second is None else found.beyond
    return choose(*cases, otherwise=verdict(last))
