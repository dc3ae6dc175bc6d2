"""Which days of a participant the protocol has made up, because doses were held."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.observing import agents_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.study import Study
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.sources import Source
from trialwright.visits.held_days import HeldDay

MOST_DAYS = 400
"""The longest hold that is previewed; a DLT window is no longer either."""


def held_days(study: Study, here: ParticipantState) -> tuple[HeldDay, ...]:
    """Give the days that the protocol has made up.

    Parameters
    ----------
    study : Study
        The protocol; `course.holds_move_cycles` names the agents.
    here : ParticipantState
        The participant.

    Returns
    -------
    tuple of HeldDay
        In order, a day once, whatever was held on it; empty where the protocol says nothing of it.
    """
    rule = study.course.holds_move_cycles
    if rule is None:
        return ()
    counted = ("held", "reduced") if rule.with_reduced else ("held",)
    days: defaultdict[date, list[str]] = defaultdict(list)
    for dose in here.doses:
        if dose.agent in rule.held_days_of and dose.status in counted:
            days[dose.on].append(f"{dose.agent} {dose.status}")
    return tuple(HeldDay(on, " and ".join(sorted(days[on]))) for on in sorted(days))


def doses_if_held(
    state: TrialState, here: ParticipantState, first: date, last: date
) -> tuple[DoseGiven, ...]:
    """Give the doses that a hold would leave out, for a preview.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    first, last : date
        First and last day of the hold.

    Returns
    -------
    tuple of DoseGiven
        Of the participant's agents whose held days the protocol has made up, on days on which
        none is recorded as held yet; empty where it has none made up.

    Raises
    ------
    Refusal
        If the days are turned round or too many, or such a dose is recorded as taken.
    """
    rule = state.study.course.holds_move_cycles
    agents = sorted(agents_of(state, here).intersection(rule.held_days_of if rule else ()))
    within = [each for each in here.doses if each.agent in agents and first <= each.on <= last]
    faults = tuple(_faults(first, last, within))
    if faults:
        raise Refusal(faults)
    recorded = {(dose.agent, dose.on) for dose in within}
    return tuple(
        DoseGiven(agent, on, None, "held", Source("person", "preview"))
        for on in (days_after(first, day) for day in range((last - first).days + 1))
        for agent in agents
        if (agent, on) not in recorded
    )


def _faults(first: date, last: date, within: Iterable[DoseGiven]) -> Iterator[Fault]:
    """Find what keeps a hold from being previewed."""
    if not 0 <= (last - first).days < MOST_DAYS:
        yield Fault("hold", f"{first.isoformat()} to {last.isoformat()}",
                    f"1 to {MOST_DAYS} days, the first one first",
                    "Correct the days")  # fmt: skip
    for dose in within:
        if dose.was_taken:
            found = f"{dose.agent} of {dose.on.isoformat()}, which is recorded as taken"
            yield Fault("hold", found, "days on which no such dose is recorded as taken",
                        "Correct the dose, or the days")  # fmt: skip
