"""`trialwright predictors`: markers that go with response and survival."""

import sys
from pathlib import Path

import click

from trialwright.cli.printing import SpeakingGroup

DISAGREES = 1
"""Exit status when a number differs."""


@click.group(cls=SpeakingGroup)
def predictors() -> None:
    """Set markers against response and survival."""


@predictors.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def reproduce(folder: Path) -> None:
    """Compute the numbers of two public marker studies again, and compare their digits.

    FOLDER holds `inspire_patients.csv` (INSPIRE, circulating tumour DNA under pembrolizumab) and
    `APL_primary.maf.gz` and `APL_relapse.maf.gz` (acute promyelocytic leukaemia, at diagnosis and
    at relapse). Neither is part of Trialwright: both are public, as reportRmd and maftools ship
    them. One line a number: ours, the method, and whether R's or SciPy's digits are the same.

    Exit status: 0 every number agrees, 1 some number differs, 2 a file could not be taken.
    """
    from trialwright.assembly.reproduced_markers import reproduced_markers

    found = reproduced_markers(folder)
    for each in found:
        click.echo(str(each))
    agree = sum(each.agrees for each in found)
    click.echo(f"{agree} of {len(found)} agree")
    if agree < len(found):
        sys.exit(DISAGREES)
