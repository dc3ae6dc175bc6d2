"""The dose ladder checked before anybody climbs it."""

from collections.abc import Iterator
from itertools import pairwise

from trialwright.protocol.arms import DoseLadder
from trialwright.terms.errors import Fault


def check(ladder: DoseLadder, where: str = "ladder") -> tuple[Fault, ...]:
    """Find dose levels that are not above the one before.

    Parameters
    ----------
    ladder : DoseLadder
        Lowest dose level first.
    where : str
        Path of the ladder in the protocol file, e.g. `arms.0.ladder`.

    Returns
    -------
    tuple of Fault
        Empty when each dose is above the one before.
    """
    return tuple(_not_rising(ladder, where))


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
