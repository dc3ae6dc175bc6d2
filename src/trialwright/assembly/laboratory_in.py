"""An institution's table of reference ranges, read from CSV."""

from pathlib import Path

from trialwright.assembly.files import read_text
from trialwright.eligibility.context import LaboratoryRange
from trialwright.intake.table_text import headed
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.quantities import comparable, decimal

COLUMNS = ("term", "low", "high", "unit", "group")
"""Columns of the table; an empty end is open, an empty group is everybody."""


def read_laboratory(path: Path, study: Study) -> tuple[LaboratoryRange, ...]:
    """Read the reference ranges of an institution's laboratory.

    Parameters
    ----------
    path : Path
        CSV with the columns `COLUMNS`.
    study : Study
        Whose terms the ranges are of.

    Returns
    -------
    tuple of LaboratoryRange
        In the order of the file.

    Raises
    ------
    Refusal
        Naming every line that cannot be read.
    """
    table = headed(read_text(path), path.name)
    if table.names != COLUMNS:
        found = shorten(", ".join(table.names)) or "no columns"
        raise Refusal([Fault("columns", found, ", ".join(COLUMNS), "Correct them", path.name, 1)])
    ranges, faults = [], []
    for number, row in table.rows:
        term = study.terms.get(row["term"])
        if term is None or term.kind != "observation":
            faults.append(
                Fault(
                    "term",
                    "no measured term",
                    "a term of the protocol",
                    "Correct",
                    path.name,
                    number,
                )
            )
            continue
        try:
            low, high = (decimal(row[end]) if row[end] else None for end in ("low", "high"))
        except Refusal as refused:
            faults += [
                Fault(each.where, each.found, each.allowed, each.do, path.name, number)
                for each in refused.faults
            ]
            continue
        if low is not None and high is not None and low > high:
            found, allowed = "a range that ends below its beginning", "low, then high"
            faults.append(Fault("low", found, allowed, "Correct the line", path.name, number))
            continue
        unit = row["unit"]
        if (low is None and high is None) or not comparable(unit, term.unit, term.substance):
            faults.append(
                Fault(
                    "unit",
                    "no end, or a unit that does not convert",
                    f"an end, in a unit that converts to {term.unit}",
                    "Correct the line",
                    path.name,
                    number,
                )
            )
            continue
        source = f"{path.name}:{number}"
        ranges.append(LaboratoryRange(row["term"], low, high, unit, row["group"], source))
    if faults:
        raise Refusal(faults)
    return tuple(ranges)
