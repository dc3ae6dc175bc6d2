"""Forest plot: the estimate of every test with its interval, and the p-value it could reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from trialwright.figures.marks import FAINT, INK, bare, key, marked, underline

REACH = 50.0
"""Ratios beyond this, or below 1 in so many, are cut; an arrow stands there."""

SCALE_FROM = 1e-4
"""Smallest p-value on the scale; smaller ones stand at its end."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One test.

    Attributes
    ----------
    name : str
        The marker.
    counts : str
        Events of altered and not altered, e.g. `3/5 against 2/12`.
    ratio : tuple of (float, float, float) or None
        Estimate and limits; None: not estimable.
    floor : float
        Smallest attainable p-value.
    p : float or None
        None: not tested.
    corrected : float or None
        The p-value corrected for the number of tests.
    """

    name: str
    counts: str
    ratio: tuple[float, float, float] | None
    floor: float
    p: float | None
    corrected: float | None


def is_drawn(each: Estimate) -> bool:
    """Say whether a test has anything to draw.

    Parameters
    ----------
    each : Estimate
        One test.

    Returns
    -------
    bool
        Whether it was tested, or its ratio estimated.
    """
    return each.p is not None or each.ratio is not None


def forest(
    groups: Sequence[tuple[str, Sequence[Estimate]]],
    title: str,
    ratio: str,
    level: float,
    note: str,
) -> Figure:
    """Draw every test of an endpoint.

    Parameters
    ----------
    groups : sequence of (str, sequence of Estimate)
        Families with their tests.
    title : str
        Above it.
    ratio : str
        What the estimate is, with its interval.
    level : float
        Family-wise level, drawn among the p-values.
    note : str
        What a reader must know, below it.

    Returns
    -------
    Figure
        Left the ratios on a log scale, right the p-values: a bar from the smallest attainable one,
        a full mark for the one found, an open one for the corrected one; not tested ones say so.
    """
    rows = sum(1 + len(tests) for _, tests in groups)
    figure = Figure(figsize=(9.6, 1.9 + 0.27 * max(rows, 1)), layout="constrained")
    ratios, p_values = figure.subplots(1, 2, width_ratios=(3, 2))
    names: list[tuple[int, str]] = []
    place = 0
    for family, tests in groups:
        names.append((place, family))
        place += 1
        for each in tests:
            names.append((place, f"{each.name}  {each.counts}"))
            _ratio(ratios, place, each)
            _p_values(p_values, place, each)
            place += 1
    _scales(ratios, p_values, ratio, level)
    for axes in (ratios, p_values):
        axes.set_ylim(max(rows, 1) - 0.5, -0.7)
    p_values.set_yticks([])  # its rows are named on the left; ticks shared are ticks drawn twice
    ratios.set_yticks([each for each, _ in names], [words for _, words in names])
    heads = {words for words, _ in groups}
    for label in ratios.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() in heads else "normal")
    for axes in (ratios, p_values):
        bare(axes)
        axes.tick_params(axis="y", length=0)
    _key(p_values)
    figure.suptitle(title, fontsize=11)
    underline(figure, note)
    return figure


RATIO_TICKS = ((0.02, 0.1, 0.5, 1, 2, 10, 50), ("0.02", "0.1", "0.5", "1", "2", "10", "50"))
P_TICKS = ((1, 0.1, 0.01, 0.001, 0.0001), ("1", "0.1", "0.01", "0.001", "0.0001"))
"""Places and words of the two log scales."""


def _scales(ratios: Any, p_values: Any, ratio: str, level: float) -> None:
    """Set both scales, with the lines that guide the eye."""
    ratios.set_xscale("log")
    ratios.set_xlim(1 / REACH / 1.3, REACH * 1.3)
    ratios.set_xticks(*RATIO_TICKS)
    ratios.minorticks_off()
    ratios.axvline(1, color=INK, linewidth=0.8)
    ratios.set_xlabel(ratio, fontsize=8)
    p_values.set_xscale("log")
    p_values.set_xlim(1.4, SCALE_FROM / 1.4)
    p_values.set_xticks(*P_TICKS)
    p_values.minorticks_off()
    p_values.axvline(level, color=FAINT, linewidth=0.8, linestyle="--")
    p_values.set_xlabel(f"p-value; dashed: {level:g}", fontsize=8)


def _ratio(axes: Any, place: int, each: Estimate) -> None:
    """Draw an estimate with its interval; what lies outside the scale is cut with an arrow."""
    if each.ratio is None:
        axes.text(1.1, place, "not estimable", fontsize=7, va="center", color=INK)
        return
    estimate, low, high = each.ratio
    words = f"{each.name}: {estimate:.3g} ({low:.3g} to {high:.3g}), {each.counts}"
    ends = [min(max(end, 1 / REACH), REACH) for end in (low, high)]
    line = axes.plot(ends, [place, place], color=INK, linewidth=1.1)[0]
    marked(line, "", words)
    for end, limit, sign in ((low, 1 / REACH, "<"), (high, REACH, ">")):
        if (end < limit) if sign == "<" else (end > limit):
            axes.plot(limit, place, marker=sign, markersize=5, color=INK, linestyle="")
    if 1 / REACH <= estimate <= REACH and math.isfinite(estimate):
        full = INK if each.p is not None else "white"
        axes.plot(estimate, place, marker="s", markersize=5, markerfacecolor=full,
                  markeredgecolor=INK, linestyle="")  # fmt: skip


def _p_values(axes: Any, place: int, each: Estimate) -> None:
    """Draw what could be reached and what was found."""
    floor = max(each.floor, SCALE_FROM)
    words = f"{each.name}: smallest attainable p {each.floor:.3g}"
    words += "; not tested" if each.p is None else f"; p {each.p:.3g}"
    words += "" if each.corrected is None else f"; corrected {each.corrected:.3g}"
    reach = axes.plot([1, floor], [place, place], color="#c9d0d6", linewidth=4,
                      solid_capstyle="butt", zorder=0)[0]  # fmt: skip
    marked(reach, "", words)
    axes.plot(floor, place, marker="|", markersize=9, color=INK, linestyle="")
    if each.p is None:
        axes.annotate("not tested", (floor, place), textcoords="offset points", xytext=(5, 0),
                      fontsize=7, va="center", color=INK)  # fmt: skip
        return
    if each.corrected is not None:
        axes.plot(max(each.corrected, SCALE_FROM), place, marker="o", markersize=6,
                  markerfacecolor="white", markeredgecolor=INK, linestyle="")  # fmt: skip
    axes.plot(max(each.p, SCALE_FROM), place, marker="o", markersize=3.5, color=INK, linestyle="")


def _key(axes: Any) -> None:
    """Explain the marks."""
    handles = [
        Line2D([], [], color="#c9d0d6", linewidth=4, marker="|", markersize=9,
               markeredgecolor=INK, label="attainable"),
        Line2D([], [], color=INK, marker="o", markersize=3.5, linestyle="", label="p"),
        Line2D([], [], markerfacecolor="white", markeredgecolor=INK, marker="o", markersize=6,
               linestyle="", label="p, max-T"),
    ]  # fmt: skip
    key(axes, handles, columns=3)
