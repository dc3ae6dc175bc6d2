"""Spans of days as bars: where today lies in a window, always told in words as well."""

from dataclasses import dataclass
from datetime import date

WIDTH = 100
"""Width of a bar in its own units; the page stretches it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of days drawn as a bar.

    Attributes
    ----------
    says : str
        The same in words; what a screen reader says.
    filled : float
        How much of it has passed, 0 to 100.
    at : float or None
        Place of a mark, 0 to 100; None: there is none.
    begins : float
        Where the filled part begins, 0 to 100.
    """

    says: str
    filled: float
    at: float | None = None
    begins: float = 0


def progress(first: date, last: date, on: date, what: str) -> Bar:
    """Draw how far a window has run.

    Parameters
    ----------
    first, last : date
        Its first and last day, both included.
    on : date
        The day asked about.
    what : str
        What runs, e.g. `DLT window`.

    Returns
    -------
    Bar
        Day n of m.
    """
    days = (last - first).days + 1
    passed = min(max((on - first).days + 1, 0), days)
    says = f"{what}: day {passed} of {days}" if passed else f"{what} not open yet"
    return Bar(says, WIDTH * passed / days)


def window(earliest: date, planned: date, latest: date, on: date, reach: int = 14) -> Bar:
    """Draw the window of a visit around a day.

    Parameters
    ----------
    earliest, planned, latest : date
        The window and its planned day.
    on : date
        The day in the middle.
    reach : int, days
        How many days are drawn to each side.

    Returns
    -------
    Bar
        The window as the filled part, the day asked about as the mark.
    """

    def place(day: date, *, end: bool = False) -> float:
        """Give the place of a day on the bar."""
        days = (day - on).days + reach + (1 if end else 0)
        return WIDTH * min(max(days, 0), 2 * reach + 1) / (2 * reach + 1)

    begins, ends = place(earliest), place(latest, end=True)
    says = f"window {earliest.isoformat()} to {latest.isoformat()}, planned {planned.isoformat()}"
    return Bar(says, ends - begins, place(on) + WIDTH / (4 * reach + 2), begins)
