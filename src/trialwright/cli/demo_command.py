"""`trialwright demo`: one participant, all the way."""

import tempfile
import textwrap
from pathlib import Path

import click

from trialwright.assembly.demo import demo as tell

_WIDTH = 110


@click.command()
@click.argument(
    "page", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--records",
    "--bundle",
    "records",
    type=click.Path(exists=True, path_type=Path),
    help="FHIR R4 records to read beside the shipped example: a bundle (.json), one resource a "
    "line (.ndjson, .jsonl; either may end in .gz), or the folder of a bulk export.",
)
@click.option(
    "--patient",
    default="",
    metavar="ID",
    help="Id of the Patient resource meant; needed with a folder, and where a file has several.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the ledger in; without it a temporary one is used.",
)
def demo(page: Path | None, records: Path | None, patient: str, keep: Path | None) -> None:
    """Take the first protocol and one participant all the way, each step with its reason.

    Screened, registered, dosed, observed, graded, assessed, counted in an endpoint. With PAGE, the
    registry page as text, it also reads that page and says how it and the protocol differ.

    Exit status: 0 told to the end, 2 a file could not be taken.
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        _tell(keep, page, records, patient)
        return
    with tempfile.TemporaryDirectory(prefix="trialwright-demo-") as folder:
        _tell(Path(folder), page, records, patient)


def _tell(folder: Path, page: Path | None, records: Path | None, patient: str) -> None:
    """Print the account chapter by chapter."""
    for number, chapter in enumerate(tell(folder, page, records, patient), start=1):
        click.secho(f"\n{number}. {chapter.title}", bold=True)
        for line in chapter.lines:
            indent = "   " + " " * (len(line) - len(line.lstrip()))
            click.echo(
                textwrap.fill(
                    line,
                    _WIDTH,
                    initial_indent="   ",
                    subsequent_indent=indent + "  ",
                    replace_whitespace=False,
                    drop_whitespace=True,
                    break_on_hyphens=False,
                    break_long_words=False,
                )
                if len(line) > _WIDTH - 3
                else f"   {line}"
            )
    click.echo()
