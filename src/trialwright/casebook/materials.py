"""Biomarker material of one participant: what was taken, and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.markers import TimePoint
from trialwright.terms.sources import Source

MaterialKind = Literal["block", "slides", "biopsy", "DNA", "tube", "plasma", "cfDNA"]
"""What a piece of material is."""

MADE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "block": ("biopsy",),
        "slides": ("block", "biopsy"),
        "DNA": ("slides", "block", "biopsy"),
        "plasma": ("tube",),
        "cfDNA": ("plasma", "tube"),
    }
)
"""Kind to the kinds it may be made of; those that are missing here are taken, not made."""

TISSUE = ("block", "slides", "biopsy", "DNA")
"""Kinds that come of solid tumour."""


@dataclass(frozen=True, slots=True)
class Material:
    """A piece of material: taken from the participant, or made of another one.

    Attributes
    ----------
    id : str
        As its label says; unique in the trial. Holds nothing that names a person.
    kind : {'block', 'slides', 'biopsy', 'DNA', 'tube', 'plasma', 'cfDNA'}
        What it is.
    made_of : str
        Id of the material it was made of; empty for what was taken, or when that is not recorded.
    time_point : {'archival', 'C1D1', 'on treatment', 'progression'} or None
        When it was taken; None: as the material it was made of.
    on : PartialDate or None
        Day on which it was taken or made; None when not recorded.
    quality : {'adequate', 'inadequate', 'not assessed'}
        What the laboratory says of it.
    source : Source
        Where it stands.
    """

    id: str
    kind: MaterialKind
    made_of: str
    time_point: TimePoint | None
    on: PartialDate | None
    quality: Literal["adequate", "inadequate", "not assessed"]
    source: Source

    @property
    def is_tissue(self) -> bool:
        """Whether it comes of solid tumour."""
        return self.kind in TISSUE
