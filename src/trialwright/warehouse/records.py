"""What the records that decide are: shapes of those that are no results, and ages as one number."""

from ibis.expr.types import Value

PRESENT, SUSPECTED, FEMALE, MALE, AGED, TREATED, OBSERVED = range(-1, -8, -1)
"""Shapes of what is no result: how its value is said."""

_YEARS = 2**20
"""Room for an age in years, of both signs."""


def aged(least: Value, most: Value) -> Value:
    """Give two ages as one number.

    Parameters
    ----------
    least, most : Value
        Completed years.

    Returns
    -------
    Value
        For the shape `AGED`.
    """
    return (least + _YEARS // 2) * _YEARS + most + _YEARS // 2


def ages_of(micro: Value) -> tuple[Value, Value]:
    """Give the two ages of one number.

    Parameters
    ----------
    micro : Value
        As `aged` gives it.

    Returns
    -------
    tuple of Value
        Least and most.
    """
    return micro // _YEARS - _YEARS // 2, micro % _YEARS - _YEARS // 2
