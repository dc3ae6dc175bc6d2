"""What the next cohorts may bring: every sequence of results, with what the design does then."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom

from trialwright.escalation.beginning import begun, first_wave, moves_of
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.decision import Decision, Design, LevelCount, decide
from trialwright.escalation.exact import MOST_STATES
from trialwright.escalation.next_cohorts import treated
from trialwright.escalation.observed import Observed
from trialwright.escalation.states import TooManyStates
from trialwright.escalation.waves import Floats, Wave, keyed, merged
from trialwright.terms.errors import Fault, refuse, shorten

MOST_NODES = 100_000
"""Most nodes of a tree of paths; it is counted before the next cohort is expanded."""


@dataclass(frozen=True, slots=True)
class PathNode:
    """A point of the trial at which the design was asked.

    Attributes
    ----------
    parent : int or None
        Place of the node before, counted from 0; None for the first.
    cohorts : int
        Cohorts treated since the tree begins.
    outcomes : str
        Their results, e.g. `1NNN 2NNT`; empty at the beginning.
    seen : tuple of LevelCount
        Counts by dose level.
    at : int
        Dose level of the last cohort.
    last : LevelCount or None
        Counts of the last cohort alone.
    decision : Decision
        What the design says there.
    ways : int
        Number of orders of participants within the cohorts that lead here.
    probability : float or None
        Probability to come here; None when no true DLT rates were given.
    """

    parent: int | None
    cohorts: int
    outcomes: str
    seen: tuple[LevelCount, ...]
    at: int
    last: LevelCount | None
    decision: Decision
    ways: int
    probability: float | None


def paths(
    design: Design, data: Observed, cohorts: int, true_rates: Sequence[Rate] | None = None
) -> tuple[PathNode, ...]:
    """Give the tree of what the next cohorts may bring.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Where the tree begins, nobody pending.
    cohorts : int
        How many cohorts ahead.
    true_rates : sequence of int, float, Decimal or Fraction, or None
        True DLT rate of each dose level, for probabilities.

    Returns
    -------
    tuple of PathNode
        The first is where the trial stands; then cohort by cohort. A path ends early where the
        escalation stops.

    Raises
    ------
    Refusal
        If somebody is pending, there would be more than 100,000 nodes, `cohorts` is no number from
        1, or as the design and the rates.
    """
    if isinstance(cohorts, bool) or not isinstance(cohorts, int) or cohorts < 1:
        raise refuse("cohorts", shorten(cohorts), "a whole number from 1", "Count the cohorts")
    rates = None if true_rates is None else checked(true_rates, design.levels)
    seen, at, decision = begun(design, data.seen, data.at, data.last)
    chance = None if rates is None else 1.0
    nodes = [PathNode(None, 0, "", seen, at, data.last, decision, 1, chance)]
    newest = [0]
    for _ in range(cohorts):
        going = [place for place in newest if nodes[place].decision.level is not None]
        more = sum(nodes[place].decision.cohort_size + 1 for place in going)
        if len(nodes) + more > MOST_NODES:
            found, allowed = f"{len(nodes) + more:,} nodes", f"at most {MOST_NODES:,}"
            raise refuse("cohorts", found, allowed, "Look fewer cohorts ahead")
        newest = []
        for place in going:
            for dlts in range(nodes[place].decision.cohort_size + 1):
                newest.append(len(nodes))
                nodes.append(_after(design, nodes[place], place, dlts, rates))
    return tuple(nodes)


def _after(
    design: Design, node: PathNode, place: int, dlts: int, rates: Sequence[float] | None
) -> PathNode:
    """Give the node after one result of the next cohort."""
    level, size = node.decision.level or 0, node.decision.cohort_size
    before, orders = node.seen[level - 1], math.comb(size, dlts)
    count = replace(before, evaluable=before.evaluable + size, dlts=before.dlts + dlts)
    seen = (*node.seen[: level - 1], count, *node.seen[level:])
    last = LevelCount(size, dlts)
    chance = node.probability
    if rates is not None and chance is not None:
        rate = rates[level - 1]
        chance *= orders * rate**dlts * (1 - rate) ** (size - dlts)
    written = f"{level}{'N' * (size - dlts)}{'T' * dlts}"
    return PathNode(
        parent=place,
        cohorts=node.cohorts + 1,
        outcomes=f"{node.outcomes} {written}".strip(),
        seen=seen,
        at=level,
        last=last,
        decision=decide(design, seen, level, last),
        ways=node.ways * orders,
        probability=chance,
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """How many trials go from one dose level to another between two cohorts.

    Attributes
    ----------
    cohort : int
        The later of the two, counted from 1; the first has no level before it.
    level_from : int
        Dose level of the cohort before; 0 for the first cohort.
    level_to : int
        Dose level of the later cohort; 0 where the escalation stops instead.
    probability : float
        Share of all trials.
    """

    cohort: int
    level_from: int
    level_to: int
    probability: float


def flows(
    design: Design,
    true_rates: Sequence[Rate],
    data: Observed | None = None,
    cohorts: int | None = None,
    most_states: int = MOST_STATES,
) -> tuple[Flow, ...]:
    """Give the exact probability of each move from cohort to cohort, all paths merged.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction
        True DLT rate of each dose level.
    data : Observed or None
        Where it begins, nobody pending; None: before the first cohort.
    cohorts : int or None
        Cohorts ahead; None: to the end of the trial.
    most_states : int
        States that one cohort may have.

    Returns
    -------
    tuple of Flow
        By cohort, then by levels; moves without probability are left out.

    Raises
    ------
    Refusal
        If somebody is pending, there are too many states, or as the design and the rates.
    """
    rates = np.array(checked(true_rates, design.levels))
    start = (data.seen, data.at, data.last) if data else (None, None, None)
    wave, asked, found = keyed(first_wave(design, *start)), moves_of(design), []
    found.append(Flow(1, 0, int(wave.level[0]), 1.0))
    cohort = 1
    wave = wave.only(wave.level > 0)
    while len(wave) and (cohorts is None or cohort <= cohorts):
        cohort += 1
        if len(wave) * (int(wave.size.max()) + 1) > most_states:
            text = "more states than the walk may reach"
            do = "Look fewer cohorts ahead"
            raise TooManyStates([Fault(design.name, text, f"at most {most_states} states", do)])
        after, last = treated(wave, lambda here, size: _expected(here, size, rates))
        level_from = after.level
        level, size = asked.moves(after.evaluable, after.dlts, level_from, last)
        after = Wave(after.evaluable, after.dlts, level, size, after.weight, after.paths, after.key)
        moved = level_from * (design.levels + 1) + after.level
        shares = np.bincount(moved, after.weight)
        found += [
            Flow(cohort, int(move) // (design.levels + 1), int(move) % (design.levels + 1),
                 float(shares[move]))
            for move in np.flatnonzero(shares)
        ]  # fmt: skip
        wave = merged(keyed(after))
        wave = wave.only(wave.level > 0)
    return tuple(found)


def _expected(wave: Wave, size: int, rates: Floats) -> Floats:
    """Give how much of the probability of each state sees 0, 1, 2 ... DLTs."""
    chances = binom.pmf(np.arange(size + 1), size, rates[wave.level - 1][:, None])
    return np.asarray(wave.weight[:, None] * chances)
