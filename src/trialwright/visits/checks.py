"""Design-time checks of the schedule: what no participant could follow, or none could count.

Called once, right after a protocol is read. Each fault names its place in the file.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

from trialwright.protocol.arms import Arm, CycleRange, DosingRule
from trialwright.protocol.schedule import Assessment
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault
from trialwright.visits.dosing_days import lines_of


def check(study: Study) -> tuple[Fault, ...]:
    """Find faults in the dosing days, ladders, DLT windows and assessments of a study.

    Parameters
    ----------
    study : Study
        As read; that its names refer to something is asked in `protocol.wellformed`.

    Returns
    -------
    tuple of Fault
        In the order of the file; empty when the schedule can be followed.
    """
    faults: list[Fault] = []
    for place, arm in enumerate(study.arms):
        faults += _arm(arm, f"arms.{place}", study.cycle_days)
    for place, assessment in enumerate(study.assessments):
        faults += _assessment(assessment, f"assessments.{place}", study.cycle_days)
    return tuple(faults)


def _arm(arm: Arm, where: str, cycle_days: int) -> Iterator[Fault]:
    """Check one arm."""
    if not arm.dosing:
        yield Fault(f"{where}.dosing", "an arm without agents", "one line or more", "Add a line")
        return
    for place, line in enumerate(arm.dosing):
        yield from _line(line, f"{where}.dosing.{place}", cycle_days)
    yield from _given_twice(arm, where)
    yield from _anchor(arm, where)
    yield from _ladder(arm, where)


def _line(line: DosingRule, where: str, cycle_days: int) -> Iterator[Fault]:
    """Check the days and cycles of one dosing line, and that it offers each agent once."""
    for place, span in enumerate(line.days):
        if span.last > cycle_days:
            yield _past_end(f"{where}.days.{place}.last", span.last, cycle_days)
    yield from _cycles(line.cycles, where)
    offered = [given.agent for given in line.choices]
    for place, agent in enumerate(offered):
        if agent in offered[:place]:
            yield Fault(
                f"{where}.choices.{place}.agent",
                f"{agent} is offered a second time",
                "each agent once",
                "Remove one of the two choices",
            )


def _past_end(where: str, day: int, cycle_days: int) -> Fault:
    """Give the fault of a day past the end of the cycle."""
    return Fault(
        where,
        f"day {day} is past the end of the cycle",
        f"1 to {cycle_days}",
        "Correct the days or cycle_days",
    )


def _cycles(cycles: CycleRange, where: str) -> Iterator[Fault]:
    """Refuse cycles that end before they begin."""
    if cycles.last is not None and cycles.last < cycles.first:
        yield Fault(
            f"{where}.cycles.last",
            f"cycle {cycles.last}, before the first, {cycles.first}",
            f"{cycles.first} or later, or none for as long as treatment lasts",
            "Correct the cycles",
        )


def _given_twice(arm: Arm, where: str) -> Iterator[Fault]:
    """Find agents that two lines would give on one day, or that one line alone cannot choose."""
    for (first, line), (second, other) in combinations(enumerate(arm.dosing), 2):
        offered = {given.agent for given in line.choices}
        also = {given.agent for given in other.choices}
        for agent in sorted(offered & also):
            at = f"{where}.dosing.{second}.choices.{_place_of(other, agent)}.agent"
            if _coincide(line, other):
                yield Fault(
                    at,
                    f"{agent} is also given by line {first} ({line.id}) on the same day",
                    "one line for each agent and day",
                    "Separate the days or the cycles, or remove one of the lines",
                )
            elif offered != also:
                yield Fault(
                    at,
                    f"{agent} stands here and on line {first} ({line.id}), and one is a choice",
                    "an agent that is chosen on one line only, or lines that offer the same agents",
                    "Offer the same agents on both lines, or remove the agent from one",
                )


def _place_of(line: DosingRule, agent: str) -> int:
    """Give the place of an agent among the choices of a line."""
    return [given.agent for given in line.choices].index(agent)


def _coincide(line: DosingRule, other: DosingRule) -> bool:
    """Say whether two lines share a day of a cycle."""
    if not set(line.cycle_days) & set(other.cycle_days):
        return False
    first = max(line.cycles.first, other.cycles.first)
    return all(
        cycles.last is None or first <= cycles.last for cycles in (line.cycles, other.cycles)
    )


def _anchor(arm: Arm, where: str) -> Iterator[Fault]:
    """Refuse a DLT window that opens on an agent the participant may never take."""
    anchor = arm.dlt_window.anchor_agent
    lines = lines_of(arm, anchor)
    if not lines or all(len(line.choices) > 1 for line in lines):
        found = "is one of several choices" if lines else "is never given"
        certain = {line.choices[0].agent for line in arm.dosing if len(line.choices) == 1}
        yield Fault(
            f"{where}.dlt_window.anchor_agent",
            f"{anchor} {found} in arm {arm.id}, so the window may never open",
            ", ".join(sorted(certain)) or "an agent that every participant of the arm takes",
            "Anchor the window on an agent that every participant of the arm takes",
        )


def _ladder(arm: Arm, where: str) -> Iterator[Fault]:
    """Refuse a ladder without its agents, and an agent without a dose."""
    faults = [
        fault
        for agent, field in zip(arm.ladder.agents, ("agent", "second.agent"), strict=False)
        for fault in _never_escalated(arm, agent, f"{where}.ladder.{field}")
    ]
    yield from faults
    if faults:
        return
    for place, line in enumerate(arm.dosing):
        for choice, given in enumerate(line.choices):
            if given.dose is None and given.agent not in arm.ladder.agents:
                yield Fault(
                    f"{where}.dosing.{place}.choices.{choice}.dose",
                    f"{given.agent} has no dose, and the ladder is for "
                    f"{' and '.join(arm.ladder.agents)}",
                    "a dose",
                    "State the dose",
                )


def _never_escalated(arm: Arm, agent: str, where: str) -> Iterator[Fault]:
    """Refuse an agent of the ladder that no line leaves to it."""
    lines = lines_of(arm, agent)
    chosen = [given for line in lines for given in line.choices if given.agent == agent]
    if all(given.dose is not None for given in chosen):
        found = "is given at fixed doses only" if lines else "is never given"
        yield Fault(
            where,
            f"{agent} {found} in arm {arm.id}",
            "an agent of the arm whose dose is left to the ladder",
            "Name the escalated agent, or leave its dose out of the dosing line",
        )


def _assessment(assessment: Assessment, where: str, cycle_days: int) -> Iterator[Fault]:
    """Check the days, cycles and windows of one assessment."""
    for place, day in enumerate(assessment.days):
        if day > cycle_days:
            yield _past_end(f"{where}.days.{place}", day, cycle_days)
    yield from _cycles(assessment.cycles, where)
    gap = _least_gap(assessment, cycle_days)
    reach = assessment.window.before_days + assessment.window.after_days
    if gap is not None and gap <= reach:
        yield Fault(
            f"{where}.window",
            f"{assessment.id} is due {gap} days apart and its windows reach over {reach} days",
            f"before_days and after_days that together stay below {gap}",
            "Narrow the window, or space the days",
        )


def _least_gap(assessment: Assessment, cycle_days: int) -> int | None:
    """Give the fewest days between two planned days; None when there is only one."""
    if assessment.every_weeks is not None:
        return 7 * assessment.every_weeks
    days = sorted(day for day in assessment.days if day <= cycle_days)
    cycles = assessment.cycles
    if days and cycles.last != cycles.first:
        days.append(days[0] + cycle_days)
    return min((later - earlier for earlier, later in pairwise(days)), default=None)
