"""Amounts and bounds: a number with what it counts, and on which side of it values may lie."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from trialwright.registry.proposing.units import Unit
from trialwright.registry.proposing.wordings import NUMBER_WORDS

Side: TypeAlias = Literal["at_least", "above", "at_most", "below"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts.

    Attributes
    ----------
    number : Decimal or None
        None where its digits can be read in two ways.
    unit : Unit or None
        Of a laboratory value; None where the words give none.
    time : str
        `minutes`, `hours`, `days`, `weeks`, `months`, `years` or `half-lives`; empty for no
        time.
    times : str
        `ULN`, `LLN`, `baseline` or `normal` for a multiple; empty otherwise.
    is_age : bool
        Whether words such as `of age` follow.
    """

    number: Decimal | None
    unit: Unit | None = None
    time: str = ""
    times: str = ""
    is_age: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing says what the number counts."""
        return not (self.unit or self.time or self.times)


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount, and on which side of it values may lie.

    Attributes
    ----------
    sides : tuple of (str, Amount)
        Each comparator with its amount; empty where the words do not say one.
    amount : Amount
        The last amount.
    doubt : str
        Why there is no side: no comparator, a garbled one, two that differ.
    manner : str
        `within`, `during`, `age` where the comparator is such a word, `plus` where it is a plus
        behind the number; empty otherwise.
    because : str
        What was taken from elsewhere in the same words.
    suffix : str
        `better` or `worse`: a comparator whose direction the scale decides.
    """

    sides: tuple[tuple[Side, Amount], ...]
    amount: Amount
    doubt: str = ""
    manner: str = ""
    because: str = ""
    suffix: str = ""


NO_COMPARATOR = "no comparator stands beside the number"
"""Why an amount alone is not proposed, where a record that lost no sign has a comparator."""

NONE_OF_ITS_OWN = "the number has no comparator of its own"
"""Why an amount alone is not proposed, where plain language can leave a comparator out."""

NORMAL_ALONE = "normal without a number is no limit"
"""Why `within normal limits` is not proposed, nor kept open."""

_IN_BRACKETS = re.compile(r"(.*?) ?\( ?(.+?) ?\)")


def number_of(written: str) -> Decimal | None:
    """Read a number in digits or in words.

    Parameters
    ----------
    written : str
        Levelled, e.g. `1,500`, `three (3)` or `0.5`.

    Returns
    -------
    Decimal or None
        None where the number in brackets is another one.
    """
    twice = _IN_BRACKETS.fullmatch(written)
    if twice:
        first, second = number_of(twice[1]), number_of(twice[2])
        return first if first == second else None
    if written in NUMBER_WORDS:
        return Decimal(NUMBER_WORDS[written])
    plain = written.replace(" ", "").replace("'", "")
    if re.fullmatch(r"\d+,\d{1,2}", plain):  # a decimal comma
        return Decimal(plain.replace(",", "."))
    return Decimal(plain.replace(",", "")) if len(plain) <= 18 else None
