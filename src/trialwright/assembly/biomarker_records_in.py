"""Biomarkers among the FHIR records of one participant, as acts beside its facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from trialwright.assembly.gateway import Step
from trialwright.assembly.import_plans import Given, plain, source_of
from trialwright.biomarkers.time_points import (
    DAY_OF_COLLECTION,
    Milestones,
    ProposedTime,
    proposed_time,
)
from trialwright.casebook.variants import SequencingRun
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.material_times import milestones_of
from trialwright.conduct.state import TrialState
from trialwright.intake.biomarker_records import BiomarkerReader, BiomarkersRead
from trialwright.intake.partly_read import PartlyReadError
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.markers import TimePoint


@dataclass(frozen=True, slots=True)
class BesidePlanned:
    """What a record would add beside the facts: biomarkers, or visits and adverse events.

    Attributes
    ----------
    steps : tuple of Step
        In an order in which what rests on another comes after it.
    rows : int
        Entries that were read.
    duplicates : tuple of str
        Those that are recorded already.
    notes : tuple of str
        What became of every resource.
    has_proposed : bool
        Whether a time point is proposed for material, and not taken yet.
    """

    steps: tuple[Step, ...]
    rows: int
    duplicates: tuple[str, ...]
    notes: tuple[str, ...]
    has_proposed: bool = False


def biomarker_reader(state: TrialState, participant: str) -> BiomarkerReader:
    """Give the reader of a participant's biomarkers.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Study number.

    Returns
    -------
    BiomarkerReader
        It knows the material on record and the panels of the protocol.
    """
    here = state.participants.get(participant)
    materials = here.biomarkers.materials if here else ()
    panels = [each.id for each in state.study.biomarkers.panels]
    return BiomarkerReader({each.id: each for each in materials}, panels)


def plan_records(
    state: TrialState, given: Given, digest: str, reader: BiomarkerReader
) -> BesidePlanned:
    """Say what the biomarkers of a participant's FHIR records would record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    given : Given
        The file and the participant.
    digest : str
        SHA-256 of the file.
    reader : BiomarkerReader
        Of `biomarker_reader`; every resource of the file has passed through it.

    Returns
    -------
    BesidePlanned
        Material first, for results rest on it; then runs and stains. Nothing of a file that holds
        no biomarkers.

    Raises
    ------
    PartlyReadError
        With every fault of a resource that would count, else with every label that is no new
        material; and what the rest would record.
    Refusal
        If the records are not those of one patient.
    """
    here = state.participants.get(given.participant)
    held = here.biomarkers if here else None
    faults: list[Fault] = []
    try:
        read = reader.finish()
    except PartlyReadError as partly:
        read = cast(BiomarkersRead, partly.read)
        faults += (replace(each, file=given.file.name) for each in partly.faults)
    except Refusal as refused:
        raise Refusal(replace(each, file=given.file.name) for each in refused.faults) from None
    known = [said(each) for each in (*held.runs, *held.stains)] if held else []
    results = [_by_digest(each, digest) for each in (*read.runs, *read.stains)]
    new = [each for each in results if said(each) not in known]
    days = milestones_of(state, here, given.on) if here else Milestones()
    proposed = {each.id: proposed_time(each, days) for each in read.materials if not each.made_of}
    faults += () if faults else _not_new(given, proposed)  # it may be one that cannot be read
    times = _times(given, proposed)
    materials = tuple(
        _by_digest(replace(each, time_point=times.get(each.id, each.time_point)), digest)
        for each in read.materials
    )
    source, name = source_of(digest, "", 0), given.file.name
    acts: list[Any] = []
    if materials:
        acts.append(RecordMaterials(given.participant, given.on, materials))
    for each in new:
        act = RecordSequencing if isinstance(each, SequencingRun) else RecordStain
        acts.append(act(given.participant, given.on, each))
    planned = BesidePlanned(
        tuple(Step(act, source, name, 0) for act in acts),
        len(materials) + len(results),
        tuple(f"{_named(each)}: recorded before" for each in results if each not in new),
        (*_notes(read), *_of_times(given, proposed)),
        any(each.time_point and label not in times for label, each in proposed.items()),
    )
    if faults:
        raise PartlyReadError(faults, planned)
    return planned


def _not_new(given: Given, proposed: Mapping[str, ProposedTime]) -> list[Fault]:
    """Name a time point of what is no new material of its own."""
    return [
        Fault(f"--time-point {shorten(label)}", "no new material of this label",
              ", ".join(proposed) or "none: the file has no new material",
              "Correct the label; material on record is corrected there", given.file.name)
        for label in given.times
        if label not in proposed
    ]  # fmt: skip


def _times(given: Given, proposed: Mapping[str, ProposedTime]) -> Mapping[str, TimePoint]:
    """Give the time points that a person said or confirmed."""
    taken = {
        label: each.time_point
        for label, each in proposed.items()
        if given.takes_proposed and each.time_point is not None
    }
    return {**taken, **given.times}


def _of_times(given: Given, proposed: Mapping[str, ProposedTime]) -> Iterator[str]:
    """Say of each new material which time point it has, or could have, and why."""
    rule = f"by the rule `{DAY_OF_COLLECTION}`"
    for label, each in proposed.items():
        said = given.times.get(label)
        if said is not None:
            yield f"material {label}: {said}, as said; {each.because}"
        elif each.time_point is None:
            yield (
                f"material {label}: no time point, for none follows {rule}: {each.because}. It is "
                "in no marker until it has one"
            )
        elif given.takes_proposed:
            yield f"material {label}: {each.time_point} {rule}, confirmed: {each.because}"
        else:
            yield (
                f"material {label}: {each.time_point} is proposed {rule}: {each.because}. Until a "
                "time point is confirmed it is in no marker"
            )


def said(what: Any) -> Any:
    """Give what a record says, without where it stands.

    Parameters
    ----------
    what : Material, Stain or SequencingRun
        Any of them.

    Returns
    -------
    Any
        Equal for two that say the same.
    """
    if isinstance(what, SequencingRun):
        what = replace(what, calls=tuple(plain(each) for each in what.calls))
    return plain(what)


def _by_digest(what: Any, digest: str) -> Any:
    """Let the source name the file by its digest."""
    if isinstance(what, SequencingRun):
        what = replace(what, calls=tuple(_by_digest(each, digest) for each in what.calls))
    return replace(what, source=replace(what.source, place=f"{digest} {what.source.place}"))


def _named(what: Any) -> str:
    """Name a run or a stain."""
    return what.id if isinstance(what, SequencingRun) else f"{what.analyte} of {what.material}"


def _notes(read: BiomarkersRead) -> Iterator[str]:
    """Say what became of the resources."""
    if not read.resources:
        return
    aside = sum(read.ignored.values())
    yield (
        f"biomarkers: {read.resources} resources = {read.used} used + {aside} left aside; "
        f"{len(read.materials)} new pieces of material, {len(read.runs)} runs, "
        f"{len(read.stains)} stains"
    )
    yield from (f"left aside: {count} x {why}" for why, count in read.ignored.items())
    for run in read.silent:
        yield f"run {run}: not every result of it is read, so nothing is known to be absent"
