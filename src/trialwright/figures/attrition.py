"""The criteria of a protocol against a hospital: what each costs, alone and with the others."""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_LOST, _ALONE, _OPEN, _LEFT = "#9db4c8", "#1f5a8a", "#d9a441", "#5f8f6b"
_WIDTH, _INCH_A_ROW, _INCH_AROUND = 11.0, 0.27, 1.5
_LONGEST = 48  # signs of a criterion beside its id
_ROOM = 1.35  # beyond the longest possible bar, for its number


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion.

    Attributes
    ----------
    label, says : str
        Its id, and what it asks.
    lost, alone, open, left : int
        People who do not meet it; of these, those who meet or may meet every other one; people of
        whom the record leaves it open; and people whom it and those above it leave.
    """

    label: str
    says: str
    lost: int
    alone: int
    open: int
    left: int


def attrition(bars: Sequence[Bar], people: int, title: str) -> Figure:
    """Draw what each criterion costs.

    Parameters
    ----------
    bars : sequence of Bar
        In the order of the protocol, first at the top.
    people : int
        Everybody; each of the three scales ends there.
    title : str
        Above it; how many people there are is added.

    Returns
    -------
    Figure
        A row a criterion: not met, open, and left, with their numbers beside the bars.
    """
    height = _INCH_AROUND + _INCH_A_ROW * max(1, len(bars))
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    lost, still_open, left = figure.subplots(1, 3, sharey=True)
    _draw(lost, [bar.lost for bar in bars], _LOST, [_told(bar) for bar in bars])
    lost.barh(range(len(bars)), [bar.alone for bar in bars], 0.72, color=_ALONE)
    _draw(still_open, [bar.open for bar in bars], _OPEN)
    _draw(left, [bar.left for bar in bars], _LEFT)
    for axes, words in (
        (lost, "not met\n(dark: by this criterion alone)"),
        (still_open, "open\n(the record does not say)"),
        (left, "left\n(after it and those above it)"),
    ):
        axes.set_title(words, fontsize=9)
        axes.set_xlim(0, max(1, people) * _ROOM)
        axes.xaxis.set_major_locator(_ticks(people))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.tick_params(axis="x", labelsize=8)
        axes.tick_params(axis="y", length=0, labelsize=8)
        axes.set_xlabel("people", fontsize=8)
        axes.axvline(max(1, people), color="#888888", linewidth=0.6, linestyle=":")
        axes.spines[["top", "right"]].set_visible(False)
    lost.set_yticks(range(len(bars)), [_named(bar) for bar in bars])
    lost.set_ylim(max(1, len(bars)) - 0.4, -0.6)
    figure.suptitle(f"{title} (n = {people:,} people, dotted line)", fontsize=11)
    return figure


def _draw(axes: Any, numbers: Sequence[int], colour: str, labels: Sequence[str] = ()) -> None:
    """Draw one bar a criterion, each with its number."""
    drawn = axes.barh(range(len(numbers)), numbers, 0.72, color=colour)
    shown = labels or [f"{number:,}" for number in numbers]
    axes.bar_label(drawn, shown, padding=3, fontsize=7)


def _told(bar: Bar) -> str:
    """Say how many do not meet a criterion, and how many by it alone."""
    return f"{bar.lost:,} ({bar.alone:,} alone)" if bar.lost else "0"


def _named(bar: Bar) -> str:
    """Name a criterion on one line."""
    return f"{textwrap.shorten(bar.says, _LONGEST, placeholder=' …')}  {bar.label}".lstrip()


def _ticks(people: int) -> MaxNLocator:
    """Give a few whole numbers up to everybody."""
    return _UpTo(max(1, people))


class _UpTo(MaxNLocator):
    """Whole numbers that do not go beyond everybody."""

    def __init__(self, most: int) -> None:
        super().__init__(nbins=4, integer=True)
        self._most = most

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Give the places of ticks.

        Parameters
        ----------
        vmin, vmax : float
            Ends of the scale.

        Returns
        -------
        ndarray of float
            Up to everybody.
        """
        return super().tick_values(vmin, min(vmax, self._most))


def svg(figure: Figure) -> str:
    """Write a figure as SVG, the same for the same figure.

    Parameters
    ----------
    figure : Figure
        The figure.

    Returns
    -------
    str
        Without the day of drawing.
    """
    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "trialwright", "svg.fonttype": "none"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()
