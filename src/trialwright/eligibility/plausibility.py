"""Bounds where no value of a term can be true: a slip of the bound or of its unit."""

from fractions import Fraction

from trialwright.eligibility.bounding import say_bounds
from trialwright.eligibility.context import Notes
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.vocabulary import Term
from trialwright.terms.quantities import Quantity
from trialwright.terms.units import in_words


def implausible(rule: Bounded, what: str, unit: str, term: Term) -> Notes:
    """Find a bound outside the window in which values of a term can be true.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.
    what : str
        Name of the fact.
    unit : str
        UCUM unit of the bounds, which converts to that of the term.
    term : Term
        The term, with its window or without.

    Yields
    ------
    tuple of str
        Found, allowed, do.
    """
    window = term.plausible
    if window is None or window.at_least >= window.at_most:
        return
    for bound in (rule.at_least, rule.above, rule.at_most, rule.below):
        if bound is None:
            continue
        exact = Quantity(bound, unit).exact_in(term.unit, term.substance)
        if not Fraction(window.at_least) <= exact <= Fraction(window.at_most):
            yield (
                in_words(f"{what} {say_bounds(rule)} {unit}"),
                in_words(f"a bound within {window.at_least:f} to {window.at_most:f} {term.unit}"),
                "Correct the bound or its unit",
            )
