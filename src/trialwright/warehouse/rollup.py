"""What the verdicts of a hospital come to: candidates, attrition, and those one fact away.

What people alone decide (consent, judgement, tissue) is left out: it is on a list of things to do,
and keeps nobody from being a possible candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis

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


def with_counts(matrix: Matrix, study: Study, arm: str) -> Any:
    """Count for every person what is not met and what is open, for one arm.

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
    ibis table
        The verdicts, with `not_met` and `open`.
    """
    rows = matrix.verdicts
    not_met, still_open = ibis.literal(0), ibis.literal(0)
    for each in of_arm(matrix, study, arm):
        answer = rows[f"{each}_record"]
        not_met = not_met + ibis.ifelse(answer == NOT_MET, 1, 0)
        still_open = still_open + ibis.ifelse(answer == UNKNOWN, 1, 0)
    return rows.mutate(not_met=not_met, open=still_open)


def sums(counted: Any, matrix: Matrix, study: Study, arm: str) -> Any:
    """Count people by what criteria leave of them.

    Parameters
    ----------
    counted : ibis table
        As `with_counts` gives it, kept by the engine.
    matrix : Matrix
        Of the hospital.
    study : Study
        The protocol.
    arm : str
        Arm id.

    Returns
    -------
    ibis table
        One row: people, candidates, complete, for each criterion `<id>_lost`, `<id>_alone`,
        `<id>_open`, `<id>_left` and `<id>_away`, and `open_<n>`: candidates of whom so many
        criteria are open. Those of parts of a hospital add up.
    """
    asked = of_arm(matrix, study, arm)
    is_candidate = counted.not_met == 0
    columns: dict[str, Any] = {
        "people": counted.count(),
        "candidates": is_candidate.sum(),
        "complete": (is_candidate & (counted.open == 0)).sum(),
    }
    so_far = ibis.literal(True)  # noqa: FBT003
    for name in asked:
        answer = counted[f"{name}_record"]
        is_lost = answer == NOT_MET
        so_far = so_far & ~is_lost
        columns |= {
            f"{name}_lost": is_lost.sum(),
            f"{name}_alone": (is_lost & (counted.not_met == 1)).sum(),
            f"{name}_open": (answer == UNKNOWN).sum(),
            f"{name}_left": so_far.sum(),
            f"{name}_away": (is_candidate & (counted.open == 1) & (answer == UNKNOWN)).sum(),
        }
    for number in range(len(asked) + 1):
        columns[f"open_{number}"] = (is_candidate & (counted.open == number)).sum()
    return counted.agg(**columns)


def feasibility(found: Mapping[str, int], matrix: Matrix, study: Study, arm: str) -> Feasibility:
    """Say what the criteria of an arm leave of a hospital.

    Parameters
    ----------
    found : mapping of str to int
        The numbers that `sums` names, of everybody.
    matrix : Matrix
        Of the hospital.
    study : Study
        The protocol.
    arm : str
        Arm id.

    Returns
    -------
    Feasibility
        Counts of people.
    """
    asked = of_arm(matrix, study, arm)
    says = {each.id: each.says for each in study.criteria}
    return Feasibility(
        arm,
        found["people"],
        found["candidates"],
        found["complete"],
        tuple(
            Loss(
                name,
                says[name],
                *(found[f"{name}_{part}"] for part in ("lost", "alone", "open", "left", "away")),
            )
            for name in asked
        ),
        tuple(
            each.id
            for each in study.criteria
            if each.rule is not None and each.id not in matrix.decidable and each.applies_to(arm)
        ),
        tuple(
            (number, found[f"open_{number}"])
            for number in range(len(asked) + 1)
            if found[f"open_{number}"]
        ),
    )


def one_fact_away(counted: Any, matrix: Matrix, study: Study, arm: str) -> Any:
    """List the possible candidates of whom one criterion alone is open.

    Parameters
    ----------
    counted : ibis table
        As `with_counts` gives it.
    matrix : Matrix
        Of the hospital.
    study : Study
        The protocol.
    arm : str
        Arm id.

    Returns
    -------
    ibis table
        person_id and the criterion that is open, in the order of the person's number.
    """
    near = counted.filter((counted.not_met == 0) & (counted.open == 1))
    which = ibis.cases(
        *(
            (near[f"{each}_record"] == UNKNOWN, ibis.literal(each))
            for each in of_arm(matrix, study, arm)
        ),
        else_=ibis.null("string"),
    )
    return near.select("person_id", criterion=which).order_by("person_id")
