"""Parts of OHDSI's cohort language: groups, ranges of numbers, occurrences, windows."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from trialwright.protocol.rule_parts import Bounded

Plain = dict[str, Any]

STRICT = "a strict bound on a range with two ends: the cohort language includes both ends"
"""Why some bounds cannot be said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of saying a rule.

    Attributes
    ----------
    group : dict or None
        The rule as Circe writes it; None when it cannot be said.
    reasons : tuple of str
        Why it cannot be said, or how what is said differs.
    """

    group: Plain | None
    reasons: tuple[str, ...] = ()


def grouped(
    kind: str,
    criteria: list[Plain] | None = None,
    groups: list[Plain] | None = None,
    demographic: list[Plain] | None = None,
    count: int | None = None,
) -> Plain:
    """Combine criteria into a group.

    Parameters
    ----------
    kind : {'ALL', 'ANY', 'AT_LEAST', 'AT_MOST'}
        How they are combined.
    criteria, groups, demographic : list of dict or None
        What is combined.
    count : int or None
        How many, for the last two kinds.

    Returns
    -------
    dict
        As Circe writes it.
    """
    group: Plain = {"Type": kind}
    if count is not None:
        group["Count"] = count
    return group | {
        "CriteriaList": criteria or [],
        "DemographicCriteriaList": demographic or [],
        "Groups": groups or [],
    }


def any_of(criteria: list[Plain]) -> Plain:
    """Ask for any of some criteria: for the only one, as a group of it alone.

    Parameters
    ----------
    criteria : list of dict
        At least one.

    Returns
    -------
    dict
        A group that may be widened by further criteria, all of which must hold.
    """
    if len(criteria) == 1:
        return grouped("ALL", criteria)
    return grouped("ALL", groups=[grouped("ANY", criteria)])


def numeric(bounds: Bounded, worth: Callable[[Decimal], Fraction] = Fraction) -> Plain | None:
    """Say bounds as a numeric range.

    Parameters
    ----------
    bounds : Bounded
        One or two bounds.
    worth : callable (Decimal) -> Fraction
        What a bound is in the unit of the range.

    Returns
    -------
    dict or None
        None for two bounds of which one is strict: the language has `bt`, which includes both.
    """
    at_least, above, at_most, below = (
        None if each is None else _number(worth(each))
        for each in (bounds.at_least, bounds.above, bounds.at_most, bounds.below)
    )
    match at_least, above, at_most, below:
        case lower, None, None, None:
            return {"Value": lower, "Op": "gte"}
        case None, lower, None, None:
            return {"Value": lower, "Op": "gt"}
        case None, None, upper, None:
            return {"Value": upper, "Op": "lte"}
        case None, None, None, upper:
            return {"Value": upper, "Op": "lt"}
        case lower, None, upper, None:
            return {"Value": lower, "Extent": upper, "Op": "bt"}
        case _:
            return None


def _number(exact: Fraction) -> int | float:
    """Give a bound as JSON's number."""
    return int(exact) if exact.denominator == 1 else float(exact)


def counted(criteria: Plain, window: Plain, *, is_none: bool = False) -> Plain:
    """Ask for at least one occurrence in a window, or for none; any day on record counts.

    Parameters
    ----------
    criteria : dict
        What is asked for.
    window : dict
        When.
    is_none : bool
        Whether there must be none.

    Returns
    -------
    dict
        A criterion of a group.
    """
    occurrence = {"Type": 0, "Count": 0} if is_none else {"Type": 2, "Count": 1}
    return {
        "Criteria": criteria,
        **window,
        "Occurrence": occurrence,
        "IgnoreObservationPeriod": True,
    }


def before(days: int | None) -> Plain:
    """Give the window of what began up to the day judged, and not earlier than so many days.

    Parameters
    ----------
    days : int or None, days
        How many; None for any time.

    Returns
    -------
    dict
        The window of a criterion.
    """
    start: Plain = {"Coeff": -1} if days is None else {"Days": days, "Coeff": -1}
    return {
        "StartWindow": {
            "Start": start,
            "End": {"Days": 0, "Coeff": 1},
            "UseIndexEnd": True,
            "UseEventEnd": False,
        }
    }
