"""Importing central readings: each baseline and assessment an act, all of them or nothing."""

from collections.abc import Collection, Sequence
from typing import cast

from trialwright.assembly.gateway import Step
from trialwright.assembly.import_plans import Given, Import, plain, planned_beside, source_of
from trialwright.casebook.tumours import TumourBaseline
from trialwright.conduct.acts import RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.central_records import NO_CENTRAL_REVIEW, Central, Reading
from trialwright.conduct.state import TrialState
from trialwright.intake.entry_tables import EntryMapping, Row
from trialwright.intake.lesion_tables import Gathered, gather
from trialwright.intake.partly_read import PartlyReadError
from trialwright.terms.errors import Fault


def plan_readings(
    state: TrialState,
    given: Given,
    digest: str,
    mapped: str,
    mapping: EntryMapping,
    rows: Sequence[Row],
    whose: Collection[str] = (),
) -> Import:
    """Say what a table of central readings would record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    given : Given
        The file.
    digest, mapped : str
        SHA-256 of the file and of the mapping.
    mapping : EntryMapping
        What its columns mean.
    rows : sequence of Row
        As they were read; of participants whom the importer may look at.
    whose : collection of str
        Participants of whom rows may be missing, as of `PartlyReadError`.

    Returns
    -------
    Import
        One act for each baseline and assessment of an evaluator. What is recorded already adds
        nothing.

    Raises
    ------
    PartlyPlannedError
        With every row that contradicts another one or names a lesion that its reader did not
        choose; and what the others would record.
    """

    def reading(participant: str, evaluator: Central) -> Reading:
        """Give what is on record of an evaluator."""
        here = state.participants.get(participant)
        return (here.central_review if here else NO_CENTRAL_REVIEW).of(evaluator)

    headings = {"participant": mapping.participant, **mapping.columns}
    faults: tuple[Fault, ...] = ()
    try:
        gathered, twice = gather(
            rows, lambda number, by: reading(number, by).baseline, given.file.name, headings, whose
        )
    except PartlyReadError as partly:
        faults = partly.faults
        gathered, twice = cast("tuple[tuple[Gathered, ...], tuple[str, ...]]", partly.read)
    headings |= {"baseline": headings["day"], "assessment": headings["day"]}
    steps: list[Step] = []
    duplicates = [*twice]
    recorded = 0
    for each in gathered:
        held = reading(each.participant, each.evaluator)
        if plain(each.what) in [plain(one) for one in (held.baseline, *held.assessments) if one]:
            duplicates += [f"line {line}: recorded before" for line in each.lines]
            continue
        source = source_of(digest, mapped, each.lines[0])
        steps.append(Step(_act(each), source, given.file.name, each.lines[0], headings))
        recorded += len(each.lines)
    planned = Import(given.file.name, digest, mapped, len(rows), tuple(steps), recorded,
                     tuple(duplicates), {})  # fmt: skip
    return planned_beside(faults, lambda: planned)


def _act(each: Gathered) -> RecordTumourBaseline | RecordTumourAssessment:
    """Give the act of what was gathered."""
    if isinstance(each.what, TumourBaseline):
        return RecordTumourBaseline(each.participant, each.what, each.evaluator)
    return RecordTumourAssessment(each.participant, each.what, each.evaluator)
