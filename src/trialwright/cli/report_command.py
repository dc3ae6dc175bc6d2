"""`trialwright report`: safety review packet, efficacy and biomarker reports of a trial."""

from datetime import date
from pathlib import Path

import click

from trialwright.cli.biomarker_options import PERMUTATIONS, SEED
from trialwright.cli.days import DAY
from trialwright.cli.design_options import progress

FOLDER = click.Path(file_okay=False, path_type=Path)
OUT = click.option(
    "--out", type=FOLDER, required=True, help="A new folder for HTML, PDF, CSV and pictures."
)
CUTOFF = click.option("--cutoff", type=DAY, required=True, help="Data up to this day count.")


@click.group()
def report() -> None:
    """Write reports of a trial from its ledger: PDF, HTML and CSV.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. Data cutoff, ledger head and protocol digest stand on every page.
    """


@report.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@CUTOFF
@OUT
def safety(ledger: Path, protocol: str, cutoff: date, out: Path) -> None:
    """Write the safety review packet for a dose meeting.

    Exit status: 0 written, 2 the protocol, the ledger or the folder could not be taken.
    """
    _write(ledger, protocol, "safety", cutoff, out)


@report.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@CUTOFF
@OUT
def efficacy(ledger: Path, protocol: str, cutoff: date, out: Path) -> None:
    """Write the interim efficacy report.

    Exit status: 0 written, 2 the protocol, the ledger or the folder could not be taken.
    """
    _write(ledger, protocol, "efficacy", cutoff, out)


@report.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@CUTOFF
@PERMUTATIONS
@SEED
@OUT
def biomarkers(
    ledger: Path, protocol: str, cutoff: date, permutations: int, seed: int, out: Path
) -> None:
    """Set every marker against response and survival, with who was assayed.

    The markers that the protocol names are tested apart from one exploratory marker for each other
    gene in which somebody has a variant. A marker that could not reach significance with so many
    carriers is not tested. Equal arguments give equal files.

    Exit status: 0 written, 2 the protocol, the ledger or the folder could not be taken.
    """
    from trialwright.assembly.marker_surveys import Effort
    from trialwright.assembly.trial_reports import write_trial_report

    with progress("permutations") as note:
        effort = Effort(permutations, seed, note)
        names = write_trial_report(ledger, protocol, "biomarkers", cutoff, out, effort)
    for name in names:
        click.echo(str(out / name))


def _write(ledger: Path, protocol: str, kind: str, cutoff: date, out: Path) -> None:
    """Write a report and name its files."""
    from trialwright.assembly.trial_reports import write_trial_report

    is_safety = kind == "safety"
    for name in write_trial_report(
        ledger, protocol, "safety" if is_safety else "efficacy", cutoff, out
    ):
        click.echo(str(out / name))
