"""Every dose-escalation design by its name: one row a design."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.escalation.decision import Design, is_level
from trialwright.escalation.designs import three_plus_three
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Fault, Refusal, shorten


@dataclass(frozen=True, slots=True)
class Row:
    """One design of the catalogue.

    Attributes
    ----------
    name : str
        As the protocol file writes it.
    variants : tuple of str
        Names of its variants; one of them must be named.
    source : str
        The paper that published it, with its DOI.
    page : str
        Its page below `docs/`.
    build : callable (EscalationDesign, int) -> Design
        Makes the design from protocol data for a number of dose levels.
    """

    name: str
    variants: tuple[str, ...]
    source: str
    page: str
    build: Callable[[EscalationDesign, int], Design]


def _three_plus_three(data: EscalationDesign, levels: int) -> Design:
    """Make a 3+3 from protocol data."""
    return three_plus_three.ThreePlusThree(levels, data.variant, data.starting_level)


CATALOGUE: Mapping[str, Row] = MappingProxyType(
    {
        row.name: row
        for row in (
            Row(
                name="3+3",
                variants=three_plus_three.VARIANTS,
                source="Storer 1989, doi:10.2307/2531693",
                page="reference/designs/three-plus-three.md",
                build=_three_plus_three,
            ),
        )
    }
)
"""The designs by name. A new design is a file in `designs`, a row here, a page, a published
example and its samples in the conformance suite."""


def check(data: EscalationDesign, levels: int, where: str = "escalation") -> tuple[Fault, ...]:
    """Find what is wrong with a design before anybody is treated by it.

    Parameters
    ----------
    data : EscalationDesign
        The design as the protocol writes it.
    levels : int
        Number of dose levels of its ladder.
    where : str
        Path of the data in the protocol file, e.g. `arms.A.escalation`.

    Returns
    -------
    tuple of Fault
        Empty when the design is in the catalogue, its variant is named and it starts at a level of
        the ladder.
    """
    faults = []
    row = CATALOGUE.get(data.name)
    if row is None:
        known = ", ".join(CATALOGUE)
        do = "Name a design of the catalogue"
        faults.append(Fault(f"{where}.name", shorten(data.name), known, do))
    elif data.variant not in row.variants:
        allowed = ", ".join(row.variants)
        do = f"Name the variant: {row.name} alone means {len(row.variants)} designs"
        found = f"variant {shorten(repr(data.variant))}"
        faults.append(Fault(f"{where}.variant", found, allowed, do))
    if not is_level(levels, levels):
        found = f"a ladder of {shorten(levels)} dose levels"
        faults.append(Fault(where, found, "a whole number from 1", "Give the ladder dose levels"))
    elif not is_level(data.starting_level, levels):
        found = f"dose level {shorten(data.starting_level)}"
        do = "Start at a dose level of the ladder"
        faults.append(Fault(f"{where}.starting_level", found, f"1-{levels}", do))
    return tuple(faults)


def design_from(data: EscalationDesign, levels: int) -> Design:
    """Make the design that the protocol names.

    Parameters
    ----------
    data : EscalationDesign
        The design as the protocol writes it.
    levels : int
        Number of dose levels of its ladder.

    Returns
    -------
    Design
        Ready to decide.

    Raises
    ------
    Refusal
        With every fault that `check` finds.
    """
    faults = check(data, levels)
    if faults:
        raise Refusal(faults)
    return CATALOGUE[data.name].build(data, levels)
