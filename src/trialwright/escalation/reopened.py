"""A closed level is not treated again: data in which it was are no history of the design.

A design that is a table of tallies closes a level, with all above, for good. Its tally alone does
not tell when: three without a DLT after 3/3 give 3/6, at which the level would be open. So where
the cohorts are known in their order, each is held against what was seen before it.

A design that opens the next cohort while participants are pending can treat at a level whose DLTs
come later, so nothing is said of it; nor where the level is closed still, which the design leaves.
"""

from collections.abc import Iterator, Sequence

from trialwright.escalation.advice import is_closed
from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import Design
from trialwright.escalation.follow_up import follows_up
from trialwright.escalation.meeting import DEVIATED
from trialwright.escalation.observed import Given, Observed, observed
from trialwright.escalation.outcomes import Outcomes, read_outcomes
from trialwright.escalation.participants import Treated
from trialwright.escalation.tally_design import TallyDesign
from trialwright.terms.errors import Fault


def reopening_faults(design: Design, given: Given) -> tuple[Fault, ...]:
    """Find who was treated at a level that the cohorts before had closed, and that is open now.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    given : str, Outcomes, Observed, sequence of Treated, or None
        The data of a dose decision, without faults of their own.

    Returns
    -------
    tuple of Fault
        One for each cohort, or for each participant where they are given one by one, but for those
        with a recorded deviation. Empty where counts alone are given, whose order is not known.
    """
    is_table = isinstance(design, TallyDesign | BoinCombinations)
    if not is_table or follows_up(design) or isinstance(given, Observed) or not given:
        return ()
    if isinstance(given, str):
        given = read_outcomes(given, design.levels)
    return tuple(_reopened(design, given))


def _reopened(design: Design, given: Outcomes | Sequence[Treated]) -> Iterator[Fault]:
    """Compare what is closed now with what was closed before each cohort."""
    now = observed(given, design.levels, design.starting_level)
    for number, where, level in _treated(given):
        before = observed(_before(given, number), design.levels, design.starting_level)
        if is_closed(design, now, level) or not is_closed(design, before, level):
            continue
        tallies = ", ".join(
            f"{count} DLT at dose level {each}"
            for each, count in enumerate(before.seen, start=1)
            if count.dlts and is_closed(design, before, each)
        )
        found = f"dose level {level}, closed before by {tallies}"
        yield Fault(where, found, "a level that is open; a closed one stays closed", DEVIATED)


def _treated(given: Outcomes | Sequence[Treated]) -> Iterator[tuple[int, str, int]]:
    """Give cohort, place in the data and dose level of whoever was treated by the design."""
    if isinstance(given, Outcomes):
        for number, cohort in enumerate(given.cohorts, start=1):
            yield number, f"cohort {number}", cohort.level
    else:
        for each in given:
            if not each.deviation.strip():
                yield each.cohort, f"{each.participant}, level", each.counted_at


def _before(given: Outcomes | Sequence[Treated], number: int) -> Outcomes | Sequence[Treated]:
    """Give the cohorts before one."""
    if isinstance(given, Outcomes):
        return Outcomes(given.levels, given.cohorts[: number - 1])
    return [each for each in given if each.cohort < number]
