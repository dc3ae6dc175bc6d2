"""Agents as interventions, and each dosing line as an administration of each agent it names."""

from typing import Any

from trialwright.protocol.arms import CycleRange
from trialwright.registry.draft_arms import cycles_say, days_say
from trialwright.registry.record import Record, RecordAgent, RecordArm, RecordDosing
from trialwright.registry.usdm_terms import (
    DRUG,
    DRUG_SYSTEMS,
    OWN,
    PROTOCOL_AGENT,
    ROUTES,
    UNITS,
    Coded,
)
from trialwright.registry.writing.usdm_parts import Names, Part, Parts

UNTIL_THE_END = "Cycles repeat until treatment ends."
"""Why the length of a treatment without a last cycle varies."""


def agents_given(record: Record) -> dict[str, RecordAgent | None]:
    """Give the agents of a record.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    dict of str to RecordAgent or None
        By key: those that are listed, then those that only a dosing line names (None).
    """
    named = (choice.agent for arm in record.arms for line in arm.dosing for choice in line.choices)
    return {**record.agents, **{name: None for name in named if name not in record.agents}}


def interventions_of(record: Record, parts: Parts) -> tuple[list[Part], dict[str, str]]:
    """Give each agent with its administrations.

    Parameters
    ----------
    record : Record
        Any record.
    parts : Parts
        Makes the parts.

    Returns
    -------
    tuple of list of dict and dict of str to str
        `StudyIntervention`s, and their ids by the key of the agent.
    """
    names = Names("agent")
    made, ids = [], {}
    for place, (key, agent) in enumerate(agents_given(record).items(), start=1):
        administrations = _administrations(record, key, agent, parts)
        name, beside = names.give(key, f"agent-{place}")
        listed = agent or RecordAgent(says="")
        intervention = parts.part(
            "StudyIntervention",
            beside | _beside(agent, has_administrations=bool(administrations)),
            name=name,
            label=listed.says or None,
            description=listed.description or None,
            role=parts.code(PROTOCOL_AGENT),
            type=parts.code(DRUG),
            codes=[parts.code(code_of_drug(code, listed.says)) for code in listed.codes] or None,
            administrations=administrations or None,
        )
        made.append(intervention)
        ids[key] = intervention["id"]
    return made, ids


def _beside(agent: RecordAgent | None, *, has_administrations: bool) -> dict[str, Any]:
    """Give what an intervention has no attribute for."""
    if agent is None:
        return {"is_listed": False}
    beside: dict[str, Any] = {"is_investigational": agent.is_investigational}
    if agent.agent_class:
        beside["agent_class"] = agent.agent_class
    if agent.synonyms:
        beside["synonyms"] = list(agent.synonyms)
    if agent.route and not has_administrations:
        beside["route"] = agent.route
    return beside


def code_of_drug(text: str, says: str) -> Coded:
    """Give the code of an agent.

    Parameters
    ----------
    text : str
        As a protocol writes it, e.g. `RXNORM 282357`.
    says : str
        Name of the agent.

    Returns
    -------
    Coded
        In our own system, the whole text as the code, where the system is not known.
    """
    system, blank, code = text.partition(" ")
    if blank and system in DRUG_SYSTEMS:
        return Coded(code, says, DRUG_SYSTEMS[system], SYSTEM_RELEASE)
    return Coded(text, says, f"{OWN}code", "1")


SYSTEM_RELEASE = "not stated"
"""Release of a code system that a protocol names without one."""


def _administrations(
    record: Record, key: str, agent: RecordAgent | None, parts: Parts
) -> list[Part]:
    """Give each place at which a dosing line names an agent."""
    names = Names("id")
    made: list[Part] = []
    for at_arm, arm in enumerate(record.arms):
        for at_line, line in enumerate(arm.dosing):
            for at_choice, choice in enumerate(line.choices):
                if choice.agent == key:
                    name, _ = names.give(f"{arm.id} {line.id}".strip(), f"line-{len(made) + 1}")
                    beside = {"dosing": _place(line, at_arm, at_line, at_choice)}
                    made.append(_administration(record, agent, line, name, beside, parts))
    return made


def _place(line: RecordDosing, at_arm: int, at_line: int, at_choice: int) -> dict[str, Any]:
    """Give the place of an administration among arms, lines and choices, and its days."""
    return {
        "arm": at_arm,
        "line": at_line,
        "choice": at_choice,
        "id": line.id,
        "days": [each.model_dump(mode="json") for each in line.days],
        "cycles": line.cycles.model_dump(mode="json"),
    }


def _administration(
    record: Record,
    agent: RecordAgent | None,
    line: RecordDosing,
    name: str,
    beside: dict[str, Any],
    parts: Parts,
) -> Part:
    """Give one administration; the record knows no doses."""
    route = agent.route if agent else ""
    return parts.part(
        "Administration",
        beside,
        name=name,
        description=line.says or None,
        duration=_duration(record, line, parts),
        route=parts.alias(ROUTES.coded(route)) if route else None,
    )


def _duration(record: Record, line: RecordDosing, parts: Parts) -> Part:
    """Give how long a line lasts: until treatment ends, or for its cycles."""
    cycles = line.cycles
    days = f"{days_say(line.days)} of " if line.days else ""
    said = f"{days}{cycles_say(cycles)}"
    if cycles.last is None:
        return parts.part(
            "Duration", text=said, durationWillVary=True, reasonDurationWillVary=UNTIL_THE_END
        )
    return parts.part(
        "Duration", text=said, quantity=_length(record, cycles, parts), durationWillVary=False
    )


def _length(record: Record, cycles: CycleRange, parts: Parts) -> Part | None:
    """Give the length of cycles in days, where that of one is stated."""
    if record.cycle_days is None or cycles.last is None or cycles.last < cycles.first:
        return None
    count = cycles.last - cycles.first + 1
    return parts.quantity(count * record.cycle_days, UNITS.coded("days"))


def lines_without_agent(arm: RecordArm) -> list[dict[str, Any]]:
    """Give the dosing lines that name no agent, so that no administration can hold them.

    Parameters
    ----------
    arm : RecordArm
        Any arm.

    Returns
    -------
    list of dict
        Each with its place in the arm.
    """
    return [
        {"line": place, **line.model_dump(mode="json", exclude={"choices"})}
        for place, line in enumerate(arm.dosing)
        if not line.choices
    ]
