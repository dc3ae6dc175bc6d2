"""Mappings proposed for files that people name, and written for them to confirm."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from trialwright.assembly.files import require_size, write_new
from trialwright.assembly.planned_imports import MOST_BYTES
from trialwright.assembly.protocols import load
from trialwright.assembly.tables_in import WORKBOOKS, table_lines
from trialwright.intake.proposing import Proposal, TableKind, mapping_text, propose
from trialwright.protocol.study import Study
from trialwright.terms.errors import Refusal

Separator = Literal["comma", "semicolon", "tab"]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where rows stand before anybody declared it: in the only sheet of a workbook."""

    separator: Separator = "comma"
    sheet: str = ""


def propose_file(
    file: Path, kind: TableKind, study: Study, settled: Mapping[str, str] = MappingProxyType({})
) -> Proposal:
    """Propose what the columns of a table mean.

    Parameters
    ----------
    file : Path
        CSV or a workbook of one sheet, the headings in its first row.
    kind : {'facts', 'visits', 'adverse-events', 'central-readings'}
        What it holds.
    study : Study
        Of which protocol.
    settled : mapping of str to str
        Columns that a person chose, by the key of the choice.

    Returns
    -------
    Proposal
        Choices with reasons. The separator is the one that parts the headings most often.

    Raises
    ------
    Refusal
        If the file is too large or cannot be read as a table.
    """
    require_size(file, MOST_BYTES)
    layout = _Layout() if file.suffix.lower() in WORKBOOKS else _Layout(_separator(file))
    with table_lines(file, layout) as lines:
        return propose(tuple(lines), kind, study, layout.separator, settled)


def _separator(file: Path) -> Separator:
    """Give the separator that parts the headings into most cells."""
    held: dict[Separator, int] = {}
    words: tuple[Separator, ...] = ("comma", "semicolon", "tab")
    for word in words:
        try:
            with table_lines(file, _Layout(word)) as lines:
                first = next(iter(lines), None)
                held[word] = len(first.cells) if first else 0
        except Refusal:  # told when the table is read by the one that is left
            held[word] = 0
    return max(held, key=lambda word: held[word])


def write_proposal(file: Path, kind: TableKind, protocol: str, into: Path) -> tuple[str, ...]:
    """Write the mapping that is proposed for a table.

    Parameters
    ----------
    file : Path
        The table.
    kind : {'facts', 'visits', 'adverse-events', 'central-readings'}
        What it holds.
    protocol : str
        NCT number of a shipped protocol, or a file.
    into : Path
        A file that is not there yet.

    Returns
    -------
    tuple of str
        A line for each choice, with its reason.

    Raises
    ------
    Refusal
        As `propose_file`; if the mapping cannot be written.
    """
    proposal = propose_file(file, kind, load(protocol).study)
    write_new(into, mapping_text(proposal, proposal.answers))
    return (
        f"{proposal.rows} rows; the mapping is written to {into.name}, to be read and corrected",
        *(f"{each.group} {each.field or each.name}"
          f"{f' {each.name!r}' if each.field else ''}: {each.proposed or '?'} ({each.why})"
          for each in proposal.choices),
    )  # fmt: skip
