"""`trialwright reference`: hold the software to a folder of cases."""

import sys
from pathlib import Path

import click

from trialwright.cli.printing import REFUSED

DISAGREES = 1
"""Exit status when a case disagrees."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def reference(folder: Path) -> None:
    """Put every case file below FOLDER to the software, and compare.

    Prints `FILE: agree N of M` and each disagreement. A file whose form is not known is named and
    not compared; so is one that cannot be read, and the others are compared.

    Exit status: 0 every case of a known form agrees, 1 some case disagrees, 2 none disagrees, but
    a JSON file could not be read or no file is of a known form.
    """
    # Loaded when it is asked for: it brings the numerical libraries of the dose designs along.
    from trialwright.assembly.reference_cases import compare_folder

    compared = agree = unread = 0
    for each in compare_folder(folder):
        for line in each.told():
            click.echo(line, err=bool(each.faults))
        compared, agree = compared + each.total, agree + each.agree
        unread += bool(each.faults)
    if not compared:
        click.echo(f"{folder}: no file of a known form", err=True)
    if agree < compared:
        sys.exit(DISAGREES)
    if unread or not compared:
        sys.exit(REFUSED)
