"""Simulated trials, many at once: for what has too many states to be followed exactly.

Trials that stand in the same state are simulated together: a multinomial draw says how many of them
see 0, 1, 2 ... DLTs in the next cohort. So the design is asked once for each state and not once for
each trial, and the numbers of trials are distributed exactly as if each had been run by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import binom

from trialwright.escalation.beginning import begun, moves_of, one_state, tied_with, ties_of
from trialwright.escalation.behaviour import Endings
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.decision import Design, LevelCount
from trialwright.escalation.next_cohorts import treated
from trialwright.escalation.states import Moves, Ties
from trialwright.escalation.waves import Floats, Ints, Wave, joined, keyed, merged
from trialwright.terms.errors import refuse, shorten

BATCH = 1_000_000
"""Trials simulated at once; they can stand in no more states than that."""

MOST_TRIALS = 100_000_000
"""More are refused; the standard error of a probability is then 0.00005 at most."""

Note = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def simulate(
    design: Design,
    true_rates: Sequence[Rate],
    trials: int,
    random: np.random.Generator,
    seen: Sequence[LevelCount] | None = None,
    at: int | None = None,
    last: LevelCount | None = None,
    note: Note | None = None,
    *,
    draws_ties: bool = False,
) -> Endings:
    """Simulate trials in one scenario up to their MTDs.

    Parameters
    ----------
    design : Design
        Any design whose decisions depend on the counts and the last cohort alone.
    true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
        True DLT rate of each dose level.
    trials : int
        How many.
    random : numpy.random.Generator
        Handed in, so that the same seed gives the same trials.
    seen : sequence of LevelCount or None
        Counts of a running trial, nobody pending; None starts before the first cohort.
    at : int or None
        Dose level of its last cohort; None is the starting level.
    last : LevelCount or None
        Counts of its last cohort, for a design that looks at them.
    note : callable (int, int) -> None, or None
        Told how many trials are done, of how many.
    draws_ties : bool
        Where two levels are equally good, draw one for each trial.

    Returns
    -------
    Endings
        Each way a trial ended, with the share of the trials that ended so.

    Raises
    ------
    Refusal
        If `trials` is no number from 1, somebody is pending, a rate is no probability, the design
        refuses the counts, or ties are to be drawn of a design that has none.
    """
    if isinstance(trials, bool) or not isinstance(trials, int) or not 1 <= trials <= MOST_TRIALS:
        raise refuse("trials", shorten(trials), f"1-{MOST_TRIALS}", "Say how many trials")
    rates = np.array(checked(true_rates, design.levels))
    asked, ties = moves_of(design), ties_of(design) if draws_ties else None
    start, level, decided = begun(design, seen, at, last)
    first = keyed(one_state(start, decided))
    other = tied_with(ties, start, level, decided) if ties else None
    ended: list[Wave] = []
    for done in range(0, trials, BATCH):
        size = min(BATCH, trials - done)
        wave = _counted(first, np.array([size], dtype=np.float64))
        wave = wave if other is None else _parted(wave, other, random)
        ended += _run(asked, ties, wave, rates, random)
        if note is not None:
            note(done + size, trials)
    found = merged(joined(ended))
    mtds = asked.mtds(found.evaluable, found.dlts)
    return Endings(found.evaluable, found.dlts, mtds, found.weight / trials, trials)


def _run(
    asked: Moves, ties: Ties | None, wave: Wave, rates: Floats, random: np.random.Generator
) -> list[Wave]:
    """Simulate some trials, and give the waves in which some of them ended."""
    ended = []
    while len(wave):
        stops = wave.level == 0
        ended.append(wave.only(stops))
        going = wave.only(~stops)
        if not len(going):
            break
        after, last = treated(going, lambda here, size: _drawn(here, size, rates, random))
        level, size = asked.moves(after.evaluable, after.dlts, after.level, last)
        wave = Wave(after.evaluable, after.dlts, level, size, after.weight, after.paths, after.key)
        if ties is not None:
            other = ties.tied(after.evaluable, after.dlts, after.level)
            wave = _parted(wave, np.where(level > 0, other, 0), random)
        wave = merged(keyed(wave))
    return ended


def _parted(wave: Wave, other: Ints, random: np.random.Generator) -> Wave:
    """Draw which trials go to the other of two levels that are equally good."""
    is_tied = other > 0
    leave = random.binomial(wave.weight.astype(np.int64), np.where(is_tied, 0.5, 0.0))
    second = replace(wave, level=other, weight=leave.astype(np.float64)).only(leave > 0)
    return joined([replace(wave, weight=wave.weight - leave), second])


def _drawn(wave: Wave, size: int, rates: Floats, random: np.random.Generator) -> Floats:
    """Draw how many of the trials in each state see 0, 1, 2 ... DLTs."""
    chances = binom.pmf(np.arange(size + 1), size, rates[wave.level - 1][:, None])
    return random.multinomial(wave.weight.astype(np.int64), chances).astype(np.float64)


def _counted(wave: Wave, trials: Floats) -> Wave:
    """Give states with the number of trials that stand in each."""
    return Wave(
        wave.evaluable, wave.dlts, wave.level, wave.size, trials, np.ones(len(trials)), wave.key
    )
