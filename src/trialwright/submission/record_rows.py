"""The whole record as a table, one row for each value, for any spreadsheet or database."""

import csv
from collections.abc import Iterable
from io import StringIO

from trialwright.conduct.happenings import Recorded
from trialwright.submission.record_values import ENVELOPE, envelope_of, groups_of
from trialwright.terms.canonical import canonical

COLUMNS = ("sequence", "act", "subject", *ENVELOPE, "reason", "group", "repeat", "item", "value")
"""Names of the columns."""


def record_rows(records: Iterable[Recorded]) -> str:
    """Write every value of a record as CSV (RFC 4180).

    Parameters
    ----------
    records : iterable of Recorded
        In ledger order.

    Returns
    -------
    str
        One row for each value of a payload, and one for a happening without any; what the ledger
        adds stands in each. Values and reasons are JSON, so that a text is told from a number,
        nothing from an empty text, and no spreadsheet takes one for a formula.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for record in records:
        done = record.happening
        before = (
            record.sequence,
            done.act,
            done.subject,
            *(value for _, value in envelope_of(record)),
            canonical(done.reason),
        )
        values = [
            (group.path, group.repeat, item, canonical(value))
            for group in groups_of(done.payload)
            for item, value in group.items
        ]
        writer.writerows((*before, *row) for row in values or [("", "", "", "")])
    return text.getvalue()
