"""Facts that people lack: of how many each is missing, and why."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_COLOURS = ("#9db4c8", "#c9b8d8", "#b0524a", "#d9a441", "#5f8f6b", "#1f5a8a")
_WIDTH, _INCH_A_ROW, _INCH_AROUND = 11.0, 0.27, 1.4
_LONGEST = 48  # signs of a fact
_ROOM = 1.1  # beyond the longest bar, for its number


@dataclass(frozen=True, slots=True)
class FactBar:
    """One fact.

    Attributes
    ----------
    says : str
        The fact in words.
    people : sequence of int
        Those who lack it, by the reason, in the order of the reasons.
    """

    says: str
    people: Sequence[int]


def missing_facts(bars: Sequence[FactBar], reasons: Sequence[str], title: str) -> Figure:
    """Draw which facts are missing.

    Parameters
    ----------
    bars : sequence of FactBar
        At least one; the first at the top.
    reasons : sequence of str
        Why a fact may be missing, at most six.
    title : str
        Above it.

    Returns
    -------
    Figure
        A row a fact: a piece of its bar a reason, and the number of people behind it. Reasons that
        do not occur are left out.
    """
    height = _INCH_AROUND + _INCH_A_ROW * len(bars)
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = figure.subplots()
    left = [0] * len(bars)
    drawn = None
    for place, reason in enumerate(reasons):
        numbers = [bar.people[place] for bar in bars]
        if any(numbers):
            drawn = axes.barh(
                range(len(bars)), numbers, 0.72, left=left, color=_COLOURS[place], label=reason
            )
            left = [so_far + number for so_far, number in zip(left, numbers, strict=True)]
    if drawn is not None:
        ends = axes.barh(range(len(bars)), [0] * len(bars), 0.72, left=left)
        axes.bar_label(ends, [f"{number:,}" for number in left], padding=3, fontsize=7)
        axes.legend(fontsize=8, frameon=False, loc="lower right")
    axes.set_yticks(
        range(len(bars)),
        [textwrap.shorten(bar.says, _LONGEST, placeholder=" …") for bar in bars],
    )
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, max(1, *left) * _ROOM)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.tick_params(axis="x", labelsize=8)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.set_xlabel("people one fact away", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, fontsize=11)
    return figure
