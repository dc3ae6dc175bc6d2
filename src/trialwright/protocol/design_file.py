"""A dose-escalation design by itself, before there is a protocol: one small YAML or JSON file."""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from trialwright.protocol.data import Data, Illustrated, Name, Number, PositiveNumber, Text, frozen
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.protocol.escalation_settings import PositiveCount, Probability
from trialwright.protocol.faults import told
from trialwright.protocol.plain_text import Path, PlainText, undotted
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.terms.errors import Fault, Refusal


class ScenarioData(Illustrated):
    """True DLT rates under which a design is judged.

    Attributes
    ----------
    name : str
        As shown, e.g. `MTD at dose level 2`.
    rates : tuple of Decimal, probabilities
        True DLT rate of each dose level, lowest first.
    """

    name: Text
    rates: Annotated[tuple[Number, ...], Field(min_length=1)]


class SecondDoses(Data):
    """The second agent of a ladder of combinations.

    Attributes
    ----------
    agent : str
        Its name.
    doses : tuple of Decimal
        Its dose at each level, level 1 first.
    unit : str
        Unit of the doses.
    """

    agent: Name
    doses: Annotated[tuple[PositiveNumber, ...], Field(min_length=1)]
    unit: str = ""


class DesignFile(Illustrated):
    """A design with its ladder and scenarios.

    Attributes
    ----------
    title : str
        What tells it from another file of the same design; empty: the name of the design.
    agent : str
        The escalated agent.
    doses : tuple of Decimal
        Doses of the ladder, level 1 first; or give `levels`.
    unit : str
        Unit of the doses, e.g. `mg`.
    second : SecondDoses or None
        The other agent, where a dose level names the doses of two.
    levels : int
        Number of dose levels, where the doses are not known.
    window_days : int or None, days
        Length of the DLT window.
    target : Decimal or None, probability
        DLT rate that the MTD should have, for a design that has none itself.
    escalation : EscalationDesign
        The design, as the protocol file writes it.
    scenarios : tuple of ScenarioData
        Where it is judged; empty: standard scenarios.
    """

    title: str = ""
    agent: Name | None = None
    doses: Annotated[tuple[PositiveNumber, ...], Field(min_length=1)] | None = None
    unit: str = ""
    second: SecondDoses | None = None
    levels: PositiveCount | None = None
    window_days: PositiveCount | None = None
    target: Probability | None = None
    escalation: EscalationDesign
    scenarios: tuple[ScenarioData, ...] = ()

    @model_validator(mode="after")
    def _one_ladder(self) -> "DesignFile":
        """Refuse no ladder, and two."""
        if (self.doses is None) == (self.levels is None):
            raise ValueError("doses and levels both or neither: give one of them")
        if self.second is not None and len(self.second.doses) != len(self.doses or ()):
            given = f"{len(self.second.doses)} doses of {self.second.agent}"
            raise ValueError(f"{given} for {len(self.doses or ())}: name both doses of each level")
        return self

    @property
    def number_of_levels(self) -> int:
        """Number of dose levels."""
        return len(self.doses) if self.doses is not None else self.levels or 0

    @property
    def said_doses(self) -> tuple[str, ...]:
        """The dose of each level as shown, e.g. `200 mg` or `200 mg + 75 mg`; empty: not known."""
        first = [f"{dose:f} {self.unit}".strip() for dose in self.doses or ()]
        if self.second is None:
            return tuple(first)
        also = [f"{dose:f} {self.second.unit}".strip() for dose in self.second.doses]
        return tuple(f"{one} + {other}" for one, other in zip(first, also, strict=True))


@dataclass(frozen=True, slots=True)
class ReadDesign:
    """A design file as read.

    Attributes
    ----------
    design : DesignFile
        What it says.
    file : str
        Name of the file.
    lines : dict of Path to int
        Line of each value.
    """

    design: DesignFile
    file: str
    lines: dict[Path, int]

    def place(self, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Give faults found later their file and line.

        Parameters
        ----------
        faults : tuple of Fault
            With dotted paths.

        Returns
        -------
        tuple of Fault
            The same faults, placed.
        """
        plain = PlainText(None, self.lines)
        return tuple(
            replace(each, file=self.file, line=plain.line_of(undotted(each.where)))
            for each in faults
        )


def read_design(text: str, file: str = "") -> ReadDesign:
    """Read a design file.

    Parameters
    ----------
    text : str
        One YAML or JSON document.
    file : str
        Name shown in faults.

    Returns
    -------
    ReadDesign
        The design with the lines of its values.

    Raises
    ------
    Refusal
        With every fault, each with its line.
    """
    plain, faults = gather_yaml(text, file)
    try:
        design = DesignFile.model_validate(frozen(plain.value), strict=True)
    except ValidationError as invalid:
        wrong, known = told(invalid, plain, file, DesignFile), {each.where for each in faults}
        faults += [each for each in wrong if each.where not in known]
        raise Refusal(sorted(faults, key=lambda fault: fault.line)) from None
    if faults:
        raise Refusal(faults)
    return ReadDesign(design, file, plain.lines)
