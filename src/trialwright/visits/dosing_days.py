"""Which agent is due on which date, and which protocol line says so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from trialwright.protocol.arms import Agent, AgentDose, Arm, CycleRange, DayRange, DosingRule
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.quantities import Quantity
from trialwright.visits.cycles import DayOfCycle, date_of


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One dose that the protocol plans.

    Attributes
    ----------
    on : date
        The planned day.
    cycle, day : int
        Its cycle and day of the cycle, counted from 1.
    agent : str
        Name of the agent in the protocol.
    amount : Quantity or None
        None while the participant has no dose level.
    label : str
        `illustrative, ...` when the registry page does not state the dose; else empty.
    rule : str
        Id of the dosing line that made this date.
    because : str
        That line in words, with the arm, the days and the origin of the dose.
    """

    on: date
    cycle: int
    day: int
    agent: str
    amount: Quantity | None
    label: str
    rule: str
    because: str


def dosing_calendar(
    arm: Arm,
    agents: Mapping[str, Agent],
    cycle_days: int,
    start: date,
    cycles: int | range,
    *,
    choice: Mapping[str, str] | None = None,
    dose_level: int | None = None,
) -> tuple[PlannedDose, ...]:
    """Lay out the planned doses of one participant.

    Parameters
    ----------
    arm : Arm
        The participant's arm.
    agents : mapping of str to Agent
        The study's agents; they name the unit of each dose.
    cycle_days : int, days
        Length of a cycle.
    start : date
        C1D1.
    cycles : int or range
        A number of cycles from the first, or the cycles wanted.
    choice : mapping of str to str, or None
        For each line that offers several agents: id of the line to the agent chosen.
    dose_level : int or None
        1 is the lowest of the arm's ladder; None: not assigned yet.

    Returns
    -------
    tuple of PlannedDose
        By date; on one date in the order of the protocol's lines.

    Raises
    ------
    Refusal
        If a line's agent is not chosen, or not one it offers, if the ladder has no such level, or
        if an agent or its dose is not described: all named at once. Then, if a line names a day
        past the end of the cycle, or a date lies outside the calendar.
    """
    wanted = cycles_wanted(cycles, start, cycle_days)
    chosen = choice or {}
    faults = [*_level_faults(arm, dose_level), *_foreign_choices(arm, chosen)]
    for line in arm.dosing:
        faults += _line_faults(arm, agents, line, chosen)
    if faults:
        raise Refusal(faults)
    doses = []
    for line in arm.dosing:
        given = _given(line, chosen)
        amount, label, origin = _dose(arm, agents[given.agent].dose_unit, given, dose_level)
        told = f"is one of {_line_in_words(arm, line)}; {origin}"
        for at, on in planned_days(line, wanted, start, cycle_days):
            because = f"{at} {told}"
            doses.append(
                PlannedDose(on, at.cycle, at.day, given.agent, amount, label, line.id, because)
            )
    return tuple(sorted(doses, key=lambda dose: dose.on))


def cycles_wanted(cycles: int | range, start: date, cycle_days: int) -> range:
    """Turn a number of cycles into the cycles themselves.

    Parameters
    ----------
    cycles : int or range
        A number of cycles from the first, or the cycles themselves.
    start : date
        C1D1.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    range
        Cycles counted from 1.

    Raises
    ------
    Refusal
        If it holds no cycle, or one before the first, or if a cycle ends outside the calendar.
    """
    wanted = cycles if isinstance(cycles, range) else range(1, cycles + 1)
    if not wanted or min(wanted[0], wanted[-1]) < 1:
        allowed = "a number from 1, or a range of cycles from 1"
        raise refuse("cycles", str(cycles), allowed, "Correct the cycles")
    date_of(start, max(wanted[0], wanted[-1]), cycle_days, cycle_days)
    return wanted


def planned_days(
    line: DosingRule, cycles: range, start: date, cycle_days: int
) -> Iterator[tuple[DayOfCycle, date]]:
    """Lay out the days of one line.

    Parameters
    ----------
    line : DosingRule
        As in the protocol.
    cycles : range
        Cycles wanted, counted from 1.
    start : date
        C1D1.
    cycle_days : int, days
        Length of a cycle.

    Yields
    ------
    tuple of DayOfCycle and date
        Each day once, in the order of `cycles`.
    """
    for cycle in cycles:
        if line.cycles.holds(cycle):
            for day in line.cycle_days:
                yield DayOfCycle(cycle, day), date_of(start, cycle, day, cycle_days)


def lines_of(arm: Arm, agent: str) -> tuple[DosingRule, ...]:
    """Give the dosing lines of an arm that name an agent.

    Parameters
    ----------
    arm : Arm
        As in the protocol.
    agent : str
        Name of an agent.

    Returns
    -------
    tuple of DosingRule
        Also lines on which the agent is one of several choices; empty when it is never given.
    """
    return tuple(line for line in arm.dosing if any(given.agent == agent for given in line.choices))


def days_in_words(days: Iterable[DayRange]) -> str:
    """Say days of a cycle, e.g. `days 1 and 15` or `days 8-28`.

    Parameters
    ----------
    days : iterable of DayRange
        In the order of the protocol.

    Returns
    -------
    str
        For a reason or a message.
    """
    spans = [
        str(span.first) if span.first == span.last else f"{span.first}-{span.last}" for span in days
    ]
    plural = "days" if len(spans) > 1 or "-" in spans[0] else "day"
    return f"{plural} {' and '.join(spans)}"


def cycles_in_words(cycles: CycleRange) -> str:
    """Say cycles, e.g. `cycle 1`, `cycles 1-2`, `every cycle`, `every cycle from cycle 2`.

    Parameters
    ----------
    cycles : CycleRange
        As in the protocol.

    Returns
    -------
    str
        For a reason or a message.
    """
    if cycles.last is None:
        return "every cycle" if cycles.first == 1 else f"every cycle from cycle {cycles.first}"
    if cycles.first == cycles.last:
        return f"cycle {cycles.first}"
    return f"cycles {cycles.first}-{cycles.last}"


def _line_in_words(arm: Arm, line: DosingRule) -> str:
    """Say which days a line names, and where it stands."""
    when = f"{days_in_words(line.days)} of {cycles_in_words(line.cycles)}"
    return f"{when}: arm {arm.id}, line {line.id} ({line.says})"


def _given(line: DosingRule, chosen: Mapping[str, str]) -> AgentDose:
    """Give the agent of a line; its faults were looked for before."""
    if len(line.choices) == 1:
        return line.choices[0]
    return next(given for given in line.choices if given.agent == chosen[line.id])


def _dose(
    arm: Arm, unit: str, given: AgentDose, dose_level: int | None
) -> tuple[Quantity | None, str, str]:
    """Give the amount, its label, and where the amount comes from."""
    if given.dose is not None:
        origin = f"fixed dose, {given.dose.label}" if given.dose.label else "fixed dose"
        return Quantity(given.dose.amount, unit), given.dose.label, origin
    if dose_level is None:
        return None, arm.ladder.label, "no dose level assigned yet"
    origin = f"dose level {dose_level} of arm {arm.id}"
    if arm.ladder.label:
        origin = f"{origin}, {arm.ladder.label}"
    return Quantity(arm.ladder.amount(given.agent, dose_level), unit), arm.ladder.label, origin


def _level_faults(arm: Arm, dose_level: int | None) -> Iterator[Fault]:
    """Refuse a dose level that the ladder does not have."""
    levels = len(arm.ladder.doses)
    if dose_level is not None and not 1 <= dose_level <= levels:
        allowed = f"1 to {levels} in arm {arm.id}, or none while not assigned"
        yield Fault("dose_level", f"dose level {dose_level}", allowed, "Correct the dose level")


def _foreign_choices(arm: Arm, chosen: Mapping[str, str]) -> Iterator[Fault]:
    """Refuse a choice for a line that the arm does not have."""
    lines = {line.id for line in arm.dosing}
    for name in chosen:
        if name not in lines:
            yield Fault(
                f"choice.{shorten(name)}",
                f"no line of arm {arm.id}",
                ", ".join(sorted(lines)),
                "Correct the id of the line",
            )


def _line_faults(
    arm: Arm, agents: Mapping[str, Agent], line: DosingRule, chosen: Mapping[str, str]
) -> Iterator[Fault]:
    """Refuse a line whose agent or dose is open."""
    offered = {given.agent: given for given in line.choices}
    if line.id not in chosen and len(line.choices) > 1:
        yield Fault(
            f"choice.{line.id}",
            "no agent is chosen",
            f"exactly one of {', '.join(offered)}",
            "Record which one the participant takes",
        )
        return
    agent = chosen.get(line.id, line.choices[0].agent)
    if agent not in offered:
        yield Fault(
            f"choice.{line.id}",
            shorten(agent),
            f"exactly one of {', '.join(offered)}",
            "Correct the agent",
        )
        return
    if agent not in agents:
        allowed = ", ".join(sorted(agents))
        yield Fault(f"agents.{agent}", "an agent not described", allowed, "Describe the agent")
    if offered[agent].dose is None and agent not in arm.ladder.agents:
        yield Fault(
            f"arms.{arm.id}.dosing.{line.id}",
            f"{agent} without a dose",
            f"a dose, or none for {' and '.join(arm.ladder.agents)}, whose dose levels the ladder "
            "holds",
            "State the dose in the protocol",
        )
