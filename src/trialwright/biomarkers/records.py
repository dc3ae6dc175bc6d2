"""What was recorded of one participant's biomarkers, and the specimen tree in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.casebook.materials import MADE_OF, Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.markers import TimePoint


@dataclass(frozen=True, slots=True)
class BiomarkerRecord:
    """Materials and results of one participant.

    Attributes
    ----------
    participant : str
        Study number.
    materials : tuple of Material
        In the order in which they were recorded.
    runs : tuple of SequencingRun
        Sequencing.
    stains : tuple of Stain
        Immunohistochemistry and in-situ hybridisation.
    """

    participant: str
    materials: tuple[Material, ...] = ()
    runs: tuple[SequencingRun, ...] = ()
    stains: tuple[Stain, ...] = ()


NO_BIOMARKERS = BiomarkerRecord("")
"""Of somebody of whom nothing is recorded."""


@dataclass(frozen=True, slots=True)
class SpecimenTree:
    """Materials by id, each with what it was made of.

    Attributes
    ----------
    materials : mapping of str to Material
        By id.
    """

    materials: Mapping[str, Material]

    def line_of(self, material: str) -> tuple[Material, ...]:
        """Give a material and what it was made of, step by step.

        Parameters
        ----------
        material : str
            Its id.

        Returns
        -------
        tuple of Material
            From the material itself to the one that was taken; empty when it is not recorded.
        """
        found = []
        here = self.materials.get(material)
        while here is not None:
            found.append(here)
            here = self.materials.get(here.made_of)
        return tuple(found)

    def time_point_of(self, material: str) -> TimePoint | None:
        """Give when a material was taken.

        Parameters
        ----------
        material : str
            Its id.

        Returns
        -------
        str or None
            Its own time point, else that of what it was made of; None when none is recorded.
        """
        return next((each.time_point for each in self.line_of(material) if each.time_point), None)

    def branches(self) -> Iterator[tuple[Material, int]]:
        """Walk from what was taken to what was made of it.

        Yields
        ------
        tuple of Material and int
            A material, and how many steps it lies from what was taken, or from what was made of
            something that is not recorded.
        """
        for each in self.materials.values():
            if each.made_of not in self.materials:
                yield from self._below(each, 0)

    def _below(self, material: Material, depth: int) -> Iterator[tuple[Material, int]]:
        """Give a material and everything made of it."""
        yield material, depth
        for each in self.materials.values():
            if each.made_of == material.id:
                yield from self._below(each, depth + 1)

    def is_tissue(self, material: str) -> bool | None:
        """Say whether a material comes of solid tumour.

        Parameters
        ----------
        material : str
            Its id.

        Returns
        -------
        bool or None
            None when it is not recorded.
        """
        found = self.materials.get(material)
        return None if found is None else found.is_tissue

    def inadequate(self, material: str) -> Material | None:
        """Give what makes a material unfit.

        Parameters
        ----------
        material : str
            Its id.

        Returns
        -------
        Material or None
            The material itself, or one it was made of, that the laboratory called inadequate.
        """
        return next((each for each in self.line_of(material) if each.quality == "inadequate"), None)


def tree_of(record: BiomarkerRecord) -> SpecimenTree:
    """Put the materials of a participant into a tree.

    Parameters
    ----------
    record : BiomarkerRecord
        What was recorded.

    Returns
    -------
    SpecimenTree
        In which every material has its parent, or was taken.

    Raises
    ------
    Refusal
        With every label given twice, every parent that is not recorded or of the wrong kind, every
        material that is older than its parent or of another time point, and every circle.
    """
    materials = {each.id: each for each in record.materials}
    tree = SpecimenTree(MappingProxyType(materials))
    faults = list(_repeated(record))
    for each in record.materials:
        faults += _of(each, materials)
    if faults:
        raise Refusal(faults)
    return tree


def unplaced(record: BiomarkerRecord, tree: SpecimenTree) -> tuple[Fault, ...]:
    """Find results of materials that are not recorded.

    Parameters
    ----------
    record : BiomarkerRecord
        What was recorded.
    tree : SpecimenTree
        Its materials.

    Returns
    -------
    tuple of Fault
        One for each such result.
    """
    named = [(f"runs.{each.id}", each.material) for each in record.runs]
    named += [(f"stains.{each.analyte}", each.material) for each in record.stains]
    do = "Record it, or correct the label"
    return tuple(
        Fault(where, f"the material {shorten(each)}, which is not recorded", "a recorded one", do)
        for where, each in named
        if each not in tree.materials
    )


def _repeated(record: BiomarkerRecord) -> Iterator[Fault]:
    """Find labels given twice."""
    labels = [each.id for each in record.materials]
    for place, label in enumerate(labels):
        if label in labels[:place]:
            yield Fault(f"{shorten(label)}.id", f"the label {shorten(label)} a second time",
                        "each label once", "Correct one of the labels")  # fmt: skip


def _of(material: Material, materials: Mapping[str, Material]) -> Iterator[Fault]:
    """Find what is wrong between a material and what it was made of."""
    if not material.made_of:
        return
    where = f"{shorten(material.id)}.made_of"
    parent = materials.get(material.made_of)
    if parent is None:
        yield Fault(where, f"{shorten(material.made_of)}, which is not recorded",
                    "a recorded material", "Record it, or correct the label")  # fmt: skip
        return
    kinds = MADE_OF.get(material.kind, ())
    if parent.kind not in kinds:
        yield Fault(where, f"{material.kind} made of {parent.kind}",
                    f"{material.kind} made of {' or '.join(kinds) or 'nothing: it is taken'}",
                    "Correct the kind, or what it was made of")  # fmt: skip
    if material.on and parent.on and material.on.latest < parent.on.earliest:
        yield Fault(where, f"made on {material.on}, of what was taken on {parent.on}",
                    f"{parent.on} or later", "Correct one of the days")  # fmt: skip
    if material.time_point and parent.time_point and material.time_point != parent.time_point:
        yield Fault(where, f"{material.time_point}, made of {parent.time_point}",
                    "one time point for both", "Correct one of them")  # fmt: skip
    if _is_circle(material, materials):
        yield Fault(where, "a circle", "a line that ends at what was taken",
                    "Correct what it was made of")  # fmt: skip


def _is_circle(material: Material, materials: Mapping[str, Material]) -> bool:
    """Say whether a material is made of itself, in any number of steps."""
    seen, here = {material.id}, materials.get(material.made_of)
    while here is not None:
        if here.id in seen:
            return True
        seen.add(here.id)
        here = materials.get(here.made_of)
    return False
