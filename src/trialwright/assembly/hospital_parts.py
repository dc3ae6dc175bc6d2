"""A hospital judged part by part, by this process alone or with others that take parts too."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from operator import itemgetter
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any
from urllib.parse import urlsplit

from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.parquet_joining import joined
from trialwright.assembly.parquet_writing import write_rows
from trialwright.assembly.populations import PART, Edge, Population
from trialwright.assembly.processes import workers
from trialwright.assembly.warehouses import alone, opened, shared
from trialwright.eligibility.context import LaboratoryRange
from trialwright.ledger.spreading import Run
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.errors import refuse
from trialwright.warehouse.meanings import not_found, read_meanings
from trialwright.warehouse.rollup import Tally
from trialwright.warehouse.screening import Matrix, screened
from trialwright.warehouse.surveying import Survey, asked, surveyed

VERDICTS = "verdicts.parquet"
"""One row a person: each criterion 0 not met, 1 unknown, 2 met, 3 not applicable."""

EVIDENCE = "evidence.parquet"
"""One row a person and criterion: verdict, deciding record, its day and value."""

OF_A_PART = 2**26
"""Bytes of a file that hold more people than a part has."""

STEPS = 40
"""About how many steps the engine takes for each part of a hospital."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of every part.

    Attributes
    ----------
    order : Order
        Population, arms and days.
    study : Study
        The protocol.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    folder : Path or None
        Where each part's rows are written; None: they are counted alone.
    is_told : bool
        Whether the evidence is written too.
    size : int
        People of a part.
    """

    order: Order
    study: Study
    laboratory: tuple[LaboratoryRange, ...] = ()
    folder: Path | None = None
    is_told: bool = True
    size: int = PART


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the whole hospital: the same for each part."""

    job: Job
    meanings: Meanings
    survey: Survey
    gaps: tuple[str, ...]


_Judged = tuple[int, tuple[Tally, ...]]
"""Number of a part, and what its people come to for each arm."""


class _Desk:
    """Where parts are judged, one after another; what is asked is planned at the first."""

    def __init__(self, known: _Known, population: Population) -> None:
        self._known, self._population = known, population
        self._matrix: Matrix | None = None

    def judge(self, part: tuple[int, Edge | None]) -> tuple[Tally, ...]:
        """Judge the people of a part, write what comes of it, and count them for each arm."""
        number, edge = part
        job, population = self._known.job, self._population
        population.show(edge)
        if self._matrix is None:
            with collecting_later():  # what is planned stays
                self._matrix = screened(
                    population.part,
                    job.study,
                    self._known.meanings,
                    job.order.as_of,
                    job.order.anchors,
                    population,
                    job.laboratory,
                    self._known.survey,
                )
        people = self._matrix.part()
        rows = people.verdicts()
        notes = self._known.gaps, self._known.survey.unread
        tallies = tuple(Tally(self._matrix, job.study, arm, *notes) for arm in job.order.arms)
        for each in tallies:
            each.add(rows)
        if job.folder is not None:
            write_rows(_piece(job.folder, VERDICTS, number), [rows])
            if job.is_told:
                told = people.evidence(*job.study.criteria)
                write_rows(_piece(job.folder, EVIDENCE, number), told)
        return tallies


Look = Callable[[Population, Meanings, Sequence[Tally]], None]
"""Looks at a population again when everybody is counted, of each arm."""


def judge_parts(
    job: Job,
    note: Callable[[int, int], None] = lambda done, of: None,
    processes: int = 0,
    look: Look = lambda population, meanings, tallies: None,
) -> tuple[Tally, ...]:
    """Judge a whole hospital.

    Parameters
    ----------
    job : Job
        What is asked.
    note : callable (int, int) -> None
        Called with how many steps are done, of about how many.
    processes : int
        How many share the parts of a DuckDB file; 0: one a core; 1: this one alone.
    look : callable (Population, Meanings, sequence of Tally) -> None
        Called at the end, while the population is open.

    Returns
    -------
    tuple of Tally
        Of each arm, in the order asked for. The folder holds the verdicts and the evidence.

    Raises
    ------
    Refusal
        If the population cannot be read or holds nobody, or a process is ended from outside.
    """
    progress, turns = _Progress(note), _Turns()
    with ExitStack() as stack:
        many = _processes(job.order.population, processes)
        run = _started(many - 1, turns, stack) if many > 1 else None
        if run is not None:
            run(_greet, range(_at_once(job.order.population, many)))
        population = stack.enter_context(opened(job.order.population, progress.step))
        parts = list(enumerate(population.edges(job.size, many)))
        if not parts:
            raise refuse("population", "nobody", "at least one person", "Name the database")
        progress.parts = len(parts)
        many = min(many, len(parts))
        if run is None or many == 1:
            known = _survey(job, population)
            total = _added(map(_Desk(known, population).judge, parts))
        else:
            run(_greet, range(many - 1))  # they start while the hospital is surveyed
            known = _survey(job, population)
            help_with = partial(run, partial(_help, known, parts), range(many - 1))
            desk = _Desk(known, shared(population))
            total = _added(_shared(desk, parts, turns, help_with, progress))
            alone(population)
        look(population, known.meanings, total)
    if job.folder is not None:
        for name in (VERDICTS, EVIDENCE) if job.is_told else (VERDICTS,):
            _join([_piece(job.folder, name, number) for number, _ in parts], job.folder / name)
    return total


def _processes(address: str, asked: int) -> int:
    """Give how many processes may share a population."""
    return (asked or os.cpu_count() or 1) if urlsplit(address).scheme == "duckdb" else 1


def _at_once(address: str, many: int) -> int:
    """Give how many processes are to help before the file is opened: those it has parts for.

    They import while it is looked at.
    """
    file = Path(urlsplit(address).path)
    return min(many - 1, file.stat().st_size // OF_A_PART) if file.is_file() else 0


def _started(helpers: int, turns: "_Turns", stack: ExitStack) -> Run:
    """Give what starts processes that help, at most so many; they end after the parts at hand."""
    run = stack.enter_context(workers(helpers, begin=partial(_begin, turns)))
    stack.callback(turns.end)
    return run


def _survey(job: Job, population: Population) -> _Known:
    """Find out what is the same for each part."""
    meanings = read_meanings(population.tables, job.study)
    found = asked(job.study, job.order.as_of, job.order.anchors, job.laboratory)
    survey = surveyed(population.tables, job.study, meanings, found)
    gaps = *population.gaps, *not_found(population.tables, job.study)
    return _Known(job, meanings, survey, gaps)


class _Progress:
    """How far the engine is."""

    def __init__(self, note: Callable[[int, int], None]) -> None:
        self._note, self._done, self.parts = note, 0, 1

    def step(self) -> None:
        """Tell of one step more."""
        self._done += 1
        self._note(self._done, self.parts * STEPS)

    def reach(self, part: int) -> None:
        """Tell that a part is done; those before it are done or nearly so."""
        self._done = max(self._done, (part + 1) * STEPS)
        self._note(self._done, self.parts * STEPS)


def _added(found: Iterable[Sequence[Tally]]) -> tuple[Tally, ...]:
    """Add the counts of parts."""
    total: tuple[Tally, ...] = ()
    for tallies in found:
        for whole, each in zip(total, tallies, strict=False):
            whole.join(each)
        total = total or tuple(tallies)
    return total


class _Turns:
    """Which part is next, whichever process asks."""

    def __init__(self) -> None:
        self._next: Any = get_context("spawn").Value("q", 0)

    def of(self, parts: int) -> Iterator[int]:
        """Take parts, each the next that no process took.

        Parameters
        ----------
        parts : int
            How many there are.

        Yields
        ------
        int
            The number of one.
        """
        while (number := self._take()) < parts:
            yield number

    def _take(self) -> int:
        with self._next.get_lock():
            number: int = self._next.value
            self._next.value += 1
        return number

    def end(self) -> None:
        """Let nobody take another part."""
        self._next.value = _ENDED


_ENDED = 2**62
"""A part after all others."""


def _shared(
    desk: _Desk,
    parts: Sequence[tuple[int, Edge | None]],
    turns: _Turns,
    help_with: Callable[[], Iterable[Sequence[_Judged]]],
    progress: _Progress,
) -> Iterator[Sequence[Tally]]:
    """Judge parts while other processes judge others; give what all come to in their order."""
    found = []
    try:
        helped = help_with()
        for each in _taken(desk, parts, turns):
            found.append(each)
            progress.reach(each[0])
        for some in helped:
            found += some
    except BrokenProcessPool:
        raise refuse(
            "processes",
            "one of them was ended from outside, e.g. for want of memory",
            "all of them to the end",
            "Free memory, or ask for fewer of them by --processes",
        ) from None
    return (tallies for _, tallies in sorted(found, key=itemgetter(0)))


def _taken(
    desk: _Desk, parts: Sequence[tuple[int, Edge | None]], turns: _Turns
) -> Iterator[_Judged]:
    """Judge parts as long as there is one that nobody took."""
    for number in turns.of(len(parts)):
        yield number, desk.judge(parts[number])


_TURNS: list[_Turns] = []
"""Of which part is next, in a process that helps."""


def _begin(turns: _Turns) -> None:
    """Begin a process that helps; an interruption is a matter of the one that asks."""
    signal(SIGINT, SIG_IGN)
    _TURNS.append(turns)


def _greet(number: int) -> int:
    """Answer: a process starts for each question that none is free to answer."""
    return number


def _help(
    known: _Known, parts: Sequence[tuple[int, Edge | None]], number: int
) -> Sequence[_Judged]:
    """Judge parts in this process until none is left."""
    [turns] = _TURNS
    try:
        with opened(known.job.order.population, is_known=True) as population:
            return list(_taken(_Desk(known, shared(population)), parts, turns))
    except BaseException:
        turns.end()  # nobody goes on without these
        raise


def _piece(folder: Path, name: str, number: int) -> Path:
    """Give the file of the rows of one part."""
    return folder / f"{name}.{number}"


def _join(pieces: Sequence[Path], whole: Path) -> None:
    """Put the rows of all parts in one file."""
    if len(pieces) == 1:
        pieces[0].rename(whole)
        return
    joined(pieces, whole)
    for each in pieces:
        each.unlink()
