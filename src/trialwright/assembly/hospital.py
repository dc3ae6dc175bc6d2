"""A hospital screened: opened, judged, and written as files for people and machines."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.story import illustrative
from trialwright.assembly.warehouses import opened
from trialwright.figures.attrition import Bar, attrition, svg
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.reports.feasibility import ArmPage, Basis, page
from trialwright.terms.errors import refuse
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.rollup import Feasibility, Tally
from trialwright.warehouse.screening import Matrix, screened

VERDICTS = "verdicts.parquet"
"""One row a person: each criterion 0 not met, 1 unknown, 2 met, 3 not applicable."""

EVIDENCE = "evidence.parquet"
"""One row a person and criterion: verdict, deciding record, its day and value."""

_DIFFERENCES = {"person_id": "DELTA_BINARY_PACKED", "record": "DELTA_BYTE_ARRAY"}
"""How columns are written whose values each differ little from the one before."""

STEPS = 40
"""About how many steps the engine takes for each part of a hospital."""

PAGE = "feasibility.html"
"""The feasibility report with its pictures."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is screened.

    Attributes
    ----------
    population : str
        Address of the population.
    arms : tuple of str
        Arms asked about.
    as_of : date
        Facts of later days do not count; screening and registration fall on it.
    first_dose : date
        Planned first dose.
    laboratory : Path or None
        The institution's table of reference ranges.
    """

    population: str
    arms: tuple[str, ...]
    as_of: date
    first_dose: date
    laboratory: Path | None = None

    @property
    def anchors(self) -> Mapping[Anchor, date]:
        """The named days."""
        return {
            "screening": self.as_of,
            "registration": self.as_of,
            "first_dose": self.first_dose,
        }


def screen_hospital(
    order: Order, study: Study, folder: Path, note: Callable[[int, int], None]
) -> tuple[Feasibility, ...]:
    """Screen a population and write what came of it.

    Parameters
    ----------
    order : Order
        Population, arms and days.
    study : Study
        The protocol.
    folder : Path
        A new folder.
    note : callable (int, int) -> None
        Called after each step of the engine with how many are done, of about how many.

    Returns
    -------
    tuple of Feasibility
        One for each arm; beside it the folder holds the verdicts, the evidence, the attrition and
        the list of those one fact away of each arm, and a page.

    Raises
    ------
    Refusal
        If the folder exists, an arm is none of the protocol, or the population cannot be read.
    """
    if folder.exists():
        raise refuse("out", str(folder), "a new folder", "Name another one: nothing is overwritten")
    for arm in order.arms:
        study.required_arm(arm)
    laboratory = read_laboratory(order.laboratory, study) if order.laboratory else ()
    progress = _Progress(note)
    with opened(order.population, progress.step) as population, ExitStack() as files:
        meanings = read_meanings(population.tables, study)
        plan: _Plan | None = None
        for _, progress.parts in population.parts():
            if plan is None:
                matrix = screened(
                    population.part,
                    study,
                    meanings,
                    order.as_of,
                    order.anchors,
                    population,
                    laboratory,
                    population.tables,
                )
                plan = _Plan(matrix, study, order.arms)
                folder.mkdir(parents=True)
                verdicts = files.enter_context(Rows(folder / VERDICTS))
                evidence = files.enter_context(Rows(folder / EVIDENCE))
            part = plan.matrix.part()
            rows = part.verdicts()
            for tally in plan.tallies.values():
                tally.add(rows)
            verdicts.write([rows])
            evidence.write(part.evidence(*study.criteria))
        if plan is None:
            raise refuse("population", "nobody", "at least one person", "Name the database")
        found = plan.told(folder)
    _write_page(found, study, order, folder)
    return found


class _Progress:
    """How far the engine is."""

    def __init__(self, note: Callable[[int, int], None]) -> None:
        self._note, self._done, self.parts = note, 0, 1

    def step(self) -> None:
        """Tell of one step more."""
        self._done += 1
        self._note(self._done, self.parts * STEPS)


class Rows:
    """Rows written as Parquet, table by table.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "Rows":
        """Write to the file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        if self._writer is not None:
            self._writer.close()

    def write(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Write rows after those before.

        Parameters
        ----------
        batches : iterable of RecordBatch
            Of the same columns each time.
        """
        for rows in batches:
            if self._writer is None:
                names = rows.schema.names
                self._writer = pq.ParquetWriter(
                    self._path,
                    rows.schema,
                    compression="zstd",
                    use_dictionary=[name for name in names if name not in _DIFFERENCES],
                    column_encoding={
                        name: kind for name, kind in _DIFFERENCES.items() if name in names
                    },
                )
            self._writer.write_batch(rows)


class _Plan:
    """What is worked out of each part of a hospital, and what it comes to."""

    def __init__(self, matrix: Matrix, study: Study, arms: Sequence[str]) -> None:
        self.matrix, self._study = matrix, study
        self.tallies = {arm: Tally(matrix, study, arm) for arm in arms}

    def told(self, folder: Path) -> tuple[Feasibility, ...]:
        """Write the lists of each arm and give what its criteria leave."""
        says = {each.id: each.says for each in self._study.criteria}
        found = []
        for arm, tally in self.tallies.items():
            found.append(tally.feasibility())
            _write_rows(
                folder / f"attrition-{arm}.csv",
                ("criterion", "asks", "not_met", "alone", "unknown", "left", "one_fact_away"),
                [astuple(each) for each in found[-1].losses],
            )
            by_people = found[-1].by_people
            to_do = "; ".join((*by_people, *(name for name, _ in found[-1].undecided)))
            _write_rows(
                folder / f"one-fact-away-{arm}.csv",
                ("person_id", "criterion", "asks", "to_do"),
                [(person, name, says[name], to_do) for person, name in tally.near],
            )
        return tuple(found)


def _write_rows(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _write_page(found: tuple[Feasibility, ...], study: Study, order: Order, folder: Path) -> None:
    """Write the report."""
    says = {each.id: each.says for each in study.criteria}
    pages = []
    for each in found:
        bars = [
            Bar(loss.criterion, loss.says, loss.not_met, loss.alone, loss.unknown, loss.left)
            for loss in each.losses
        ]
        picture = svg(attrition(bars, each.people, f"Arm {each.arm}: what each criterion costs"))
        pages.append(
            ArmPage(
                each.arm,
                study.required_arm(each.arm).says,
                each.people,
                each.candidates,
                each.complete,
                [astuple(loss) for loss in each.losses],
                [(name, says[name]) for name in each.by_people],
                picture[picture.index("<svg") :],
                each.open,
                [(name, says[name], people) for name, people in each.undecided],
            )
        )
    basis = Basis(
        f"Feasibility of {study.identifiers.nct or study.title}",
        study.title,
        (
            ("Protocol", f"version {study.version} of {study.dated.isoformat()}"),
            ("Population", _population(order.population)),
            ("Facts up to", order.as_of.isoformat()),
            ("First dose planned on", order.first_dose.isoformat()),
            ("Reference ranges", order.laboratory.name if order.laboratory else "of each result"),
        ),
        illustrative(study),
    )
    (folder / PAGE).write_text(page(basis, pages), encoding="utf-8")


def _population(address: str) -> str:
    """Name a population: its engine and its file or database, without host and account."""
    scheme, _, place = address.partition("://")
    return f"{place.rstrip('/').rsplit('/', 1)[-1].partition('?')[0]} ({scheme}), OMOP CDM 5.4"
