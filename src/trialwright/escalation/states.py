"""The forward pass over states: every way a trial can go, orders of events merged.

A state is the counts by dose level and the level of the next cohort. Its weight, the sum over all
paths of the products of binomial coefficients, knows nothing of the true DLT rates. Rules that look
at the last cohort are applied where one state leads to the next, so they need no state of their
own.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from trialwright.escalation.waves import (
    Counts,
    Floats,
    Ints,
    Keys,
    Wave,
    distinct,
    joined,
    keyed,
    merged,
    multipliers,
    shared,
)
from trialwright.terms.errors import Fault, Refusal, refuse

__all__ = [
    "Asked", "Counts", "Floats", "Forward", "Ints", "Moves", "Pass", "Ties", "Wave", "distinct",
]  # fmt: skip


class TooManyStates(Refusal):
    """A walk that has, or will have, more states than it may reach."""


class Moves(Protocol):
    """What the forward pass asks a design, for many states at once."""

    def moves(self, evaluable: Counts, dlts: Counts, at: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Decide what follows the last cohorts.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level, the last cohort included.
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.
        last : ndarray of int, shape (states, 2)
            Participants and DLTs of the last cohort.

        Returns
        -------
        level : ndarray of int, shape (states,)
            Dose level of the next cohort; 0 where the escalation stops.
        size : ndarray of int, shape (states,)
            Participants of the next cohort.
        """

    def mtds(self, evaluable: Counts, dlts: Counts) -> Ints:
        """Estimate the MTD of finished escalations.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 where no level is estimated to be tolerable.
        """


class Ties(Protocol):
    """What is asked a design of whose equally good levels one may be drawn."""

    def tied(self, evaluable: Counts, dlts: Counts, at: Ints) -> Ints:
        """Give the level that is as good as the one the design takes, where there is one.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level, the last cohort included.
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 = none.
        """


@dataclass(frozen=True)
class Asked:
    """States in which the design was asked, each once.

    Attributes
    ----------
    evaluable, dlts : ndarray of int, shape (states, levels)
        Counts by dose level.
    at : ndarray of int, shape (states,)
        Dose level of the last cohort.
    last : ndarray of int, shape (states, 2)
        Participants and DLTs of the last cohort.
    level : ndarray of int, shape (states,)
        What the design answered: dose level of the next cohort, 0 = stop.
    """

    evaluable: Counts
    dlts: Counts
    at: Ints
    last: Ints
    level: Ints


@dataclass(frozen=True)
class Pass:
    """What a forward pass found.

    Attributes
    ----------
    ended : Wave
        Every way the escalation can end, each once.
    states : int
        States reached, the first and the endings included.
    """

    ended: Wave
    states: int


PILOT = 20_000
"""States of a wave from which the size of the whole pass is foretold."""


@dataclass
class Forward:
    """A forward pass with its limits.

    Attributes
    ----------
    design : Moves
        Asked for decisions.
    name : str
        Of the design, for refusals.
    most_states : int
        States after which the pass is given up, before they are expanded.
    most_participants : int or None
        Participants at which the design stops, where it says so.
    listen : callable (Asked) -> None, or None
        Told the states in which the design was asked.
    ties : Ties or None
        Where two levels are equally good, trials go half to each; None: to that which the design
        takes.
    """

    design: Moves
    name: str
    most_states: int
    most_participants: int | None = None
    listen: Callable[[Asked], None] | None = None
    ties: Ties | None = None
    _multipliers: tuple[Keys, Keys] = field(init=False)

    def run(self, first: Wave) -> Pass:
        """Follow the design from some states to every ending.

        Parameters
        ----------
        first : Wave
            States before a cohort; its keys are given anew.

        Returns
        -------
        Pass
            Endings and number of states.

        Raises
        ------
        Refusal
            If there are, or will be, too many states, or the design neither stops nor enrols.
        """
        self._multipliers = multipliers(first.evaluable.shape[1])
        wave = keyed(first)
        ended, states, before = [wave.only(wave.level == 0)], len(wave), 0
        wave = wave.only(wave.level > 0)
        while len(wave):
            self._check(wave, states, before)
            before = len(wave)
            following = merged(self._step(wave))
            states += len(following)
            if states > self.most_states:
                raise self._too_many()
            ended.append(following.only(following.level == 0))
            wave = following.only(following.level > 0)
        return Pass(merged(joined(ended)), states)

    def _check(self, wave: Wave, states: int, before: int) -> None:
        """Refuse a pass that is, or will be, too large, before it takes the memory."""
        if (wave.size < 1).any():
            level = int(wave.level[np.argmin(wave.size)])
            raise refuse(
                f"dose level {level}",
                "the design neither stops nor enrols",
                "a cohort of at least one participant",
                "Correct the design",
            )
        if states + foretold(wave, before, self.most_participants) > self.most_states:
            raise self._too_many()

    def _too_many(self) -> Refusal:
        """Say that the states are too many."""
        found, allowed = "more states than the walk may reach", f"at most {self.most_states} states"
        return TooManyStates([Fault(self.name, found, allowed, "Simulate instead")])

    def _step(self, wave: Wave) -> Wave:
        """Treat the next cohorts and ask what follows each of their results."""
        results = list(self._results(wave))
        after = joined([each for each, _ in results])
        last = np.concatenate([each for _, each in results])
        at = after.level
        level, size = self.design.moves(after.evaluable, after.dlts, at, last)
        if self.listen is not None:
            self.listen(Asked(after.evaluable, after.dlts, at, last, level))
        decided = Wave(
            after.evaluable, after.dlts, level, size, after.weight, after.paths, after.key
        )
        if self.ties is None:
            return decided
        other = self.ties.tied(after.evaluable, after.dlts, at)
        return shared(decided, np.where(level > 0, other, 0))

    def _results(self, wave: Wave) -> Iterator[tuple[Wave, Ints]]:
        """Give the states after each result of the next cohort, with that cohort."""
        of_participant, of_dlt = self._multipliers
        for size in np.unique(wave.size):
            here = wave.only(wave.size == size)
            rows, places = np.arange(len(here)), here.level - 1
            evaluable = here.evaluable.copy()
            evaluable[rows, places] += np.int16(size)
            key = here.key + np.uint64(size) * of_participant[places]
            for dlts in range(int(size) + 1):
                seen = here.dlts.copy()
                seen[rows, places] += np.int16(dlts)
                yield (
                    Wave(
                        evaluable,
                        seen,
                        here.level,
                        here.size,
                        here.weight * math.comb(int(size), dlts),
                        here.paths,
                        key + np.uint64(dlts) * of_dlt[places],
                    ),
                    np.tile(np.array([[int(size), dlts]], dtype=np.int64), (len(here), 1)),
                )


def foretold(wave: Wave, before: int, most_participants: int | None) -> int:
    """Foretell how many states follow from a wave, before any of them is made.

    Parameters
    ----------
    wave : Wave
        States before their next cohorts.
    before : int
        Number of states of the wave before.
    most_participants : int or None
        Participants at which the design stops; None: not known.

    Returns
    -------
    int
        Small waves: only what follows next at least. Large ones: as if from each state the waves
        that are left to it grew by the factor of the last. Factors fall, so with cohorts of one
        size it is rather too much than too little; where single participants climb first it was
        0.7 to 1.2 times the truth, and the pass stops at the limit in any case.
    """
    if len(wave) < PILOT or not before or most_participants is None:
        return len(wave) if len(wave) >= PILOT else 0
    left = most_participants - wave.evaluable.sum(axis=1, dtype=np.int64)
    waves, states = np.unique(-(-left // wave.size), return_counts=True)
    factor = len(wave) / before
    grown = np.cumsum(factor ** np.arange(int(waves.max()) + 1)) - 1
    return math.ceil(float((states * grown[waves]).sum()))
