"""Intervals of allowed numbers, strict and non-strict, judged in three values."""

from dataclasses import dataclass
from fractions import Fraction

from trialwright.terms.verdicts import Answer


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of allowed numbers; a missing side is open.

    Attributes
    ----------
    at_least, above, at_most, below : Fraction or None
        Non-strict and strict lower and upper bound; at most one of each side.
    """

    at_least: Fraction | None = None
    above: Fraction | None = None
    at_most: Fraction | None = None
    below: Fraction | None = None

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
        """
        if comparator in ("<", "<="):
            return self._reach(upper=number, is_open=comparator == "<")
        if comparator in (">", ">="):
            return self._mirror().hold(-number, comparator.replace(">", "<"))
        is_inside = (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.at_most is None or number <= self.at_most)
            and (self.below is None or number < self.below)
        )
        return Answer.MET if is_inside else Answer.NOT_MET

    def _mirror(self) -> "Bounds":
        """Turn the number line around."""
        flip = [
            None if bound is None else -bound
            for bound in (self.at_most, self.below, self.at_least, self.above)
        ]
        return Bounds(*flip)

    def _reach(self, upper: Fraction, *, is_open: bool) -> Answer:
        """Judge everything below a number (the number itself too unless open)."""
        floor = self.at_least if self.at_least is not None else self.above
        if floor is not None:
            reaches = upper > floor or (
                upper == floor and not is_open and self.at_least is not None
            )
            return Answer.UNKNOWN if reaches else Answer.NOT_MET
        ceiling = self.at_most if self.at_most is not None else self.below
        if ceiling is None:
            return Answer.MET
        stays = upper < ceiling or (upper == ceiling and (is_open or self.at_most is not None))
        return Answer.MET if stays else Answer.UNKNOWN
