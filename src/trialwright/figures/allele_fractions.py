"""Variant allele fractions over time, one small picture a participant, with the limit drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from trialwright.figures.marks import FAINT, INK, bare, marked, underline

_ACROSS = 3
_SHAPES = ("o", "s", "^", "D", "v", "P", "X", "*")
_COLOURS = ("#08306b", "#b3400a", "#4292c6", "#807dba", "#1b2530", "#a88a5a")
_SIZES = (8.0, 5.0, 3.5)
"""Points of a mark, so that one at the same place shows behind the other."""

_LOWEST = 1e-4
"""Fraction at the foot of the axis."""

_HEADROOM = 1.9
"""Factor above 100 % for each line of the key, which stands over the marks and not among them."""

Seen = Literal["detected", "below limit", "not detected"]


@dataclass(frozen=True, slots=True)
class Point:
    """One variant at one time.

    Attributes
    ----------
    day : int
        Study day.
    fraction : float or None
        Variant allele fraction; None: not detected.
    seen : {'detected', 'below limit', 'not detected'}
        What was seen.
    """

    day: int
    fraction: float | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Fractions:
    """The variants of one participant.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    variants : tuple of (str, tuple of Point)
        Each with its points by day.
    limits : tuple of (int, float or None)
        Study day of each specimen, and its limit of detection; None: not told.
    """

    participant: str
    group: str
    variants: tuple[tuple[str, tuple[Point, ...]], ...]
    limits: tuple[tuple[int, float | None], ...]


def allele_fractions(people: Sequence[Fractions], title: str) -> Figure:
    """Draw allele fractions over time, on a log axis.

    Parameters
    ----------
    people : sequence of Fractions
        One picture each.
    title : str
        Above them.

    Returns
    -------
    Figure
        Full marks were detected. Open marks lie below the limit; those of what was not detected
        stand at the limit itself, for nothing more is known. The limit is dashed.
    """
    down = max(1, ceil(len(people) / _ACROSS))
    figure = Figure(figsize=(9.6, 0.9 + 2.2 * down), layout="constrained")
    every: Any = figure.subplots(down, _ACROSS, squeeze=False, sharey=True)
    lines = max((len(each.variants) for each in people), default=0)
    flat = [axes for row in every for axes in row]
    for axes in flat[len(people) :]:
        axes.set_visible(False)
    for axes, each in zip(flat, people, strict=False):
        _person(axes, each, lines)
    for row in every:
        row[0].set_ylabel("allele fraction", fontsize=8)
    figure.suptitle(title, fontsize=11)
    underline(
        figure,
        f"n = {len(people)}; cell-free DNA by study day; dashed: limit of detection; full: "
        "detected; open: below the limit,\nor not detected and drawn at the limit",
    )
    return figure


def _person(axes: Any, each: Fractions, lines: int) -> None:
    """Draw the variants of one participant, below the lines of the longest key."""
    axes.set_yscale("log")
    axes.set_ylim(_LOWEST, _HEADROOM ** (lines + 0.5))
    axes.set_yticks([1e-4, 1e-3, 1e-2, 0.1, 1], ["0.01 %", "0.1 %", "1 %", "10 %", "100 %"])
    axes.minorticks_off()
    axes.set_title(f"{each.participant} ({each.group})", fontsize=8)
    known = [(day, limit) for day, limit in each.limits if limit is not None]
    if known:
        days, levels = zip(*known, strict=True)
        axes.plot(days, levels, color=FAINT, linewidth=0.9, linestyle="--", zorder=0)
    limits = dict(each.limits)
    handles = []
    for place, (name, points) in enumerate(each.variants):
        shape, colour = _SHAPES[place % len(_SHAPES)], _COLOURS[place % len(_COLOURS)]
        size = _SIZES[min(place, len(_SIZES) - 1)]
        _variant(axes, each.participant, (name, points), limits, (shape, colour, size))
        handles.append(Line2D([], [], marker=shape, color=colour, markersize=4, linewidth=1,
                              label=name))  # fmt: skip
    axes.legend(handles=handles, fontsize=6.5, frameon=False, loc="upper right")
    axes.spines["left"].set_bounds(_LOWEST, 1)
    axes.margins(x=0.12)
    axes.set_xlabel("study day", fontsize=8)
    bare(axes)


def _variant(
    axes: Any,
    participant: str,
    told: tuple[str, tuple[Point, ...]],
    limits: dict[int, float | None],
    look: tuple[str, str, float],
) -> None:
    """Draw one variant; what was not detected stands at the limit."""
    name, points = told
    shape, colour, size = look
    drawn = [(point, _height(point, limits)) for point in points]
    known = [(point.day, height) for point, height in drawn if height is not None]
    if known:
        days, heights = zip(*known, strict=True)
        axes.plot(days, heights, color=colour, linewidth=1, zorder=1)
    for point, height in drawn:
        said = point.seen if point.fraction is None else f"{point.fraction:.2%}, {point.seen}"
        words = f"{participant}, {name}, day {point.day}: {said}"
        full = colour if point.seen == "detected" else "white"
        at = _LOWEST if height is None else max(height, _LOWEST)
        mark = axes.plot(
            point.day, at, marker=shape, markersize=size, markerfacecolor=full, linestyle="",
            markeredgecolor=colour, clip_on=False, zorder=2,
        )[0]  # fmt: skip
        marked(mark, participant, words)
        if height is None:
            axes.annotate("?", (point.day, at), textcoords="offset points", xytext=(5, 2),
                          fontsize=7, color=INK)  # fmt: skip


def _height(point: Point, limits: dict[int, float | None]) -> float | None:
    """Give where a point stands; None: not detected, and no limit is told."""
    return point.fraction if point.fraction is not None else limits.get(point.day)
