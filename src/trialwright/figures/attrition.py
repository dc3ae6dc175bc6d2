"""The criteria of a protocol against a hospital: what each costs, alone and with the others."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure

_LOST, _ALONE, _OPEN = "#9db4c8", "#1f5a8a", "#d9a441"
_INCH_A_ROW = 0.3


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion.

    Attributes
    ----------
    label : str
        Its id.
    lost, alone, open : int
        People who do not meet it; of these, those who meet or may meet every other one; and
        people of whom the record leaves it open.
    """

    label: str
    lost: int
    alone: int
    open: int


def attrition(bars: Sequence[Bar], people: int, title: str) -> Figure:
    """Draw what each criterion costs.

    Parameters
    ----------
    bars : sequence of Bar
        In the order of the protocol, first at the top.
    people : int
        Everybody; the width of the figure.
    title : str
        Above it.

    Returns
    -------
    Figure
        Three bars a criterion, their numbers beside them.
    """
    height = 1.6 + _INCH_A_ROW * max(1, len(bars)) * 1.6
    figure = Figure(figsize=(9.0, height), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(bars))
    for shift, name, colour, words in (
        (-0.27, "lost", _LOST, "not met"),
        (0.0, "alone", _ALONE, "not met, everything else met or open"),
        (0.27, "open", _OPEN, "left open by the record"),
    ):
        numbers = [getattr(bar, name) for bar in bars]
        rows = [place + shift for place in places]
        drawn = axes.barh(rows, numbers, 0.25, color=colour, label=words)
        axes.bar_label(drawn, [f"{number:,}" for number in numbers], padding=3, fontsize=7)
    axes.set_yticks(list(places), [bar.label for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, max(1, people) * 1.12)
    axes.set_xlabel(f"people, of {people:,}")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize=8)
    figure.suptitle(title)
    return figure


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
