"""How long a hospital takes to screen, against a plain loop over the same people.

    .venv/bin/python benchmarks/hospital.py [--people 10000 100000] [--loop 500] [--counts]
                                      [--processes 2]

People are generated into a DuckDB file as OMOP tables. Every criterion of the first protocol that a
record decides is worked out for all arms, statements written included: verdicts and counts first,
then the evidence of every criterion as Parquet (`--counts` leaves it out). The plain loop reads the
rows of some of the same people and judges them one at a time; its time is that for as many people.
Each measurement runs in a process of its own, so that its memory is its own; that of all processes
is added. Time is that of the
processor, over all its cores, which other work on the machine disturbs least; the clock is beside.
"""

import argparse
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.hospital_parts import Job, judge_parts

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
    """Measure some work in this process and those that it starts; its memory is seen outside."""
    wall, before = time.perf_counter(), _processor()
    people = work()
    return Taken(people, _processor() - before, time.perf_counter() - wall, 0)


def _processor() -> float:
    """Give the time of the processor so far, of this process and those that it started."""
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def hospital(path: Path, folder: Path | None, processes: int) -> Taken:
    """Screen all people; with a folder, verdicts and evidence are written there."""
    from trialwright.assembly.protocols import shipped  # what processes that help do not import

    def work() -> int:
        study = shipped("nct03959891").study
        order = Order(f"duckdb://{path}", tuple(each.id for each in study.arms), DAY, DAY)
        tallies = judge_parts(Job(order, study, folder=folder), processes=processes)
        return tallies[0].feasibility().people

    return _taken(work)


def generated(path: Path, people: int) -> Taken:
    """Generate people as OMOP tables."""
    from trialwright.assembly import generating  # which screening does not import

    def work() -> int:
        order = generating.Order(people, 7, date(2026, 3, 2), 0.5)
        generating.generate(order, path, "omop", lambda done: None, "parquet")
        return people

    return _taken(work)


def loop(path: Path, people: int) -> Taken:
    """Judge some people one at a time, their rows read first."""
    from trialwright.assembly.protocols import shipped
    from trialwright.assembly.warehouses import opened
    from trialwright.eligibility.screening import screen_arms
    from trialwright.intake.omop import read_persons
    from trialwright.warehouse.meanings import read_meanings

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
        asked, most = pool.submit(work, *given), 0
        while not asked.done():
            most = max(most, _resident(os.getpid()) - _resident(os.getpid(), with_started=False))
            time.sleep(_OFTEN)
        return replace(asked.result(), memory=most // 2**20)


_OFTEN = 0.05
"""How often memory is looked at, seconds."""


def _resident(process: int, *, with_started: bool = True) -> int:
    """Give the memory of a process and of those that it started, bytes; of Linux alone."""
    at = Path(f"/proc/{process}")
    try:
        pages = int((at / "statm").read_text().split()[1])
        started = [
            int(each)
            for task in (at / "task").iterdir()
            for each in (task / "children").read_text().split()
        ]
    except OSError:  # it has ended
        return 0
    own = pages * os.sysconf("SC_PAGE_SIZE")
    return own + (sum(map(_resident, started)) if with_started else 0)


def main() -> None:
    """Print a line for each number of people."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--loop", type=int, default=500)
    asked.add_argument("--counts", action="store_true")
    asked.add_argument("--processes", type=int, default=0)
    given = asked.parse_args()
    print("people      what                  CPU s   wall s      MB  loop / this")
    with tempfile.TemporaryDirectory() as folder:
        for people in given.people:
            path = Path(folder) / f"{people}.duckdb"
            apart(generated, path, people)
            plain = apart(loop, path, min(given.loop, people))
            rows = [("counts", apart(hospital, path, None, given.processes))]
            if not given.counts:
                evidence = Path(folder) / f"evidence-{people}"
                evidence.mkdir()
                rows.append(
                    ("counts and evidence", apart(hospital, path, evidence, given.processes))
                )
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
