"""How long a hospital takes to screen, against a plain loop over the same people.

    .venv/bin/python benchmarks/hospital.py [--people 10000 100000] [--loop 500] [--counts]

People are generated into a DuckDB file as OMOP tables. Every criterion of the first protocol that a
record decides is worked out for all arms, statements written included: verdicts and counts first,
then the evidence of every criterion as Parquet (`--counts` leaves it out). The plain loop reads the
rows of some of the same people and judges them one at a time; its time is that for as many people.
Each measurement runs in a process of its own, so that its memory is its own. Time is that of the
processor, over all its cores, which other work on the machine disturbs least; the clock is beside.
"""

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from trialwright.assembly.generating import Order, generate
from trialwright.assembly.hospital import Rows
from trialwright.assembly.protocols import shipped
from trialwright.assembly.warehouses import opened
from trialwright.eligibility.screening import screen_arms
from trialwright.intake.omop import read_persons
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.rollup import Tally
from trialwright.warehouse.screening import screened

DAY = date(2026, 3, 5)
ANCHORS = dict.fromkeys(("consent", "screening", "registration", "first_dose"), DAY)
TABLES = (
    "person", "observation_period", "measurement", "condition_occurrence", "procedure_occurrence",
    "drug_exposure", "observation", "episode",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What one measurement took.

    Attributes
    ----------
    people : int
        People worked out.
    cpu, wall : float, seconds
        Time of the processor, and of the clock.
    memory : int, MB
        The most at any time.
    """

    people: int
    cpu: float
    wall: float
    memory: int

    def for_people(self, people: int) -> float:
        """Give the time of the processor for another number of people, in seconds."""
        return self.cpu * people / self.people


def _taken(work: Callable[[], int]) -> Taken:
    """Measure some work in this process."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    people = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(people, cpu, time.perf_counter() - wall, after.ru_maxrss // 1024)


def hospital(path: Path, evidence: Path | None) -> Taken:
    """Screen all people at once."""

    def work() -> int:
        study, people, matrix = shipped("nct03959891").study, 0, None
        with opened(f"duckdb://{path}") as population:
            meanings = read_meanings(population.tables, study)
            for _ in population.parts():
                if matrix is None:
                    matrix = screened(
                        population.part, study, meanings, DAY, ANCHORS, population, (),
                        population.tables,
                    )  # fmt: skip
                    tallies = [Tally(matrix, study, arm.id) for arm in study.arms]
                part = matrix.part()
                rows = part.verdicts()
                for each in tallies:
                    each.add(rows)
                people += rows.num_rows
                if evidence:
                    with Rows(evidence / f"{people}.parquet") as written:
                        written.write(part.evidence(*study.criteria))
        return people

    return _taken(work)


def loop(path: Path, people: int) -> Taken:
    """Judge some people one at a time, their rows read first."""

    def work() -> int:
        study, held = shipped("nct03959891").study, defaultdict(lambda: defaultdict(list))
        with opened(f"duckdb://{path}") as population:
            meanings = read_meanings(population.tables, study)
        with duckdb.connect(path, read_only=True) as connection:
            for table in TABLES:
                found = connection.execute(
                    f"SELECT * FROM {table} WHERE person_id <= {people} ORDER BY {table}_id"  # noqa: S608
                )
                names = [each[0] for each in found.description]
                for row in found.fetchall():
                    named = dict(zip(names, row, strict=True))
                    held[named["person_id"]][table].append(named)
            found = connection.execute(
                "SELECT person_id, episode_event.* FROM episode_event JOIN episode"
                " USING (episode_id) WHERE person_id <= ?",
                [people],
            )
            names = [each[0] for each in found.description]
            for row in found.fetchall():
                held[row[0]]["episode_event"].append(dict(zip(names, row, strict=True)))
        for _, casebook in read_persons(held.values(), study, meanings):
            screen_arms(study, casebook, DAY, ANCHORS)
        return people

    return _taken(work)


def apart(work: Callable[..., Taken], *given: object) -> Taken:
    """Measure in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def main() -> None:
    """Print a line for each number of people."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--loop", type=int, default=500)
    asked.add_argument("--counts", action="store_true")
    given = asked.parse_args()
    print("people      what                  CPU s   wall s      MB  loop / this")
    with tempfile.TemporaryDirectory() as folder:
        for people in given.people:
            path = Path(folder) / f"{people}.duckdb"
            order = Order(people, 7, date(2026, 3, 2), 0.5)
            generate(order, path, "omop", lambda done: None, "parquet")
            plain = apart(loop, path, min(given.loop, people))
            rows = [("counts", apart(hospital, path, None))]
            if not given.counts:
                evidence = Path(folder) / f"evidence-{people}"
                evidence.mkdir()
                rows.append(("counts and evidence", apart(hospital, path, evidence)))
            for name, each in rows:
                ratio = plain.for_people(people) / each.cpu
                print(
                    f"{people:<10}  {name:<20}  {each.cpu:6.1f}  {each.wall:7.1f}  {each.memory:6}"
                    f"  {ratio:10.1f}",
                    flush=True,
                )
            path.unlink()


if __name__ == "__main__":
    main()
