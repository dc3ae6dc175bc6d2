"""A whole escalation in one line: `1NNN 2NTT` is 0/3 at dose level 1, then 2/3 at dose level 2.

Each cohort is its dose level and one letter a participant: N no DLT, T a DLT, P pending in the DLT
window, E not evaluable (replaced, so counted nowhere). N and T are the letters of the R package
`escalation` (K. Brock); P and E are added here, because a running cohort has both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialwright.escalation.decision import LevelCount, is_level
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

LETTERS = {
    "N": "no DLT through the window",
    "T": "a DLT",
    "P": "pending in the DLT window",
    "E": "not evaluable, replaced",
}
"""What each letter says of one participant."""

_COHORT = re.compile(r"\S+")
_TALLY = re.compile(r"[0-9]/[0-9]")
_DIGITS = "0123456789"
_LONGEST_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Cohort:
    """Participants treated together at one dose level.

    Attributes
    ----------
    level : int
        Dose level, 1 = lowest.
    letters : str
        One letter of `LETTERS` for each participant.
    """

    level: int
    letters: str

    def __str__(self) -> str:
        """Write the cohort as it is read, e.g. `2NTT`."""
        return f"{self.level}{self.letters}"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The cohorts of an escalation in the order in which they were treated.

    Attributes
    ----------
    levels : int
        Number of dose levels of the ladder.
    cohorts : tuple of Cohort
        First cohort first; several may stand at one level.
    """

    levels: int
    cohorts: tuple[Cohort, ...]

    @property
    def last_level(self) -> int | None:
        """Dose level of the last cohort; None before the first."""
        return self.cohorts[-1].level if self.cohorts else None

    @property
    def last_cohort(self) -> LevelCount | None:
        """Counts of the last cohort alone; None before the first."""
        return _count(self.cohorts[-1].letters) if self.cohorts else None

    @property
    def seen(self) -> tuple[LevelCount, ...]:
        """Counts by dose level, lowest first, as every design takes them."""
        by_level = [
            "".join(cohort.letters for cohort in self.cohorts if cohort.level == level)
            for level in range(1, self.levels + 1)
        ]
        return tuple(_count(letters) for letters in by_level)

    def __str__(self) -> str:
        """Write the escalation as it is read, e.g. `1NNN 2NTT`."""
        return " ".join(str(cohort) for cohort in self.cohorts)


def _count(letters: str) -> LevelCount:
    """Count the letters of participants."""
    return LevelCount(
        evaluable=letters.count("N") + letters.count("T"),
        dlts=letters.count("T"),
        pending=letters.count("P"),
    )


def read_outcomes(text: str, levels: int) -> Outcomes:
    """Read an escalation from its one-line notation.

    Parameters
    ----------
    text : str
        Cohorts separated by spaces, e.g. `1NNN 2NTP`; empty before the first cohort.
    levels : int
        Number of dose levels of the ladder.

    Returns
    -------
    Outcomes
        The cohorts in the order written.

    Raises
    ------
    Refusal
        Naming every position (counted from 1) where something else stands than a dose level of
        the ladder followed by the letters N, T, P, E.
    """
    if not is_level(levels, levels):
        raise refuse("levels", shorten(levels), "a whole number from 1", "Count the dose levels")
    faults: list[Fault] = []
    cohorts: list[Cohort] = []
    for written in _COHORT.finditer(text):
        found = list(
            _tally_faults(written.group(), written.start() + 1)
            or _cohort_faults(written.group(), written.start() + 1, levels)
        )
        faults += found
        if not found:
            digits, letters = _split(written.group())
            cohorts.append(Cohort(int(digits), letters))
    if faults:
        raise Refusal(faults)
    return Outcomes(levels, tuple(cohorts))


def _split(written: str) -> tuple[str, str]:
    """Part a written cohort into the digits of its level and the rest."""
    letters = written.lstrip(_DIGITS)
    return written.removesuffix(letters), letters


def _tally_faults(written: str, position: int) -> list[Fault]:
    """Refuse a tally as a whole: it says neither who is pending nor which cohort was the last."""
    if not _TALLY.search(written):
        return []
    found, allowed = f"the tally {shorten(written, 20)!r}", "cohorts such as 1NNT"
    do = "Give the dose level and one letter for each participant"
    return [Fault(f"position {position}", found, allowed, do)]


def _cohort_faults(written: str, position: int, levels: int) -> Iterator[Fault]:
    """Find what is wrong with one written cohort that begins at a position of the line."""
    digits, letters = _split(written)
    is_number = 0 < len(digits) <= _LONGEST_LEVEL and not digits.startswith("0")
    if not is_number or not is_level(int(digits), levels):
        found = f"dose level {shorten(digits, 8)}" if digits else "a cohort without dose level"
        yield Fault(f"position {position}", found, f"1-{levels}", "Begin with the dose level")
    if digits and not letters:
        found = f"dose level {shorten(digits, 8)} without participants"
        do = "Give one letter for each participant"
        yield Fault(f"position {position + len(digits)}", found, "N, T, P or E", do)
    for place, letter in enumerate(letters, start=position + len(digits)):
        if letter not in LETTERS:
            allowed = ", ".join(f"{sign} ({says})" for sign, says in LETTERS.items())
            yield Fault(f"position {place}", repr(letter), allowed, "Write one of the letters")
