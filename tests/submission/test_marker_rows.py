"""The marker table as CSV."""

import csv
import io
import json

from tests.biomarkers.made import SETTINGS, material, record, run, variant

from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.submission.marker_rows import marker_rows


def test_everybody_has_a_row_for_every_marker():
    """P-1 is altered, P-2 has nothing, and a label is no formula."""
    book = record("P-1", material("=D1"), run("=D1", "large", variant("AKT1 E17K")))
    table = tabulate(("P-1", "P-2"), {"P-1": book}, prespecified(SETTINGS), SETTINGS)

    rows = list(csv.DictReader(io.StringIO(marker_rows(table))))
    told = {(row["participant"], row["marker"]): row for row in rows}

    assert len(rows) == 2 * len(SETTINGS.markers) == len(told)
    first, second = told["P-1", "akt1-tissue"], told["P-2", "akt1-tissue"]
    assert (first["state"], first["in_denominator"]) == ("altered", "yes")
    assert (second["state"], second["in_denominator"]) == ("not assayed", "no")
    assert (first["specimen"], json.loads(first["because"])[:8]) == ('"=D1"', "detected")
