"""Adverse events and visits among the FHIR records of one participant, as acts beside its facts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from trialwright.assembly.biomarker_records_in import BesidePlanned
from trialwright.assembly.gateway import Step
from trialwright.assembly.import_plans import Given, plain, source_of
from trialwright.casebook.course import Visit
from trialwright.conduct.acts import RecordAdverseEvent
from trialwright.conduct.clinical_acts import RecordVisit
from trialwright.conduct.state import TrialState
from trialwright.intake.clinical_records import ClinicalRead, ClinicalReader
from trialwright.intake.partly_read import PartlyReadError
from trialwright.terms.errors import Fault, Refusal


def plan_clinical(
    state: TrialState, given: Given, digest: str, reader: ClinicalReader
) -> BesidePlanned:
    """Say what the adverse events and visits of a participant's FHIR records would record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    given : Given
        The file and the participant.
    digest : str
        SHA-256 of the file.
    reader : ClinicalReader
        Through which every resource of the file has passed.

    Returns
    -------
    BesidePlanned
        Visits first, then events, each in the order of the file; nothing of a file without any.

    Raises
    ------
    PartlyReadError
        With every fault of a resource that would count, and what the others would record.
    Refusal
        If the records are not those of one patient.
    """
    here = state.participants.get(given.participant)
    held: list[Any] = (
        [*here.adverse_events, *(each.visit for each in here.course.visits)] if here else []
    )
    faults: list[Fault] = []
    try:
        read = reader.finish()
    except PartlyReadError as partly:
        read = cast(ClinicalRead, partly.read)
        faults += (replace(each, file=given.file.name) for each in partly.faults)
    except Refusal as refused:
        raise Refusal(replace(each, file=given.file.name) for each in refused.faults) from None
    known = [plain(each) for each in held]
    source, name = source_of(digest, "", 0), given.file.name
    steps: list[Step] = []
    duplicates: list[str] = []
    entries: list[Any] = [*read.visits, *read.events]
    for each in entries:
        if plain(each) in known:
            duplicates.append(f"{each.source.place}: recorded before")
            continue
        known.append(plain(each))
        entry = replace(each, source=replace(each.source, place=f"{digest} {each.source.place}"))
        kind = RecordVisit if isinstance(entry, Visit) else RecordAdverseEvent
        steps.append(Step(kind(given.participant, given.on, entry), source, name, 0))
    planned = BesidePlanned(tuple(steps), read.used, tuple(duplicates), tuple(_notes(read)))
    if faults:
        raise PartlyReadError(faults, planned)
    return planned


def _notes(read: ClinicalRead) -> Iterator[str]:
    """Say what became of the resources."""
    if not read.resources:
        return
    yield (
        f"course: {read.resources} resources = {read.used} used + {sum(read.ignored.values())} "
        f"left aside; {len(read.visits)} visits, {len(read.events)} adverse events"
    )
    yield from (f"left aside: {count} x {why}" for why, count in read.ignored.items())
    if read.events:
        yield "adverse events: to what they are attributed is not read; a person adds it"
    ungraded = sum(each.grade is None for each in read.events)
    if ungraded:
        yield f"adverse events without a grade: {ungraded}"
