"""Stained tissue: percentages, scores and copies as read, before any rule says what they mean."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.sources import Source

Pattern = Literal["", "focal", "heterogeneous"]
"""How the stain is spread; empty when nothing is said."""

Intensity = Literal["none", "weak", "moderate", "strong"]
"""How strongly cells are stained: 0, 1+, 2+, 3+."""

MOST_PERCENT, MOST_HER2_SCORE, MOST_H_SCORE, MOST_ALLRED = 100, 3, 300, 8


@dataclass(frozen=True, slots=True)
class Span:
    """A number as people read it: exact, or somewhere between two ends.

    Attributes
    ----------
    low, high : Decimal
        The ends; equal for an exact number.
    is_above_low, is_below_high : bool
        Whether an end is itself left out, as 60 is in `>60`.

    Raises
    ------
    Refusal
        If nothing lies in it.
    """

    low: Decimal
    high: Decimal
    is_above_low: bool = False
    is_below_high: bool = False

    def __post_init__(self) -> None:
        """Refuse a span in which nothing lies."""
        if self.low > self.high or (
            self.low == self.high and (self.is_above_low or self.is_below_high)
        ):
            found = f"from {shorten(self.low)} to {shorten(self.high)}"
            raise Refusal([Fault("", found, "low, then high", "Correct the span")])

    @classmethod
    def exactly(cls, number: Decimal) -> "Span":
        """Take an exact number.

        Parameters
        ----------
        number : Decimal
            The number.

        Returns
        -------
        Span
            With both ends at it.
        """
        return cls(number, number)

    def __str__(self) -> str:
        """Say the number, e.g. `70`, `30-60`, `above 60 to 100`."""
        if self.low == self.high:
            return f"{self.low:f}"
        if self.is_above_low or self.is_below_high:
            above, below = "above " * self.is_above_low, "below " * self.is_below_high
            return f"{above}{self.low:f} to {below}{self.high:f}"
        return f"{self.low:f}-{self.high:f}"

    def is_at_least(self, cut: Decimal) -> bool | None:
        """Say whether the number is a cut or more.

        Parameters
        ----------
        cut : Decimal
            The cut.

        Returns
        -------
        bool or None
            None when the span lies on both sides.
        """
        if self.low >= cut:
            return True
        if self.high < cut or (self.high == cut and self.is_below_high):
            return False
        return None

    def is_more_than(self, cut: Decimal) -> bool | None:
        """Say whether the number is more than a cut.

        Parameters
        ----------
        cut : Decimal
            The cut.

        Returns
        -------
        bool or None
            None when the span lies on both sides.
        """
        if self.low > cut or (self.low == cut and self.is_above_low):
            return True
        return False if self.high <= cut else None


@dataclass(frozen=True, slots=True)
class Ish:
    """HER2 by in-situ hybridisation.

    Attributes
    ----------
    ratio : Decimal or None
        Signals of HER2 to those of CEP17.
    copies : Decimal or None
        Signals of HER2 a cell.
    outside_ratio, outside_copies : Decimal or None
        The same of another laboratory.
    pattern : {'', 'focal', 'heterogeneous'}
        How the signals are spread.

    Raises
    ------
    Refusal
        If a number is 0 or less: a tumour in which nothing is seen is a test that failed.
    """

    ratio: Decimal | None
    copies: Decimal | None = None
    outside_ratio: Decimal | None = None
    outside_copies: Decimal | None = None
    pattern: Pattern = ""

    def __post_init__(self) -> None:
        """Refuse numbers that no signals give."""
        faults = [
            Fault(name, f"{shorten(number)}", "more than 0", "Record a test that failed as failed")
            for name in ("ratio", "copies", "outside_ratio", "outside_copies")
            if (number := getattr(self, name)) is not None and number <= 0
        ]
        if faults:
            raise Refusal(faults)


@dataclass(frozen=True, slots=True)
class Stain:
    """A protein stained in tumour tissue; what was not read is None, and no status stands here.

    Attributes
    ----------
    material : str
        Id of the material stained.
    analyte : str
        Protein, e.g. `ER`, `PR`, `HER2`, `PTEN`.
    outcome : {'read', 'failed', 'not done'}
        Whether there is a reading.
    on : PartialDate or None
        Day of the reading.
    percent : Span or None, %
        Tumour cells stained at any intensity.
    weak, moderate, strong : Decimal or None, %
        Tumour cells stained with that intensity; all three or none.
    intensity : {'none', 'weak', 'moderate', 'strong'} or None
        Of the stain as a whole.
    score : Span or None
        HER2: 0 to 3, of the laboratory that reads.
    outside_score : Span or None
        HER2: of another laboratory.
    pattern : {'', 'focal', 'heterogeneous'}
        How the stain is spread.
    ish : Ish or None
        HER2: in-situ hybridisation of the same material.
    clone : str
        Clone of the antibody; empty when not told.
    written : str
        As the file had it; empty for what was entered field by field.
    h_score : Decimal or None, 0 to 300
        As whoever read it told it as one number; never one worked out here.
    allred : int or None, 0 or 2 to 8
        The same of the Allred score.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If percentages or scores are none, intensities are told in part, or together exceed 100 %.
    """

    material: str
    analyte: str
    outcome: Literal["read", "failed", "not done"]
    on: PartialDate | None
    source: Source
    percent: Span | None = None
    weak: Decimal | None = None
    moderate: Decimal | None = None
    strong: Decimal | None = None
    intensity: Intensity | None = None
    score: Span | None = None
    outside_score: Span | None = None
    pattern: Pattern = ""
    ish: Ish | None = None
    clone: str = ""
    written: str = ""
    h_score: Decimal | None = None
    allred: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no reading gives."""
        faults = [*self._out_of_range(), *self._totals(), *self._parts()]
        if faults:
            raise Refusal(faults)

    def _out_of_range(self) -> list[Fault]:
        """Find percentages and scores outside their range."""
        spans = (
            ("percent", self.percent, MOST_PERCENT),
            ("score", self.score, MOST_HER2_SCORE),
            ("outside_score", self.outside_score, MOST_HER2_SCORE),
        )
        return [
            Fault(name, str(span), f"from 0 to {most}", "Correct the value")
            for name, span, most in spans
            if span is not None and not 0 <= span.low <= span.high <= most
        ]

    def _totals(self) -> list[Fault]:
        """Find an H-score or Allred score that cannot be."""
        faults = []
        total = self.h_score
        if total is not None and not (total.is_finite() and 0 <= total <= MOST_H_SCORE):
            faults.append(Fault("h_score", shorten(f"{total}"), f"from 0 to {MOST_H_SCORE}",
                                "Correct the score"))  # fmt: skip
        if self.allred is not None and (self.allred == 1 or not 0 <= self.allred <= MOST_ALLRED):
            faults.append(Fault("allred", f"{self.allred}", f"0, or 2 to {MOST_ALLRED}",
                                "Correct the score: of stained cells, proportion and intensity "
                                "are 1 or more each"))  # fmt: skip
        return faults

    def _parts(self) -> list[Fault]:
        """Find percentages by intensity that do not fit together."""
        parts = [part for part in (self.weak, self.moderate, self.strong) if part is not None]
        if not parts:
            return []
        if len(parts) < len(("weak", "moderate", "strong")):
            return [Fault("weak, moderate, strong", f"{len(parts)} of three percentages",
                          "all three or none", "Give the others")]  # fmt: skip
        if not all(part.is_finite() for part in parts):
            return [Fault("weak, moderate, strong", "no finite number", "0 to 100 %",
                          "Correct the percentages")]  # fmt: skip
        total = sum(parts, Decimal(0))
        if min(parts) < 0 or total > MOST_PERCENT:
            return [Fault("weak, moderate, strong", f"{total:f} % together", "0 to 100 %",
                          "Correct the percentages")]  # fmt: skip
        stained = self.percent
        if stained and (stained.is_at_least(total) is False or stained.is_more_than(total)):
            return [Fault("percent", f"{stained} % stained, {total:f} % by intensity",
                          "the same of both", "Correct one of them")]  # fmt: skip
        return []

    @property
    def stained(self) -> Span | None:
        """Tumour cells stained at any intensity, %, from whichever way it was told."""
        if self.percent is not None:
            return self.percent
        if self.weak is None or self.moderate is None or self.strong is None:
            return None
        return Span.exactly(self.weak + self.moderate + self.strong)
