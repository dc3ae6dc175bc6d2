"""Bounds of rules: as exact numbers, in words, and what nothing can meet."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from trialwright.eligibility.context import Notes
from trialwright.eligibility.newest import Amount
from trialwright.eligibility.telling import plain, told_number
from trialwright.protocol.data import Number
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds, exact
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Finding

BE = {Answer.MET: "", Answer.NOT_MET: "not ", Answer.UNKNOWN: "perhaps "}
"""Words before a bound, by what was found of it."""


def bounds_of(rule: Bounded) -> Bounds:
    """Give the bounds of a rule as exact numbers.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.

    Returns
    -------
    Bounds
        In the unit of the rule.
    """
    return _bounds(rule.at_least, rule.above, rule.at_most, rule.below)


def _made_exact(*given: Number | None) -> Bounds:
    """Make bounds of numbers as the protocol writes them."""
    return Bounds(*(None if bound is None else exact(bound) for bound in given))


_bounds = lru_cache(maxsize=1024)(_made_exact)
"""Bounds made before: those of a few rules, asked again of every result."""


def say_bounds(rule: Bounded) -> str:
    """Say the bounds, e.g. `at least 0 and at most 2`.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.

    Returns
    -------
    str
        Words and numbers, without unit.
    """
    named = (
        ("at least", rule.at_least),
        ("above", rule.above),
        ("at most", rule.at_most),
        ("below", rule.below),
    )
    return " and ".join(f"{words} {bound:f}" for words, bound in named if bound is not None)


def binding(bounds: Bounds, term: Term) -> Bounds:
    """Leave out a lower bound under which no value of a term can lie.

    Parameters
    ----------
    bounds : Bounds
        In the unit of the term.
    term : Term
        Says which values can be true.

    Returns
    -------
    Bounds
        Estradiol `<5` lies in a range from 0: it cannot lie under it.
    """
    low, window = bounds.at_least, term.plausible
    if low is None or window is None or low > exact(window.at_least):
        return bounds
    return replace(bounds, at_least=None)


def impossible(rule: Bounded, what: str) -> Notes:
    """Find bounds that no number can meet.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.
    what : str
        Name of the fact.

    Yields
    ------
    tuple of str
        Found, allowed, do.
    """
    lower = rule.at_least if rule.at_least is not None else rule.above
    upper = rule.at_most if rule.at_most is not None else rule.below
    if lower is None or upper is None:
        return
    is_strict = rule.above is not None or rule.below is not None
    if lower > upper or (lower == upper and is_strict):
        yield (
            f"{what} {say_bounds(rule)}, which nothing can be",
            "a lower bound under the upper one",
            "Correct the bounds",
        )


def mean_within(
    rule: Bounded, amounts: Sequence[Amount], shown: str, unit: str, missing: str
) -> Finding:
    """Say whether the mean of exact numbers lies within bounds.

    Parameters
    ----------
    rule : Bounded
        The bounds.
    amounts : sequence of Amount
        At least one.
    shown : str
        Of what and when, in words.
    unit : str
        UCUM unit of the numbers.
    missing : str
        Fact that is missing when it cannot be decided.

    Returns
    -------
    Finding
        A comparator on any number makes the mean an interval of that side; two sides decide
        nothing.
    """
    mean = sum((each.number for each in amounts), Fraction(0)) / len(amounts)
    signs = {each.comparator for each in amounts} - {""}
    sign = signs.pop() if len(signs) == 1 else ""
    answer = Answer.UNKNOWN if signs else bounds_of(rule).hold(mean, sign)
    listed = ", ".join(f"{each.comparator}{plain(each.number, 6)}" for each in amounts)
    words = in_words(f"{say_bounds(rule)} {unit}")
    told = f"{sign}{told_number(mean, rule, 6)}"
    because = f"mean of {len(amounts)}, {shown}: {told} ({listed}), {BE[answer]}{words}"
    evidence = tuple(each.evidence for each in amounts)
    return Finding(answer, because, evidence, (missing,) if answer is Answer.UNKNOWN else ())
