"""Intervals of allowed numbers, strict and non-strict, judged in three values."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from trialwright.terms.errors import refuse
from trialwright.terms.verdicts import Answer

exact = lru_cache(maxsize=4096)(Fraction)
"""Bounds of protocols as fractions: a few numbers, asked again of every result."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of allowed numbers; a missing side is open.

    Attributes
    ----------
    at_least, above, at_most, below : Fraction or None
        Non-strict and strict lower and upper bound; at most one of each side.

    Raises
    ------
    Refusal
        If a side has both a strict and a non-strict bound.
    """

    at_least: Fraction | None = None
    above: Fraction | None = None
    at_most: Fraction | None = None
    below: Fraction | None = None

    def __post_init__(self) -> None:
        """Refuse two bounds on one side."""
        for one, other in (("at_least", "above"), ("at_most", "below")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise refuse(
                    "bounds", f"both {one} and {other}", "one bound on a side", "Keep one of them"
                )

    def hold(self, number: Fraction, comparator: str = "") -> Answer:
        """Say whether a number, or the interval a comparator makes of it, lies inside.

        Parameters
        ----------
        number : Fraction
            In the unit of the bounds.
        comparator : str
            Empty for an exact number; `<0.3` may be anything below 0.3.

        Returns
        -------
        Answer
            Unknown when part of the interval lies inside and part outside.

        Raises
        ------
        ValueError
            If the comparator is none of `<`, `<=`, `>=`, `>` and empty.
        """
        match comparator:
            case "":
                is_inside = self._reaches_down_to(number) and self._reaches_up_to(number)
                return Answer.MET if is_inside else Answer.NOT_MET
            case "<" | "<=":
                return self._hold_below(number, is_open=comparator == "<")
            case ">" | ">=":
                return self._mirrored()._hold_below(-number, is_open=comparator == ">")
            case _:
                raise ValueError(f"{comparator!r} is no comparator")

    def _hold_below(self, number: Fraction, *, is_open: bool) -> Answer:
        """Judge everything below a number, and the number itself unless open."""
        if self._is_empty():
            return Answer.NOT_MET
        floor = self.above if self.at_least is None else self.at_least
        if floor is not None:
            is_apart = number <= floor if is_open else not self._reaches_down_to(number)
            return Answer.NOT_MET if is_apart else Answer.UNKNOWN
        is_within = self._reaches_up_to(number) or (is_open and number == self.below)
        return Answer.MET if is_within else Answer.UNKNOWN

    def _reaches_down_to(self, number: Fraction) -> bool:
        """Say whether a number satisfies the lower bound."""
        return (self.at_least is None or number >= self.at_least) and (
            self.above is None or number > self.above
        )

    def _reaches_up_to(self, number: Fraction) -> bool:
        """Say whether a number satisfies the upper bound."""
        return (self.at_most is None or number <= self.at_most) and (
            self.below is None or number < self.below
        )

    def _is_empty(self) -> bool:
        """Say whether the bounds leave no number at all."""
        floor = self.above if self.at_least is None else self.at_least
        ceiling = self.below if self.at_most is None else self.at_most
        if floor is None or ceiling is None:
            return False
        return floor > ceiling or (floor == ceiling and None in (self.at_least, self.at_most))

    def _mirrored(self) -> "Bounds":
        """Turn the number line around."""
        flip = [
            None if bound is None else -bound
            for bound in (self.at_most, self.below, self.at_least, self.above)
        ]
        return Bounds(*flip)
