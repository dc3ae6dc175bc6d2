"""`trialwright demo`: one participant, all the way."""

import tempfile
import textwrap
from collections.abc import Callable
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
@click.option(
    "--serve",
    "is_served",
    is_flag=True,
    help="Open a trial in progress in a browser instead; everybody in it is invented.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port of --serve; 0 takes one that is free.",
)
def demo(
    page: Path | None,
    records: Path | None,
    patient: str,
    keep: Path | None,
    *,
    is_served: bool,
    port: int,
) -> None:
    """Take the first protocol and one participant all the way, each step with its reason.

    Screened, registered, dosed, observed, graded, assessed, counted in an endpoint. With PAGE, the
    registry page as text, it also reads that page and says how it and the protocol differ.

    Exit status: 0 told to the end, 2 a file could not be taken.
    """
    told = _serving(port) if is_served else _telling(page, records, patient)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        told(keep)
        return
    with tempfile.TemporaryDirectory(prefix="trialwright-demo-") as folder:
        told(Path(folder))


def _telling(page: Path | None, records: Path | None, patient: str) -> Callable[[Path], None]:
    """Give what tells the account in a folder."""
    return lambda folder: _tell(folder, page, records, patient)


def _serving(port: int) -> Callable[[Path], None]:
    """Give what opens a trial in progress in a folder."""

    def serve(folder: Path) -> None:
        """Make the trial, and invented accounts with passwords of their own; then serve."""
        from trialwright.assembly.clock import today
        from trialwright.assembly.demo_trial import make_demo_trial
        from trialwright.assembly.serving import open_desk
        from trialwright.web import starting
        from trialwright.web.settings import Door

        click.echo("Making a trial in progress; everybody in it is invented ...")
        make_demo_trial(folder, today())
        desk = open_desk(folder, "nct03959891")
        starting.prepare(desk, Door())
        starting.read_ahead()
        taken = starting.listen("127.0.0.1", port)
        click.echo("Accounts, for this demo alone:")
        for each in starting.invented_accounts():
            click.echo(f"  {each.role:<24} {each.name:<14} {each.password}")
        at = f"http://127.0.0.1:{taken.getsockname()[1]}"
        click.echo(f"Sign in at {at}/account/sign-in/ (stop with Ctrl-C)")
        starting.serve(taken)

    return serve


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
