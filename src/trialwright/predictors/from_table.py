"""From the marker table to the markers of a test, each with the reason why somebody has none."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from trialwright.biomarkers.marker_table import CellState, MarkerColumn, MarkerTable
from trialwright.predictors.markers import Call, Label, Marker
from trialwright.terms.errors import refuse, shorten

_CALLS: Mapping[CellState, Call] = MappingProxyType(
    {
        CellState.ALTERED: "altered",
        CellState.NOT_ALTERED: "not altered",
        CellState.GERMLINE: "germline",
        CellState.SUSPECTED_HAEMATOPOIESIS: "suspected clonal haematopoiesis",
        CellState.UNDETERMINED: "undetermined",
        CellState.NOT_COVERED: "not covered",
        CellState.FAILED: "failed",
        CellState.NOT_ASSAYED: "not assayed",
    }
)
"""State of a cell to what a test is told; all but the first two leave somebody out."""


def label_of(column: MarkerColumn) -> Label:
    """Give the words under which results of a marker are shown.

    Parameters
    ----------
    column : MarkerColumn
        The marker as the table holds it.

    Returns
    -------
    {'pre-specified', 'exploratory, hypothesis-generating'}
        Whether the protocol named it beforehand.
    """
    return "pre-specified" if column.is_prespecified else "exploratory, hypothesis-generating"


def markers_of(table: MarkerTable, participants: Sequence[str]) -> tuple[Marker, ...]:
    """Give every marker of a table in the participants of an analysis set.

    Parameters
    ----------
    table : MarkerTable
        Holds all of them.
    participants : sequence of str
        Study numbers of the analysis set, in its order.

    Returns
    -------
    tuple of Marker
        In the order of the table, under their ids; known on day 1, or by their landmark.

    Raises
    ------
    Refusal
        If the table has no row of somebody: a denominator must not lose anybody.
    """
    rows = dict(zip(table.participants, table.cells, strict=True))
    missing = [each for each in participants if each not in rows]
    if missing:
        found = ", ".join(shorten(each) for each in missing)
        raise refuse("participants", f"{found}, without a row in the marker table",
                     "participants of the table", "Put everybody into the table")  # fmt: skip
    return tuple(
        Marker(
            column.id,
            column.family,
            tuple(_CALLS[rows[number][place].state] for number in participants),
            label_of(column),
            column.landmark_day,
            tuple(rows[number][place].lacking for number in participants),
        )
        for place, column in enumerate(table.markers)
    )
