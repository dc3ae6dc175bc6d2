"""One cycle as a strip of text: a row for each agent, a column for each day."""

from trialwright.protocol.arms import Arm
from trialwright.visits.cycles import days_from_start
from trialwright.visits.dosing_days import lines_of

DOSED, FREE = "■", "·"
"""A dosing day and a day without that agent."""


def cycle_strip(arm: Arm, cycle: int, cycle_days: int) -> str:
    """Draw the dosing days of one cycle for a terminal.

    Parameters
    ----------
    arm : Arm
        As in the protocol.
    cycle : int
        Counted from 1.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    str
        A heading with the first day of each week and the last day, each number beginning above
        its column; then a row for each agent in the order of the protocol. Agents of which one
        is chosen carry a star, explained below the rows.

    Raises
    ------
    Refusal
        If the cycle or its length is none, or a line names a day past the end of the cycle.
    """
    days_from_start(cycle, 1, cycle_days)
    agents = dict.fromkeys(given.agent for line in arm.dosing for given in line.choices)
    chosen = [line for line in arm.dosing if len(line.choices) > 1]
    starred = {given.agent for line in chosen for given in line.choices}
    labels = {agent: f"{agent} *" if agent in starred else agent for agent in agents}
    heading = f"arm {arm.id}, cycle {cycle}"
    width = max(len(label) for label in (heading, *labels.values()))
    rows = [f"{heading:<{width}}  {_ruler(cycle_days)}"]
    for agent, label in labels.items():
        days = _days_of(arm, agent, cycle, cycle_days)
        marks = "".join(DOSED if day in days else FREE for day in range(1, cycle_days + 1))
        rows.append(f"{label:<{width}}  {marks}")
    rows += [f"* one of {', '.join(given.agent for given in line.choices)}" for line in chosen]
    return "\n".join(rows)


def _days_of(arm: Arm, agent: str, cycle: int, cycle_days: int) -> set[int]:
    """Give the days of a cycle on which an agent is, or may be, given."""
    days = {
        day for line in lines_of(arm, agent) if line.cycles.holds(cycle) for day in line.cycle_days
    }
    for day in days:
        days_from_start(cycle, day, cycle_days)
    return days


def _ruler(cycle_days: int) -> str:
    """Write day 1, 8, 15 ... and the last day, each number beginning above its column."""
    ruler = ""
    for day in [*range(1, cycle_days, 7), cycle_days]:
        if not ruler or day - 1 > len(ruler):
            ruler = f"{ruler:<{day - 1}}{day}"
    return ruler
