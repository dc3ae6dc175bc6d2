"""An institution's table of reference ranges, read from CSV."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from trialwright.assembly.files import read_text
from trialwright.eligibility.context import LaboratoryRange
from trialwright.intake.table_text import headed
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal, shape, shorten
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
        known = (name if name in COLUMNS else repr(shape(name)) for name in table.names)
        found = shorten(", ".join(known)) or "no columns"
        do = "Correct the first line; columns are separated by commas"
        raise Refusal([Fault("columns", found, ", ".join(COLUMNS), do, path.name, 1)])
    ranges: list[LaboratoryRange] = []
    faults: list[Fault] = []
    for number, row in table.rows:
        read = _read_row(row, study, f"{path.name}:{number}")
        if isinstance(read, LaboratoryRange):
            if _contradicts(read, ranges):
                found, allowed = f"another range of {read.term}", "one range of a term and group"
                do = "Keep the line that holds"
                faults.append(Fault("term", found, allowed, do, path.name, number))
            ranges.append(read)
        else:
            faults += (replace(each, file=path.name, line=number) for each in read)
    if faults:
        raise Refusal(faults)
    return tuple(ranges)


def _contradicts(line: LaboratoryRange, before: list[LaboratoryRange]) -> bool:
    """Say whether a line of the same term, unit and group gives other ends."""
    return any(
        (each.term, each.unit, each.group) == (line.term, line.unit, line.group)
        and (each.low, each.high) != (line.low, line.high)
        for each in before
    )


def _read_row(row: Mapping[str, str], study: Study, source: str) -> LaboratoryRange | list[Fault]:
    """Read a range, or say all that is wrong with it."""
    faults: list[Fault] = []
    ends: dict[str, Decimal | None] = {}
    for name in ("low", "high"):
        try:
            ends[name] = decimal(row[name]) if row[name] else None
        except Refusal as refused:
            faults += (replace(each, where=name) for each in refused.faults)
    low, high = ends.get("low"), ends.get("high")
    do = "Correct the line"
    if low is not None and high is not None and low > high:
        faults.append(Fault("low", "a range that ends below its beginning", "low, then high", do))
    if not faults and low is None and high is None:
        faults.append(Fault("low", "neither end", "a number in `low`, `high` or both", do))
    term, unit = study.terms.get(row["term"]), row["unit"]
    if term is None or term.kind != "observation":
        faults.append(Fault("term", "no measured term", "a term that the protocol measures", do))
    elif not comparable(unit, term.unit, term.substance):
        allowed = f"one that converts to {term.unit}"
        faults.append(Fault("unit", "a unit that does not convert", allowed, do))
    if faults:
        return faults
    return LaboratoryRange(row["term"], low, high, unit, row["group"], source)
