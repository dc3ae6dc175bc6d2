"""Dose-escalation designs as pictures: decisions, behaviour, dose-toxicity curves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from trialwright.escalation.behaviour import Behaviour
from trialwright.escalation.rule_table import RuleRow

COLOURS = {"E": "#009e73", "S": "#f0e442", "D": "#e69f00", "U": "#d55e00", "stop": "#9aa5b1"}
"""Apart for colour-blind eyes as well: Okabe and Ito 2008. The letters say the same."""

_MIXED, _INK, _EMPTY = "#cfd8e3", "#1b2530", "#ffffff"
_CORRECT, _OTHER, _NONE = "#0072b2", "#9db4c8", "#9aa5b1"
_INCH_A_CELL = 0.42


def decision_map(rows: Sequence[RuleRow], title: str) -> Figure:
    """Draw a decision table as a heat map.

    Parameters
    ----------
    rows : sequence of RuleRow
        One for each tally at which a decision falls.
    title : str
        Above it.

    Returns
    -------
    Figure
        Participants to the right, DLTs upward; each field has its letter.
    """
    evaluable = sorted({row.evaluable for row in rows})
    most = max((row.dlts for row in rows), default=0)
    width = 2.2 + _INCH_A_CELL * max(len(evaluable), 6)
    figure = Figure(figsize=(width, 1.7 + _INCH_A_CELL * (most + 1)), layout="constrained")
    axes: Any = figure.subplots()
    for row in rows:
        place = evaluable.index(row.evaluable)
        colour = COLOURS.get(row.says, _MIXED)
        axes.add_patch(
            Rectangle((place - 0.5, row.dlts - 0.5), 1, 1, facecolor=colour, edgecolor="white")
        )
        size = 9 if len(row.says) == 1 else 7
        axes.text(place, row.dlts, row.says, ha="center", va="center", fontsize=size, color=_INK)
    axes.set_xlim(-0.5, max(len(evaluable), 1) - 0.5)
    axes.set_ylim(-0.5, most + 0.5)
    axes.set_xticks(range(len(evaluable)), [str(number) for number in evaluable])
    axes.set_yticks(range(most + 1))
    axes.set_xlabel("evaluable participants at the level")
    axes.set_ylabel("DLTs")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.suptitle(title, fontsize=11)
    said = {row.says for row in rows}
    letters = {each for word in said for each in word.split("/")}
    meanings = [words for letter, words in _MEANINGS.items() if letter in letters]
    if any("/" in word for word in said):
        meanings.append("pale: other levels decide too")
    figure.supxlabel("   ".join(meanings), fontsize=8, color=_INK)
    return figure


_MEANINGS = {
    "E": "E escalate",
    "S": "S stay",
    "D": "D de-escalate",
    "U": "U de-escalate and close",
    "stop": "stop: no next cohort",
}
"""Letter of a decision to its words below a table."""


def selection_bars(
    names: Sequence[str], found: Sequence[Behaviour], doses: Sequence[str], title: str
) -> Figure:
    """Draw who is selected and treated in each scenario.

    Parameters
    ----------
    names : sequence of str
        Scenarios.
    found : sequence of Behaviour
        How the design behaves in each.
    doses : sequence of str
        What each dose level is called.
    title : str
        Above it.

    Returns
    -------
    Figure
        A row a scenario: probability of selection to the left, expected participants to the right,
        with their numbers; simulated ones with bars of two standard errors.
    """
    figure = Figure(figsize=(10.5, 0.9 + 2.2 * max(1, len(found))), layout="constrained")
    grid = figure.subplots(max(1, len(found)), 2, squeeze=False)
    for row, name, each in zip(grid, names, found, strict=True):
        shown = [*each.p_select, each.p_no_mtd]
        colours = [
            _CORRECT if level in each.correct else _OTHER for level in range(1, len(doses) + 1)
        ]
        none = _CORRECT if each.judged and not each.correct else _NONE
        labels = [f"{dose}\n{rate:.3g}" for dose, rate in zip(doses, each.true_rates, strict=True)]
        selected: Any = row[0]
        _bars(selected, shown, [*colours, none], [*labels, "none"], ".3f")
        selected.set_ylim(0, 1.12)
        selected.set_ylabel("selected")
        selected.set_title(name, fontsize=10, loc="left")
        treated: Any = row[1]
        _bars(treated, each.expected_n, colours, labels, ".2f")
        treated.set_ylim(0, 1.15 * max(each.total_n.value, 1))
        treated.axhline(each.total_n.value, color="#888888", linewidth=0.6, linestyle=":")
        treated.set_ylabel("participants")
        treated.set_title(f"{each.total_n.value:.1f} in all (dotted)", fontsize=8, loc="right")
    figure.suptitle(title, fontsize=11)
    meaning = "; dark: correct" if any(each.judged for each in found) else ""
    figure.supxlabel(f"dose level with its true DLT rate{meaning}", fontsize=8)
    return figure


def _bars(
    axes: Any,
    measures: Sequence[Any],
    colours: Sequence[str],
    labels: Sequence[str],
    form: str,
) -> None:
    """Draw one bar a dose level, with its number."""
    values = [each.value for each in measures]
    drawn = axes.bar(range(len(values)), values, 0.7, color=colours)
    axes.bar_label(drawn, [f"{value:{form}}" for value in values], padding=3, fontsize=8)
    errors = [2 * each.mcse for each in measures]
    if any(errors):
        axes.errorbar(range(len(values)), values, errors, fmt="none", ecolor=_INK, capsize=2)
    axes.set_xticks(range(len(values)), labels, fontsize=8)
    axes.tick_params(axis="y", labelsize=8)
    axes.tick_params(axis="x", length=0)
    axes.spines[["top", "right"]].set_visible(False)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is known of the DLT rate of one dose level.

    Attributes
    ----------
    dose : str
        What the level is called.
    estimate : float or None
        Estimated DLT rate; None where there is none.
    low, high : float or None
        Interval around it.
    tally : str
        E.g. `1/6`; empty where nobody was treated.
    """

    dose: str
    estimate: float | None
    low: float | None
    high: float | None
    tally: str = ""


def toxicity_curve(points: Sequence[CurvePoint], target: float | None, title: str) -> Figure:
    """Draw the estimated DLT rates of the dose levels with their intervals.

    Parameters
    ----------
    points : sequence of CurvePoint
        Lowest dose level first.
    target : float or None, probability
        Drawn as a line.
    title : str
        Above it, with what the interval is.

    Returns
    -------
    Figure
        A point a level, its tally below the dose.
    """
    figure = Figure(figsize=(1.8 + 1.1 * max(3, len(points)), 3.6), layout="constrained")
    axes: Any = figure.subplots()
    known = [
        (place, each.estimate) for place, each in enumerate(points) if each.estimate is not None
    ]
    if known:
        axes.plot(*zip(*known, strict=True), color=_CORRECT, marker="o")
    for place, each in enumerate(points):
        if each.low is not None and each.high is not None:
            axes.vlines(place, each.low, each.high, color=_CORRECT, linewidth=1.4)
        if each.estimate is not None:
            axes.annotate(
                f"{each.estimate:.2f}",
                (place, each.estimate),
                textcoords="offset points",
                xytext=(7, 3),
                fontsize=8,
            )
    if target is not None:
        axes.axhline(target, color="#d55e00", linewidth=0.9, linestyle="--")
        axes.text(len(points) - 0.55, target, f"target {target:g}", fontsize=8, va="bottom",
                  ha="right", color="#d55e00")  # fmt: skip
    labels = [f"{each.dose}\n{each.tally}".rstrip() for each in points]
    axes.set_xticks(range(len(points)), labels, fontsize=8)
    axes.set_xlim(-0.5, len(points) - 0.5)
    axes.set_ylim(0, 1)
    axes.set_ylabel("DLT rate")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(title, fontsize=11)
    return figure
