"""Toxicity: adverse events by grade on two sides, dose and DLT by cohort, laboratory values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trialwright.figures.marks import FAINT, GRADES, INK, LINE, bare, marked, underline


@dataclass(frozen=True, slots=True)
class Wings:
    """One term with its participants by worst grade, on the left and on the right.

    Attributes
    ----------
    term : str
        CTCAE term.
    left, right : mapping of int to int
        Worst grade to participants.
    """

    term: str
    left: Mapping[int, int]
    right: Mapping[int, int]


def butterfly(
    rows: Sequence[Wings], sides: tuple[str, str], sizes: tuple[int, int], title: str
) -> Figure:
    """Draw adverse events by worst grade, one group to the left and one to the right.

    Parameters
    ----------
    rows : sequence of Wings
        The most frequent first.
    sides : tuple of (str, str)
        What stands to the left and to the right, e.g. two dose levels.
    sizes : tuple of (int, int), participants
        Of the two groups; bars are percent of them.
    title : str
        Above it.

    Returns
    -------
    Figure
        The number of participants stands in each part; the darkest grade lies next to the middle.
    """
    figure = Figure(figsize=(8.4, 1.9 + 0.34 * max(1, len(rows))), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, name, size in ((left, sides[0], sizes[0]), (right, sides[1], sizes[1])):
        for place, row in enumerate(rows):
            _wing(axes, place, (name, row.term), row.left if axes is left else row.right, size)
        axes.set_xlim(0, 108)
        axes.set_title(f"{name} (n = {size})", fontsize=9)
        axes.set_xlabel("participants, %", fontsize=8)
        bare(axes)
    left.invert_xaxis()
    left.spines["left"].set_visible(False)
    left.spines["right"].set_visible(True)
    left.tick_params(axis="y", length=0, labelleft=True)
    right.tick_params(axis="y", length=0, labelleft=False)
    left.set_yticks(range(len(rows)), [row.term for row in rows])
    left.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5, label=f"grade {grade}")
        for grade, (colour, hatch) in GRADES.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=7.5,
                  frameon=False)  # fmt: skip
    figure.suptitle(f"{title}, worst grade (a participant counts once a row)", fontsize=10.5)
    return figure


def _wing(
    axes: Any, place: int, named: tuple[str, str], counts: Mapping[int, int], size: int
) -> None:
    """Draw one side of one row, the highest grade next to the middle."""
    begin = 0.0
    for grade in sorted(counts, reverse=True):
        number = counts[grade]
        if not number or not size:
            continue
        share = 100 * number / size
        colour, hatch = GRADES[grade]
        (bar,) = axes.barh(place, share, 0.7, left=begin, color=colour, hatch=hatch,
                           edgecolor=INK, linewidth=0.5)  # fmt: skip
        marked(bar, "", f"{named[0]}: {named[1]}, grade {grade}: {number} of {size}")
        ink = "white" if grade >= 4 else INK
        axes.text(begin + share / 2, place, str(number), ha="center", va="center", fontsize=7.5,
                  color=ink)  # fmt: skip
        begin += share


Standing = Literal["dlt", "evaluable", "pending", "not evaluable", "unknown"]

_STANDINGS: dict[Standing, tuple[str, str, str]] = {
    "evaluable": ("o", "#c6dbef", "no DLT"),
    "dlt": ("D", "#a01c12", "DLT"),
    "pending": ("o", "white", "window runs"),
    "not evaluable": ("x", FAINT, "not evaluable"),
    "unknown": ("s", "#f0e442", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Dosed:
    """One participant of a dose panel.

    Attributes
    ----------
    participant : str
        Study number.
    level : int
        Dose level, 1 = lowest.
    cohort : int
        Number of the cohort, counted from 1.
    state : {'dlt', 'evaluable', 'pending', 'not evaluable', 'unknown'}
        Whether the participant counts.
    """

    participant: str
    level: int
    cohort: int
    state: Standing


def dose_panel(dosed: Sequence[Dosed], doses: Sequence[str], title: str) -> Figure:
    """Draw who was treated at which dose level in which order, and who had a DLT.

    Parameters
    ----------
    dosed : sequence of Dosed
        In the order of assignment.
    doses : sequence of str
        What each dose level is called, lowest first.
    title : str
        Above it.

    Returns
    -------
    Figure
        A column a participant, cohorts apart; DLTs over evaluable participants stand at each level.
    """
    figure = Figure(figsize=(max(6.0, 2.4 + 0.42 * len(dosed)), 1.9 + 0.5 * len(doses)),
                    layout="constrained")  # fmt: skip
    axes: Any = figure.subplots()
    cohort = None
    for place, each in enumerate(dosed):
        if each.cohort != cohort:
            cohort = each.cohort
            axes.axvline(place - 0.5, color=LINE, linewidth=0.8, zorder=0)
            axes.text(place - 0.4, len(doses) + 0.55, f"cohort {cohort}", fontsize=7, color=INK)
        sign, colour, words = _STANDINGS[each.state]
        point = axes.plot(place, each.level, marker=sign, markersize=9, color=colour,
                          markeredgecolor=FAINT if sign == "x" else INK, markeredgewidth=1.1,
                          linestyle="")[0]  # fmt: skip
        marked(point, each.participant, f"{each.participant}: {doses[each.level - 1]}, {words}")
    for level in range(1, len(doses) + 1):
        inside = [each for each in dosed if each.level == level]
        counting = [each for each in inside if each.state in ("dlt", "evaluable")]
        dlts = sum(each.state == "dlt" for each in inside)
        axes.annotate(f"{dlts}/{len(counting)}", (1.01, level),
                      xycoords=("axes fraction", "data"), fontsize=9, va="center")  # fmt: skip
        axes.axhline(level, color=LINE, linewidth=0.5, zorder=0)
    axes.annotate("DLT/n", (1.01, len(doses) + 0.6), xycoords=("axes fraction", "data"),
                  fontsize=7.5)  # fmt: skip
    axes.set_yticks(range(1, len(doses) + 1), list(doses))
    axes.set_ylim(0.4, len(doses) + 0.95)
    axes.set_xticks(range(len(dosed)), [each.participant for each in dosed], rotation=60,
                    ha="right", rotation_mode="anchor")  # fmt: skip
    axes.set_xlim(-0.7, max(len(dosed), 1) - 0.3)
    bare(axes)
    handles = [
        Line2D([], [], marker=sign, color=colour, linestyle="", label=words,
               markeredgecolor=FAINT if sign == "x" else INK)
        for state, (sign, colour, words) in _STANDINGS.items()
        if any(each.state == state for each in dosed)
    ]  # fmt: skip
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles),
                      fontsize=7.5, frameon=False)  # fmt: skip
    figure.suptitle(title, fontsize=11)
    return figure


@dataclass(frozen=True, slots=True)
class Series:
    """One participant's values of a laboratory test.

    Attributes
    ----------
    participant : str
        Study number.
    points : tuple of (int, float, int or None)
        Study day, value, and CTCAE grade; None where the record does not decide it.
    """

    participant: str
    points: tuple[tuple[int, float, int | None], ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Values of one CTCAE grade.

    Attributes
    ----------
    grade : int
        1 to 4.
    low, high : float or None
        From where to where; None: without an end.
    """

    grade: int
    low: float | None
    high: float | None


def laboratory(
    series: Sequence[Series], bands: Sequence[Band], measured: str, title: str, note: str
) -> Figure:
    """Draw values of a laboratory test over time, with the bands of the grades behind.

    Parameters
    ----------
    series : sequence of Series
        One for each participant.
    bands : sequence of Band
        Drawn behind, each with its grade.
    measured : str
        What is measured, with its unit.
    title : str
        Above it.
    note : str
        To which limits the bands belong.

    Returns
    -------
    Figure
        A point of grade 3 or higher carries its grade.
    """
    figure = Figure(figsize=(7.6, 4.3), layout="constrained")
    axes: Any = figure.subplots()
    values = [value for each in series for _, value, _ in each.points]
    low, high = min(values, default=0.0), max(values, default=1.0)
    ends = [end for band in bands for end in (band.low, band.high) if end is not None]
    low, high = min([low, *ends]), max([high, *ends])
    room = 0.08 * (high - low or 1.0)
    low, high = low - room, high + room
    for band in bands:
        colour, _ = GRADES[band.grade]
        first = low if band.low is None else band.low
        last = high if band.high is None else band.high
        axes.axhspan(first, last, color=colour, alpha=0.28, linewidth=0, zorder=0)
        axes.annotate(f"grade {band.grade}", (1.005, (first + last) / 2), fontsize=7,
                      xycoords=("axes fraction", "data"), va="center")  # fmt: skip
    for each in series:
        _series(axes, each)
    axes.axvline(1, color=FAINT, linewidth=0.8, linestyle="--", zorder=1)
    axes.set_ylim(low, high)
    axes.margins(x=0.12)
    axes.set_xlabel("study day (dashed: first dose)", fontsize=8)
    axes.set_ylabel(measured, fontsize=8)
    bare(axes)
    figure.suptitle(f"{title} (n = {len(series)})", fontsize=11)
    underline(figure, f"{note}; a number beside a point: its CTCAE grade, ?: not decided")
    return figure


def _series(axes: Any, each: Series) -> None:
    """Draw one participant's values."""
    if not each.points:
        return
    across = [day for day, *_ in each.points]
    up = [value for _, value, _ in each.points]
    line = axes.plot(across, up, color=INK, linewidth=0.9, marker="o", markersize=3,
                     alpha=0.85)[0]  # fmt: skip
    told = ", ".join(f"day {day}: {value:g}" for day, value, _ in each.points)
    marked(line, each.participant, f"{each.participant}: {told}")
    axes.annotate(each.participant, (across[-1], up[-1]), textcoords="offset points",
                  xytext=(5, -2), fontsize=6.5)  # fmt: skip
    for day, value, grade in each.points:
        if grade is None or grade >= 3:
            axes.annotate("?" if grade is None else str(grade), (day, value), fontsize=8,
                          textcoords="offset points", xytext=(0, 5), ha="center",
                          color="#a01c12", fontweight="bold")  # fmt: skip
