"""The decision table as protocols print it: one entry a tally, what is around the table left out.

What a design does at a tally can depend on the levels around: at the top level it cannot escalate,
below a closed one neither. The table of a protocol shows the rule itself.
"""

from dataclasses import dataclass

from trialwright.escalation.decision import Design
from trialwright.escalation.decision_table import TableRow, decision_table
from trialwright.escalation.tally_design import TallyDesign

LETTERS = {"escalate": "E", "stay": "S", "expand": "S", "de-escalate": "D", "stop": "stop"}
"""Acts as letters; the second cohort of a 3+3 is treated at the same level."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a design does at one tally.

    Attributes
    ----------
    evaluable, dlts : int
        Tally at the level of the last cohort.
    says : str
        E escalate, S stay, D de-escalate, U de-escalate and close the level and all above. For a
        design that decides by more than this tally: every letter it takes there, e.g. `E/S`.
    """

    evaluable: int
    dlts: int
    says: str


def rule_table(design: Design) -> tuple[RuleRow, ...]:
    """Tabulate the rule of a design.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    tuple of RuleRow
        By evaluable participants, then DLTs: every tally at which a decision falls.

    Raises
    ------
    Refusal
        If the design has too many states to walk.
    """
    return tuple(
        RuleRow(row.evaluable, row.dlts, _said(design, row)) for row in decision_table(design)
    )


def _said(design: Design, row: TableRow) -> str:
    """Say what the rule itself does at a tally."""
    if isinstance(design, TallyDesign):
        return str(design.letter(row.evaluable, row.dlts))
    letters = dict.fromkeys(LETTERS[act] for act in row.acts if act in LETTERS)
    inside = [letter for letter in letters if letter != "stop"]
    return "/".join(inside or letters)
