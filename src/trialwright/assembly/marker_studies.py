"""Markers against survival in a study folder alone, as cBioPortal keeps it, without a ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from trialwright import __version__
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.files import read_text, refuse_existing, write_folder
from trialwright.assembly.marker_pictures import association_pictures
from trialwright.assembly.marker_sections import EMPTY, marker_notes, marker_results
from trialwright.assembly.marker_surveys import Effort, MarkerSurvey, marker_table
from trialwright.assembly.plates import drawn
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.intake.gene_panels import read_panel
from trialwright.intake.study_folder import (
    COPIES,
    COUNTED,
    EVERY_GENE,
    MATRIX,
    REARRANGED,
    SAMPLES,
    SEQUENCED,
    STRUCTURAL,
    VARIANTS,
    StudyLayout,
    read_study,
)
from trialwright.intake.study_outcomes import PATIENTS, read_outcomes
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Cohort, Times
from trialwright.predictors.survey import Plan, Question, survey
from trialwright.protocol.biomarker_settings import BiomarkerSettings, Panel
from trialwright.reports.results import Result, frame_csv
from trialwright.reports.trial_pdf import pdf_report
from trialwright.reports.trial_report import Section, Stamp, TrialReport, html_report, sections_of
from trialwright.submission.marker_rows import MARKERS, marker_rows
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.markers import TimePoint

FILES = (
    SAMPLES, PATIENTS, MATRIX, *VARIANTS, COPIES, STRUCTURAL, SEQUENCED, COUNTED, REARRANGED,
)  # fmt: skip
"""Files of a study folder that are read, compressed or not."""

ASSAY = "tissue-ngs"
"""The assay of every panel of a study folder."""


@dataclass(frozen=True, slots=True)
class StudyAsked:
    """How a study folder is read and what is asked of it.

    Attributes
    ----------
    panels : sequence of Path
        Gene panel files: without one, what a sample does not show is not known to be absent.
    genes : sequence of str
        Genes to set against survival; empty: all of the panels.
    time_column : str
        Column that tells when a sample was taken; empty: archival, all of them.
    time_points : mapping of str to TimePoint
        Its values. Markers are read from archival tissue and that of C1D1.
    """

    panels: Sequence[Path] = ()
    genes: Sequence[str] = ()
    time_column: str = ""
    time_points: Mapping[str, TimePoint] = field(default_factory=dict)


def write_study_report(
    folder: Path, asked: StudyAsked, cutoff: date, out: Path, effort: Effort
) -> tuple[str, ...]:
    """Write a report of the markers of a study folder into a new folder.

    Parameters
    ----------
    folder : Path
        The study folder.
    asked : StudyAsked
        How it is read.
    cutoff : date
        Day of the data, printed on every page.
    out : Path
        A new folder.
    effort : Effort
        Permutations.

    Returns
    -------
    tuple of str
        Names of the files: HTML, PDF, the frame, the state of each marker in each participant, and
        each picture as SVG.

    Raises
    ------
    Refusal
        If the folder exists, or a file cannot be taken; each fault with file and line.
    """
    refuse_existing(out)
    texts = texts_of(folder)
    found = study_survey(texts, asked, effort)
    results = marker_results(found)
    report = _report(folder.name, found, results, _stamp(folder.name, texts, cutoff), effort)
    files: dict[str, str | bytes] = {
        "biomarkers.html": html_report(report),
        "biomarkers.pdf": pdf_report(report),
        "biomarkers.csv": frame_csv(results),
        MARKERS: marker_rows(found.table),
    }
    for place, each in enumerate((one for one in report.sections if one.picture), start=1):
        files[f"picture-{place:02d}.svg"] = each.picture
    return write_folder(out, files)


def study_survey(texts: Mapping[str, str], asked: StudyAsked, effort: Effort) -> MarkerSurvey:
    """Set the genes of a study folder against survival.

    Parameters
    ----------
    texts : mapping of str to str
        Text of each file by its name.
    asked : StudyAsked
        How it is read.
    effort : Effort
        Permutations.

    Returns
    -------
    MarkerSurvey
        Every marker in it is exploratory: nobody named it before the data were there.

    Raises
    ------
    Refusal
        If a file cannot be taken, there is no gene to ask of, or a participant with outcomes has no
        sample in the list.
    """
    settings = _settings(asked.panels)
    with collecting_later():  # much is read that stays
        read = read_study(texts, StudyLayout(asked.time_column, asked.time_points))
    if PATIENTS not in texts:
        raise Refusal([Fault("", "no list of participants", PATIENTS, "Add the file", PATIENTS)])
    outcomes = read_outcomes(texts[PATIENTS])
    records = read.records if asked.time_column else _archival(read.records)
    genes = tuple(dict.fromkeys(asked.genes)) or _genes(settings)
    if not genes:
        raise refuse("--gene", "no gene and no panel", "a gene, or a gene panel file",
                     "Name one with --gene or --panel")  # fmt: skip
    settings = _with_every_gene(settings, records, genes)
    table, silent = marker_table(
        outcomes.participants, records, (), {"tissue DNA": genes}, settings
    )
    roster = outcomes.participants
    cohort = Cohort("all participants", roster, ("study",) * len(roster))
    markers = markers_of(table, roster)
    questions = [
        Question(
            cohort,
            Times(said, tuple(day for day, _ in times), tuple(had for _, had in times)),
            markers,
        )
        for said, times in outcomes.times.items()
    ]
    families = survey(
        questions, Plan(permutations=effort.permutations), effort.generator, effort.progress
    )
    return MarkerSurvey(table, records, settings, families, silent)


def texts_of(folder: Path) -> Mapping[str, str]:
    """Read the files of a study folder that are known, compressed or not.

    Parameters
    ----------
    folder : Path
        The study folder.

    Returns
    -------
    mapping of str to str
        Text of each file by its name; files that are not there are left out.

    Raises
    ------
    Refusal
        If one cannot be opened, is too large, or is not UTF-8.
    """
    found = {}
    for name in FILES:
        path = next(
            (each for each in (folder / name, folder / f"{name}.gz") if each.exists()), None
        )
        if path is not None:
            found[name] = read_text(path)
    return found


def _settings(panels: Sequence[Path]) -> BiomarkerSettings:
    """Read the gene panels."""
    read = tuple(
        read_panel(read_text(path), path.name, ASSAY, counts_copies=False) for path in panels
    )
    twice = {each.id for each in read if sum(one.id == each.id for one in read) > 1}
    if twice:
        raise refuse("--panel", f"{', '.join(sorted(twice))} twice", "each panel once",
                     "Leave one of the files out")  # fmt: skip
    return BiomarkerSettings(panels=read)


def _with_every_gene(
    settings: BiomarkerSettings, records: Mapping[str, BiomarkerRecord], genes: Sequence[str]
) -> BiomarkerSettings:
    """Add the panel of samples that were sequenced and have none: all genes asked about."""
    if not any(run.panel == EVERY_GENE for each in records.values() for run in each.runs):
        return settings
    whole = Panel(
        id=EVERY_GENE, assay=ASSAY, says="Sequenced, and no panel is told", genes=tuple(genes)
    )
    return BiomarkerSettings(panels=(*settings.panels, whole))


def _genes(settings: BiomarkerSettings) -> tuple[str, ...]:
    """Give the genes of all panels."""
    return tuple(dict.fromkeys(gene for panel in settings.panels for gene in panel.genes))


def _archival(records: Mapping[str, BiomarkerRecord]) -> Mapping[str, BiomarkerRecord]:
    """Take every sample for an archival one."""
    return {
        number: replace(
            record,
            materials=tuple(replace(each, time_point="archival") for each in record.materials),
        )
        for number, record in records.items()
    }


def _stamp(name: str, texts: Mapping[str, str], cutoff: date) -> Stamp:
    """Say what the report rests on: the files, for there is no ledger."""
    digest = sha256("".join(f"{each}\n{texts[each]}" for each in sorted(texts)).encode())
    return Stamp(
        trial=f"study folder {name}",
        cutoff=cutoff.isoformat(),
        head=f"none; {len(texts)} files with the SHA-256 {digest.hexdigest()}",
        protocol="none",
        software=f"trialwright {__version__}",
    )


def _report(
    name: str, found: MarkerSurvey, results: Sequence[Result], stamp: Stamp, effort: Effort
) -> TrialReport:
    """Lay the report out."""
    pictures = [
        Section(
            each.heading, None, drawn(each), f"{each.heading}; the tables hold the same numbers"
        )
        for each in association_pictures(found.families)
    ]
    notes = (
        *marker_notes(found, effort),
        "Months were turned into the nearest day: equal ones stay equal.",
    )
    title = f"Biomarkers and survival: {name}"
    return TrialReport(title, stamp, notes, sections_of(results, pictures, EMPTY))
