"""Where trials begin, or go on: the first state of a walk and of a simulation."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from trialwright.escalation.decision import Decision, Design, LevelCount, decide
from trialwright.escalation.one_by_one import OneByOne
from trialwright.escalation.states import Ints, Moves, Ties
from trialwright.escalation.waves import Wave
from trialwright.terms.errors import Fault, Refusal, refuse

Counts = tuple[LevelCount, ...]
"""Counts by dose level, lowest level first."""


def begun(
    design: Design,
    seen: Sequence[LevelCount] | None,
    at: int | None,
    last: LevelCount | None,
) -> tuple[Counts, int, Decision]:
    """Decide from where trials go on.

    Parameters
    ----------
    design : Design
        Asked what follows the counts.
    seen : sequence of LevelCount or None
        Counts of a running trial, nobody pending; None: before the first cohort.
    at : int or None
        Dose level of its last cohort; None is the starting level.
    last : LevelCount or None
        Counts of its last cohort, for a design that looks at them.

    Returns
    -------
    start : tuple of LevelCount
        Counts by dose level.
    level : int
        Dose level of the last cohort.
    first : Decision
        What the design decides there.

    Raises
    ------
    Refusal
        If somebody is pending, or the design refuses the counts.
    """
    start = tuple(seen) if seen is not None else (LevelCount(0, 0),) * design.levels
    _refuse_pending(start)
    level = design.starting_level if at is None else at
    return start, level, decide(design, start, level, last)


def first_wave(
    design: Design,
    seen: Sequence[LevelCount] | None = None,
    at: int | None = None,
    last: LevelCount | None = None,
) -> Wave:
    """Give the state from which trials go on.

    Parameters
    ----------
    design : Design
        Asked what follows the counts.
    seen : sequence of LevelCount or None
        Counts of a running trial, nobody pending; None: before the first cohort.
    at : int or None
        Dose level of its last cohort; None is the starting level.
    last : LevelCount or None
        Counts of its last cohort, for a design that looks at them.

    Returns
    -------
    Wave
        One state, with the level and the participants of the next cohort.

    Raises
    ------
    Refusal
        If somebody is pending, or the design refuses the counts.
    """
    start, _, first = begun(design, seen, at, last)
    return one_state(start, first)


def moves_of(design: Design) -> Moves:
    """Give a design as it is asked for many states at once.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    Moves
        The design itself, or one that asks it state by state.
    """
    return cast(Moves, design) if hasattr(design, "moves") else OneByOne(design)


def ties_of(design: Design) -> Ties:
    """Give a design of whose equally good levels one may be drawn.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    Ties
        The design itself.

    Raises
    ------
    Refusal
        If its rule leaves nothing to be drawn.
    """
    if not hasattr(design, "tied"):
        found, do = f"drawn, of {design.name}", "Leave it out: no two levels are equally good"
        raise refuse("ties", found, "drawn of BOIN for two agents alone", do)
    return cast(Ties, design)


def tied_with(ties: Ties, start: Counts, at: int, first: Decision) -> Ints:
    """Give the level that is as good as the one first decided on.

    Parameters
    ----------
    ties : Ties
        Asked for it.
    start : tuple of LevelCount
        Counts by dose level.
    at : int
        Dose level of the last cohort.
    first : Decision
        What was decided.

    Returns
    -------
    ndarray of int, shape (1,)
        Dose level; 0 = none: also before the first cohort, which begins at the starting level.
    """
    if first.level is None or not any(count.treated for count in start):
        return np.zeros(1, dtype=np.int64)
    state = one_state(start, first)
    return ties.tied(state.evaluable, state.dlts, np.array([at]))


def one_state(start: Counts, first: Decision) -> Wave:
    """Give the state in which a first decision fell.

    Parameters
    ----------
    start : tuple of LevelCount
        Counts by dose level.
    first : Decision
        What was decided.

    Returns
    -------
    Wave
        That state alone.
    """
    one = np.ones(1)
    return Wave(
        np.array([[count.evaluable for count in start]], dtype=np.int16),
        np.array([[count.dlts for count in start]], dtype=np.int16),
        np.array([first.level or 0]),
        np.array([first.cohort_size if first.level else 0]),
        one,
        one,
        np.zeros(1, dtype=np.uint64),
    )


def _refuse_pending(start: Counts) -> None:
    """Refuse to walk on from counts that are not final."""
    faults = [
        Fault(
            f"dose level {level}",
            f"{count.pending} still in the DLT window",
            "nobody pending",
            "Wait, or ask once with a DLT and once without for each of them",
        )
        for level, count in enumerate(start, start=1)
        if count.pending
    ]
    if faults:
        raise Refusal(faults)
