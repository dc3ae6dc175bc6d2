"""The dose ladder checked before anybody climbs it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from trialwright.protocol.arms import DoseLadder
from trialwright.protocol.escalation_design import BoinCombinationsDesign, EscalationDesign
from trialwright.terms.errors import Fault


def check(
    ladder: DoseLadder, where: str = "ladder", columns: int | None = None
) -> tuple[Fault, ...]:
    """Find dose levels that do not climb.

    Parameters
    ----------
    ladder : DoseLadder
        Lowest dose level first.
    where : str
        Path of the ladder in the protocol file, e.g. `arms.0.ladder`.
    columns : int or None
        Doses of the second agent, where the levels are a grid of both, row by row.

    Returns
    -------
    tuple of Fault
        Empty when each dose is above the one before; with two agents, when each level raises one
        of them and lowers none; on a grid, when each row has one dose of the first agent, each
        column one of the second, and both rise.
    """
    second = () if ladder.second is None else ladder.second.doses
    if ladder.second is not None and len(second) != len(ladder.doses):
        found = f"{len(second)} doses of {ladder.second.agent} for {len(ladder.doses)} dose levels"
        do = "Name both doses of every dose level"
        return (Fault(f"{where}.second.doses", found, f"{len(ladder.doses)} doses", do),)
    if columns is not None:
        return tuple(_no_grid(ladder, columns, where))
    if second:
        return tuple(_not_climbing(ladder.doses, second, where))
    return tuple(_not_rising(ladder, where))


def columns_of(design: EscalationDesign) -> int | None:
    """Give the doses of the second agent of a design on a grid.

    Parameters
    ----------
    design : EscalationDesign
        As the protocol writes it.

    Returns
    -------
    int or None
        None for a design on a ladder.
    """
    return design.columns if isinstance(design, BoinCombinationsDesign) else None


def _not_rising(ladder: DoseLadder, where: str) -> Iterator[Fault]:
    """Name each dose level whose dose is not above that of the level below."""
    for level, (below, dose) in enumerate(pairwise(ladder.doses), start=2):
        if dose <= below:
            yield Fault(
                f"{where}.doses.{level - 1}",
                f"dose level {level} at {dose:f}, dose level {level - 1} at {below:f}",
                f"a dose above {below:f}",
                "List the doses from the lowest to the highest, each once",
            )


def _not_climbing(
    first: Sequence[Decimal], second: Sequence[Decimal], where: str
) -> Iterator[Fault]:
    """Name each level of two agents that lowers one of them, or raises none."""
    pairs = list(zip(first, second, strict=True))
    for level, (below, here) in enumerate(pairwise(pairs), start=2):
        if here == below or here[0] < below[0] or here[1] < below[1]:
            yield Fault(
                f"{where}.doses.{level - 1}",
                f"dose level {level} at {_pair(here)}, dose level {level - 1} at {_pair(below)}",
                "one agent higher, and none lower, than at the level below",
                "Order the levels, or take BOIN-combinations, whose levels are a grid",
            )


def _no_grid(ladder: DoseLadder, columns: int, where: str) -> Iterator[Fault]:
    """Name each level that is not where a grid of two agents has it."""
    if ladder.second is None:
        do = "Name the second agent with its dose at each level"
        yield Fault(f"{where}.second", "none", "a second agent: the levels are combinations", do)
        return
    do = "List the combinations row by row: each dose of the first agent with all of the second"
    for place, dose in enumerate(ladder.doses):
        row, column = divmod(place, columns)
        start = row * columns
        allowed = ladder.doses[start]
        if dose != allowed:
            found = f"dose level {place + 1} at {dose:f}, its row at {allowed:f}"
            yield Fault(f"{where}.doses.{place}", found, f"{allowed:f}", do)
        elif column == 0 and row and dose <= ladder.doses[start - columns]:
            found = f"dose level {place + 1} at {dose:f}, the row below at "
            found += f"{ladder.doses[start - columns]:f}"
            above = f"a dose above {ladder.doses[start - columns]:f}"
            yield Fault(f"{where}.doses.{place}", found, above, do)
        yield from _column_faults(ladder.second.doses, place, columns, where, do)


def _column_faults(
    doses: Sequence[Decimal], place: int, columns: int, where: str, do: str
) -> Iterator[Fault]:
    """Name a dose of the second agent that is not that of its column, or does not rise."""
    dose, column = doses[place], place % columns
    spot = f"{where}.second.doses.{place}"
    if dose != doses[column]:
        found = f"dose level {place + 1} at {dose:f}, its column at {doses[column]:f}"
        yield Fault(spot, found, f"{doses[column]:f}", do)
    elif 0 < place < columns and dose <= doses[place - 1]:
        found = f"dose level {place + 1} at {dose:f}, the column before at {doses[place - 1]:f}"
        yield Fault(spot, found, f"a dose above {doses[place - 1]:f}", do)


def _pair(doses: tuple[Decimal, Decimal]) -> str:
    """Say the doses of both agents."""
    return f"{doses[0]:f} + {doses[1]:f}"
