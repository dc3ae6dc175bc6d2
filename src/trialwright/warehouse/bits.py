"""Bits put together over rows, by the function that every engine has under the same name."""

import ibis
from ibis.expr.types import Value


@ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator]
def _bit_or(word: int) -> int:  # type: ignore[empty-body]
    """Give the bits that some word has."""


@ibis.udf.agg.builtin(name="bit_and")  # type: ignore[untyped-decorator]
def _bit_and(word: int) -> int:  # type: ignore[empty-body]
    """Give the bits that every word has."""


def of_any(word: Value) -> Value:
    """Give the bits that the word of some row has.

    Parameters
    ----------
    word : Value
        Whole numbers from 0.

    Returns
    -------
    Value
        A reduction.
    """
    found: Value = _bit_or(word)
    return found


def of_all(word: Value) -> Value:
    """Give the bits that the word of every row has.

    Parameters
    ----------
    word : Value
        Whole numbers from 0.

    Returns
    -------
    Value
        A reduction.
    """
    found: Value = _bit_and(word)
    return found
