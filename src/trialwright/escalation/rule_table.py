"""The decision table as protocols print it: one entry a tally, what is around the table left out.

What a design does at a tally can depend on the levels around: at the top level it cannot escalate,
below a closed one neither. The table of a protocol shows the rule itself.
"""

from dataclasses import dataclass

import numpy as np

from trialwright.escalation.beginning import first_wave, moves_of
from trialwright.escalation.decision import Design
from trialwright.escalation.exact import MOST_STATES
from trialwright.escalation.states import Asked, Forward, TooManyStates
from trialwright.escalation.tally_design import TallyDesign

LETTERS = ("E", "S", "D", "stop")
"""Next level above that of the last cohort, the same, one below, none."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a design does at one tally.

    Attributes
    ----------
    evaluable, dlts : int
        Tally at the level of the last cohort.
    says : str
        E escalate, S stay, D de-escalate, U de-escalate and close the level and all above. For a
        design that decides by more than this tally: every letter it takes there, e.g. `E/S`;
        `stop` only where it does nothing else.
    """

    evaluable: int
    dlts: int
    says: str


def rule_table(design: Design, most_states: int = MOST_STATES) -> tuple[RuleRow, ...]:
    """Tabulate the rule of a design.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    most_states : int
        States that may be walked.

    Returns
    -------
    tuple of RuleRow
        By evaluable participants, then DLTs: every tally at which a decision falls. Of a design
        that is a table and has too many states: every tally of complete cohorts.

    Raises
    ------
    Refusal
        If a design that is no table has too many states to walk.
    """
    try:
        met = _met(design, most_states)
    except TooManyStates:
        if not isinstance(design, TallyDesign):
            raise
        met = {
            (number, dlts): set()
            for number in range(design.cohort_size, design.max_n + 1, design.cohort_size)
            for dlts in range(number + 1)
        }
    if isinstance(design, TallyDesign):
        return tuple(RuleRow(*tally, design.letter(*tally)) for tally in sorted(met))
    return tuple(RuleRow(*tally, _said(letters)) for tally, letters in sorted(met.items()))


def _met(design: Design, most_states: int) -> dict[tuple[int, int], set[str]]:
    """Walk a design, and give the tallies at which it was asked with what it did there."""
    met: dict[tuple[int, int], set[str]] = {}

    def listen(asked: Asked) -> None:
        """Note each tally with the letter of the move, once."""
        rows, places = np.arange(len(asked.at)), asked.at - 1
        stays = np.where(asked.level == asked.at, 1, 2)
        moves = np.where(asked.level > asked.at, 0, np.where(asked.level == 0, 3, stays))
        tallies = [each[rows, places].astype(np.int64) for each in (asked.evaluable, asked.dlts)]
        span = int(tallies[0].max()) + 1
        told = np.unique((tallies[0] * span + tallies[1]) * len(LETTERS) + moves)
        for place, move in np.column_stack(divmod(told, len(LETTERS))).tolist():
            met.setdefault(divmod(place, span), set()).add(LETTERS[move])

    most = getattr(design, "max_n", None)
    Forward(moves_of(design), design.name, most_states, most, listen).run(first_wave(design))
    return met


def _said(letters: set[str]) -> str:
    """Say what a design does at a tally."""
    inside = [letter for letter in LETTERS if letter in letters and letter != "stop"]
    return "/".join(inside) or "stop"
