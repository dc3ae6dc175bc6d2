"""The marker table as CSV: one row for each participant and marker, with its reason."""

import csv
from io import StringIO

from trialwright.biomarkers.marker_table import MarkerTable
from trialwright.terms.canonical import canonical

MARKERS = "marker-states.csv"
"""Name of the file."""

COLUMNS = (
    "participant", "marker", "state", "in_denominator", "specimen", "because", "family", "rule",
    "is_prespecified", "label",
)  # fmt: skip
"""Names of the columns."""


def marker_rows(table: MarkerTable) -> str:
    """Write a marker table as CSV (RFC 4180).

    Parameters
    ----------
    table : MarkerTable
        The table.

    Returns
    -------
    str
        Everybody has a row for every marker. Specimens and reasons are JSON, so that no spreadsheet
        takes a label for a formula.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for participant, row in zip(table.participants, table.cells, strict=True):
        for marker, cell in zip(table.markers, row, strict=True):
            writer.writerow(
                (
                    participant,
                    marker.id,
                    cell.state,
                    "yes" if cell.state.is_known else "no",
                    canonical(cell.specimen),
                    canonical(cell.because),
                    marker.family,
                    marker.rule,
                    "yes" if marker.is_prespecified else "no",
                    marker.label,
                )
            )
    return text.getvalue()
