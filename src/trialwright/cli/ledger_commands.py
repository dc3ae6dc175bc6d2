"""`trialwright ledger`: verify a ledger, back it up, prove the backup, take everything away."""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from trialwright.assembly import ledger_care
from trialwright.assembly.record_out import FORMS, Form, record_out
from trialwright.cli.design_options import progress

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BROKEN = 3
"""Exit status of a ledger that is not what was entered."""


@click.group()
def ledger() -> None:
    """Verify and back up a ledger; FOLDER holds its file, key and checkpoint.

    A ledger in PostgreSQL has key and checkpoint in FOLDER, and DATABASE_URL names the database.
    """


@ledger.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--every-signature", is_flag=True, help="Check every signature, not the newest alone."
)
@click.option(
    "--processes", type=click.IntRange(min=0), default=0, show_default="one a core",
    help="How many look at a long ledger.",
)  # fmt: skip
def verify(folder: Path, *, every_signature: bool, processes: int) -> None:
    """Check the chain, its signatures and its checkpoint, and name what is wrong where.

    Exit status: 0 intact, 2 no ledger there, 3 not intact.
    """
    with progress("parts of the ledger") as note:
        found = ledger_care.verify(
            folder, every_signature=every_signature, processes=processes, note=note
        )
    _tell(found)


@ledger.command()
@click.argument("folder", type=FOLDER)
@click.argument("copy", type=click.Path(dir_okay=False, path_type=Path))
def backup(folder: Path, copy: Path) -> None:
    """Copy the ledger to the new file COPY while it is in use, and verify the copy.

    Exit status: 0 copied and intact, 2 the copy could not be made, 3 not intact.
    """
    _tell(ledger_care.backup(folder, copy))


@ledger.command("restore-drill")
@click.argument("folder", type=FOLDER)
@click.argument("copy", type=FILE)
def restore_drill(folder: Path, copy: Path) -> None:
    """Prove that the backup COPY can be restored: restore it aside, verify, take it away.

    Exit status: 0 restorable and intact, 2 it could not be restored, 3 not intact.
    """
    with tempfile.TemporaryDirectory(prefix="trialwright-drill-") as scratch:
        _tell(ledger_care.drill(folder, copy, Path(scratch)))


@ledger.command()
@click.argument("folder", type=FOLDER)
@click.argument("copy", type=FILE)
def restore(folder: Path, copy: Path) -> None:
    """Put the backup COPY in place as the ledger of FOLDER, which lost it, and verify it there.

    COPY is a backup, or an export as JSON Lines. FOLDER holds the keys and the checkpoint. The
    ledger goes into its file, or into the PostgreSQL database that DATABASE_URL names; nothing is
    overwritten.

    Exit status: 0 restored and intact, 2 it could not be restored, 3 not intact.
    """
    _tell(ledger_care.restore(folder, copy))


@ledger.command()
@click.argument("folder", type=FOLDER)
def scrub(folder: Path) -> None:
    """Take what redactions erased out of the space that the database has not used again.

    Exit status: 0 done, 2 it could not be done.
    """
    click.echo(ledger_care.scrub(folder))


@ledger.command()
@click.argument("folder", type=FOLDER)
@click.argument("trial")
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="jsonl", show_default=True,
    help="jsonl: everything, enough to verify and restore it; csv: one row a value; odm: CDISC "
    "ODM-XML with an audit record for each entry.",
)  # fmt: skip
def export(folder: Path, trial: str, form: Form) -> None:
    """Print everything stored of TRIAL, for software other than this.

    Exit status: 0 printed, 2 no ledger there, or nothing of that trial.
    """
    for line in record_out(folder, trial, form):
        click.echo(line.encode())  # UTF-8, whatever the terminal speaks


@ledger.command()
@click.argument("folder", type=FOLDER)
def key(folder: Path) -> None:
    """Print the public key as PEM, with which anybody can check the signatures.

    Exit status: 0 printed, 2 no ledger there.
    """
    click.echo(ledger_care.public_keys(folder), nl=False)


def _tell(verified: Iterable[ledger_care.Verified]) -> None:
    """Print reports; leave with `BROKEN` when one of them is."""
    reports = tuple(verified)
    for report in reports:
        click.echo(report.says)
    if not all(report.is_intact for report in reports):
        sys.exit(BROKEN)
