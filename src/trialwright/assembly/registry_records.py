"""Trial records that people name: opened, read, compared, linted, and written in another shape."""

from collections.abc import Callable
from pathlib import Path

from trialwright.assembly import shelf
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.files import MOST_RECORD_BYTES, read_text, write_new
from trialwright.assembly.named_trials import open_trial
from trialwright.assembly.protocols import load
from trialwright.protocol.study import Study
from trialwright.registry.compare import compare
from trialwright.registry.draft import Draft
from trialwright.registry.linting import Finding, lint
from trialwright.registry.protocol_draft import draft_yaml, drafted
from trialwright.registry.reading import read_record
from trialwright.registry.record import Record, record_of, record_of_plain
from trialwright.registry.writing.ctgov import write_ctgov
from trialwright.registry.writing.fhir import write_fhir
from trialwright.registry.writing.page_html import write_html
from trialwright.registry.writing.page_text import write_page
from trialwright.registry.writing.usdm import write_usdm
from trialwright.terms.errors import Fault, Refusal, shorten


def _html(record: Record) -> str:
    """Write the public trial page with the product's template and style."""
    template, style = shelf.text("pages", "trial.html.j2"), shelf.text("pages", "trial.css")
    return write_html(record, template, style)


SHAPES: dict[str, Callable[[Record], str]] = {
    "page": write_page,
    "html": _html,
    "ctgov": write_ctgov,
    "fhir": write_fhir,
    "usdm": write_usdm,
}
"""Writers by the name of the shape they write."""


def read_draft(file: Path, study: str = "") -> Draft:
    """Read a trial record of any shape.

    Parameters
    ----------
    file : Path
        The record; `.gz` is unpacked.
    study : str
        Which study of a bundle; empty: the only one.

    Returns
    -------
    Draft
        What it says, and what was not understood.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    with collecting_later():
        return read_record(read_text(file, MOST_RECORD_BYTES), file.name, study)


def draft_of(file: Path, output: Path | None, study: str = "") -> str:
    """Read a trial record and give, or write, the draft of a protocol.

    Parameters
    ----------
    file : Path
        The record.
    output : Path or None
        New file to write; an existing one is never overwritten.
    study : str
        Which study of a bundle; empty: the only one.

    Returns
    -------
    str
        The draft as YAML text.

    Raises
    ------
    Refusal
        If the record cannot be read, or the output exists.
    """
    draft = draft_yaml(read_draft(file, study))
    if output is not None:
        write_new(output, draft)
    return draft


def record_named(name_or_file: str, study: str = "") -> Record:
    """Give the public record of a protocol, of a draft that is not finished, or of a record file.

    Parameters
    ----------
    name_or_file : str
        NCT number of a shipped protocol, or a file.
    study : str
        Which study of a bundle; empty: the only one.

    Returns
    -------
    Record
        Its public part.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    match open_trial(name_or_file, study):
        case Draft() as draft:  # `read_record` has held it to the number
            return record_of_plain(drafted(draft), Path(name_or_file).name)
        case Study() as protocol:
            record = record_of(protocol)
        case Record() as record:
            pass
    return _held_to(record, study, Path(name_or_file).name)


def _held_to(record: Record, study: str, file: str) -> Record:
    """Refuse the record of another trial than the one meant."""
    ids = record.identifiers
    known = [ids.nct, ids.nci, ids.local, *(each.id for each in record.publication.other_numbers)]
    wanted = " ".join(study.split()).casefold()
    if wanted and wanted not in {each.casefold() for each in known}:
        found = f"a trial without the number {shorten(study)}"
        allowed = shorten(", ".join(filter(None, known)) or "a trial with that number", 300)
        raise Refusal([Fault("id", found, allowed, "Name it by one of its numbers", file)])
    return record


def lint_named(name_or_file: str, study: str = "") -> tuple[Finding, ...]:
    """Find what a person must settle in a record, a draft or a protocol.

    Parameters
    ----------
    name_or_file : str
        NCT number of a shipped protocol, or a file.
    study : str
        Which study of a bundle; empty: the only one.

    Returns
    -------
    tuple of Finding
        Empty when nothing was found.
    """
    return lint(record_named(name_or_file, study))


def compare_page(file: Path, protocol: str, study: str = "") -> tuple[str, ...]:
    """Say how a trial record and a protocol agree and differ.

    Parameters
    ----------
    file : Path
        The record.
    protocol : str
        NCT number of a shipped protocol, or a file.
    study : str
        Which study of a bundle; empty: the only one.

    Returns
    -------
    tuple of str
        One sentence each, agreements first.

    Raises
    ------
    Refusal
        If one of them cannot be read.
    """
    compared = compare(read_draft(file, study), load(protocol).study)
    return (
        *(each.says for each in compared.agreements),
        *(each.says for each in compared.differences),
    )
