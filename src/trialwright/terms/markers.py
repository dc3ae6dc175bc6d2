"""Words about biomarkers that protocol and record share."""

from typing import Literal

TimePoint = Literal["archival", "C1D1", "on treatment", "progression"]
"""When a specimen was taken: before screening, before the first dose, on treatment, or at
progression."""

Family = Literal["tissue DNA", "cfDNA", "IHC"]
"""What a marker is read from: sequencing of tissue, of cell-free DNA, or stained tissue."""

MutationEffect = Literal[
    "missense",
    "nonsense",
    "frameshift",
    "in-frame",
    "splice",
    "start lost",
    "stop lost",
    "promoter",
    "silent",
    "other",
]
"""What a small variant does to the protein."""

CopyEffect = Literal["amplification", "gain", "loss", "deep deletion"]
"""What became of the copies of a gene."""

Effect = MutationEffect | CopyEffect | Literal["rearrangement"]
"""What an alteration does to its gene."""

COPY_EFFECTS: tuple[CopyEffect, ...] = ("amplification", "gain", "loss", "deep deletion")
"""Effects that only an assay which counts copies can see."""

PROTEIN_ALTERING: tuple[MutationEffect, ...] = (
    "missense",
    "nonsense",
    "frameshift",
    "in-frame",
    "splice",
    "start lost",
    "stop lost",
)
"""Effects of small variants that change the protein."""

Status = Literal["positive", "negative", "equivocal", "lost", "retained", "unknown"]
"""What a stain amounts to by a named rule."""
