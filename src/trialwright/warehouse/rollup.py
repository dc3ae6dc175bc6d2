"""What the verdicts of a hospital come to: candidates, attrition, and those one fact away.

What people alone decide (consent, judgement, tissue) is left out: it is on a list of things to do,
and keeps nobody from being a possible candidate. So is what the tables of this hospital decide of
nobody, such as lines of therapy where no episode tells why a medicine was given: were it counted,
nobody would be one fact away. It is named beside.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trialwright.eligibility.lacking import MissingFact
from trialwright.protocol.study import Study
from trialwright.warehouse.arrow import numbers_of
from trialwright.warehouse.columns import MET, NOT_MET, UNKNOWN
from trialwright.warehouse.screening import Matrix

ENOUGH = 20
"""Fewer people than this may all lack a fact by chance: nothing is then said of their hospital."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one criterion costs.

    Attributes
    ----------
    criterion, says : str
        Which one, and what it asks.
    not_met : int
        People who do not meet it.
    alone : int
        Those who meet or may meet every other one.
    unknown : int
        People of whom the record leaves it open.
    left : int
        People whom this criterion and those before it leave.
    missing_alone : int
        Possible candidates of whom this criterion alone is open, but for those that the hospital
        decides of nobody: one fact away.
    """

    criterion: str
    says: str
    not_met: int
    alone: int
    unknown: int
    left: int
    missing_alone: int


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What the criteria of one arm leave of a hospital.

    Attributes
    ----------
    arm : str
        Which arm.
    people : int
        Everybody.
    candidates : int
        Possible candidates: no criterion that a record decides is not met.
    complete : int
        Those of whom every such criterion is met, but for `undecided`.
    losses : tuple of Loss
        One for each criterion that a record decides, in the order of the protocol.
    by_people : tuple of str
        Criteria that people alone decide: for each candidate still to do.
    open : tuple of (int, int)
        Number of open criteria but for `undecided`, and how many candidates have so many.
    undecided : tuple of (str, int)
        Criteria that a record could decide and those of this hospital decide of nobody, and of how
        many people each is open: a person answers them too.
    gaps : tuple of str
        A sentence for each table and vocabulary of which this hospital has nothing: its silence
        tells nothing of anybody.
    unread : tuple of str
        How many rows of which tables nobody can read: a sentence each.
    missing : tuple of MissingFact
        What those lack who are one fact away, each judged by her own rows.
    several : int
        Of these people, those who lack several facts of their criterion.
    differing : tuple of str
        A sentence for each of these people on whom judge and warehouse differ.
    """

    arm: str
    people: int
    candidates: int
    complete: int
    losses: tuple[Loss, ...]
    by_people: tuple[str, ...]
    open: tuple[tuple[int, int], ...]
    undecided: tuple[tuple[str, int], ...] = ()
    gaps: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    several: int = 0
    differing: tuple[str, ...] = ()


def of_arm(matrix: Matrix, study: Study, arm: str) -> tuple[str, ...]:
    """Give the criteria of an arm that a record decides.

    Parameters
    ----------
    matrix : Matrix
        Of the hospital.
    study : Study
        The protocol.
    arm : str
        Arm id.

    Returns
    -------
    tuple of str
        In the order of the protocol.
    """
    return tuple(
        each.id for each in study.criteria if each.id in matrix.decidable and each.applies_to(arm)
    )


class Tally:
    """Counts of people by what the criteria of one arm leave of them, part by part of a hospital.

    The verdicts leave the engine to be written anyway; here they are counted as they pass, which
    takes a tenth of the time that hundreds of sums take an engine.

    Parameters
    ----------
    matrix : Matrix
        Of the hospital.
    study : Study
        The protocol.
    arm : str
        Arm id.
    gaps : tuple of str
        A sentence for each table and vocabulary of which the hospital has nothing.
    unread : tuple of str
        How many rows of which tables nobody can read.
    """

    def __init__(
        self,
        matrix: Matrix,
        study: Study,
        arm: str,
        gaps: tuple[str, ...] = (),
        unread: tuple[str, ...] = (),
    ) -> None:
        self._arm, self._asked = arm, of_arm(matrix, study, arm)
        self._gaps, self._unread = gaps, unread
        self._says = {each.id: each.says for each in study.criteria}
        self._by_people = tuple(
            each.id
            for each in study.criteria
            if each.rule is not None and each.id not in matrix.decidable and each.applies_to(arm)
        )
        self._people = 0
        self._lost, self._alone, self._unknown, self._left, self._met = (
            dict.fromkeys(self._asked, 0) for _ in range(5)
        )
        self._candidates: list[NDArray[np.integer]] = []
        self._missing: list[NDArray[np.uint8]] = []

    def join(self, other: "Tally") -> None:
        """Count the people of another tally too.

        Parameters
        ----------
        other : Tally
            Of the same arm, of other people.
        """
        self._people += other._people
        self._candidates += other._candidates
        self._missing += other._missing
        for mine, its in zip(self._counts, other._counts, strict=True):
            for each in self._asked:
                mine[each] += its[each]

    @property
    def _counts(self) -> tuple[dict[str, int], ...]:
        """The counts of each criterion."""
        return self._lost, self._alone, self._unknown, self._left, self._met

    def add(self, rows: pa.RecordBatch) -> None:
        """Count some people.

        Parameters
        ----------
        rows : RecordBatch
            Of `Matrix.verdicts`.
        """
        answers = {each: _column(rows, f"{each}_record") for each in self._asked}
        lost = {each: answer == NOT_MET for each, answer in answers.items()}
        missing = {each: answer == UNKNOWN for each, answer in answers.items()}
        not_met = np.zeros(rows.num_rows, dtype=np.int16)
        for each in lost.values():
            not_met += each
        is_candidate, left = not_met == 0, np.ones(rows.num_rows, dtype=bool)
        is_alone = not_met == 1
        self._people += rows.num_rows
        for each in self._asked:
            left &= ~lost[each]
            self._lost[each] += int(np.count_nonzero(lost[each]))
            self._alone[each] += int(np.count_nonzero(is_alone & lost[each]))
            self._unknown[each] += int(np.count_nonzero(missing[each]))
            self._met[each] += int(np.count_nonzero(answers[each] == MET))
            self._left[each] += int(np.count_nonzero(left))
        which = np.flatnonzero(is_candidate)
        self._candidates.append(_column(rows, "person_id")[which])
        is_open = np.array([missing[each][which] for each in self._asked], dtype=bool)
        shape = len(self._asked), which.size
        self._missing.append(np.packbits(is_open.reshape(shape), axis=0).T)  # one bit a criterion

    @property
    def undecided(self) -> tuple[tuple[str, int], ...]:
        """Criteria that nobody meets and nobody fails, and of how many people each is open."""
        if self._people < ENOUGH:
            return ()
        return tuple(
            (each, self._unknown[each])
            for each in self._asked
            if self._unknown[each] and not self._met[each] and not self._lost[each]
        )

    @property
    def near(self) -> list[tuple[int, str]]:
        """Possible candidates of whom one criterion alone is open: person_id and that one."""
        asked = self._counting
        found = []
        for people, is_open in self._open_ones():
            is_near = np.count_nonzero(is_open, axis=1) == 1
            which = np.argmax(is_open[is_near], axis=1) if asked else ()
            found += [
                (int(person), asked[place])
                for person, place in zip(people[is_near], which, strict=True)
            ]
        return sorted(found)

    @property
    def complete(self) -> list[int]:
        """Possible candidates of whom no criterion is open, but for those decided of nobody."""
        found = (people[~is_open.any(axis=1)] for people, is_open in self._open_ones())
        return sorted(int(person) for people in found for person in people)

    @property
    def _counting(self) -> tuple[str, ...]:
        """Criteria that count where one is open."""
        undecided = {name for name, _ in self.undecided}
        return tuple(each for each in self._asked if each not in undecided)

    def _open_ones(self) -> Iterator[tuple[NDArray[np.integer], NDArray[np.bool_]]]:
        """Give candidates, part by part, and which of the criteria that count are open of each."""
        kept = [self._asked.index(each) for each in self._counting]
        for people, packed in zip(self._candidates, self._missing, strict=True):
            bits = np.unpackbits(packed, axis=1, count=len(self._asked))
            yield people, bits[:, kept].astype(bool)

    def feasibility(self) -> Feasibility:
        """Say what the criteria of the arm leave of everybody counted.

        Returns
        -------
        Feasibility
            Counts of people.
        """
        asked = self._counting
        open_of, alone = np.zeros(len(asked) + 1, dtype=np.int64), np.zeros(len(asked), np.int64)
        for _, is_open in self._open_ones():
            many = np.count_nonzero(is_open, axis=1)
            open_of += np.bincount(many, minlength=len(open_of))
            alone += np.count_nonzero(is_open[many == 1], axis=0)
        away = dict(zip(asked, alone.tolist(), strict=True))
        return Feasibility(
            self._arm,
            self._people,
            int(open_of.sum()),
            int(open_of[0]),
            tuple(
                Loss(
                    name,
                    self._says[name],
                    self._lost[name],
                    self._alone[name],
                    self._unknown[name],
                    self._left[name],
                    away.get(name, 0),
                )
                for name in self._asked
            ),
            self._by_people,
            tuple((number, int(many)) for number, many in enumerate(open_of) if many),
            self.undecided,
            self._gaps,
            self._unread,
        )


def _column(rows: pa.RecordBatch, name: str) -> NDArray[np.integer]:
    """Give whole numbers of a column without nulls."""
    found: NDArray[np.integer] = numbers_of(pa.chunked_array([rows[name]]), None)
    return found
