"""Acts about biomarkers: material taken or made, runs of sequencing, stains. Data only."""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun


@dataclass(frozen=True, slots=True)
class RecordMaterials:
    """Record material that was taken, or made of another one.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    materials : tuple of Material
        One or more.
    """

    participant: str
    on: date
    materials: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class RecordSequencing:
    """Record a run of sequencing with everything it called; without calls it found nothing.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    run : SequencingRun
        Of a material that is recorded.
    """

    participant: str
    on: date
    run: SequencingRun


@dataclass(frozen=True, slots=True)
class RecordStain:
    """Record a stain as it was read.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    stain : Stain
        Of a material that is recorded.
    """

    participant: str
    on: date
    stain: Stain


BiomarkerAct = RecordMaterials | RecordSequencing | RecordStain
"""Acts about the biomarkers of one participant."""
