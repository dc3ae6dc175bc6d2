"""Registry records that people name: opened, read, compared, and written as drafts."""

from pathlib import Path

from trialwright.assembly.files import read_text, write_new
from trialwright.assembly.protocols import load
from trialwright.registry.compare import compare
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml


def draft_of(page: Path, output: Path | None) -> str:
    """Read a registry page and give, or write, the draft of a protocol.

    Parameters
    ----------
    page : Path
        A trial page kept as text.
    output : Path or None
        New file to write; an existing one is never overwritten.

    Returns
    -------
    str
        The draft as YAML text.

    Raises
    ------
    Refusal
        If the page cannot be read, or the output exists.
    """
    draft = draft_yaml(read_page(read_text(page), page.name))
    if output is not None:
        write_new(output, draft)
    return draft


def compare_page(page: Path, protocol: str) -> tuple[str, ...]:
    """Say how a registry page and a protocol agree and differ.

    Parameters
    ----------
    page : Path
        A trial page kept as text.
    protocol : str
        NCT number of a shipped protocol, or a file.

    Returns
    -------
    tuple of str
        One sentence each, agreements first.

    Raises
    ------
    Refusal
        If one of them cannot be read.
    """
    compared = compare(read_page(read_text(page), page.name), load(protocol).study)
    return (
        *(each.says for each in compared.agreements),
        *(each.says for each in compared.differences),
    )
