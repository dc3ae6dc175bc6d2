"""Reports of a trial written from its ledger: safety review packet, interim efficacy report."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from trialwright import __version__
from trialwright.assembly import ledgers, shelf
from trialwright.assembly.files import refuse_existing, write_folder
from trialwright.assembly.laboratory_pictures import laboratory_pictures
from trialwright.assembly.marker_pictures import marker_pictures
from trialwright.assembly.marker_sections import (
    EMPTY,
    marker_notes,
    marker_results,
    response_notes,
    response_results,
)
from trialwright.assembly.marker_surveys import Effort, response_survey, trial_survey
from trialwright.assembly.plates import Plate, drawn
from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import intact_state
from trialwright.assembly.trial_pictures import (
    efficacy_pictures,
    participant_picture,
    safety_pictures,
)
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.evaluations import reviewed_in
from trialwright.conduct.outcomes import outcomes
from trialwright.conduct.state import TrialState, changed
from trialwright.ledger.receipts import Receipt
from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.protocol.reading import ReadProtocol
from trialwright.reports import efficacy_tables, reader_tables, safety_listings, safety_tables
from trialwright.reports.members import Member, grouped, members
from trialwright.reports.results import Result, frame_csv
from trialwright.reports.trial_pdf import pdf_report
from trialwright.reports.trial_report import (
    Section,
    Stamp,
    TrialReport,
    html_report,
    sections_of,
)

ReportKind = Literal["safety", "efficacy", "biomarkers"]

Gathered = tuple[list[Result], list[Section], Sequence[str], Iterable[str]]
"""Tables, pictures, tables that are said to be empty, and notes of a report."""

TITLES: dict[ReportKind, str] = {
    "safety": "Safety review",
    "efficacy": "Interim efficacy",
    "biomarkers": "Biomarkers, response and survival",
}


def write_trial_report(
    folder: Path,
    protocol: str,
    kind: ReportKind,
    cutoff: date,
    out: Path,
    effort: Effort | None = None,
) -> tuple[str, ...]:
    """Write a report of a trial into a new folder.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    kind : {'safety', 'efficacy', 'biomarkers'}
        Which report.
    cutoff : date
        Data cutoff; what happened later is left out.
    out : Path
        A new folder.
    effort : Effort or None
        Permutations of a report of biomarkers; None: the usual ones.

    Returns
    -------
    tuple of str
        Names of the files: HTML, PDF, the frame as CSV, and each picture as SVG.

    Raises
    ------
    Refusal
        If the folder exists, or protocol or ledger cannot be taken.
    """
    refuse_existing(out)
    read = load(protocol)
    state = intact_state(read.study, folder, cutoff)
    head = ledgers.look_at(folder).head(state.study.identifiers.nct)
    stamp = stamp_of(state, read, head, cutoff)
    report, results = make_report(state, kind, stamp, cutoff, effort=effort)
    files: dict[str, str | bytes] = {
        f"{kind}.html": html_report(report),
        f"{kind}.pdf": pdf_report(report),
        f"{kind}.csv": frame_csv(results),
    }
    for place, each in enumerate((one for one in report.sections if one.picture), start=1):
        files[f"picture-{place:02d}.svg"] = each.picture
    return write_folder(out, files)


def stamp_of(state: TrialState, read: ReadProtocol, head: Receipt | None, cutoff: date) -> Stamp:
    """Say what a report rests on.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    read : ReadProtocol
        The protocol with which the trial began.
    head : Receipt or None
        Last entry of the ledger as it stands.
    cutoff : date
        Data cutoff.

    Returns
    -------
    Stamp
        With the version of the protocol in force for the trial as a whole at the cutoff.
    """
    in_force = state.amendments.at(EVERY_SITE, cutoff)
    digest = in_force.digest if in_force else read.digest
    return Stamp(
        trial=state.study.identifiers.nct,
        cutoff=cutoff.isoformat(),
        head=f"{head.sequence} {head.hash}" if head is not None else "empty",
        protocol=f"version {state.under(in_force).study.version}, {digest}",
        software=f"trialwright {__version__}",
    )


def make_report(
    state: TrialState,
    kind: ReportKind,
    stamp: Stamp,
    cutoff: date,
    link: str = "",
    effort: Effort | None = None,
) -> tuple[TrialReport, tuple[Result, ...]]:
    """Make a report.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    kind : {'safety', 'efficacy', 'biomarkers'}
        Which report.
    stamp : Stamp
        What it rests on.
    cutoff : date
        Data cutoff.
    link : str
        Address of a participant, with `{}` for the study number, to which marks of pictures lead;
        empty: they lead nowhere.
    effort : Effort or None
        Permutations of a report of biomarkers; None: the usual ones.

    Returns
    -------
    tuple of (TrialReport, tuple of Result)
        The report, and the frame its tables show.
    """
    if kind == "biomarkers":
        results, pictures, empty, notes = _biomarkers(state, cutoff, link, effort or Effort())
    else:
        gather = _safety if kind == "safety" else _efficacy
        results, pictures, empty, notes = gather(state, cutoff, link)
    sections = sections_of(results, pictures, empty, efficacy_tables.NOTES)
    title = f"{TITLES[kind]}: {state.study.title}"
    return TrialReport(title, stamp, tuple(notes), sections), tuple(results)


def _safety(state: TrialState, cutoff: date, link: str) -> Gathered:
    """Gather tables, pictures and notes of safety."""
    found = members(state, cutoff)
    groups = grouped(found)
    results = [
        *safety_tables.disposition(state, groups, cutoff),
        *safety_tables.demographics(groups),
        *safety_listings.who_counts(found),
        *safety_listings.limiting_events(found),
        *safety_tables.adverse_events(groups),
        *safety_tables.by_term(groups, shelf.ctcae_classes(), shelf.ctcae_names()),
        *safety_listings.serious_events(state, found, cutoff),
        *safety_listings.shifts(state.study, found, shelf.lab_rules()),
        *safety_tables.exposures(groups),
        *safety_listings.proposals(state, found, cutoff),
    ]
    pictures = _drawn(state, found, cutoff, link)
    plates = laboratory_pictures(state.study, found, shelf.lab_rules())
    pictures += [_of_plate(each, link) for each in plates]
    empty = (
        safety_listings.LIMITING,
        safety_tables.HIGH_GRADE,
        safety_listings.SERIOUS,
        safety_listings.PROPOSED,
        safety_listings.SHIFT,
    )
    return results, pictures, empty, _notes_of_safety(state)


def safety_sections(state: TrialState, cutoff: date, link: str = "") -> tuple[Section, ...]:
    """Draw the pictures of a report of safety.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    cutoff : date
        Data cutoff.
    link : str
        As in `make_report`.

    Returns
    -------
    tuple of Section
        The same as in the report, without its tables.
    """
    return tuple(_drawn(state, members(state, cutoff), cutoff, link))


def _drawn(state: TrialState, found: tuple[Member, ...], cutoff: date, link: str) -> list[Section]:
    """Draw the pictures of safety, and the course of everybody with a DLT."""
    pictures = [_of_plate(each, link) for each in safety_pictures(state, found, cutoff)]
    return pictures + [_course(state, each, cutoff, link) for each in found if each.has_dlt]


def participant_section(
    state: TrialState, number: str, cutoff: date, link: str = ""
) -> Section | None:
    """Draw the course of one participant.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    number : str
        Study number.
    cutoff : date
        Data cutoff.
    link : str
        As in `make_report`.

    Returns
    -------
    Section or None
        None before the first dose.
    """
    alone = {each: here for each, here in state.participants.items() if each == number}
    found = members(changed(state, participants=alone), cutoff)
    return _course(state, found[0], cutoff, link) if found else None


def _course(state: TrialState, member: Member, cutoff: date, link: str) -> Section:
    """Give the timeline of one participant."""
    shown = participant_picture(state, member, cutoff)
    return Section(shown.heading, None, drawn(shown, link), f"{shown.heading}, day by day")


def _efficacy(state: TrialState, cutoff: date, link: str) -> Gathered:
    """Gather tables, pictures and notes of efficacy, with biomarkers against response in short."""
    treated, found = members(state, cutoff), outcomes(state, cutoff)
    groups, reviewed = efficacy_tables.by_level(state, found), reviewed_in(state, cutoff)
    between = efficacy_tables.by_arm_and_treatment(state, found)
    markers, families = response_survey(state, found)
    notes = (
        *_notes_of_efficacy(state),
        *response_notes(state.study.biomarkers, families, cutoff),
    )
    results = [
        *safety_tables.disposition(state, grouped(treated), cutoff),
        *efficacy_tables.sets_table(groups),
        *efficacy_tables.best_table(groups),
        *efficacy_tables.times_table(groups),
        *efficacy_tables.best_table(between, efficacy_tables.BEST_BETWEEN),
        *efficacy_tables.times_table(between, efficacy_tables.TIMES_BETWEEN),
        *efficacy_tables.hazard_table(found),
        *efficacy_tables.response_listing(found),
        *efficacy_tables.time_listing(found),
        *efficacy_tables.query_listing(found),
        *(reader_tables.reader_tables(reviewed) if reviewed else ()),
        *response_results(markers, families),
    ]
    pictures = [_of_plate(each, link) for each in efficacy_pictures(state, found, treated, cutoff)]
    return results, pictures, (efficacy_tables.RESPONSES, efficacy_tables.EXCLUDED), notes


def _biomarkers(state: TrialState, cutoff: date, link: str, effort: Effort) -> Gathered:
    """Gather tables, pictures and notes of biomarkers."""
    found, outcome = trial_survey(state, cutoff, effort)
    results = marker_results(found)
    pictures = [_of_plate(each, link) for each in marker_pictures(state, found, outcome)]
    return results, pictures, EMPTY, tuple(marker_notes(found, effort))


def _of_plate(plate: Plate, link: str) -> Section:
    """Give the section of a picture that is drawn once."""
    return _pictured(plate.heading, drawn(plate, link))


def _pictured(name: str, picture: str) -> Section:
    """Give the section of a picture."""
    return Section(name, None, picture, f"{name}; the tables hold the same numbers")


def _notes_of_safety(state: TrialState) -> Iterator[str]:
    """Say what a reader of safety must know first."""
    study = state.study
    rules = [study.dlt, *study.safety.modifications, *study.safety.clocks]
    if any(each.label for each in rules):
        yield f"DLT definition, dose modifications or reporting clocks: {ILLUSTRATIVE}."
    yield (
        "Adverse events that may have begun on or after the first dose. What is not recorded "
        "is never counted as no."
    )


def _notes_of_efficacy(state: TrialState) -> Iterator[str]:
    """Say what a reader of efficacy must know first."""
    study = state.study
    if study.endpoint_settings.label or study.response.label:
        yield f"Response and censoring settings: {ILLUSTRATIVE}."
    confirmed = "confirmed" if study.response.confirm else "without confirmation"
    yield (
        f"{study.response.criteria}, {confirmed}; stable disease counts as benefit from "
        f"{study.response.clinical_benefit_weeks} weeks. Interim: participants are still followed."
    )
