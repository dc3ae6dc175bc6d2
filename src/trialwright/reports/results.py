"""Analysis results as one long frame, and tables made of it.

A result is one number (or words) of one row of one table for one group, with how many participants
it rests on and how it was worked out. Tables are a way to look at the frame; CSV holds the frame.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trialwright.reports.sheets import Sheet

Value = int | float | str | None
"""What a result holds; None: not estimable."""

LISTED = "listed"
"""Statistic of a cell of a listing."""

ALL = "all"
"""Name of the group of everybody."""


@dataclass(frozen=True, slots=True)
class Result:
    """One analysis result.

    Attributes
    ----------
    table, row, group : str
        Where it stands.
    statistic : str
        E.g. `n`, `median`, `sum`.
    value : int or float or str or None
        None: not estimable.
    n : int or None, participants
        How many it rests on; None for a listing.
    method : str
        How it was worked out; empty for a plain count.
    shown : str
        As a table shows it.
    """

    table: str
    row: str
    group: str
    statistic: str
    value: Value
    n: int | None
    method: str = ""
    shown: str = ""


def counted(table: str, row: str, group: str, number: int, of: int) -> Result:
    """Give a count with its percentage.

    Parameters
    ----------
    table, row, group : str
        Where it stands.
    number, of : int, participants
        How many, of how many; a percentage is shown for 1 or more.

    Returns
    -------
    Result
        Shown as `2 (33 %)`, the percentage rounded half up.
    """
    percent = (
        "" if not number or not of else f" ({int(Fraction(100 * number, of) + Fraction(1, 2))} %)"
    )
    return Result(table, row, group, "n", number, of, "", f"{number}{percent}")


def middle(
    table: str, row: str, group: str, values: Sequence[Fraction | int], places: int = 0
) -> Result:
    """Give a median with its range.

    Parameters
    ----------
    table, row, group : str
        Where it stands.
    values : sequence of Fraction or int
        One for each participant with a value.
    places : int
        Digits after the point as shown.

    Returns
    -------
    Result
        Shown as `62 (48 to 71)`; `-` without values. Of an even number the mean of the two in the
        middle.
    """
    if not values:
        return Result(table, row, group, "median", None, 0, "", "-")
    ordered = sorted(Fraction(each) for each in values)
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    low, mid, high = (f"{float(each):.{places}f}" for each in (ordered[0], median, ordered[-1]))
    shown = f"{mid} ({low} to {high})"
    return Result(table, row, group, "median", float(median), len(ordered), "range beside", shown)


def told(table: str, row: str, group: str, words: str) -> Result:
    """Give one cell of a listing.

    Parameters
    ----------
    table, row, group : str
        Where it stands; the group of a listing is its column.
    words : str
        What stands there.

    Returns
    -------
    Result
        The words.
    """
    return Result(table, row, group, LISTED, words, None, "", words)


def sheet_of(results: Iterable[Result], table: str, notes: Sequence[str] = ()) -> Sheet:
    """Lay a table out: one row a row, one column a group.

    Parameters
    ----------
    results : iterable of Result
        The frame; groups stand in the order in which it first names them, everybody last. The
        columns of a listing stand in their own order.
    table : str
        Which table.
    notes : sequence of str
        Below it.

    Returns
    -------
    Sheet
        Empty cells where a group has no result.
    """
    frame = tuple(results)
    inside = [each for each in frame if each.table == table]
    present = dict.fromkeys(each.group for each in inside)
    groups = list(present)
    if all(each.statistic != LISTED for each in inside):
        named = dict.fromkeys(each.group for each in frame)
        groups = [each for each in named if each in present]
    groups.sort(key=lambda group: group == ALL)
    rows = list(dict.fromkeys(each.row for each in inside))
    cells = {(each.row, each.group): each.shown for each in inside}
    return Sheet(
        table,
        ("", *groups),
        tuple((row, *(cells.get((row, group), "") for group in groups)) for row in rows),
        tuple(notes),
    )


def frame_csv(results: Iterable[Result]) -> str:
    """Write the frame as CSV.

    Parameters
    ----------
    results : iterable of Result
        In their order.

    Returns
    -------
    str
        One line a result, with every digit.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("table", "row", "group", "statistic", "value", "n", "method"))
    for each in results:
        value = "NE" if each.value is None else each.value
        n = "" if each.n is None else each.n
        writer.writerow((each.table, each.row, each.group, each.statistic, value, n, each.method))
    return stream.getvalue()
