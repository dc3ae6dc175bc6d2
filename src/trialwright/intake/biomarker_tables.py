"""Tables of material, stains and runs of sequencing, with fixed headings."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_args

from trialwright.casebook.materials import Material, MaterialKind
from trialwright.casebook.stains import MOST_ALLRED, MOST_H_SCORE, Intensity, Stain
from trialwright.casebook.variants import SequencingRun
from trialwright.intake.ihc_scores import read_her2_score, read_percent, read_ratio, read_total
from trialwright.intake.look_alikes import require_ascii, require_one_script
from trialwright.intake.partly_read import ANYBODY, PartlyReadError
from trialwright.intake.tab_tables import TabRow, TabTable, each_row, table_of
from trialwright.intake.table_text import csv_lines, separator_of
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse, shape, shorten
from trialwright.terms.markers import TimePoint
from trialwright.terms.sources import Source

MATERIALS = ("participant", "material", "kind", "made_of", "time_point", "date", "quality")
"""Headings of a table of material."""

STAINS = (
    "participant", "material", "analyte", "date", "percent", "intensity", "weak", "moderate",
    "strong", "score", "ratio", "clone",
)  # fmt: skip
"""Headings of a table of stains; `score` and `ratio` are of HER2, in the words of a report.
`h_score` and `allred` may stand beside them."""

RUNS = (
    "participant", "run", "material", "panel", "outcome", "date", "limit", "tumour_fraction",
    "white_cells_beside", "variants", "sample",
)  # fmt: skip
"""Headings of a table of runs; `variants` names the file of variants, `sample` the sample in it."""

_QUALITIES = ("adequate", "inadequate", "not assessed")
_OUTCOMES = ("passed", "failed")
_YES = MappingProxyType({"yes": True, "no": False})
_SPELT = MappingProxyType(
    {"hscore": "h_score", "histoscore": "h_score", "allred": "allred", "allredscore": "allred"}
)
"""Letters of a heading to how it is written."""

_NUMBER = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?")
"""A number as tables write it: `Decimal` reads `nan`, `1_0` and figures of other scripts too."""

_WRITTEN = ("percent", "score", "ratio", "h_score", "allred")
_NOT_DONE = ("not done", "not applicable")

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a table.

    Attributes
    ----------
    line : int
        Where it stands, counted from 1.
    participant : str
        Study number.
    what : Material, Stain or SequencingRun
        What it says.
    variants, sample : str
        Of a run: the file of its variants and the sample in it; empty when it names none.
    """

    line: int
    participant: str
    what: Material | Stain | SequencingRun
    variants: str = ""
    sample: str = ""


def read_materials(text: str, file: str) -> tuple[Placed, ...]:
    """Read a table of material.

    Parameters
    ----------
    text : str
        CSV with the headings `MATERIALS`.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    tuple of Placed
        In the order of the table.

    Raises
    ------
    PartlyReadError
        With every cell that is wrong, and the rows without one.
    Refusal
        With every heading that is missing.
    """
    return _read(text, file, MATERIALS, _material)


def read_stains(text: str, file: str) -> tuple[Placed, ...]:
    """Read a table of stains; scores stand as people write them.

    Parameters
    ----------
    text : str
        CSV with the headings `STAINS`.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    tuple of Placed
        In the order of the table, each with its cells as written.

    Raises
    ------
    PartlyReadError
        With every cell that is wrong or cannot be read and every row that says nothing, and the
        other rows.
    Refusal
        With every heading that is missing, and those of scores in another spelling.
    """
    return _read(text, file, STAINS, _stain)


def read_runs(text: str, file: str) -> tuple[Placed, ...]:
    """Read a table of runs of sequencing, yet without their variants.

    Parameters
    ----------
    text : str
        CSV with the headings `RUNS`.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    tuple of Placed
        In the order of the table.

    Raises
    ------
    PartlyReadError
        With every cell that is wrong, and the rows without one.
    Refusal
        With every heading that is missing.
    """
    return _read(text, file, RUNS, _run)


def _read(
    text: str, file: str, headings: tuple[str, ...], read: Callable[[TabRow, Source], Placed]
) -> tuple[Placed, ...]:
    """Read a table row by row."""
    faults: list[Fault] = []
    whose: set[str] = set()
    try:
        lines = csv_lines(io.StringIO(text, newline=""), separator_of(text, headings), file)
        cells = ((each.number, [str(c) for c in each.cells]) for each in lines)
        table = table_of(cells, file, headings)
    except PartlyReadError as partly:
        table = cast(TabTable, partly.read)
        faults += partly.faults
        whose.add(ANYBODY)
    _require_named(table)
    try:
        rows = each_row(table, lambda row: read(row, Source("csv", f"{file}:{row.line}")))
    except PartlyReadError as partly:
        rows = cast("tuple[tuple[TabRow, Placed], ...]", partly.read)
        faults += partly.faults
        were_read = {row.line for row, _ in rows}
        lost = {row.text("participant") for row in table.rows if row.line not in were_read}
        whose |= {each if each.isascii() else ANYBODY for each in lost}
    placed = tuple(each for _, each in rows)
    if faults:
        raise PartlyReadError(faults, placed, whose)
    return placed


def _require_named(table: TabTable) -> None:
    """Refuse another spelling of a heading that may be left out: its column would not be read."""
    faults = [
        Fault(shorten(name), "another spelling of a heading", meant, "Write it so", table.file,
              table.heading_line)
        for name in table.names
        if (meant := _SPELT.get(re.sub("[^a-z]", "", name.casefold()), name)) != name
    ]  # fmt: skip
    if faults:
        raise Refusal(faults)


def _needed(row: TabRow, name: str) -> str:
    """Give a cell that may not be empty."""
    value = row.text(name)
    if not value:
        raise refuse(name, "nothing", "a value in every row", "Complete the row")
    require = require_one_script if name == "analyte" else require_ascii
    return require(value, name)


def _one_of(row: TabRow, name: str, words: tuple[str, ...], default: str = "") -> str:
    """Give a cell that holds one of several words."""
    value = row.text(name) or default
    if value not in words:
        raise refuse(name, shorten(value) or "nothing", ", ".join(words), "Use one of them")
    return value


def _day(row: TabRow) -> PartialDate | None:
    """Give the day of a row; None when it is empty."""
    value = row.text("date")
    return PartialDate.parse(value) if value else None


def _decimal(row: TabRow, name: str) -> Decimal | None:
    """Give a number; None when the cell is empty."""
    value = row.text(name)
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        raise refuse(name, shape(value), "a number, e.g. 0.005", "Correct the cell")
    return Decimal(value)


def _in(name: str, read: Callable[[str], _Read], row: TabRow) -> _Read:
    """Read a score; its faults name the column."""
    try:
        return read(row.cells.get(name, ""))
    except Refusal as refused:
        raise Refusal(replace(each, where=name) for each in refused.faults) from None


def _material(row: TabRow, source: Source) -> Placed:
    """Read a row of material."""
    when = row.text("time_point")
    if when:
        _one_of(row, "time_point", get_args(TimePoint))
    found = Material(
        _needed(row, "material"),
        cast(MaterialKind, _one_of(row, "kind", get_args(MaterialKind))),
        row.text("made_of"),
        cast(TimePoint, when) or None,
        _day(row),
        cast(Any, _one_of(row, "quality", _QUALITIES, "not assessed")),
        source,
    )
    return Placed(row.line, _needed(row, "participant"), found)


def _stain(row: TabRow, source: Source) -> Placed:
    """Read a row of a stain."""
    percent = _in("percent", read_percent, row)
    score = _in("score", read_her2_score, row)
    ratio = _in("ratio", read_ratio, row)
    h_score = _in("h_score", partial(read_total, most=MOST_H_SCORE), row)
    allred = _in("allred", partial(read_total, most=MOST_ALLRED), row)
    parts = {name: _decimal(row, name) for name in ("weak", "moderate", "strong")}
    said = row.text("intensity")
    if said:
        _one_of(row, "intensity", get_args(Intensity))
    held = (percent.percent, score.score, score.outside, ratio.ish, *parts.values(),
            h_score.number, allred.number)  # fmt: skip
    missing = tuple(each.missing for each in (percent, score, ratio, h_score, allred))
    written = (row.cells.get(name, "").strip() for name in _WRITTEN)
    found = Stain(
        _needed(row, "material"),
        _needed(row, "analyte"),
        cast(Any, _outcome(missing, held)),
        _day(row),
        source,
        percent=percent.percent or score.positive_percent,
        **parts,
        intensity=cast(Intensity, said) or percent.intensity,
        score=score.score,
        outside_score=score.outside,
        pattern=score.pattern or (ratio.ish.pattern if ratio.ish else ""),
        ish=ratio.ish,
        clone=row.text("clone"),
        written="; ".join(each for each in written if each),
        h_score=h_score.number,
        allred=_whole(allred.number),
    )
    return Placed(row.line, _needed(row, "participant"), found)


def _whole(number: Decimal | None) -> int | None:
    """Give an Allred score; there is none between two."""
    if number is None or number == number.to_integral_value():
        return None if number is None else int(number)
    raise refuse("allred", f"{number:f}, between two scores", "a whole number",
                 "Correct the score")  # fmt: skip


def _outcome(missing: tuple[str, ...], held: tuple[object, ...]) -> str:
    """Say whether a row has a reading, or why it has none."""
    if any(each is not None for each in held):
        return "read"
    if "failed" in missing:
        return "failed"
    if any(each in _NOT_DONE for each in missing):
        return "not done"
    if "not available" in missing:
        return "read"
    raise refuse("percent, score, ratio", "nothing", "a reading, or why there is none",
                 "Write `Not done`, `Failed` or `Not Available`")  # fmt: skip


def _run(row: TabRow, source: Source) -> Placed:
    """Read a row of a run."""
    beside = row.text("white_cells_beside")
    if beside:
        _one_of(row, "white_cells_beside", tuple(_YES))
    run = _needed(row, "run")
    found = SequencingRun(
        run,
        _needed(row, "material"),
        row.text("panel"),
        cast(Any, _one_of(row, "outcome", _OUTCOMES)),
        _day(row),
        _decimal(row, "limit"),
        _decimal(row, "tumour_fraction"),
        _YES.get(beside),
        (),
        source,
    )
    variants = row.text("variants")
    if variants and found.outcome == "failed":
        raise refuse("variants", "a file of a run that failed", "no file", "Correct the outcome")
    sample = row.text("sample") or run
    return Placed(
        row.line, _needed(row, "participant"), found, variants, sample if variants else ""
    )


def with_variants(
    placed: tuple[Placed, ...],
    calls: Mapping[str, Mapping[str, Any]],
    file: str,
    *,
    is_whole: bool = True,
) -> tuple[Placed, ...]:
    """Give runs the variants of their samples.

    Parameters
    ----------
    placed : tuple of Placed
        Runs.
    calls : mapping of str to mapping of str to tuple of VariantCall
        Calls by file of variants, and by sample in it.
    file : str
        Name of the table, for faults.
    is_whole : bool
        Whether every row of the table could be read; else a sample may be of a run that is not
        here.

    Returns
    -------
    tuple of Placed
        A run whose sample stands in no row of its file of variants found nothing.

    Raises
    ------
    PartlyReadError
        If two runs name one sample, or a sample of a file belongs to no run: a label that was
        mistyped would read as a run that found nothing. With the runs all the same, each the first
        of its sample.
    """
    faults: list[Fault] = []
    first: list[Placed] = []
    claimed: dict[tuple[str, str], int] = {}
    for each in placed:
        if each.variants:
            key = (each.variants, each.sample)
            if key in claimed:
                found = f"a sample that line {claimed[key]} names too"
                faults.append(Fault("sample", found, "one a sample", "Correct it", file, each.line))
                continue
            claimed[key] = each.line
        first.append(each)
    for name, samples in calls.items() if is_whole else ():
        for sample in samples:
            if (name, sample) not in claimed:
                found = f"the sample {shorten(sample)} of {shorten(name)}, which is of no run"
                faults.append(Fault("sample", found, "a run for each", "Add the run", file))
    runs = tuple(
        replace(each, what=replace(cast(SequencingRun, each.what),
                                   calls=calls.get(each.variants, {}).get(each.sample, ())))
        if each.variants else each
        for each in first
    )  # fmt: skip
    if faults:
        raise PartlyReadError(faults, runs)
    return runs
