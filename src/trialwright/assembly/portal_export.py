"""A trial taken from its ledger into a study folder of cBioPortal, with the marker table as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from trialwright.assembly.files import refuse_existing, write_folder
from trialwright.assembly.marker_surveys import trial_table
from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import intact_state
from trialwright.biomarkers.records import tree_of
from trialwright.conduct.outcomes import outcomes
from trialwright.conduct.state import ParticipantState
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.outcomes import PersonOutcome
from trialwright.predictors.of_trial import roster_of
from trialwright.submission.marker_rows import MARKERS, marker_rows
from trialwright.submission.portal_study import (
    PatientAttribute,
    PortalStudy,
    TimelineEvent,
    study_folder,
)
from trialwright.terms.dates import DAYS_A_MONTH


def write_portal_study(
    ledger: Path, protocol: str, cutoff: date, cancer: str, out: Path
) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Write a trial as a study folder of cBioPortal into a new folder.

    Parameters
    ----------
    ledger : Path
        Folder of the trial's ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    cutoff : date
        Data cutoff.
    cancer : str
        Type of cancer by its OncoTree code, e.g. `brca`.
    out : Path
        A new folder.

    Returns
    -------
    tuple of (tuple of str, mapping of str to int)
        Names of the files, and how many calls the format could not hold, by reason. Everybody who
        took a dose stands in the folder, also without a sample; study numbers and days from the
        first dose, no dates.

    Raises
    ------
    Refusal
        If the folder exists, protocol or ledger cannot be taken, or a text cannot be written.
    """
    refuse_existing(out)
    study = load(protocol).study
    state = intact_state(study, ledger, cutoff)
    found, settings = outcomes(state, cutoff), state.study.biomarkers
    roster = roster_of(found)
    people = [found.people[number] for number in roster]
    records = {number: state.participants[number].biomarkers for number in roster}
    given = PortalStudy(
        id=study.identifiers.nct.casefold(),
        name=study.identifiers.nct,
        says=f"Participants who took a dose; data up to {cutoff.isoformat()}",
        cancer=cancer.casefold(),
        participants=roster,
        records=records,
        attributes=tuple(_attributes(people)),
        timeline=tuple(event for number in roster for event in _events(state.participants[number])),
    )
    folder = study_folder(given, settings)
    table, _ = trial_table(state, roster)
    files = {**folder.files, MARKERS: marker_rows(table)}
    return write_folder(out, files), folder.left_out


def _attributes(people: Sequence[PersonOutcome]) -> Iterator[PatientAttribute]:
    """Tell arm, dose level, prior treatment and what became of each participant."""
    plain: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
        "ARM": ("Arm", "As assigned", {each.participant: each.arm for each in people}),
        "BEST_RESPONSE": ("Best response", "Best overall response by RECIST 1.1",
                          {each.participant: each.best.response for each in people}),
        "OBJECTIVE_RESPONSE": ("Objective response", "CR or PR",
                               {each.participant: each.response.answer for each in people}),
        "CLINICAL_BENEFIT": ("Clinical benefit", "CR, PR, or stable disease long enough",
                             {each.participant: each.benefit.answer for each in people}),
    }  # fmt: skip
    for name, (shown, says, values) in plain.items():
        yield PatientAttribute(name, shown, says, "STRING", values)
    levels = {each.participant: str(each.dose_level) for each in people}
    yield PatientAttribute("DOSE_LEVEL", "Dose level", "1 is the lowest", "NUMBER", levels)
    for subgroup in dict.fromkeys(name for each in people for name in each.subgroups):
        values = {each.participant: each.subgroups[subgroup] for each in people}
        name = f"PRIOR_{subgroup.upper().replace('-', '_')}"
        yield PatientAttribute(name, f"Prior {subgroup}", "Before the first dose", "STRING", values)
    progressed = ("0:CENSORED", "1:PROGRESSION OR DEATH")
    yield from _survival("PFS", "Progression-free survival", progressed,
                         {each.participant: each.progression_free for each in people})  # fmt: skip
    yield from _survival("OS", "Overall survival", ("0:LIVING", "1:DECEASED"),
                         {each.participant: each.overall for each in people})  # fmt: skip


def _survival(
    name: str, says: str, words: tuple[str, str], answers: Mapping[str, TimeToEvent | None]
) -> Iterator[PatientAttribute]:
    """Tell status and months of one endpoint; nothing of those without an answer."""
    known = {number: answer for number, answer in answers.items() if answer is not None}
    status = {number: words[each.outcome == "event"] for number, each in known.items()}
    months = {number: f"{each.days / Decimal(DAYS_A_MONTH):.2f}" for number, each in known.items()}
    yield PatientAttribute(f"{name}_STATUS", f"{says} status", says, "STRING", status)
    yield PatientAttribute(f"{name}_MONTHS", f"{says}, months", says, "NUMBER", months)


def _events(here: ParticipantState) -> Iterator[TimelineEvent]:
    """Tell specimens and medicines of a participant, in days from the first dose."""
    start = here.first_dose_on
    if start is None:
        return
    tree = tree_of(here.biomarkers)
    for material in here.biomarkers.materials:
        if material.on is None or not material.on.is_complete:
            continue
        runs = [each.id for each in here.biomarkers.runs if each.material == material.id]
        for sample in runs or ("",):  # a sample of the portal is a run
            details = {"SAMPLE_ID": sample, "MATERIAL": material.id, "SPECIMEN_TYPE": material.kind,
                       "TIME_POINT": tree.time_point_of(material.id) or ""}  # fmt: skip
            day = (material.on.earliest - start).days
            yield TimelineEvent(here.number, day, None, "SPECIMEN", details)
    for agent in dict.fromkeys(dose.agent for dose in here.doses if dose.status != "held"):
        days = [dose.on for dose in here.doses if dose.agent == agent and dose.status != "held"]
        first, last = (min(days) - start).days, (max(days) - start).days
        yield TimelineEvent(here.number, first, last, "TREATMENT", {"AGENT": agent})
