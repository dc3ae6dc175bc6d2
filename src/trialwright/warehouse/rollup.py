"""What the verdicts of a hospital come to: candidates, attrition, and those one fact away.

What people alone decide (consent, judgement, tissue) is left out: it is on a list of things to do,
and keeps nobody from being a possible candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trialwright.protocol.study import Study
from trialwright.warehouse.columns import NOT_MET, UNKNOWN
from trialwright.warehouse.screening import Matrix


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
        Possible candidates of whom this criterion alone is open: one fact away.
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
        Those of whom every such criterion is met.
    losses : tuple of Loss
        One for each criterion that a record decides, in the order of the protocol.
    by_people : tuple of str
        Criteria that people alone decide: for each candidate still to do.
    open : tuple of (int, int)
        Number of open criteria, and how many candidates have so many.
    """

    arm: str
    people: int
    candidates: int
    complete: int
    losses: tuple[Loss, ...]
    by_people: tuple[str, ...]
    open: tuple[tuple[int, int], ...]


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
    """

    def __init__(self, matrix: Matrix, study: Study, arm: str) -> None:
        self._arm, self._asked = arm, of_arm(matrix, study, arm)
        self._says = {each.id: each.says for each in study.criteria}
        self._by_people = tuple(
            each.id
            for each in study.criteria
            if each.rule is not None and each.id not in matrix.decidable and each.applies_to(arm)
        )
        self._people = 0
        self._lost, self._alone, self._unknown, self._left, self._away = (
            dict.fromkeys(self._asked, 0) for _ in range(5)
        )
        self._open = np.zeros(len(self._asked) + 1, dtype=np.int64)
        self._near: list[tuple[int, str]] = []

    def join(self, other: "Tally") -> None:
        """Count the people of another tally too.

        Parameters
        ----------
        other : Tally
            Of the same arm, of other people.
        """
        self._people += other._people
        self._open += other._open
        self._near += other._near
        for mine, its in zip(self._counts, other._counts, strict=True):
            for each in self._asked:
                mine[each] += its[each]

    @property
    def _counts(self) -> tuple[dict[str, int], ...]:
        """The counts of each criterion."""
        return self._lost, self._alone, self._unknown, self._left, self._away

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
        not_met, still_open = (_counted(each, rows.num_rows) for each in (lost, missing))
        is_candidate, left = not_met == 0, np.ones(rows.num_rows, dtype=bool)
        is_alone, is_near = not_met == 1, is_candidate & (still_open == 1)
        self._people += rows.num_rows
        self._open += np.bincount(still_open[is_candidate], minlength=len(self._open))
        people = _column(rows, "person_id")
        for each in self._asked:
            left &= ~lost[each]
            near = is_near & missing[each]
            self._lost[each] += int(np.count_nonzero(lost[each]))
            self._alone[each] += int(np.count_nonzero(is_alone & lost[each]))
            self._unknown[each] += int(np.count_nonzero(missing[each]))
            self._left[each] += int(np.count_nonzero(left))
            self._away[each] += int(np.count_nonzero(near))
            self._near += [(int(person), each) for person in people[near]]

    @property
    def near(self) -> list[tuple[int, str]]:
        """Possible candidates of whom one criterion alone is open: person_id and that one."""
        return sorted(self._near)

    def feasibility(self) -> Feasibility:
        """Say what the criteria of the arm leave of everybody counted.

        Returns
        -------
        Feasibility
            Counts of people.
        """
        return Feasibility(
            self._arm,
            self._people,
            int(self._open.sum()),
            int(self._open[0]),
            tuple(
                Loss(
                    name,
                    self._says[name],
                    self._lost[name],
                    self._alone[name],
                    self._unknown[name],
                    self._left[name],
                    self._away[name],
                )
                for name in self._asked
            ),
            self._by_people,
            tuple((number, int(many)) for number, many in enumerate(self._open) if many),
        )


def _column(rows: pa.RecordBatch, name: str) -> NDArray[np.integer]:
    """Give whole numbers of a column without nulls."""
    found: NDArray[np.integer] = rows[name].to_numpy(zero_copy_only=False)
    return found


def _counted(truths: Mapping[str, NDArray[np.bool_]], people: int) -> NDArray[np.int16]:
    """Count for each person how many truths hold."""
    total = np.zeros(people, dtype=np.int16)
    for each in truths.values():
        total += each
    return total
