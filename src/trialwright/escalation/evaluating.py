"""A design in many scenarios: exactly where its states fit into memory, else by simulation.

How many states there will be is foretold from the first 20,000 of a cohort, before they are
expanded; a design that would need more memory than allowed is simulated instead, and the answer
says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trialwright.escalation.behaviour import Behaviour, Endings, behaviour
from trialwright.escalation.characteristics import Rate, chances_of, checked
from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import Design
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.exact import MOST_STATES, Walk, walk
from trialwright.escalation.follow_up import follows_up
from trialwright.escalation.observed import Observed
from trialwright.escalation.settings import probability_faults
from trialwright.escalation.simulating import Note, simulate
from trialwright.escalation.states import TooManyStates
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

A_STATE, A_LEVEL = 150, 40
"""Bytes that a state takes at most during a walk, and each dose level of it; measured with BOIN on
ladders of 3 to 10 levels: 110 and 23."""

ALL_FOLLOWED = (
    "every decision falls after complete follow-up: decisions while participants are pending, and "
    "how fast they come, are not in these numbers but in those of trials simulated in time"
)
"""What is left out of the numbers of a design that decides while participants are pending."""

TIES_DRAWN = (
    "of two combinations that are equally good one is drawn, where the design takes the first"
)
"""By what the numbers are those of another rule."""

Choice = Literal["automatic", "exact", "monte-carlo"]
"""By which method: as memory allows, exactly or not at all, or by simulation whatever it is."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How an answer is worked out, and how much may be spent on it.

    Attributes
    ----------
    method : {'automatic', 'exact', 'monte-carlo'}
        By which method.
    memory_mb : int, megabytes
        Memory that the states of an exact answer may take.
    trials : int
        Trials of a simulation, in each scenario.
    draws_ties : bool
        As if one of two levels that are equally good were drawn by lot; else that is taken which
        the design takes.
    """

    method: Choice = "automatic"
    memory_mb: int = 1200
    trials: int = 100_000
    draws_ties: bool = False

    def most_states(self, levels: int) -> int:
        """Give the number of states that fit into the memory.

        Parameters
        ----------
        levels : int
            Number of dose levels.

        Returns
        -------
        int
            At most three million.
        """
        return min(MOST_STATES, self.memory_mb * 1_000_000 // (A_STATE + A_LEVEL * levels))


@dataclass(frozen=True, slots=True)
class Scenario:
    """True DLT rates with a name.

    Attributes
    ----------
    name : str
        As shown, e.g. `MTD at dose level 2`.
    rates : tuple of int, float, Decimal or Fraction
        True DLT rate of each dose level, lowest first.
    """

    name: str
    rates: tuple[Rate, ...]


def evaluate(
    design: Design,
    scenarios: Sequence[Scenario],
    target: float | None = None,
    random: Callable[[], np.random.Generator] | None = None,
    effort: Effort | None = None,
    data: Observed | None = None,
    note: Note | None = None,
) -> tuple[Behaviour, ...]:
    """Say how a design behaves in each scenario.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    scenarios : sequence of Scenario
        True DLT rates.
    target : float or None, probability
        Target toxicity rate against which levels are called correct; None: that of the design. A
        design that has none, as a 3+3, is judged without: nothing is called correct.
    random : callable () -> numpy.random.Generator, or None
        Gives the generator of each scenario, equally seeded for all of them; needed to simulate.
    effort : Effort or None
        Method, memory and trials; None: as `Effort` has them.
    data : Observed or None
        Data of a running trial, nobody pending: how it ends from here. None: the whole trial.
    note : callable (int, int) -> None, or None
        Told how many scenarios are done, of how many.

    Returns
    -------
    tuple of Behaviour
        One for each scenario, with the method and why it was taken.

    Raises
    ------
    Refusal
        If a scenario does not fit the ladder, the target is none, an exact answer is asked for and
        has too many states, a simulation is needed and no generator was handed in, or ties are to
        be drawn of a design that has none.
    """
    effort, aim = effort or Effort(), _target(design, target)
    _require_form(scenarios, random)
    rates = [checked_scenario(each, design.levels) for each in scenarios]
    walked, why = _walked(design, effort, data)
    if follows_up(design) or isinstance(design, RollingSix):
        why = f"{why}; {ALL_FOLLOWED}"
    if effort.draws_ties:
        why = f"{why}; {TIES_DRAWN}"
    max_n = getattr(design, "max_n", None)
    found = []
    for done, each in enumerate(rates, start=1):
        if walked is not None:
            endings = _exactly(walked, each)
        else:
            endings = _simulated(design, each, effort, random, data)
        because = "; ".join(filter(None, (why, falling(design, each))))
        found.append(behaviour(endings, each, aim, because, max_n))
        if note is not None:
            note(done, len(rates))
    return tuple(found)


def _require_form(scenarios: object, random: object) -> None:
    """Refuse rates without a name, and a generator where one is made for each scenario."""
    faults = []
    if not isinstance(scenarios, Sequence) or any(not isinstance(s, Scenario) for s in scenarios):
        found, allowed = shorten(scenarios), "a list of Scenario(name, rates)"
        faults.append(Fault("scenarios", found, allowed, "Name the rates of each scenario"))
    if random is not None and not callable(random):
        found, do = "a generator", "Write e.g. lambda: numpy.random.default_rng(1)"
        allowed = "a function that gives a new one, so that scenarios meet the same chance"
        faults.append(Fault("random", found, allowed, do))
    if faults:
        raise Refusal(faults)


def checked_scenario(scenario: Scenario, levels: int) -> tuple[float, ...]:
    """Take the rates of a scenario, or refuse them by its name.

    Parameters
    ----------
    scenario : Scenario
        As given.
    levels : int
        Number of dose levels.

    Returns
    -------
    tuple of float
        One rate a dose level.

    Raises
    ------
    Refusal
        With every fault, each naming the scenario.
    """
    try:
        return checked(scenario.rates, levels)
    except Refusal as refused:
        raise Refusal(
            Fault(f"scenario {scenario.name}, {each.where}", each.found, each.allowed, each.do)
            for each in refused.faults
        ) from None


def falling(design: Design, true_rates: Sequence[Rate]) -> str:
    """Say where the true DLT rate falls with the dose, which no design takes into account.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction
        True DLT rate of each dose level.

    Returns
    -------
    str
        The first fall; empty where there is none, on a grid in neither agent, and for rates of
        another ladder, which are refused elsewhere.
    """
    if len(true_rates) != design.levels:
        return ""
    width = design.columns if isinstance(design, BoinCombinations) else design.levels
    along = [(low, low + 1) for low in range(1, design.levels) if low % width]
    across = [(low, low + width) for low in range(1, design.levels - width + 1)]
    for low, high in along + across:
        below, above = true_rates[low - 1], true_rates[high - 1]
        if above < below:
            return (
                f"the true DLT rate falls from {float(below):g} at dose level {low} to "
                f"{float(above):g} at dose level {high}, where designs expect it to rise"
            )
    return ""


def _target(design: Design, target: float | None) -> float | None:
    """Give the target, that of the design when none is named; None when it has none either."""
    aim = getattr(design, "target", None) if target is None else target
    faults = () if aim is None else tuple(probability_faults(target=aim))
    if faults:
        raise Refusal(faults)
    return None if aim is None else float(aim)


def _walked(design: Design, effort: Effort, data: Observed | None) -> tuple[Walk | None, str]:
    """Walk the design where that can be done; say why, or why not."""
    if effort.method == "monte-carlo":
        return None, f"{effort.trials:,} simulated trials in each scenario, as asked"
    most = effort.most_states(design.levels)
    try:
        seen, at, last = (data.seen, data.at, data.last) if data else (None, None, None)
        walked = walk(design, seen, at, most, last, draws_ties=effort.draws_ties)
    except TooManyStates:
        if effort.method == "exact":
            raise
        return None, (
            f"{effort.trials:,} simulated trials in each scenario: more states are foretold than "
            f"the {most:,} that {effort.memory_mb:,} MB hold"
        )
    return walked, (
        f"exact: {walked.states:,} states with {len(walked.mtds):,} endings, within the {most:,} "
        f"that {effort.memory_mb:,} MB hold"
    )


def _exactly(walked: Walk, rates: tuple[float, ...]) -> Endings:
    """Weigh the endings of a walk by their probabilities."""
    ended = walked.found.ended
    chances = chances_of(walked.found, walked.start, rates)
    return Endings(ended.evaluable, ended.dlts, walked.mtds, chances)


def _simulated(
    design: Design,
    rates: tuple[float, ...],
    effort: Effort,
    random: Callable[[], np.random.Generator] | None,
    data: Observed | None,
) -> Endings:
    """Simulate one scenario."""
    if random is None:
        raise refuse("random", "no generator", "a seeded generator", "Hand one in, or a seed")
    given = () if data is None else (data.seen, data.at, data.last)
    return simulate(design, rates, effort.trials, random(), *given, draws_ties=effort.draws_ties)


def standard_scenarios(levels: int, target: float) -> tuple[Scenario, ...]:
    """Give scenarios with the MTD at each level, all safe and all too toxic.

    With the MTD at level k the rate of level k is the target, and the odds are doubled with each
    level above and halved with each below; all safe: as if the MTD were one level above the ladder;
    all too toxic: as if it were two below.

    Parameters
    ----------
    levels : int
        Number of dose levels.
    target : float, probability
        Target toxicity rate.

    Returns
    -------
    tuple of Scenario
        Rates rounded to three decimals.
    """
    return _standard(range(1, levels + 1), target, "MTD at dose level {}")


def scenarios_for(design: Design, target: float) -> tuple[Scenario, ...]:
    """Give the standard scenarios of a design, on its ladder or its grid.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    target : float, probability
        Target toxicity rate.

    Returns
    -------
    tuple of Scenario
        As `standard_scenarios`; on a grid of two agents the odds are doubled with each dose of
        either agent, and the MTDs of a scenario are all combinations as many doses above the
        lowest.
    """
    if not isinstance(design, BoinCombinations):
        return standard_scenarios(design.levels, target)
    heights = [sum(design.combination(level)) - 1 for level in range(1, design.levels + 1)]
    return _standard(heights, target, "MTDs where both doses add up to {}", 1)


def _standard(
    heights: Sequence[int], target: float, named: str, shift: int = 0
) -> tuple[Scenario, ...]:
    """Give scenarios for levels of these heights, the lowest being 1."""
    faults = tuple(probability_faults(target=target))
    if faults:
        raise Refusal(faults)
    highest = max(heights, default=0)

    def rates(mtd: int) -> tuple[float, ...]:
        """Give the rates with the MTD at a height, or beyond the ladder."""
        odds = [target / (1 - target) * 2.0 ** (height - mtd) for height in heights]
        return tuple(round(each / (1 + each), 3) for each in odds)

    return (
        *(Scenario(named.format(mtd + shift), rates(mtd)) for mtd in range(1, highest + 1)),
        Scenario("all safe", rates(highest + 1)),
        Scenario("all too toxic", rates(-1)),
    )


def require_scenarios(scenarios: Sequence[Scenario]) -> None:
    """Refuse no scenario at all, and two of one name.

    Parameters
    ----------
    scenarios : sequence of Scenario
        As given.

    Raises
    ------
    Refusal
        Naming them.
    """
    if not scenarios:
        raise refuse("scenarios", "none", "at least one", "Give true DLT rates")
    names = [each.name for each in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found = f"{shorten(', '.join(twice))} twice"
        raise refuse("scenarios", found, "each name once", "Name the scenarios apart")
