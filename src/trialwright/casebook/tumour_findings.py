"""Tumour lesions before anybody has chosen targets: how each was imaged and what it is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.casebook.tumours import require_lengths
from trialwright.terms.errors import refuse, shorten

Technique = Literal["CT", "MRI", "CONVENTIONAL CT", "CHEST X-RAY", "CALIPER", "ULTRASOUND", "OTHER"]
"""How a lesion was measured; CT is spiral CT."""

Nature = Literal["SOLID", "CYSTIC METASTASIS", "LYTIC BONE", "MIXED BONE", "BLASTIC BONE",
                 "SIMPLE CYST", "EFFUSION", "LEPTOMENINGEAL", "LYMPHANGITIC",
                 "DIFFUSE"]  # fmt: skip
"""What a lesion is; DIFFUSE stands for disease without edges, e.g. inflammatory breast disease."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A lesion seen before treatment.

    Attributes
    ----------
    label : str
        Name of the lesion in this participant.
    site : str
        Organ, e.g. `LIVER`.
    mm : Decimal, mm
        Longest diameter; short axis for a node; of the soft tissue part for a bone lesion.
    technique : str
        A word of `Technique`.
    slice_mm : Decimal or None, mm
        Slice thickness of CT or MRI; None when not recorded.
    is_node : bool
        Whether it is a lymph node.
    nature : str
        A word of `Nature`.
    has_soft_tissue : bool
        For bone: whether it has a soft tissue part that can be measured.
    was_treated_locally : bool
        Whether it lies in a field that was irradiated or treated locally before.
    has_progressed_since : bool
        Whether it grew after that treatment.

    Raises
    ------
    Refusal
        If a length is none that a lesion or a slice can have.
    """

    label: str
    site: str
    mm: Decimal
    technique: Technique = "CT"
    slice_mm: Decimal | None = None
    is_node: bool = False
    nature: Nature = "SOLID"
    has_soft_tissue: bool = False
    was_treated_locally: bool = False
    has_progressed_since: bool = False

    def __post_init__(self) -> None:
        """Refuse lengths that cannot be ones."""
        require_lengths((self.mm,), f"{self.label}.mm")
        if self.slice_mm is not None:
            require_lengths((self.slice_mm,), f"{self.label}.slice_mm")
            if not self.slice_mm:
                raise refuse(f"{self.label}.slice_mm", shorten(self.slice_mm),
                             "above 0 mm, or none when it is not recorded",
                             "Correct the thickness")  # fmt: skip
