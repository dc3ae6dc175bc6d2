"""The arms of a draft: agents, routes and dosing days as a record states them."""

from dataclasses import dataclass

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.spans import Kept


@dataclass(frozen=True, slots=True)
class DosingLine:
    """Which agent is given how, on which days of which cycles; as `protocol.arms.DosingRule`.

    Attributes
    ----------
    agent : str
        As the record calls it; the class when a choice of agents follows.
    choices : tuple of str
        The agent; more than one: exactly one of them is given.
    route : str
        `PO`, `IM`, `IV` or `SC`; empty when not stated.
    times_a_day : int or None
        Doses on each dosing day; None when not stated.
    days : tuple of DayRange
        Days of the cycle.
    cycles : CycleRange
        Cycles to which the line applies.
    as_in : str
        Arm to which the record refers for the days; empty when it states them here.
    assumptions : tuple of str
        What was assumed in reading the line.
    line : int
        Where it stands.
    dose : str
        In the record's own words, e.g. `80 mg/m2`; empty when not stated.
    """

    agent: str
    choices: tuple[str, ...]
    route: str
    times_a_day: int | None
    days: tuple[DayRange, ...]
    cycles: CycleRange
    as_in: str = ""
    assumptions: tuple[str, ...] = ()
    line: int = 0
    dose: str = ""

    @property
    def says(self) -> str:
        """The line in words."""
        chosen = self.choices != (self.agent,)
        what = f"{self.agent} ({_listed(self.choices, 'or')})" if chosen else self.agent
        often = {None: "", 1: " once daily", 2: " twice daily", 3: " three times daily"}
        when = f"{days_say(self.days)} of {cycles_say(self.cycles)}"
        route = f" {self.route}" if self.route else ""
        return f"{what}{route}{often.get(self.times_a_day, '')} on {when}"


@dataclass(frozen=True, slots=True)
class DraftArm:
    """An arm as the record describes it.

    Attributes
    ----------
    label : str
        `A` of `ARM A`.
    dosing : tuple of DosingLine
        The sentences that were understood, line by line.
    cycle_days : int or None, days
        Length of a cycle; None when not stated or not understood.
    most_cycles : int or None
        Greatest number of cycles; None when no limit is stated.
    until : tuple of str
        What ends treatment, each alone; empty when not stated.
    kept : tuple of Kept
        The sentences that were not understood.
    line : int
        Where it stands.
    title, type : str
        Its name and kind in the record; empty where the letter is all.
    source_text : str
        The record's own words on its treatment.
    agents : tuple of str
        Every agent that its words name, in their order, those without days too.
    """

    label: str
    dosing: tuple[DosingLine, ...]
    cycle_days: int | None
    most_cycles: int | None
    until: tuple[str, ...]
    kept: tuple[Kept, ...]
    line: int
    title: str = ""
    type: str = ""
    source_text: str = ""
    agents: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The arm by its agents."""
        return _listed(tuple(dict.fromkeys(line.agent for line in self.dosing)), "and")


def days_say(days: tuple[DayRange, ...]) -> str:
    """Say days of a cycle.

    Parameters
    ----------
    days : tuple of DayRange
        At least one.

    Returns
    -------
    str
        E.g. `days 1 and 15`, `days 1-28`, `day 1`.
    """
    spans = tuple(
        f"{each.first}" if each.first == each.last else f"{each.first}-{each.last}" for each in days
    )
    is_one = len(days) == 1 and days[0].first == days[0].last
    return f"{'day' if is_one else 'days'} {_listed(spans, 'and')}"


def cycles_say(cycles: CycleRange) -> str:
    """Say cycles.

    Parameters
    ----------
    cycles : CycleRange
        First and last.

    Returns
    -------
    str
        E.g. `every cycle`, `cycle 1`, `each cycle from cycle 2`, `cycles 1-6`.
    """
    if cycles.last is None:
        return "every cycle" if cycles.first == 1 else f"each cycle from cycle {cycles.first}"
    if cycles.first == cycles.last:
        return f"cycle {cycles.first}"
    return f"cycles {cycles.first}-{cycles.last}"


def _listed(words: tuple[str, ...], joined_by: str) -> str:
    """Join words with commas, the last by `and` or `or`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"
