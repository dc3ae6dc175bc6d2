"""Kaplan-Meier curves with numbers at risk; the convention stands in the picture."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from trialwright.endpoints.kaplan_meier import KaplanMeier, quantile
from trialwright.figures.marks import FAINT, INK, bare, marked, underline
from trialwright.terms.dates import DAYS_A_MONTH

_LINES = (("#08306b", "-"), ("#b3400a", "--"), ("#4292c6", "-."), ("#6b7680", ":"))
"""Colour and dash of each group; dashes tell them apart in grey."""

_TICKS = (1, 2, 3, 6, 12, 24)
"""Months between ticks; the first that gives few of them is taken."""

_MOST_TICKS = 9


def kaplan_meier_plot(
    curves: Mapping[str, KaplanMeier], endpoint: str, title: str, *, with_limits: bool = True
) -> Figure:
    """Draw survival curves, in months.

    Parameters
    ----------
    curves : mapping of str to KaplanMeier
        By group, in days; at most four.
    endpoint : str
        What is shown, e.g. `progression-free survival`.
    title : str
        Above it.
    with_limits : bool
        Whether the pointwise limits are shaded, for a single curve.

    Returns
    -------
    Figure
        With censor ticks, numbers at risk below, median and limits, and the conventions by name.

    Raises
    ------
    ValueError
        If there are more than four curves.
    """
    if len(curves) > len(_LINES):
        raise ValueError(f"{len(curves)} curves; at most {len(_LINES)} are told apart")
    figure = Figure(figsize=(7.2, 4.3 + 0.24 * len(curves)), layout="constrained")
    axes: Any
    table: Any
    axes, table = figure.subplots(2, 1, height_ratios=[9, 1.2 + 0.75 * len(curves)], sharex=True)
    last = max((curve.times[-1] for curve in curves.values() if curve.times), default=30.0)
    months = last / DAYS_A_MONTH
    step = next((each for each in _TICKS if months / each < _MOST_TICKS), _TICKS[-1])
    ticks = [step * place for place in range(int(months // step) + 2)]
    conventions = ""
    for (group, curve), (colour, dash) in zip(curves.items(), _LINES, strict=False):
        _curve(axes, group, curve, (colour, dash))
        if with_limits and len(curves) == 1:
            _limits(axes, curve, colour)
        conventions = str(curve.conventions)
    axes.set_ylim(0, 1.04)
    axes.set_xlim(0, max(ticks[-1], 1))
    axes.axhline(0.5, color=FAINT, linewidth=0.6, linestyle=":", zorder=0)
    axes.set_ylabel(f"{endpoint}, probability", fontsize=8)
    axes.set_xticks(ticks)
    bare(axes)
    axes.legend(fontsize=7.5, frameon=False, loc="lower left", bbox_to_anchor=(0, 1.01),
                borderaxespad=0.2)  # fmt: skip
    _at_risk(table, curves, ticks)
    table.set_xlabel("months from the first dose", fontsize=8)
    figure.suptitle(title, fontsize=11)
    underline(figure, f"Kaplan-Meier, {conventions}; ticks: censored; NE: not estimable")
    return figure


def _steps(curve: KaplanMeier) -> tuple[list[float], list[float]]:
    """Give the corners of a curve in months, from 1 at time 0."""
    return (
        [0.0, *(each / DAYS_A_MONTH for each in curve.times)],
        [1.0, *curve.survival],
    )


def _curve(axes: Any, group: str, curve: KaplanMeier, style: tuple[str, str]) -> None:
    """Draw one curve with its censor ticks."""
    colour, dash = style
    found = quantile(curve, 0.5)
    median, lower, upper = (
        "NE" if each is None else f"{each / DAYS_A_MONTH:.1f}"
        for each in (found.time, found.lower, found.upper)
    )
    words = (
        f"{group}: {curve.events} events in {curve.participants}, median {median} months "
        f"({lower} to {upper})"
    )
    across, up = _steps(curve)
    line = axes.step(across, up, where="post", color=colour, linestyle=dash, linewidth=1.5,
                     label=words)[0]  # fmt: skip
    marked(line, "", words)
    ticks = [
        (day / DAYS_A_MONTH, survival)
        for day, survival, censored in zip(curve.times, curve.survival, curve.censored, strict=True)
        if censored
    ]
    if ticks:
        axes.plot(*zip(*ticks, strict=True), linestyle="", marker="|", markersize=7, color=colour)


def _limits(axes: Any, curve: KaplanMeier, colour: str) -> None:
    """Shade the pointwise limits, where there are any."""
    across, _ = _steps(curve)
    low = [1.0, *(0.0 if each is None else each for each in curve.lower)]
    high = [1.0, *(0.0 if each is None else each for each in curve.upper)]
    axes.fill_between(across, low, high, step="post", color=colour, alpha=0.13, linewidth=0)


def _at_risk(table: Any, curves: Mapping[str, KaplanMeier], ticks: list[int]) -> None:
    """Write how many are followed at each tick."""
    for row, (group, curve) in enumerate(curves.items()):
        for month in ticks:
            number = _followed(curve, month * DAYS_A_MONTH)
            table.text(month, -row, str(number), ha="center", va="center", fontsize=7.5, color=INK)
        table.annotate(f"{group}  ", (0, -row), xycoords=("axes fraction", "data"), ha="right",
                       va="center", fontsize=7.5, xytext=(-12, 0),
                       textcoords="offset points")  # fmt: skip
    table.set_ylim(-len(curves) + 0.4, 0.9)
    table.set_yticks([])
    table.set_title("at risk", fontsize=7.5, loc="left", pad=1)
    table.spines[:].set_visible(False)
    table.tick_params(labelsize=8, length=2)


def _followed(curve: KaplanMeier, day: float) -> int:
    """Count who is still followed just before a day."""
    ended = sum(
        died + censored
        for time, died, censored in zip(curve.times, curve.died, curve.censored, strict=True)
        if time < day
    )
    return curve.participants - ended
