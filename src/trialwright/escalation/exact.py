"""Exact operating characteristics, without simulation.

A decision depends on the counts by dose level and on the last cohort. So all orders of events that
lead to the same counts are one state, and one forward pass over states, cohort by cohort, reaches
every way the trial can end. The probability of an ending is

    c * product over levels of p^dlts * (1 - p)^(evaluable - dlts)

where c, a whole number, adds up the binomial coefficients along all paths and knows nothing of the
scenario: one walk answers for any number of scenarios.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from trialwright.escalation.beginning import begun, moves_of, one_state, tied_with, ties_of
from trialwright.escalation.characteristics import (
    OperatingCharacteristics,
    Rate,
    Spread,
    characteristics,
    characteristics_of_many,
    checked,
    share_of_trials_overdosing,
    spread,
)
from trialwright.escalation.decision import Decision, Design, LevelCount, decide, looks_back
from trialwright.escalation.states import Asked, Forward, Ints, Pass
from trialwright.escalation.states import Counts as StateCounts
from trialwright.escalation.waves import shared
from trialwright.terms.errors import Fault, Refusal

__all__ = ["MOST_STATES", "OperatingCharacteristics", "Walk", "operating_characteristics", "walk"]

MOST_STATES = 3_000_000
"""States a walk may reach; whatever is foretold to reach more is refused before it is expanded."""

Counts = tuple[LevelCount, ...]
"""Counts by dose level, lowest level first."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A state the trial can reach, with the decision taken there.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level.
    at : int
        Dose level of the last cohort.
    decision : Decision
        What the design decided.
    last : LevelCount or None
        Counts of the last cohort; None before the first and where the walk began.
    """

    seen: Counts
    at: int
    decision: Decision
    last: LevelCount | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A way the trial can end.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level.
    mtd : int or None
        Dose level estimated as the MTD; None when there is none.
    weight : int or Fraction
        Sum over all paths of the product of binomial coefficients, exact up to 2^53; with ties that
        are drawn, times the probability of the draws.
    paths : int
        How many sequences of cohort results (DLTs in each cohort) end here.
    """

    seen: Counts
    mtd: int | None
    weight: int | Fraction
    paths: int


@dataclass(frozen=True)
class Walk:
    """Everything a trial under a design can come to.

    Attributes
    ----------
    design : Design
        The design that was walked.
    start : tuple of LevelCount
        Counts at which the walk began.
    at : int
        Dose level of the cohort before that, or the starting level.
    last : LevelCount or None
        Counts of that cohort, where the design looks at them.
    found : Pass
        Endings and number of states, as arrays.
    mtds : ndarray of int, shape (endings,)
        Dose level estimated as the MTD at each ending; 0 = none.
    draws_ties : bool
        Whether trials were led half to each of two levels that are equally good.
    """

    design: Design
    start: Counts
    at: int
    last: LevelCount | None
    found: Pass = field(repr=False)
    mtds: Ints = field(repr=False)
    draws_ties: bool = False

    @property
    def states(self) -> int:
        """Number of states: counts by dose level with the level of the next cohort."""
        return self.found.states

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """Give every way the trial can end.

        Returns
        -------
        tuple of Ending
            Each once.
        """
        ended = self.found.ended
        rows = zip(
            _counts(ended.evaluable, ended.dlts),
            self.mtds.tolist(),
            ended.weight.tolist(),
            ended.paths.tolist(),
            strict=True,
        )
        return tuple(
            Ending(seen, mtd or None, _whole(weight), int(paths))
            for seen, mtd, weight, paths in rows
        )

    @cached_property
    def reached(self) -> tuple[Reached, ...]:
        """Give every state in which the design was asked, with its decision.

        Returns
        -------
        tuple of Reached
            Early states first.
        """
        asked = dict.fromkeys([(self.start, self.at, self.last), *self._asked()])
        return tuple(
            Reached(seen, at, decide(self.design, seen, at, last), last) for seen, at, last in asked
        )

    def _asked(self) -> Iterator[tuple[Counts, int, LevelCount | None]]:
        """Walk once more, and give each state in which the design is asked."""
        heard: list[Asked] = []
        first = decide(self.design, self.start, self.at, self.last)
        _follow(self.design, self.start, self.at, first, self.draws_ties, listen=heard.append)
        is_told = looks_back(self.design)
        for each in heard:
            seen = _counts(each.evaluable, each.dlts)
            for counts, at, (size, dlts) in zip(
                seen, each.at.tolist(), each.last.tolist(), strict=True
            ):
                yield counts, at, LevelCount(size, dlts) if is_told else None

    def under(self, true_rates: Sequence[Rate]) -> OperatingCharacteristics:
        """Give the operating characteristics in one scenario.

        Parameters
        ----------
        true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
            True DLT rate of each dose level, probabilities from 0 to 1, lowest level first.

        Returns
        -------
        OperatingCharacteristics
            Exact but for the rounding of binary floating point, about 1e-15.

        Raises
        ------
        Refusal
            If there is another number of rates than dose levels, or a rate is no probability.
        """
        rates = checked(true_rates, len(self.start))
        return characteristics(self.found, self.mtds, self.start, rates)

    def under_each(
        self, scenarios: Sequence[Sequence[Rate]]
    ) -> tuple[OperatingCharacteristics, ...]:
        """Give the operating characteristics in many scenarios at once.

        Parameters
        ----------
        scenarios : sequence of sequence of int, float, Decimal or Fraction
            True DLT rates of each scenario, as for `under`.

        Returns
        -------
        tuple of OperatingCharacteristics
            One for each scenario; the same as of `under`, within about 1e-13.

        Raises
        ------
        Refusal
            If a scenario has another number of rates than dose levels, or a rate is no
            probability; the scenarios are counted from 1.
        """
        faults, rates = [], []
        for number, scenario in enumerate(scenarios, start=1):
            try:
                rates.append(checked(scenario, len(self.start)))
            except Refusal as refused:
                faults += [
                    Fault(f"scenario {number}, {each.where}", each.found, each.allowed, each.do)
                    for each in refused.faults
                ]
        if faults:
            raise Refusal(faults)
        return characteristics_of_many(self.found, self.mtds, self.start, rates)

    def spread(self, true_rates: Sequence[Rate]) -> Spread:
        """Give how much participants and DLTs differ between trials in one scenario.

        Parameters
        ----------
        true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
            True DLT rate of each dose level.

        Returns
        -------
        Spread
            Standard deviations; divided by the root of the number of simulated trials they are the
            standard errors of a simulation.
        """
        return spread(self.found, self.start, checked(true_rates, len(self.start)))

    def overdosing(self, true_rates: Sequence[Rate], target: float, more_than: float) -> float:
        """Give the probability that many participants are treated above the target.

        Parameters
        ----------
        true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
            True DLT rate of each dose level.
        target : float, probability
            Target toxicity rate.
        more_than : float, participants
            E.g. 60 % of the largest number of participants.

        Returns
        -------
        float
            Probability that more than so many are treated at levels with a DLT rate above the
            target.
        """
        rates = checked(true_rates, len(self.start))
        return share_of_trials_overdosing(self.found, self.start, rates, target, more_than)


def operating_characteristics(
    design: Design, true_rates: Sequence[Rate]
) -> OperatingCharacteristics:
    """Give the exact operating characteristics of a design in one scenario.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction, length `design.levels`
        True DLT rate of each dose level, probabilities from 0 to 1, lowest level first.

    Returns
    -------
    OperatingCharacteristics
        For several scenarios take `walk(design)` once and ask it for each.

    Raises
    ------
    Refusal
        As `walk` and `Walk.under`.
    """
    return walk(design).under(true_rates)


def walk(
    design: Design,
    seen: Sequence[LevelCount] | None = None,
    at: int | None = None,
    most_states: int = MOST_STATES,
    last: LevelCount | None = None,
    *,
    draws_ties: bool = False,
) -> Walk:
    """Follow a design through every result every cohort can have.

    Parameters
    ----------
    design : Design
        Any design whose decisions depend on the counts and the last cohort alone.
    seen : sequence of LevelCount or None
        Counts of a running trial, nobody pending; None starts before the first cohort.
    at : int or None
        Dose level of its last cohort; None is the starting level.
    most_states : int
        States that the walk may reach.
    last : LevelCount or None
        Counts of its last cohort, for a design that looks at them.
    draws_ties : bool
        Where two levels are equally good, lead half of the trials to each instead of all to that
        which the design takes: as if one were drawn by lot.

    Returns
    -------
    Walk
        Every reachable state and every ending.

    Raises
    ------
    Refusal
        If somebody is still pending, the design refuses the counts or does not go on, the states
        are, or would become, too many, or ties are to be drawn of a design that has none.
    """
    start, level, first = begun(design, seen, at, last)
    found, mtds = _follow(design, start, level, first, draws_ties, most_states)
    return Walk(design, start, level, last, found, mtds, draws_ties)


def _follow(
    design: Design,
    start: Counts,
    at: int,
    first: Decision,
    draws_ties: bool,
    most_states: int = MOST_STATES,
    listen: Callable[[Asked], None] | None = None,
) -> tuple[Pass, Ints]:
    """Run the forward pass from the counts at which a first decision fell."""
    asked, ties = moves_of(design), ties_of(design) if draws_ties else None
    max_n = getattr(design, "max_n", None)
    forward = Forward(asked, design.name, most_states, max_n, listen, ties)
    wave = one_state(start, first)
    if ties is not None:
        wave = shared(wave, tied_with(ties, start, at, first))
    found = forward.run(wave)
    return found, asked.mtds(found.ended.evaluable, found.ended.dlts)


def _whole(weight: float) -> int | Fraction:
    """Give a weight as the number it is."""
    return int(weight) if weight.is_integer() else Fraction(weight)


def _counts(evaluable: StateCounts, dlts: StateCounts) -> Iterator[Counts]:
    """Give the counts by dose level of each state."""
    for treated, toxic in zip(evaluable.tolist(), dlts.tolist(), strict=True):
        yield tuple(map(LevelCount, treated, toxic))
