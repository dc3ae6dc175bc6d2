"""Bounds and results where no value of a term can be true: a slip of the number or of its unit."""

from trialwright.casebook.facts import Observation
from trialwright.eligibility.bounding import say_bounds
from trialwright.eligibility.context import Notes
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal
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
        if not window.holds(exact):
            yield (
                in_words(f"{what} {say_bounds(rule)} {unit}"),
                in_words(f"a bound within {window.at_least:f} to {window.at_most:f} {term.unit}"),
                "Correct the bound or its unit",
            )


def result_query(found: Observation, term: Term) -> str:
    """Ask about a result that can hardly be true, or is in a unit that does not convert.

    Parameters
    ----------
    found : Observation
        The result, as recorded.
    term : Term
        Its term, with a window of values that can be true or without.

    Returns
    -------
    str
        A question for the site; empty where nothing is to be asked.
    """
    if isinstance(found.value, str):
        return ""
    told = in_words(f"{term.says or found.term} {found.value} on {found.on}")
    try:
        number = found.value.exact_in(term.unit, term.substance)
    except Refusal:
        return f"{told} does not convert to {term.unit}; check the unit"
    window = term.plausible
    if window is None or window.holds(number):
        return ""
    usual = in_words(f"{window.at_least:f} to {window.at_most:f} {term.unit}")
    return f"{told} lies outside {usual}, where it can be true; check the number and its unit"
