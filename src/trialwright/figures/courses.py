"""Time on study: a lane for each participant, and everything of one participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trialwright.casebook.tumours import Response
from trialwright.figures.marks import (
    FAINT,
    GRADES,
    INK,
    LINE,
    RESPONSES,
    bare,
    key,
    marked,
    underline,
)

Kind = Literal["progression", "death", "DLT", "off treatment", "response"]
"""What a sign in a lane stands for."""

SIGNS: dict[Kind, tuple[str, str]] = {
    "response": ("^", "white"),
    "progression": ("v", "#b3400a"),
    "DLT": ("D", "#a01c12"),
    "off treatment": ("|", INK),
    "death": ("X", INK),
}
"""Sign and colour of each."""

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Lane:
    """One participant on study.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    treated : int, days
        Length of treatment.
    followed : int, days
        Last day known alive or of death.
    spans : tuple of (int, int, Response)
        First and last study day of each response as it was read, in order.
    events : tuple of (int, Kind)
        Study day and what happened.
    is_ongoing : bool
        Whether treatment goes on at the cutoff.
    """

    participant: str
    group: str
    treated: int
    followed: int
    spans: tuple[tuple[int, int, Response], ...] = ()
    events: tuple[tuple[int, Kind], ...] = ()
    is_ongoing: bool = False


def swimmer(lanes: Sequence[Lane], cutoff: str, title: str) -> Figure:
    """Draw one lane for each participant, by arm and dose level.

    Parameters
    ----------
    lanes : sequence of Lane
        In the order of their groups.
    cutoff : str
        Data cutoff in words.
    title : str
        Above it.

    Returns
    -------
    Figure
        Thin: followed; thick: treated, filled with the response from the scan that showed it; an
        arrow goes on at the cutoff.
    """
    figure = Figure(figsize=(8.6, 1.7 + 0.32 * max(2, len(lanes))), layout="constrained")
    axes: Any = figure.subplots()
    group = ""
    for place, lane in enumerate(lanes):
        if lane.group != group:
            group = lane.group
            axes.axhline(place - 0.5, color=LINE, linewidth=0.7, zorder=0)
            axes.annotate(f" {group}", (1.0, place), xycoords=("axes fraction", "data"),
                          fontsize=7.5, va="center", color=INK)  # fmt: skip
        _lane(axes, place, lane)
    axes.set_yticks(range(len(lanes)), [lane.participant for lane in lanes])
    axes.set_ylim(max(len(lanes), 1) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.margins(x=0.1)
    axes.set_xlabel("weeks from the first dose", fontsize=8)
    bare(axes)
    _explain(axes, lanes)
    figure.suptitle(f"{title} (n = {len(lanes)})", fontsize=11)
    underline(figure, f"data cutoff {cutoff}; thin: followed, thick: treated, arrow: goes on")
    return figure


def _lane(axes: Any, place: int, lane: Lane) -> None:
    """Draw one lane."""
    weeks = lane.treated / _WEEK
    axes.plot([0, lane.followed / _WEEK], [place, place], color=FAINT, linewidth=1.2, zorder=1)
    words = f"{lane.participant} ({lane.group}): treated {lane.treated} days"
    (bar,) = axes.barh(place, weeks, 0.56, color="#eef1f4", edgecolor=INK, linewidth=0.5, zorder=2)
    marked(bar, lane.participant, words)
    for first, last, response in lane.spans:
        colour, hatch = RESPONSES[response]
        (span,) = axes.barh(place, (last - first) / _WEEK, 0.56, left=first / _WEEK, color=colour,
                            hatch=hatch, edgecolor=INK, linewidth=0.5, zorder=3)  # fmt: skip
        marked(span, lane.participant,
               f"{lane.participant}: {response} from day {first} to {last}")  # fmt: skip
    for day, kind in lane.events:
        sign, colour = SIGNS[kind]
        edge, size = (2.0, 13.0) if sign == "|" else (0.6, 6.5)
        point = axes.plot(day / _WEEK, place, marker=sign, color=colour, markeredgecolor=INK,
                          markeredgewidth=edge, markersize=size,
                          linestyle="", zorder=4,
                          clip_on=False)[0]  # fmt: skip
        marked(point, lane.participant, f"{lane.participant}: {kind} on day {day}")
    if lane.is_ongoing:
        axes.annotate("", (weeks + 0.9, place), (weeks, place),
                      arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1},
                      annotation_clip=False)  # fmt: skip


def _explain(axes: Any, lanes: Sequence[Lane]) -> None:
    """Explain responses and signs that are shown."""
    seen = {response for lane in lanes for *_, response in lane.spans}
    responses = [each for each in RESPONSES if each in seen]
    kinds = dict.fromkeys(kind for lane in lanes for _, kind in lane.events)
    handles: list[Any] = [
        Patch(facecolor=RESPONSES[each][0], hatch=RESPONSES[each][1], edgecolor=INK,
              linewidth=0.5, label=str(each))
        for each in responses
    ]  # fmt: skip
    handles += [
        Line2D([], [], marker=SIGNS[each][0], color=SIGNS[each][1], markeredgecolor=INK,
               markeredgewidth=0.6, linestyle="", label=each)
        for each in kinds
    ]  # fmt: skip
    key(axes, handles)


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one participant, by study day; day 1 is the first dose.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    doses : tuple of (str, int, int, str)
        Agent, first and last day of a run of equal days, and `given`, `reduced` or `held`.
    events : tuple of (str, int, int, int or None)
        Term, first and last day, grade.
    scans : tuple of (int, Response)
        Day and overall response.
    notes : tuple of (int, str)
        Day and what else happened.
    window : tuple of (int, int) or None
        First and last day of the DLT window.
    last : int
        Last day drawn.
    """

    participant: str
    group: str
    doses: tuple[tuple[str, int, int, str], ...]
    events: tuple[tuple[str, int, int, int | None], ...]
    scans: tuple[tuple[int, Response], ...]
    notes: tuple[tuple[int, str], ...]
    window: tuple[int, int] | None
    last: int


def timeline(story: Story, cutoff: str) -> Figure:
    """Draw everything of one participant on one axis of study days.

    Parameters
    ----------
    story : Story
        What happened.
    cutoff : str
        Data cutoff in words.

    Returns
    -------
    Figure
        A row for each agent, for each term of adverse events, for scans and for what else
        happened; the DLT window lies behind.
    """
    agents = list(dict.fromkeys(agent for agent, *_ in story.doses))
    terms = list(dict.fromkeys(term for term, *_ in story.events))
    rows = [*agents, *terms, "scans", *(["other"] if story.notes else [])]
    figure = Figure(figsize=(8.6, 1.7 + 0.34 * len(rows)), layout="constrained")
    axes: Any = figure.subplots()
    if story.window is not None:
        first, last = story.window
        axes.axvspan(first - 0.5, last + 0.5, color="#f3efe2", zorder=0)
        axes.text(first, -0.85, f"DLT window, day {first} to {last}", fontsize=7, color=INK)
    for agent, first, last, status in story.doses:
        _dose(axes, rows.index(agent), (agent, first, last, status))
    for term, first, last, grade in story.events:
        _event(axes, rows.index(term), story.participant, (term, first, last, grade))
    for day, response in story.scans:
        colour, _ = RESPONSES[response]
        point = axes.plot(day, rows.index("scans"), marker="s", markersize=7, color=colour,
                          markeredgecolor=INK, markeredgewidth=0.6, linestyle="")[0]  # fmt: skip
        marked(point, story.participant, f"scan on day {day}: {response}")
        axes.annotate(str(response), (day, rows.index("scans")), textcoords="offset points",
                      xytext=(6, -2.5), fontsize=7)  # fmt: skip
    last_day = max(story.last, 28) * 1.08
    for place, (day, words) in enumerate(story.notes):
        row = rows.index("other") + 0.36 * (place - (len(story.notes) - 1) / 2)
        is_late = day > 0.6 * last_day
        text = axes.text(day, row, f"{words} |" if is_late else f"| {words}", fontsize=7,
                         va="center", ha="right" if is_late else "left")  # fmt: skip
        marked(text, story.participant, f"day {day}: {words}")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.4, -1.1)
    axes.set_xlim(0, last_day)
    axes.set_xlabel("study day (day 1: first dose)", fontsize=8)
    bare(axes)
    handles = [Patch(facecolor=GRADES[grade][0], edgecolor=INK, linewidth=0.5,
                     label=f"grade {grade}") for grade in
               sorted({grade for *_, grade in story.events if grade})]  # fmt: skip
    handles += [Patch(facecolor="#7d8fa0", edgecolor=INK, linewidth=0.4, label="given"),
                Patch(facecolor="#d4dbe2", edgecolor=INK, linewidth=0.4, label="reduced"),
                Patch(facecolor="white", hatch="///", edgecolor=INK, linewidth=0.4,
                      label="held")]  # fmt: skip
    key(axes, handles)
    figure.suptitle(f"{story.participant}, {story.group}", fontsize=11)
    underline(figure, f"data cutoff {cutoff}")
    return figure


_DOSES = {"given": ("#7d8fa0", ""), "reduced": ("#d4dbe2", ""), "held": ("white", "///")}


def _dose(axes: Any, row: int, run: tuple[str, int, int, str]) -> None:
    """Draw a run of equal dosing days."""
    agent, first, last, status = run
    colour, hatch = _DOSES[status]
    (bar,) = axes.barh(row, last - first + 1, 0.5, left=first - 0.5, color=colour, hatch=hatch,
                       edgecolor=INK, linewidth=0.4, zorder=2)  # fmt: skip
    marked(bar, "", f"{agent} {status}, day {first} to {last}")


def _event(axes: Any, row: int, participant: str, found: tuple[str, int, int, int | None]) -> None:
    """Draw one adverse event with its grade."""
    term, first, last, grade = found
    colour, hatch = GRADES[grade] if grade else ("white", "...")
    (bar,) = axes.barh(row, max(last - first + 1, 1), 0.5, left=first - 0.5, color=colour,
                       hatch=hatch, edgecolor=INK, linewidth=0.5, zorder=2)  # fmt: skip
    said = "grade not recorded" if grade is None else f"grade {grade}"
    marked(bar, participant, f"{term}, {said}, day {first} to {last}")
    axes.annotate(str(grade or "?"), (last + 0.5, row), textcoords="offset points",
                  xytext=(3, -2.5), fontsize=7, color=INK)  # fmt: skip
