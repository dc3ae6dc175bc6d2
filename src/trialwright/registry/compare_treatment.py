"""Whether a record and a protocol give the same agents on the same days of the same cycles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trialwright.protocol.arms import Arm, CycleRange, DayRange
from trialwright.protocol.study import Study
from trialwright.registry.comparison import Seen
from trialwright.registry.draft import Draft
from trialwright.registry.draft_arms import DraftArm, cycles_say, days_say


@dataclass(frozen=True, slots=True)
class _Line:
    """One dosing line of either side, its agents under the protocol's names."""

    agents: frozenset[str]
    routes: frozenset[str]
    days: tuple[DayRange, ...]
    cycles: CycleRange

    @property
    def says(self) -> str:
        """The days in words."""
        return (
            f"{'/'.join(sorted(self.routes))} on {days_say(self.days)} of {cycles_say(self.cycles)}"
        )


def seen_arms(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the arms: which there are, and for each its agents, routes and days.

    Parameters
    ----------
    draft : Draft
        The record as read.
    study : Study
        The protocol.

    Yields
    ------
    Seen
        In the order of the record, then arms that it does not name.
    """
    names = _names(study)
    for arm in draft.arms:
        promised = study.arm(arm.label)
        if promised is None:
            says = f"Arm {arm.label} is on the page and not in the protocol."
            yield Seen("arms", f"arm {arm.label}", arm.says, "", is_same=False, says=says)
        else:
            yield from _arm(arm, promised, study, names)
    labels = {arm.label for arm in draft.arms}
    for missing in (arm for arm in study.arms if arm.id not in labels):
        says = f"Arm {missing.id} is in the protocol and was not read on the page."
        yield Seen("arms", f"arm {missing.id}", "", missing.says, is_same=False, says=says)


def _names(study: Study) -> dict[str, str]:
    """Give the protocol's name for each name under which an agent is known."""
    return {
        known.casefold(): name
        for name, agent in study.agents.items()
        for known in (*agent.synonyms, agent.says, name)
    }


def _arm(arm: DraftArm, promised: Arm, study: Study, names: dict[str, str]) -> Iterator[Seen]:
    """Look at one arm that both sides have."""
    group = f"arm {arm.label}"
    page = _on_page(arm, names)
    protocol = _in_protocol(promised, study)
    for agents in dict.fromkeys(line.agents for line in (*page, *protocol)):
        mine = [line for line in page if line.agents == agents]
        theirs = [line for line in protocol if line.agents == agents]
        if not mine and arm.kept:
            continue  # it may stand in the sentence that was not understood
        is_same = _same(mine, theirs)
        topic = " or ".join(sorted(agents))
        on_page, in_protocol = _say(mine), _say(theirs)
        says = (
            f"Arm {arm.label}, {topic}: {on_page or 'not given'} on the page,"
            f" {in_protocol or 'not given'} in the protocol."
        )
        yield Seen(group, topic, on_page, in_protocol, is_same, says)
    for line in (each for each in arm.dosing if each.times_a_day not in (None, 1)):
        says = (
            f"Arm {arm.label}, {line.agent}: {line.times_a_day} doses a day on the page; a dosing"
            " day of the protocol has one."
        )
        yield Seen(group, line.agent, line.says, "once a day", is_same=False, says=says)


def _on_page(arm: DraftArm, names: dict[str, str]) -> list[_Line]:
    """Give the page's lines under the protocol's names of the agents."""
    return [
        _Line(
            frozenset(names.get(agent.casefold(), agent) for agent in line.choices),
            frozenset({line.route}),
            line.days,
            line.cycles,
        )
        for line in arm.dosing
    ]


def _in_protocol(arm: Arm, study: Study) -> list[_Line]:
    """Give the protocol's lines."""
    return [
        _Line(
            frozenset(choice.agent for choice in rule.choices),
            frozenset(study.agents[choice.agent].route for choice in rule.choices),
            rule.days,
            rule.cycles,
        )
        for rule in arm.dosing
    ]


def _same(mine: Sequence[_Line], theirs: Sequence[_Line]) -> bool:
    """Say whether two groups of lines give the same days by the same routes in every cycle."""
    bounds = {
        cycle
        for line in (*mine, *theirs)
        for cycle in (1, line.cycles.first, (line.cycles.last or 0) + 1)
    }  # between two of these cycles nothing changes
    return all(_given(mine, cycle) == _given(theirs, cycle) for cycle in bounds)


def _given(lines: Sequence[_Line], cycle: int) -> set[tuple[int, frozenset[str]]]:
    """Give the dosing days of one cycle with their routes."""
    return {
        (day, line.routes)
        for line in lines
        if line.cycles.holds(cycle)
        for days in line.days
        for day in range(days.first, days.last + 1)
    }


def _say(lines: Sequence[_Line]) -> str:
    """Say a group of lines."""
    return "; ".join(line.says for line in lines)
