"""The whole chain as JSON Lines, and back: enough for an outsider to verify it all again.

An export holds every value and salt. What is redacted later is still in exports made before.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialwright.ledger.chain import Link
from trialwright.ledger.commitments import Opening, read_commitments
from trialwright.ledger.envelope import COLUMNS, Envelope, plain
from trialwright.ledger.receipts import Receipt, receipt_of
from trialwright.terms.canonical import Json, canonical
from trialwright.terms.errors import Refusal, refuse

EXPORT_FORMAT = 1
"""Number of the form of these lines; not that of the record format."""


@dataclass(frozen=True, slots=True)
class Export:
    """A chain as read from an export.

    Attributes
    ----------
    trial : str
        Whose chain it says it is.
    links : tuple of Link
        Its happenings.
    heads : tuple of Receipt
        Its signed heads.
    """

    trial: str
    links: tuple[Link, ...]
    heads: tuple[Receipt, ...]


def write_lines(trial: str, links: Iterable[Link], heads: Sequence[Receipt]) -> Iterator[str]:
    """Write a chain as JSON Lines.

    Parameters
    ----------
    trial : str
        Whose chain it is.
    links : iterable of Link
        All happenings, by sequence.
    heads : sequence of Receipt
        All heads, by sequence.

    Yields
    ------
    str
        Canonical JSON: one line `ledger`, one for each happening and head, and one `end` that
        counts them, so that a cut file is noticed.

    Raises
    ------
    Refusal
        If a stored happening is damaged.
    """
    yield canonical({"row": "ledger", "format": EXPORT_FORMAT, "trial": trial})
    count = 0
    for link in links:
        count += 1
        yield canonical(
            {
                "row": "happening",
                "envelope": plain(link.envelope),
                "previous": link.previous,
                "hash": link.hash,
                "commitments": read_commitments(link.commitments),
                "fields": {
                    path: {"salt": opening.salt, "value": opening.value}
                    for path, opening in link.openings.items()
                },
            }
        )
    for head in heads:
        yield canonical({"row": "head", **head.as_mapping()})
    yield canonical({"row": "end", "happenings": count, "heads": len(heads)})


def read_lines(lines: Iterable[str]) -> Export:
    """Read a chain from JSON Lines, to be handed to `verify`.

    Parameters
    ----------
    lines : iterable of str
        As `write_lines` gives them, with or without their ends.

    Returns
    -------
    Export
        Nothing is verified yet.

    Raises
    ------
    Refusal
        If a line is no row of an export in canonical JSON, or the end is missing.
    """
    trial, links, heads = "", list[Link](), list[Receipt]()
    end: Mapping[str, Json] | None = None
    for number, line in enumerate(lines, start=1):
        row = _row(line, number)
        match row.pop("row", None):
            case "ledger" if number == 1 and row.get("format") == EXPORT_FORMAT:
                trial = str(row.get("trial"))
            case "happening" if trial and end is None:
                links.append(_link(row, number))
            case "head" if trial and end is None:
                heads.append(receipt_of(row))
            case "end" if trial and end is None:
                end = row
            case _:
                raise _no_row(number)
    if end != {"happenings": len(links), "heads": len(heads)}:
        raise refuse(
            "export",
            "a file without its end, or with another number of rows than its end says",
            "the whole file",
            "Take it again",
        )
    return Export(trial, tuple(links), tuple(heads))


def _row(line: str, number: int) -> dict[str, Json]:
    """Read one line."""
    text = line.rstrip("\r\n")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        row = None
    # a key that is there twice would mean one thing to one reader, another thing to the next
    if not isinstance(row, dict) or canonical(row) != text:
        raise _no_row(number)
    return row


def _link(row: Mapping[str, Json], number: int) -> Link:
    """Read one happening."""
    envelope, fields = row.get("envelope"), row.get("fields")
    is_whole = isinstance(envelope, dict) and envelope.keys() == set(COLUMNS)
    if not is_whole or not isinstance(envelope, dict) or not isinstance(fields, dict):
        raise _no_row(number)
    try:
        openings = {path: Opening(**opening) for path, opening in fields.items()}
    except TypeError:
        raise _no_row(number) from None
    return Link(
        Envelope(**envelope),
        str(row.get("previous")),
        str(row.get("hash")),
        canonical(row.get("commitments")),
        openings,
    )


def _no_row(number: int) -> Refusal:
    """Say that a line is no row of an export."""
    return refuse(f"line {number}", "no row of an export", "the export as written", "Take it again")
