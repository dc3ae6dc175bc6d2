"""Arms, agents and dosing days as data."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.criteria import ArmId
from trialwright.protocol.data import Data, Illustrated, Name, Percentage, PositiveNumber, Text
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.protocol.publication import Line, Long

CycleDay = Annotated[int, Field(ge=1, le=400)]
"""Day of a cycle; day 1 is its first."""


class Agent(Data):
    """A study drug.

    Attributes
    ----------
    says : str
        Its name for people.
    agent_class : str
        Pharmacological class.
    route : {'PO', 'IM', 'IV', 'SC'}
        How it is given.
    dose_unit : str
        UCUM unit of its doses.
    is_investigational : bool
        Whether the trial escalates or studies it.
    codes, synonyms : tuple of str
        Codes and other names in records.
    description : str
        The record's words on it; empty when not stated.
    """

    says: Text
    agent_class: Text
    route: Literal["PO", "IM", "IV", "SC"]
    dose_unit: str
    is_investigational: bool = False
    codes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    description: Long = ""


class Dose(Illustrated):
    """A fixed dose.

    Attributes
    ----------
    amount : PositiveNumber
        In the agent's dose unit.
    """

    amount: PositiveNumber


class AgentDose(Data):
    """An agent with its dose.

    Attributes
    ----------
    agent : Name
        Key in the study's agents.
    dose : Dose or None
        None: the dose of the participant's dose level.
    """

    agent: Name
    dose: Dose | None = None


class DayRange(Data):
    """Days of a cycle, both ends included.

    Attributes
    ----------
    first, last : int
        Day 1 is the first day of the cycle.
    """

    first: CycleDay
    last: CycleDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a range that ends before it begins."""
        if self.last < self.first:
            raise ValueError(
                f"ends on day {self.last} and begins on day {self.first}: a last day not before"
            )
        return self


class CycleRange(Data):
    """Cycles to which a rule applies.

    Attributes
    ----------
    first : int
        Counted from 1.
    last : int or None
        Included; None: until treatment ends.
    """

    first: Annotated[int, Field(ge=1)] = 1
    last: Annotated[int, Field(ge=1)] | None = None

    def holds(self, cycle: int) -> bool:
        """Say whether a cycle is among them.

        Parameters
        ----------
        cycle : int
            Counted from 1.

        Returns
        -------
        bool
            True from the first to the last, both included.
        """
        return self.first <= cycle and (self.last is None or cycle <= self.last)


class DosingRule(Data):
    """One line of an arm's treatment: which agent on which days of which cycles.

    Attributes
    ----------
    id : Name
        Name of the line, shown beside each date it makes.
    says : str
        The line in words.
    choices : tuple of AgentDose
        The agent; more than one: exactly one is chosen for each participant.
    days : tuple of DayRange
        Days of the cycle.
    cycles : CycleRange
        Cycles to which the line applies.
    """

    id: Name
    says: Text
    choices: Annotated[tuple[AgentDose, ...], Field(min_length=1)]
    days: Annotated[tuple[DayRange, ...], Field(min_length=1)]
    cycles: CycleRange = CycleRange()

    @property
    def cycle_days(self) -> tuple[int, ...]:
        """The days in ascending order, each once."""
        days = {day for span in self.days for day in range(span.first, span.last + 1)}
        return tuple(sorted(days))


class SecondAgent(Data):
    """The second agent of a ladder of combinations.

    Attributes
    ----------
    agent : Name
        An agent other than the first.
    doses : tuple of PositiveNumber
        Its dose at each level, level 1 first, in its dose unit, once on each dosing day.
    """

    agent: Name
    doses: Annotated[tuple[PositiveNumber, ...], Field(min_length=1)]


class DoseLadder(Illustrated):
    """The doses of the escalated agent, or of two, lowest level first.

    Attributes
    ----------
    agent : Name
        The escalated agent.
    doses : tuple of PositiveNumber
        Level 1 first, in the agent's dose unit, once on each dosing day.
    second : SecondAgent or None
        The other agent, where a dose level names the doses of two.
    """

    agent: Name
    doses: Annotated[tuple[PositiveNumber, ...], Field(min_length=1)]
    second: SecondAgent | None = None

    @property
    def agents(self) -> tuple[str, ...]:
        """Agents whose dose is that of the participant's dose level."""
        return (self.agent,) if self.second is None else (self.agent, self.second.agent)

    def amount(self, agent: str, level: int) -> Decimal:
        """Give the dose of an agent at a dose level.

        Parameters
        ----------
        agent : str
            One of `agents`.
        level : int
            Dose level, 1 = lowest.

        Returns
        -------
        Decimal
            In the dose unit of the agent.
        """
        is_second = self.second is not None and agent == self.second.agent
        doses = self.second.doses if is_second and self.second else self.doses
        return doses[level - 1]

    def said(self, level: int, agents: Mapping[str, Agent]) -> str:
        """Say the dose, or both doses, of a dose level.

        Parameters
        ----------
        level : int
            Dose level, 1 = lowest.
        agents : mapping of str to Agent
            The study's agents, for their units.

        Returns
        -------
        str
            E.g. `200 mg`, or `200 mg + 75 mg`.
        """
        return " + ".join(
            f"{self.amount(agent, level):f} {agents[agent].dose_unit}".strip()
            for agent in self.agents
        )


class DltWindow(Illustrated):
    """The days that count for a dose-limiting toxicity.

    Attributes
    ----------
    anchor_agent : Name
        The window opens on the first dose of this agent.
    days : int, days
        Length; day 1 is the day of that dose.
    least_dose_percent : Percentage, %
        Least share of the anchor agent's planned doses for a participant without a DLT to count.
    least_percent_of : mapping of Name to Percentage, %
        The same of other agents of the arm; empty: theirs are not counted.
    """

    anchor_agent: Name
    days: Annotated[int, Field(ge=1, le=400)]
    least_dose_percent: Percentage
    least_percent_of: dict[Name, Percentage] = Field(default_factory=dict)


class Arm(Data):
    """One treatment arm.

    Attributes
    ----------
    id : str
        One capital letter.
    says : str
        The arm in words.
    title : str
        Its name in the public record, where that is more than the letter.
    type : str
        The record's word for what it is, e.g. `EXPERIMENTAL`; empty when not stated.
    source_text : str or None
        The record's own words; kept only when a record is read.
    dosing : tuple of DosingRule
        Its treatment, line by line.
    ladder : DoseLadder
        Its dose levels.
    escalation : EscalationDesign
        The design that moves between them.
    dlt_window : DltWindow
        The days that count for its dose decisions.
    """

    id: ArmId
    says: Text
    title: Line = ""
    type: Line = ""
    source_text: Long | None = None
    dosing: Annotated[tuple[DosingRule, ...], Field(min_length=1)]
    ladder: DoseLadder
    escalation: EscalationDesign
    dlt_window: DltWindow


class Assignment(Illustrated):
    """How a participant comes to an arm.

    Attributes
    ----------
    rule : {'investigator', 'fixed-order', 'randomised'}
        Who or what assigns.
    says : str
        The rule in words.
    """

    rule: Literal["investigator", "fixed-order", "randomised"]
    says: Text
