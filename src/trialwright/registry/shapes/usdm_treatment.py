"""Agents and arms of a USDM file: interventions, and the dosing lines of their administrations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.record import RecordAgent, RecordArm, RecordChoice, RecordDosing
from trialwright.registry.shapes.usdm_tree import Node
from trialwright.registry.usdm_terms import ARM_TYPES, DRUG_SYSTEMS, OWN, ROUTES

_SYSTEMS = {system: word for word, system in DRUG_SYSTEMS.items()}
_TEXTS = TypeAdapter(tuple[str, ...])


class _Timing(BaseModel):
    """A dosing line as it stands beside an administration, or beside an arm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int = Field(ge=0)
    id: str
    days: tuple[DayRange, ...]
    cycles: CycleRange


class _Place(_Timing):
    """Where an administration stands among arms, lines and choices."""

    arm: int = Field(ge=0)
    choice: int = Field(ge=0)


class _WithoutAgent(_Timing):
    """A dosing line that names no agent."""

    says: str


_PLACE: TypeAdapter[_Place | None] = TypeAdapter(_Place)
_WITHOUT_AGENT = TypeAdapter(tuple[_WithoutAgent, ...])


@dataclass(frozen=True, slots=True)
class _Given:
    """One agent at one place of a dosing line."""

    place: _Place
    agent: str
    says: str
    node: Node


def agents_of(version: Node) -> dict[str, RecordAgent]:
    """Read the agents.

    Parameters
    ----------
    version : Node
        A `StudyVersion`.

    Returns
    -------
    dict of str to RecordAgent
        By key; an intervention that only a dosing line names is no agent of the record.
    """
    agents: dict[str, RecordAgent] = {}
    for each in version.all("studyInterventions"):
        key = _key(each)
        if key in agents:
            each.one("name").fault(f"the agent {key} a second time", "each agent once")
        if each.truth_beside("is_listed", otherwise=True):
            agents[key] = _agent(each)
    return agents


def _key(intervention: Node) -> str:
    """Give the record's key of an agent."""
    return intervention.text_beside("agent", intervention.required("name"))


def _agent(intervention: Node) -> RecordAgent:
    """Read one agent."""
    routes = (
        each.word("route", ROUTES)
        for each in intervention.all("administrations")
        if each.has("route")
    )
    return RecordAgent(
        says=intervention.text("label"),
        agent_class=intervention.text_beside("agent_class"),
        route=intervention.text_beside("route", next(routes, "")),
        description=intervention.text("description"),
        is_investigational=intervention.truth_beside("is_investigational", otherwise=False),
        codes=tuple(_drug_code(each) for each in intervention.all("codes")),
        synonyms=intervention.typed_beside("synonyms", _TEXTS, ()),
    )


def _drug_code(code: Node) -> str:
    """Give the code of an agent as a protocol writes it."""
    system, text = code.required("codeSystem"), code.required("code")
    if system == f"{OWN}code":
        return text
    return f"{_SYSTEMS.get(system, system)} {text}"


def arms_of(version: Node, design: Node) -> tuple[RecordArm, ...]:
    """Read the arms with their dosing lines.

    Parameters
    ----------
    version : Node
        A `StudyVersion`.
    design : Node
        Its design.

    Returns
    -------
    tuple of RecordArm
        In the order of the file.
    """
    arms = design.all("arms")
    given = tuple(_given(version))
    for each in given:
        if each.place.arm >= len(arms):
            each.node.fault(f"arm {each.place.arm}", f"one of {len(arms)} arms, counted from 0")
    return tuple(
        _arm(arm, [each for each in given if each.place.arm == place])
        for place, arm in enumerate(arms)
    )


def _given(version: Node) -> Iterator[_Given]:
    """Give each place at which an agent is given."""
    for intervention in version.all("studyInterventions"):
        for each in intervention.all("administrations"):
            place = each.typed_beside("dosing", _PLACE, None)
            if place is not None:
                yield _Given(place, _key(intervention), each.text("description"), each)


def _arm(arm: Node, given: Sequence[_Given]) -> RecordArm:
    """Read one arm."""
    described = arm.text("description")
    has_source = arm.beside("says") is not None
    return RecordArm(
        id=arm.text_beside("id", arm.required("name")),
        says=arm.text_beside("says", described),
        title=arm.text("label"),
        type=arm.text_beside("type", arm.word("type", ARM_TYPES)),
        source_text=described if has_source else None,
        dosing=_lines(arm, given),
    )


def _lines(arm: Node, given: Sequence[_Given]) -> tuple[RecordDosing, ...]:
    """Put the dosing lines of an arm together."""
    lines = {
        each.line: _dosing(each, each.says, ())
        for each in arm.typed_beside("lines_without_agent", _WITHOUT_AGENT, ())
    }
    for number in sorted({each.place.line for each in given}):
        same = sorted(
            (each for each in given if each.place.line == number),
            key=lambda each: each.place.choice,
        )
        _refuse_disagreement(arm, number, same, is_taken=number in lines)
        choices = tuple(RecordChoice(agent=each.agent) for each in same)
        lines[number] = _dosing(same[0].place, same[0].says, choices)
    return tuple(lines[number] for number in sorted(lines))


def _dosing(timing: _Timing, says: str, choices: tuple[RecordChoice, ...]) -> RecordDosing:
    """Give a dosing line."""
    return RecordDosing(
        id=timing.id, says=says, choices=choices, days=timing.days, cycles=timing.cycles
    )


def _refuse_disagreement(arm: Node, number: int, same: Sequence[_Given], *, is_taken: bool) -> None:
    """Note when the choices of one line are not one line."""
    first = same[0]
    for at, each in enumerate(same):
        if each.place.choice != at or is_taken:
            each.node.fault(
                f"choice {each.place.choice} of line {number}", "each place of a line once"
            )
        alike = (each.place.id, each.place.days, each.place.cycles, each.says)
        if alike != (first.place.id, first.place.days, first.place.cycles, first.says):
            each.node.fault(
                f"line {number} of {arm.text('name')} in a second form", "one form of each line"
            )
