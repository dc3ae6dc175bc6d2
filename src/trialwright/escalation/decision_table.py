"""The decision table of a design, as printed in a protocol: tally at the level, what follows."""

from dataclasses import dataclass

from trialwright.escalation.decision import Act, Design
from trialwright.escalation.exact import walk


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a design does at one tally.

    Attributes
    ----------
    evaluable, dlts : int
        Tally at the level of the last cohort.
    acts : tuple of str
        Every act the design takes at this tally somewhere in the trial, in alphabetical order;
        more than one where the levels around decide too (a top level, a closed level above).
    """

    evaluable: int
    dlts: int
    acts: tuple[Act, ...]


def decision_table(design: Design) -> tuple[TableRow, ...]:
    """Tabulate a design over every state it can reach by complete cohorts.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    tuple of TableRow
        By evaluable participants, then DLTs. A tally that the design never meets has no row.

    Raises
    ------
    Refusal
        If the design has too many states to walk.
    """
    acts: dict[tuple[int, int], set[Act]] = {}
    for state in walk(design).reached:
        here = state.seen[state.at - 1]
        acts.setdefault((here.evaluable, here.dlts), set()).add(state.decision.act)
    return tuple(
        TableRow(evaluable, dlts, tuple(sorted(taken)))
        for (evaluable, dlts), taken in sorted(acts.items())
        if evaluable
    )
