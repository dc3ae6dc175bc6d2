"""Change of the sum of diameters: best change by participant, and change over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trialwright.casebook.tumours import Response
from trialwright.figures.marks import FAINT, INK, LINE, RESPONSES, bare, key, marked, underline

RESPONSE_LIMIT, PROGRESSION_LIMIT = -30, 20
"""Percent: partial response from baseline, progression from nadir (RECIST 1.1 section 4.3.1)."""

CLIPPED = 100
"""Percent of growth above which a bar is cut and carries its number."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best change of one participant.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    change : float or None, %
        Lowest change of the complete sum from baseline; None: not evaluable.
    response : Response
        Best overall response.
    new_lesion, nontarget : bool
        Whether a new lesion, or progression of non-target disease, was seen.
    """

    participant: str
    group: str
    change: float | None
    response: Response
    new_lesion: bool = False
    nontarget: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """The changes of one participant over time.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    points : tuple of (int, float or None, Response)
        Study day, change from baseline in percent (None: a lesion was not evaluated), response.
    response : Response
        Best overall response.
    new_on : tuple of int
        Study days on which a new lesion was seen.
    """

    participant: str
    group: str
    points: tuple[tuple[int, float | None, Response], ...]
    response: Response
    new_on: tuple[int, ...] = ()


def waterfall(bars: Sequence[Best], treated: int, title: str, *, is_confirmed: bool) -> Figure:
    """Draw the best change of each participant, the greatest growth first.

    Parameters
    ----------
    bars : sequence of Best
        Those with a change are drawn, the others named below.
    treated : int
        Participants treated.
    title : str
        Above it.
    is_confirmed : bool
        Whether responses are confirmed ones.

    Returns
    -------
    Figure
        Lines at +20 and -30 %, a star for a new lesion and a cross for non-target progression.
    """
    drawn = sorted(
        (each for each in bars if each.change is not None),
        key=lambda each: (-(each.change or 0), each.participant),
    )
    width = max(7.2, min(1.6 + 0.42 * len(drawn), 11.0))
    figure = Figure(figsize=(width, 4.2), layout="constrained")
    axes: Any = figure.subplots()
    for place, each in enumerate(drawn):
        _bar(axes, place, each)
    for level, words in ((PROGRESSION_LIMIT, "+20 %"), (RESPONSE_LIMIT, "-30 %")):
        axes.axhline(level, color=FAINT, linewidth=0.8, linestyle="--", zorder=0)
        axes.annotate(words, (1.005, level), xycoords=("axes fraction", "data"), fontsize=7.5,
                      va="center", color=INK)  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(
        range(len(drawn)), [each.participant for each in drawn], rotation=60, ha="right",
        rotation_mode="anchor",
    )  # fmt: skip
    axes.set_ylim(-108, CLIPPED + 18)
    axes.set_xlim(-0.7, max(len(drawn), 1) - 0.3)
    axes.set_ylabel("best change of the sum of diameters, %", fontsize=8)
    bare(axes)
    _key(axes, {each.response for each in drawn})
    figure.suptitle(title, fontsize=11)
    others = len(bars) - len(drawn)
    kind = "confirmed" if is_confirmed else "without confirmation"
    underline(
        figure,
        f"{len(drawn)} of {treated} treated have a measured change, {others} are not shown for "
        f"want of one; colour: best overall response, {kind}\n"
        f"*: new lesion; x: non-target progression; a bar above +{CLIPPED} % is cut and carries "
        "its number",
    )
    return figure


def _bar(axes: Any, place: int, each: Best) -> None:
    """Draw one bar with its marks."""
    change = each.change or 0.0
    colour, hatch = RESPONSES[each.response]
    shown = min(change, float(CLIPPED))
    words = f"{each.participant} ({each.group}): best change {change:+.1f} %, {each.response}"
    (bar,) = axes.bar(place, shown, 0.78, color=colour, edgecolor=INK, linewidth=0.6, hatch=hatch)
    marked(bar, each.participant, words)
    if shown == 0:
        axes.text(place, -7, "0", ha="center", va="center", fontsize=8, color=INK)
    signs = "*" * each.new_lesion + "x" * each.nontarget
    above = shown if shown > 0 else 0.0
    if change > CLIPPED:
        signs = f"{change:+.0f} {signs}".rstrip()
    if signs:
        axes.text(place, above + 2, signs, ha="center", va="bottom", fontsize=8, color=INK)


def _key(axes: Any, present: set[Response]) -> None:
    """Explain the colours of the responses that are shown."""
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, label=str(response))
        for response, (colour, hatch) in RESPONSES.items()
        if response in present
    ]
    key(axes, handles)


_DASHES: Mapping[Response, Any] = {Response.PD: "--", Response.SD: "-."}
"""Lines that grey would not tell from a response."""

_PALE: Mapping[Response, str] = {
    Response.SD: "#6f94b8",
    Response.NON_CR_NON_PD: "#7f90a0",
    Response.NE: FAINT,
}
"""Lines of responses whose areas are too pale for a line."""


def _line(response: Response) -> str:
    """Give the colour of a line."""
    return _PALE.get(response, RESPONSES[response][0])


def spider(traces: Sequence[Trace], title: str, *, unit_days: int = 7) -> Figure:
    """Draw the change of each participant from 0 at baseline, at the real days.

    Parameters
    ----------
    traces : sequence of Trace
        One for each participant with a baseline sum.
    title : str
        Above it.
    unit_days : int, days
        What the time axis counts in; 7: weeks.

    Returns
    -------
    Figure
        No line crosses a scan without a complete sum: it is broken there, and a ring stands on the
        axis. A star marks a new lesion; the number stands at the end of each line.
    """
    figure = Figure(figsize=(7.6, 4.4), layout="constrained")
    axes: Any = figure.subplots()
    for each in traces:
        _trace(axes, each, unit_days)
    for level in (PROGRESSION_LIMIT, RESPONSE_LIMIT):
        axes.axhline(level, color=FAINT, linewidth=0.8, linestyle="--", zorder=0)
    axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    changes = [point[1] for each in traces for point in each.points if point[1] is not None]
    axes.set_ylim(min([-60.0, *changes]) - 8, max([40.0, *changes]) + 8)
    axes.set_xlim(left=0)
    axes.margins(x=0.14)
    axes.set_xlabel("weeks from the first dose" if unit_days == 7 else "days", fontsize=8)
    axes.set_ylabel("change of the sum of diameters from baseline, %", fontsize=8)
    bare(axes)
    handles = [
        Line2D([], [], color=_line(response), marker="o", markersize=4,
               linestyle=_DASHES.get(response, "-"),
               markeredgecolor=INK, markeredgewidth=0.5, label=str(response))
        for response in RESPONSES
        if response in {each.response for each in traces}
    ]  # fmt: skip
    key(axes, handles)
    figure.suptitle(title, fontsize=11)
    underline(
        figure,
        f"n = {len(traces)}; colour: best overall response; dashed: +20 % and -30 %; "
        "*: new lesion; ring on the axis: a target lesion was not evaluated",
    )
    return figure


def _trace(axes: Any, each: Trace, unit_days: int) -> None:
    """Draw one line, broken where there is no complete sum."""
    colour = _line(each.response)
    pieces: list[list[tuple[float, float]]] = [[(0.0, 0.0)]]
    for day, change, _ in each.points:
        at = day / unit_days
        if change is None:
            pieces.append([])
            ring = axes.plot(at, 0, marker="o", markerfacecolor="white", markeredgecolor=colour,
                             markersize=5, linestyle="", clip_on=False)[0]  # fmt: skip
            marked(ring, each.participant, f"{each.participant}, day {day}: not evaluated")
        else:
            pieces[-1].append((at, change))
    for piece in pieces:
        if piece:
            across, up = zip(*piece, strict=True)
            line = axes.plot(across, up, color=colour, linewidth=1.4, marker="o", markersize=3.5,
                             linestyle=_DASHES.get(each.response, "-"),
                             markeredgecolor=INK, markeredgewidth=0.4)[0]  # fmt: skip
            told = ", ".join(f"day {day}: {change:+.1f} %" for day, change, _ in each.points
                             if change is not None)  # fmt: skip
            marked(line, each.participant, f"{each.participant} ({each.group}): {told}")
    known = {day: change for day, change, _ in each.points}
    for day in each.new_on:
        level = known.get(day)
        axes.text(day / unit_days, 0 if level is None else level, "*", fontsize=13, ha="center",
                  va="bottom", color=INK)  # fmt: skip
    last, change, _ = each.points[-1] if each.points else (0, 0.0, each.response)
    end = (last / unit_days, change or 0.0)
    axes.annotate(each.participant, end, textcoords="offset points", xytext=(5, -2),
                  fontsize=6.5, color=INK)  # fmt: skip
