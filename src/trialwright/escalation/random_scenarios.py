"""Scenarios drawn at random, so that a design is not judged by a few curves that suit it.

For each scenario the level of the MTD is drawn, every level equally likely. Then a greatest rate is
drawn between the target and 1, and rates between 0 and it, in ascending order, until the rate
nearest to the target is that of the level drawn.
"""

import numpy as np

from trialwright.escalation.decision import is_level
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.settings import probability_faults
from trialwright.terms.errors import Fault, Refusal, shorten

DIGITS = 4
"""Decimals of a drawn rate: what is printed is what was judged."""


def random_scenarios(
    levels: int, target: float, number: int, random: np.random.Generator
) -> tuple[Scenario, ...]:
    """Draw scenarios in which every level is the MTD equally often.

    Parameters
    ----------
    levels : int
        Number of dose levels.
    target : float, probability
        Target toxicity rate.
    number : int
        How many.
    random : numpy.random.Generator
        Handed in, so that the same seed gives the same scenarios.

    Returns
    -------
    tuple of Scenario
        Named `random 1`, `random 2`...; rates rise with the level.

    Raises
    ------
    Refusal
        If the target is no probability, or a number is no whole number from 1.
    """
    faults = [*probability_faults(target=target)]
    for name, count in (("levels", levels), ("number", number)):
        if not is_level(count, 1_000_000):
            found, do = shorten(count), "Give a whole number"
            faults.append(Fault(name, found, "a whole number from 1 to 1,000,000", do))
    if faults:
        raise Refusal(faults)
    return tuple(
        Scenario(f"random {place}", _drawn(levels, target, random))
        for place in range(1, number + 1)
    )


def _drawn(levels: int, target: float, random: np.random.Generator) -> tuple[float, ...]:
    """Draw the rates of one scenario."""
    mtd = int(random.integers(levels))
    while True:
        greatest = random.uniform(target, 1)
        rates = np.round(np.sort(random.uniform(0, greatest, levels)), DIGITS)
        if int(np.argmin(np.abs(rates - target))) == mtd:
            return tuple(rates.tolist())
