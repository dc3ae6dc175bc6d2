"""`trialwright reference`: hold the software to a folder of cases."""

import sys
from pathlib import Path

import click

from trialwright.assembly.reference_cases import compare_folder


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def reference(folder: Path) -> None:
    """Put every case file below FOLDER to the software, and compare.

    Prints `FILE: agree N of M` and each disagreement; files whose form is not known are named.

    Exit status: 0 every known case agrees, 1 some case disagrees, 2 no file of a known form.
    """
    compared = []
    for each in compare_folder(folder):
        for line in each.told():
            click.echo(line)
        compared += [each] if each.total else []
    if not compared:
        click.echo(f"{folder}: no file of a known form", err=True)
        sys.exit(2)
    if any(each.agree < each.total for each in compared):
        sys.exit(1)
