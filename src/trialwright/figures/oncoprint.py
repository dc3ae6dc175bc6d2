"""Oncoprint: participants by markers, below the response of each; what was not seen looks unseen.

Every state has a shape of its own beside its colour: full, half, ruled, crossed or empty, so that
none is told by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from trialwright.biomarkers.marker_table import CellState
from trialwright.casebook.tumours import Response
from trialwright.figures.marks import FAINT, INK, LINE, RESPONSES, bare, key, marked, underline

STATES: Mapping[CellState, tuple[str, str, str]] = MappingProxyType(
    {
        CellState.ALTERED: (INK, "", ""),
        CellState.GERMLINE: ("#807dba", "", "G"),
        CellState.SUSPECTED_HAEMATOPOIESIS: ("#a88a5a", "", "H"),
        CellState.NOT_ALTERED: ("#dbe3ea", "", ""),
        CellState.UNDETERMINED: ("#ffffff", "", "?"),
        CellState.NOT_COVERED: ("#ffffff", "////", ""),
        CellState.FAILED: ("#ffffff", "", "x"),
        CellState.NOT_ASSAYED: ("none", "", ""),
    }
)
"""Fill, hatch and sign of each state; not assayed is an empty place with a dot."""

_NARROW, _HIGH = 0.84, 0.8
_MOST_NAMED, _MOST_SLANTED = 120, 40
"""Participants whose numbers stand below the picture; of more, marks alone tell them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A participant of an oncoprint.

    Attributes
    ----------
    participant, group : str
        Study number; arm and dose level.
    response : Response or None
        Best overall response; None: none is known.
    states : tuple of CellState, shape (markers,)
        What is known of each marker.
    because : tuple of str, shape (markers,)
        Why.
    """

    participant: str
    group: str
    response: Response | None
    states: tuple[CellState, ...]
    because: tuple[str, ...]


def oncoprint(columns: Sequence[Column], markers: Sequence[tuple[str, str]], title: str) -> Figure:
    """Draw participants by markers.

    Parameters
    ----------
    columns : sequence of Column
        In the order given; `by_alteration` sorts them.
    markers : sequence of (str, str), shape (markers,)
        Name and family of each; `*` behind a name says that it is exploratory.
    title : str
        Above it.

    Returns
    -------
    Figure
        Beside each marker stands how many are altered, of how many of whom it is known.
    """
    tall, wide = len(markers), len(columns)
    figure = Figure(
        figsize=(max(7.2, min(3.6 + 0.26 * wide, 16.0)), 2.1 + 0.27 * (tall + 1)),
        layout="constrained",
    )
    axes: Any = figure.subplots()
    for place, each in enumerate(columns):
        _response(axes, place, each)
        for row, (state, why) in enumerate(zip(each.states, each.because, strict=True), start=1):
            _cell(axes, (place, row), each, (markers[row - 1][0], state, why))
    axes.set_xlim(-0.6, max(wide, 1) - 0.4)
    axes.set_ylim(tall + 0.6, -0.6)
    names = ["best response", *(name for name, _ in markers)]
    axes.set_yticks(range(tall + 1), names)
    _families(axes, [family for _, family in markers])
    _counts(axes, columns, tall)
    named = [each.participant for each in columns] if wide <= _MOST_NAMED else []
    angle = 60 if wide <= _MOST_SLANTED else 90
    axes.set_xticks(range(len(named)), named, rotation=angle, ha="right", rotation_mode="anchor")
    if wide > _MOST_SLANTED:
        axes.tick_params(axis="x", labelsize=6)
        for label in axes.get_xticklabels():
            label.set_verticalalignment("center")
    bare(axes)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    _key(axes, columns)
    figure.suptitle(title, fontsize=11)
    underline(
        figure,
        f"n = {wide}; right: altered, of those altered or not altered; not assayed, not covered "
        "and failed\nare never counted as not altered; * exploratory, hypothesis-generating",
    )
    return figure


def by_alteration(columns: Sequence[Column]) -> list[Column]:
    """Put participants with the same alterations side by side.

    Parameters
    ----------
    columns : sequence of Column
        In any order.

    Returns
    -------
    list of Column
        Altered in the first marker first, then in the second; then by study number.
    """
    return sorted(
        columns,
        key=lambda each: (
            tuple(state is not CellState.ALTERED for state in each.states),
            each.participant,
        ),
    )


def _response(axes: Any, place: int, each: Column) -> None:
    """Draw the best response of a participant."""
    said = "not known" if each.response is None else str(each.response)
    words = f"{each.participant} ({each.group}): best response {said}"
    colour, hatch = ("none", "") if each.response is None else RESPONSES[each.response]
    _box(axes, (place, 0), (colour, hatch), each.participant, words)
    if each.response is None:
        axes.text(place, 0, "-", ha="center", va="center", fontsize=7, color=INK)


def _cell(axes: Any, at: tuple[int, int], each: Column, told: tuple[str, CellState, str]) -> None:
    """Draw one marker of one participant."""
    marker, state, why = told
    colour, hatch, sign = STATES[state]
    words = f"{each.participant}, {marker}: {state}. {why}"
    if state is CellState.NOT_ASSAYED:
        marked(axes.plot(*at, marker=".", markersize=2.5, color=FAINT, linestyle="")[0],
               each.participant, words)  # fmt: skip
        return
    _box(axes, at, (colour, hatch), each.participant, words)
    if sign:
        light = state in (CellState.GERMLINE, CellState.SUSPECTED_HAEMATOPOIESIS)
        axes.text(*at, sign, ha="center", va="center", fontsize=7,
                  color="#ffffff" if light else INK)  # fmt: skip


def _box(
    axes: Any, at: tuple[int, int], look: tuple[str, str], participant: str, words: str
) -> None:
    """Draw a box around a place."""
    across, down = at
    colour, hatch = look
    edge = LINE if colour == STATES[CellState.NOT_ALTERED][0] else INK
    box = Rectangle(
        (across - _NARROW / 2, down - _HIGH / 2), _NARROW, _HIGH, facecolor=colour, edgecolor=edge,
        linewidth=0.5, hatch=hatch,
    )  # fmt: skip
    axes.add_patch(marked(box, participant, words))


def _families(axes: Any, families: Sequence[str]) -> None:
    """Part the families by lines."""
    for row, (before, family) in enumerate(zip(["", *families], families, strict=False), start=1):
        if family != before:
            axes.axhline(row - 0.5, color=FAINT, linewidth=0.7)


def _counts(axes: Any, columns: Sequence[Column], tall: int) -> None:
    """Write beside each marker how many are altered, of how many."""
    for row in range(tall):
        states = [each.states[row] for each in columns]
        known = sum(state.is_known for state in states)
        altered = sum(state is CellState.ALTERED for state in states)
        axes.annotate(f"{altered}/{known}", (1.005, row + 1), xycoords=("axes fraction", "data"),
                      fontsize=7.5, va="center", color=INK)  # fmt: skip


def _key(axes: Any, columns: Sequence[Column]) -> None:
    """Explain the states and responses that are shown."""
    states = {state for each in columns for state in each.states}
    best = {each.response for each in columns}
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5,
              label=_named(state, sign))
        for state, (colour, hatch, sign) in STATES.items()
        if state in states
    ]  # fmt: skip
    handles += [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5, label=str(response))
        for response, (colour, hatch) in RESPONSES.items()
        if response in best
    ]
    key(axes, handles, columns=4)


def _named(state: CellState, sign: str) -> str:
    """Name a state with its sign."""
    if state is CellState.NOT_ASSAYED:
        return "not assayed (dot)"
    return f"{state} ({sign})" if sign else str(state)
