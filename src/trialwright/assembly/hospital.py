"""A hospital screened: opened, judged, and written as files for people and machines."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.story import illustrative
from trialwright.assembly.warehouses import Population, opened
from trialwright.figures.attrition import Bar, attrition, svg
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.reports.feasibility import ArmPage, Basis, page
from trialwright.terms.errors import refuse
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.rollup import Feasibility, feasibility, one_fact_away, with_counts
from trialwright.warehouse.screening import Matrix, screened

VERDICTS = "verdicts.parquet"
"""One row a person: each criterion 0 not met, 1 unknown, 2 met, 3 not applicable."""

EVIDENCE = "evidence.parquet"
"""One row a person: verdict, deciding row, its day and value, of each criterion."""

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
    order: Order, study: Study, folder: Path, note: Callable[[], None]
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
    note : callable () -> None
        Called after each step of the engine.

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
    with opened(order.population, note) as population:
        meanings = read_meanings(population.tables, study)
        matrix = screened(
            population.tables,
            study,
            meanings,
            order.as_of,
            order.anchors,
            population.keep,
            laboratory,
        )
        folder.mkdir(parents=True)
        _write(matrix.verdicts, folder / VERDICTS)
        _write(matrix.evidence(population.keep), folder / EVIDENCE)
        found = tuple(_arm(matrix, study, arm, folder, population) for arm in order.arms)
    _write_page(found, study, order, folder)
    return found


def _write(table: Any, path: Path) -> None:
    """Write a table as Parquet, batch by batch."""
    batches = iter(table.to_pyarrow_batches(chunk_size=100_000))
    first = next(batches)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _arm(
    matrix: Matrix, study: Study, arm: str, folder: Path, population: Population
) -> Feasibility:
    """Count one arm and write its lists."""
    counted = population.keep(with_counts(matrix, study, arm))
    found = feasibility(counted, matrix, study, arm)
    _write_rows(
        folder / f"attrition-{arm}.csv",
        ("criterion", "asks", "not_met", "alone", "unknown", "left", "one_fact_away"),
        [astuple(each) for each in found.losses],
    )
    says = {each.id: each.says for each in study.criteria}
    near = one_fact_away(counted, matrix, study, arm).to_pyarrow().to_pylist()
    _write_rows(
        folder / f"one-fact-away-{arm}.csv",
        ("person_id", "criterion", "asks"),
        [(each["person_id"], each["criterion"], says[each["criterion"]]) for each in near],
    )
    return found


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
