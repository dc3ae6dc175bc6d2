"""Deciding what is recorded of biomarkers: every result rests on a material of its participant."""

from collections.abc import Iterator
from dataclasses import replace

from trialwright.biomarkers.records import tree_of, unplaced
from trialwright.biomarkers.scores import apart, share_in_question
from trialwright.biomarkers.statuses import status_of
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.happenings import Happening
from trialwright.conduct.records import write
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.terms.canonical import Json
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, Stood, refuse_others, shorten


def record_materials(
    state: TrialState, act: RecordMaterials, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record material of a participant who has consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordMaterials
        The material.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `materials_recorded`.

    Raises
    ------
    Refusal
        If there is none, a label stands in the trial already, a day lies after the entry, or the
        specimen tree of the participant would contradict itself.
    """
    here = known(state, act.participant, act.on)
    faults: list[Fault] = []
    if not act.materials:
        faults.append(Fault("materials", "none", "one or more", "Give the material"))
    for place, each in enumerate(act.materials):
        faults += _future(f"materials.{place}.on", each.on, act)
        faults += _taken_label(state, here, each, f"materials.{place}.id")
    after = replace(here.biomarkers, materials=(*here.biomarkers.materials, *act.materials))
    try:
        faults += unplaced(after, tree_of(after))
    except Refusal as refused:
        faults += refused.faults
    refuse_others(faults, standing)
    payload: dict[str, Json] = {"materials": [write(each) for each in act.materials]}
    return (Happening("materials_recorded", act.participant, act.on, payload),)


def record_sequencing(
    state: TrialState, act: RecordSequencing, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record a run of sequencing.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordSequencing
        The run with its calls.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `sequencing_recorded`, with `says`: what the protocol does not know of its panel.

    Raises
    ------
    Refusal
        If its material is not recorded of the participant, the run is recorded already, or its day
        lies after the entry or before its material.
    """
    here = known(state, act.participant, act.on)
    run = act.run
    faults = [*against_material(here, act)]
    faults += _future("run.on", run.on, act)
    for number, other in state.participants.items():
        if any(each.id == run.id for each in other.biomarkers.runs):
            whose = "of this participant" if number == here.number else "of another participant"
            found = f"{shorten(run.id)}, recorded {whose}"
            do = "Correct the id, or correct the run that is recorded"
            faults.append(Fault("run.id", found, "a run not yet recorded", do))
    refuse_others(faults, standing)
    payload: dict[str, Json] = {
        "run": write(run),
        "says": list(_of_panel(state.study.biomarkers, run.panel)),
    }
    return (Happening("sequencing_recorded", act.participant, act.on, payload),)


def record_stain(
    state: TrialState, act: RecordStain, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record a stain.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordStain
        The stain as read.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `stain_recorded`, with `says`: its status by every rule that the protocol names for it, and
        scores told that its percentages and intensity do not give.

    Raises
    ------
    Refusal
        If its material is not recorded of the participant or is no tissue, or its day lies after
        the entry or before its material.
    """
    here = known(state, act.participant, act.on)
    stain = act.stain
    faults = [*against_material(here, act)]
    faults += _future("stain.on", stain.on, act)
    refuse_others(faults, standing)
    payload: dict[str, Json] = {
        "stain": write(stain),
        "says": [*_statuses(state.study.biomarkers, stain), *_doubts(stain)],
    }
    return (Happening("stain_recorded", act.participant, act.on, payload),)


def against_material(
    here: ParticipantState, act: RecordSequencing | RecordStain
) -> Iterator[Fault]:
    """Name what contradicts the material on which a result rests.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    act : RecordSequencing or RecordStain
        The result.

    Yields
    ------
    Fault
        If the material is not recorded of the participant or was taken later; of a stain, if it is
        no tissue.
    """
    if isinstance(act, RecordSequencing):
        yield from _of_material(here, act.run.material, "run.material", act.run.on)
        return
    yield from _of_material(here, act.stain.material, "stain.material", act.stain.on)
    for each in here.biomarkers.materials:
        if each.id == act.stain.material and not each.is_tissue:
            yield Fault("stain.material", each.kind, "tissue", "Name the tissue stained")


def _future(
    where: str, on: PartialDate | None, act: RecordMaterials | RecordSequencing | RecordStain
) -> Iterator[Fault]:
    """Refuse what certainly lies after the day of its entry."""
    if on is not None and on.earliest > act.on:
        yield Fault(where, f"{on}, after the entry on {act.on.isoformat()}", "a past day",
                    "Enter it when it has happened")  # fmt: skip


def _taken_label(
    state: TrialState, here: ParticipantState, material: Material, where: str
) -> Iterator[Fault]:
    """Refuse a label that another participant's material has."""
    for number, other in state.participants.items():
        if number != here.number and any(
            each.id == material.id for each in other.biomarkers.materials
        ):
            yield Fault(where, f"the label {shorten(material.id)}, of another participant",
                        "a label of its own", "Look at the label again")  # fmt: skip


def _of_material(
    here: ParticipantState, material: str, where: str, on: PartialDate | None
) -> Iterator[Fault]:
    """Refuse a result of a material that is not recorded, or was taken after it."""
    held = next((each for each in here.biomarkers.materials if each.id == material), None)
    if held is None:
        yield Fault(where, f"{shorten(material)}, which is not recorded of {here.number}",
                    "a recorded material", "Record the material first")  # fmt: skip
    elif on and held.on and on.latest < held.on.earliest:
        yield Fault(where, f"a result of {on}, of what was taken on {held.on}",
                    f"{held.on} or later", "Correct one of the days")  # fmt: skip


def _of_panel(settings: BiomarkerSettings, panel: str) -> Iterator[str]:
    """Say that nothing is known to be absent where the protocol does not describe the panel."""
    if settings.panel(panel) is None:
        named = f"panel {panel} is not described by the protocol" if panel else "no panel is told"
        yield f"{named}: what the run does not report is not known to be absent"


def _doubts(stain: Stain) -> Iterator[str]:
    """Say which scores do not follow from the rest, and which percentage may be a share."""
    for each in apart(stain):
        yield f"to check: {stain.analyte} {each}"
    if share := share_in_question(stain):
        yield f"to check: {stain.analyte} {share}"


def _statuses(settings: BiomarkerSettings, stain: Stain) -> Iterator[str]:
    """Say what a stain amounts to by each rule for its protein, or that there is none."""
    rules = [each for each in settings.statuses if each.analyte == stain.analyte]
    for rule in rules:
        found = status_of(stain, rule)
        yield f"{found.status}: {found.because}"
    if not rules:
        known = ", ".join(dict.fromkeys(each.analyte for each in settings.statuses)) or "none"
        named = shorten(stain.analyte)
        yield f"no rule of the protocol is for {named}; there are rules for {known}"
