"""Trials with backfill, simulated in time, of designs that people name."""

from collections.abc import Callable, Sequence

import numpy as np

from trialwright.assembly.designs import NamedDesign, rates_from
from trialwright.escalation.backfilling import backfill_from
from trialwright.escalation.behaviour import Behaviour, Measure, behaviour
from trialwright.escalation.evaluating import Scenario, checked_scenario
from trialwright.escalation.simulating import Note
from trialwright.escalation.simulating_backfill import Calendar, simulate_backfill
from trialwright.terms.errors import refuse


def backfilled_in_time(
    named: NamedDesign,
    scenarios: Sequence[Scenario],
    response_rates: str,
    days_between: float,
    trials: int,
    random: Callable[[], np.random.Generator],
    note: Note,
) -> tuple[tuple[Behaviour, Measure], ...]:
    """Simulate trials with backfill in each scenario.

    Parameters
    ----------
    named : NamedDesign
        The design; its file or its arm states the DLT window.
    scenarios : sequence of Scenario
        True DLT rates.
    response_rates : str
        True rate of responses at each level, e.g. `0.1,0.2,0.3`; the same in every scenario.
    days_between : float, days
        Mean time between two arrivals.
    trials : int
        Trials in each scenario.
    random : callable () -> numpy.random.Generator
        Gives the generator of each scenario.
    note : callable (int, int) -> None
        Told how many scenarios are done, of how many.

    Returns
    -------
    tuple of (Behaviour, Measure)
        The usual numbers, of cohorts and those backfilled whose outcome was known, and the mean
        duration in days.

    Raises
    ------
    Refusal
        If the design has no backfill, no window is known, or a rate is none.
    """
    escalation = named.escalation
    around = backfill_from(named.data, escalation.levels)
    if around is None:
        raise refuse("escalation.backfill", "none", "a design with backfill", "Simulate it without")
    if escalation.window_days is None:
        do = "State window_days in the design file"
        raise refuse("window_days", f"none in {named.source}", "the length of the DLT window", do)
    if not response_rates:
        do = "Give the true rate of responses at each level"
        raise refuse("--response-rates", "nothing", "a rate for each dose level", do)
    responses = checked_scenario(rates_from(response_rates, "--response-rates"), escalation.levels)
    calendar = Calendar(between_days=days_between, window_days=escalation.window_days)
    why = f"{trials:,} trials with backfill simulated in time"
    found = []
    for done, each in enumerate(scenarios, start=1):
        rates = checked_scenario(each, escalation.levels)
        ended = simulate_backfill(around, rates, responses, calendar, trials, random())
        told = behaviour(ended.endings, rates, escalation.aim, why, None)
        found.append((told, ended.duration()))
        note(done, len(scenarios))
    return tuple(found)
