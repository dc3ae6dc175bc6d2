"""`trialwright biomarkers`: who was assayed in a trial, and the markers of a study folder."""

from datetime import date
from pathlib import Path

import click

from trialwright.cli.biomarker_options import PERMUTATIONS, SEED, time_points_of
from trialwright.cli.days import DAY
from trialwright.cli.design_options import progress
from trialwright.cli.printing import SpeakingGroup

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
TIMES = ("archival", "C1D1", "on treatment", "progression")


@click.group(cls=SpeakingGroup)
def biomarkers() -> None:
    """Look at the biomarkers of a trial or of a study folder.

    `trialwright report biomarkers` sets the markers of a trial against its endpoints.
    """


@biomarkers.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@click.option("--cutoff", type=DAY, required=True, help="Data up to this day count.")
@click.option("--participant", default="", help="Study number: tell each marker with its reason.")
def markers(ledger: Path, protocol: str, cutoff: date, participant: str) -> None:
    """Say who was assayed for each marker, or what is known of one participant and why.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. Counted are participants who took a dose. Nothing is recorded.

    Exit status: 0 answered, 2 protocol, ledger or participant could not be taken.
    """
    from trialwright.assembly.marker_surveys import marker_lines

    for line in marker_lines(ledger, protocol, cutoff, participant):
        click.echo(line)


@biomarkers.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--panel",
    "panels",
    type=FILE,
    multiple=True,
    help="Gene panel file (stable_id, gene_list); may be given several times.",
)
@click.option(
    "--gene",
    "genes",
    multiple=True,
    help="Gene to set against survival; without one, all genes of the panels.",
)
@click.option("--time-column", default="", help="Column that tells when a sample was taken.")
@click.option(
    "--time",
    "times",
    multiple=True,
    metavar="VALUE=TIME",
    help=f"What a value of that column means: {', '.join(TIMES)}.",
)
@click.option("--cutoff", type=DAY, required=True, help="Day of the data; stands on every page.")
@PERMUTATIONS
@SEED
@click.option("--out", type=FOLDER, required=True, help="A new folder for the files.")
def study(
    folder: Path,
    panels: tuple[Path, ...],
    genes: tuple[str, ...],
    time_column: str,
    times: tuple[str, ...],
    cutoff: date,
    permutations: int,
    seed: int,
    out: Path,
) -> None:
    """Set the genes of a cBioPortal study folder against survival.

    FOLDER holds `data_clinical_sample.txt` and `data_clinical_patient.txt`, and what there is of
    `data_mutations.txt`, `data_gene_panel_matrix.txt`, `data_cna.txt`, `data_sv.txt` and
    `case_lists`; files may end in `.gz`.
    Survival stands in pairs of columns such as OS_MONTHS and OS_STATUS. A gene that no panel covers
    in a sample is never taken for unaltered. Without a time column every sample counts as archival;
    markers are read from samples of `archival` and `C1D1`. Every marker is exploratory.

    Exit status: 0 written, 2 a file or an option could not be taken.
    """
    from trialwright.assembly.marker_studies import StudyAsked, write_study_report
    from trialwright.assembly.marker_surveys import Effort

    asked = StudyAsked(panels, genes, time_column, time_points_of(times))
    with progress("permutations") as note:
        effort = Effort(permutations, seed, note)
        names = write_study_report(folder, asked, cutoff, out, effort)
    for name in names:
        click.echo(str(out / name))


@biomarkers.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@click.option("--cutoff", type=DAY, required=True, help="Data up to this day count.")
@click.option("--cancer", default="brca", show_default=True,
              help="Type of cancer by its OncoTree code.")  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="A new folder for the files.")
def export(ledger: Path, protocol: str, cutoff: date, cancer: str, out: Path) -> None:
    """Write a trial as a study folder of cBioPortal, and the marker table as CSV.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. Everybody who took a dose stands in it, also without a sample: the matrix of gene panels
    tells sequenced and unaltered from not sequenced. Study numbers and days from the first dose; no
    date and no free text.

    Exit status: 0 written, 2 protocol, ledger or folder could not be taken.
    """
    from trialwright.assembly.portal_export import write_portal_study

    names, left_out = write_portal_study(ledger, protocol, cutoff, cancer, out)
    for name in names:
        click.echo(str(out / name))
    for why, count in left_out.items():
        click.echo(f"left out: {count} calls, {why}")
