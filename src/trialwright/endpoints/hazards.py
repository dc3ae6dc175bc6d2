"""Hazard ratios between groups of participants, stratified by arm: arms were not randomised."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import CoxFit, cox
from trialwright.endpoints.follow_up import TimeToEvent


@dataclass(frozen=True, slots=True)
class Compared:
    """One participant in a comparison.

    Attributes
    ----------
    arm, group : str
        Stratum, and the group that is compared.
    answer : TimeToEvent
        Time to the event or to the end of follow-up.
    """

    arm: str
    group: str
    answer: TimeToEvent


@dataclass(frozen=True, slots=True)
class Hazards:
    """Hazard ratios of one endpoint between the groups of one grouping.

    Attributes
    ----------
    endpoint, by : str
        E.g. `overall survival` and `dose level`.
    reference : str
        The group beside which the others stand: the first by name; empty without anybody.
    participants, events : mapping of str to int
        How many stand in each group, and how many of them had the event.
    fit : CoxFit
        One term for each other group; without an estimate where there is none.
    because : str
        The answer in a sentence, with the groups and their events.
    """

    endpoint: str
    by: str
    reference: str
    participants: Mapping[str, int]
    events: Mapping[str, int]
    fit: CoxFit
    because: str


def hazards(
    endpoint: str, by: str, people: Sequence[Compared], conventions: Conventions
) -> Hazards:
    """Estimate hazard ratios between groups.

    Parameters
    ----------
    endpoint, by : str
        What is compared, and between what.
    people : sequence of Compared
        Everybody with an answer.
    conventions : Conventions
        Ties and level of the limits.

    Returns
    -------
    Hazards
        Not estimable with one group, without an event, and where a group had none.
    """
    names = sorted({each.group for each in people})
    events = Counter(each.group for each in people if each.answer.outcome == "event")
    sizes = Counter(each.group for each in people)
    others = names[1:]
    fit = cox(
        [float(each.answer.days) for each in people],
        [each.answer.outcome == "event" for each in people],
        np.array([[float(each.group == name) for name in others] for each in people]).reshape(
            len(people), len(others)
        ),
        [f"{name} beside {names[0]}" for name in others],
        conventions,
        strata=[each.arm for each in people],
    )
    told = ", ".join(f"{name} {events[name]} events in {sizes[name]}" for name in names)
    why = fit.because if others else "Cox: not estimable, there are no two groups."
    return Hazards(
        endpoint,
        by,
        names[0] if names else "",
        {name: sizes[name] for name in names},
        {name: events[name] for name in names},
        fit,
        f"{endpoint} by {by}, stratified by arm ({told or 'nobody'}): {why}",
    )
