"""A decision table that the protocol brings along, taken as the design.

For each number of DLT-evaluable participants one row has a letter for 0, 1, 2 ... DLTs: E escalate,
S stay, D de-escalate, U de-escalate and close the level and all above. Everything around the table
(ladder, cohorts, end, MTD) is as for the interval designs, and levels are closed by U alone.

References
----------
.. [1] Ivanova A, Flournoy N, Chung Y. Cumulative cohort design for dose-finding. J Stat Plan
   Inference 2007;137(7):2316-2327. doi:10.1016/j.jspi.2006.07.009 (designs whose decisions are a
   table of tallies)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.settings import cohort_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault, shorten

SEVERITY = "ESDU"
"""Letters from the mildest to the most severe."""


@dataclass(frozen=True, kw_only=True)
class UploadedTable(TallyDesign):
    """A design that is a table and nothing else.

    Attributes
    ----------
    rows : tuple of tuple of int and str
        Evaluable participants, and one letter for each number of DLTs.
    eliminate : None
        Levels are closed by the table alone.

    Raises
    ------
    Refusal
        If a row is missing, given twice, too short or too long, holds another letter, or is milder
        for more DLTs.
    """

    rows: tuple[tuple[int, str], ...]
    eliminate: float | None = None

    short: ClassVar[str] = "decision-table"

    def rule(self, evaluable: int, dlts: int) -> Letter:
        """Look up the letter.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        {'E', 'S', 'D', 'U'}
            S where the table has no row: there no cohort is complete.
        """
        row = _by_size(self.rows).get(evaluable)
        return "S" if row is None else row[dlts]  # type: ignore[return-value]

    def comparison(self, evaluable: int, dlts: int) -> str:
        """Say what the table says.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        str
            With the row.
        """
        row = _by_size(self.rows)[evaluable]
        return f"the row {row} for {evaluable} participants says {row[dlts]} for {dlts} DLTs"

    def _why_closed(self, here: LevelCount) -> str:
        """Say which row closes a level."""
        return f"{self.comparison(here.treated, here.dlts)}, which"

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and every row that cannot decide."""
        faults = list(TallyDesign._setting_faults(self))
        yield from faults
        if self.eliminate is not None:
            do = "Write U where the table closes a level"
            yield Fault("eliminate", f"{self.eliminate:g}", "none", do)
        for place, (evaluable, letters) in enumerate(self.rows):
            yield from _row_faults(f"rows.{place}", evaluable, letters)
        sizes = [evaluable for evaluable, _ in self.rows]
        for place, evaluable in enumerate(sizes):
            if evaluable in sizes[:place]:
                found = f"a second row for {evaluable} evaluable participants"
                yield Fault(f"rows.{place}", found, "one row for each number", "Remove one")
        if faults:
            return
        for evaluable in range(self.cohort_size, self.max_n, self.cohort_size):
            if evaluable not in sizes:
                found = f"no row for {evaluable} evaluable participants"
                yield Fault("rows", found, "a row for every complete cohort", "Add the row")


@cache
def _by_size(rows: tuple[tuple[int, str], ...]) -> dict[int, str]:
    """Give the rows by their number of participants."""
    return dict(rows)


def _row_faults(where: str, evaluable: int, letters: str) -> Iterator[Fault]:
    """Find what is wrong with one row."""
    yield from cohort_faults(evaluable, name=f"{where}.evaluable")
    wrong = [letter for letter in letters if letter not in SEVERITY]
    if wrong:
        found = f"the letter {shorten(wrong[0])!r}"
        yield Fault(f"{where}.decisions", found, "E, S, D, U", "Write one of the letters")
        return
    if len(letters) != evaluable + 1:
        found = f"{len(letters)} letters for {evaluable} evaluable participants"
        allowed, do = f"{evaluable + 1} letters", "Give one letter for 0, 1, 2 ... DLTs"
        yield Fault(f"{where}.decisions", found, allowed, do)
    if list(letters) != sorted(letters, key=SEVERITY.index):
        do = "Correct the order of the letters"
        allowed = "no milder letter for more DLTs (E, then S, then D, then U)"
        yield Fault(f"{where}.decisions", shorten(letters), allowed, do)
