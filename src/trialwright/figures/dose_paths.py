"""Where an escalation can go: a tree of the next cohorts, and the streams of a whole trial."""

from collections.abc import Sequence
from typing import Any

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from trialwright.escalation.paths import Flow, PathNode

_LEVELS = ("#56b4e9", "#009e73", "#f0e442", "#e69f00", "#d55e00", "#cc79a7", "#0072b2", "#999999")
_STOP, _INK, _LINE = "#c3cad2", "#1b2530", "#8a96a3"
MOST_LEAVES = 64
"""Leaves up to which a tree can be read."""


def level_colour(level: int | None) -> str:
    """Give the colour of a dose level.

    Parameters
    ----------
    level : int or None
        Dose level, 1 = lowest; None: the escalation stops.

    Returns
    -------
    str
        Apart for colour-blind eyes as well (Okabe and Ito 2008); repeated after eight levels.
    """
    return _LEVELS[(level - 1) % len(_LEVELS)] if level else _STOP


def path_tree(nodes: Sequence[PathNode], title: str) -> Figure:
    """Draw what the next cohorts may bring.

    Parameters
    ----------
    nodes : sequence of PathNode
        A tree with up to 64 leaves.
    title : str
        Above it.

    Returns
    -------
    Figure
        From left to right, cohort by cohort: what was seen, what the design then does, and how
        probable it is.

    Raises
    ------
    ValueError
        If there are more leaves than can be read.
    """
    parents = {node.parent for node in nodes}
    leaves = [place for place in range(len(nodes)) if place not in parents]
    if len(leaves) > MOST_LEAVES:
        raise ValueError(f"{len(leaves)} leaves; a picture shows at most {MOST_LEAVES}")
    heights = _heights(nodes)
    depth = max(node.cohorts for node in nodes)
    size = (2.7 * (depth + 1), 1.2 + 0.36 * max(4, len(leaves)))
    figure = Figure(figsize=size, layout="constrained")
    axes: Any = figure.subplots()
    for place, node in enumerate(nodes):
        if node.parent is not None:
            before = nodes[node.parent].cohorts
            axes.plot(
                [before, node.cohorts],  # the boxes lie above the ends
                [heights[node.parent], heights[place]],
                color=_LINE,
                linewidth=0.9,
                zorder=1,
            )
        axes.text(
            node.cohorts,
            heights[place],
            _said(node),
            ha="center",
            va="center",
            fontsize=7.5,
            color=_INK,
            bbox={
                "boxstyle": "round,pad=0.25",
                "facecolor": _pale(level_colour(node.decision.level)),
                "edgecolor": level_colour(node.decision.level),
            },
            zorder=2,
        )
    axes.set_xlim(-0.5, depth + 0.5)
    axes.set_ylim(-0.7, max(1, len(leaves)) - 0.3)
    axes.invert_yaxis()
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
    return figure


def _pale(colour: str) -> tuple[float, float, float]:
    """Give a colour on which dark words are read easily."""
    return tuple(1 - _PALE * (1 - part) for part in to_rgb(colour))  # type: ignore[return-value]


_PALE = 0.45
"""Share of a colour that is left in a box with words."""


def _heights(nodes: Sequence[PathNode]) -> list[float]:
    """Place each leaf below the one before, and each other node amid those that follow it."""
    children: dict[int, list[int]] = {}
    for place, node in enumerate(nodes):
        if node.parent is not None:
            children.setdefault(node.parent, []).append(place)
    heights, lowest = [0.0] * len(nodes), 0

    def settle(place: int) -> None:
        """Place a node and all after it."""
        nonlocal lowest
        if place not in children:
            heights[place] = float(lowest)
            lowest += 1
            return
        for child in children[place]:
            settle(child)
        below = [heights[child] for child in children[place]]
        heights[place] = (below[0] + below[-1]) / 2

    settle(0)
    return heights


def _said(node: PathNode) -> str:
    """Say a node in a few words."""
    decided = node.decision
    seen = node.outcomes.split()[-1] if node.outcomes else "now"
    mtd = "none" if decided.mtd is None else f"level {decided.mtd}"
    then = f"stop, MTD {mtd}" if decided.level is None else f"level {decided.level} next"
    is_known = node.probability is not None and node.parent is not None
    chance = f", p = {node.probability:.3f}" if is_known else ""
    return f"{seen}: {then}{chance}"


def trial_streams(flows: Sequence[Flow], levels: int, doses: Sequence[str], title: str) -> Figure:
    """Draw the streams of trials between dose levels, cohort by cohort, to the end.

    Parameters
    ----------
    flows : sequence of Flow
        Every move with its exact probability.
    levels : int
        Number of dose levels.
    doses : sequence of str
        What each level is called.
    title : str
        Above it.

    Returns
    -------
    Figure
        The width of a stream is the share of all trials; bars are the shares treated at each level,
        grey what has stopped.
    """
    cohorts = max(flow.cohort for flow in flows)
    figure = Figure(figsize=(1.6 + 0.95 * cohorts, 1.4 + 0.95 * levels), layout="constrained")
    axes: Any = figure.subplots()
    into, out = _shares(flows)
    left: dict[tuple[int, int], float] = {}
    right: dict[tuple[int, int], float] = {}
    for flow in sorted(flows, key=lambda each: (each.cohort, each.level_from, each.level_to)):
        start, end = (flow.cohort - 1, flow.level_from), (flow.cohort, flow.level_to)
        if not flow.level_from:
            continue
        low = flow.level_from - out[start] / 2 * _WIDTH + left.get(start, 0)
        high = flow.level_to - into[end] / 2 * _WIDTH + right.get(end, 0)
        width = flow.probability * _WIDTH
        left[start], right[end] = left.get(start, 0) + width, right.get(end, 0) + width
        axes.add_patch(_ribbon(start[0], low, end[0], high, width, flow.level_to))
    for (cohort, level), share in into.items():
        low = level - share / 2 * _WIDTH
        axes.bar(cohort, share * _WIDTH, 0.16, low, color=level_colour(level), edgecolor="white")
        if share >= _LEAST_NAMED:
            axes.text(cohort, low + share * _WIDTH + 0.03, f"{share:.2f}", ha="center",
                      fontsize=7, color=_INK)  # fmt: skip
    axes.set_yticks([0, *range(1, levels + 1)], ["stopped", *doses], fontsize=8)
    axes.set_xticks(range(1, cohorts + 1))
    axes.set_xlabel("cohort; numbers: share of all trials", fontsize=8)
    axes.set_xlim(0.6, cohorts + 0.4)
    axes.set_ylim(-0.6, levels + 0.6)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontsize=11)
    return figure


_WIDTH = 0.8
"""Height of a stream of all trials, in steps between levels."""

_LEAST_NAMED = 0.03
"""Share from which a bar has its number."""


def _shares(
    flows: Sequence[Flow],
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """Add up what comes to each level in each cohort, and what goes from there."""
    into: dict[tuple[int, int], float] = {}
    out: dict[tuple[int, int], float] = {}
    for flow in flows:
        end, start = (flow.cohort, flow.level_to), (flow.cohort - 1, flow.level_from)
        into[end] = into.get(end, 0) + flow.probability
        out[start] = out.get(start, 0) + flow.probability
    return into, out


def _ribbon(
    start: float, low: float, end: float, high: float, width: float, level_to: int
) -> PathPatch:
    """Draw one stream."""
    bend = (end - start) / 2
    points = [
        (start, low), (start + bend, low), (end - bend, high), (end, high),
        (end, high + width), (end - bend, high + width), (start + bend, low + width),
        (start, low + width), (start, low),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=level_colour(level_to), alpha=0.45, linewidth=0)
