"""Folding what is recorded of biomarkers into its participant."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import ParticipantState, changed


def _materials_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add material of which nothing was redacted."""
    held = here.biomarkers
    found = seen.facts(Material, "materials")
    biomarkers = replace(held, participant=here.number, materials=(*held.materials, *found))
    return changed(here, biomarkers=biomarkers)


def _sequencing_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a run; of one in which a call was redacted nothing is kept: its silence would lie."""
    run = seen.fact(SequencingRun, "run")
    if run is None:
        return here
    held = here.biomarkers
    biomarkers = replace(held, participant=here.number, runs=(*held.runs, run))
    return changed(here, biomarkers=biomarkers)


def _stain_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a stain."""
    stain = seen.fact(Stain, "stain")
    if stain is None:
        return here
    held = here.biomarkers
    biomarkers = replace(held, participant=here.number, stains=(*held.stains, stain))
    return changed(here, biomarkers=biomarkers)


BIOMARKER_STEPS: Mapping[str, Callable[[ParticipantState, Legible], ParticipantState]] = {
    "materials_recorded": _materials_recorded,
    "sequencing_recorded": _sequencing_recorded,
    "stain_recorded": _stain_recorded,
}
"""Act of a happening to the function that adds it to its participant."""
