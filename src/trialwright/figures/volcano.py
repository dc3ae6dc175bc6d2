"""Volcano plot of many markers: ratio against p-value, drawn only where a cloud can be seen."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from trialwright.figures.forest import P_TICKS, RATIO_TICKS, REACH, SCALE_FROM, Estimate
from trialwright.figures.marks import FAINT, INK, bare, marked, underline

LEAST_TESTED = 15
"""Tested markers from which a volcano is drawn: fewer are read by name in a forest plot."""


def why_no_volcano(estimates: Sequence[Estimate]) -> str:
    """Say why a volcano would show nothing.

    Parameters
    ----------
    estimates : sequence of Estimate
        Of one endpoint.

    Returns
    -------
    str
        Empty when it can be drawn.
    """
    tested = sum(each.p is not None for each in estimates)
    if tested >= LEAST_TESTED:
        return ""
    return (
        f"No volcano plot: {tested} of {len(estimates)} markers could be tested, and fewer than "
        f"{LEAST_TESTED} are read by name in the forest plot"
    )


def volcano(estimates: Sequence[Estimate], title: str, ratio: str, level: float) -> Figure:
    """Draw ratio against p-value.

    Parameters
    ----------
    estimates : sequence of Estimate
        Those that were tested and are estimable are drawn.
    title : str
        Above it.
    ratio : str
        What the estimate is.
    level : float
        Drawn as a line.

    Returns
    -------
    Figure
        Full marks have a corrected p-value up to the level, and their names beside them.
    """
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    axes: Any = figure.subplots()
    drawn = [each for each in estimates if each.p is not None and each.ratio is not None]
    for each in drawn:
        _mark(axes, each, level)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1 / REACH, REACH)
    axes.set_ylim(1.4, SCALE_FROM / 1.4)
    axes.set_xticks(*RATIO_TICKS)
    axes.set_yticks(*P_TICKS)
    axes.minorticks_off()
    axes.axhline(level, color=FAINT, linewidth=0.8, linestyle="--", zorder=0)
    axes.axvline(1, color=FAINT, linewidth=0.8, zorder=0)
    axes.set_xlabel(ratio, fontsize=8)
    axes.set_ylabel("p-value", fontsize=8)
    bare(axes)
    figure.suptitle(title, fontsize=11)
    underline(
        figure,
        f"{len(drawn)} of {len(estimates)} markers are tested and estimable; full and named: "
        f"max-T p up to {level:g}; dashed: p = {level:g}",
    )
    return figure


def _mark(axes: Any, each: Estimate, level: float) -> None:
    """Draw one marker."""
    if each.ratio is None or each.p is None:
        return
    across = min(max(each.ratio[0], 1 / REACH), REACH)
    up = max(each.p, SCALE_FROM)
    is_found = each.corrected is not None and each.corrected <= level
    mark = axes.plot(across, up, marker="o", markersize=5, linestyle="", clip_on=False,
                     markerfacecolor=INK if is_found else "white",
                     markeredgecolor=INK)[0]  # fmt: skip
    corrected = "" if each.corrected is None else f", max-T {each.corrected:.3g}"
    marked(mark, "", f"{each.name}: {each.ratio[0]:.3g}, p {each.p:.3g}{corrected}")
    if is_found:
        axes.annotate(each.name, (across, up), textcoords="offset points", xytext=(5, 3),
                      fontsize=7, color=INK)  # fmt: skip
