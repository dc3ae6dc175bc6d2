"""Rule trees as columns: each kind of leaf is compiled in its own file, branches are put together.

In step with `eligibility.trees`. Verdicts are numbers: `all` is the least, `any` the greatest,
`not` is 2 less it. The record that decides a branch is that of its first deciding part with one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr.types import Value

from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
    below,
    leaves,
)
from trialwright.protocol.leaf_rules import Leaf as LeafRule
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    LeafColumns,
    choose,
    nothing,
    verdict,
)
from trialwright.warehouse.kinds import (
    age,
    approval,
    attested,
    clearance,
    condition,
    finding,
    lines,
    multiple,
    observation,
    qtcf,
    range,  # noqa: A004  # named as the protocol names the kind
    sex,
    specimen,
    stable,
    treatment,
)

LEAF_KINDS: dict[str, Any] = {
    "observation": observation,
    "multiple": multiple,
    "range": range,
    "finding": finding,
    "clearance": clearance,
    "qtcf": qtcf,
    "condition": condition,
    "stable": stable,
    "treatment": treatment,
    "lines": lines,
    "specimen": specimen,
    "age": age,
    "sex": sex,
    "attested": attested,
    "approval": approval,
}
"""One row a kind of leaf: the file that gathers what decides it and gives its answer."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The answer of a tree, and where the record that decides it stands.

    Attributes
    ----------
    verdict : Value
        As a number.
    pick : Value
        Place of the record; null where no deciding part has one.
    """

    verdict: Value
    pick: Value


def needs_person(rule: LeafRule) -> bool:
    """Say whether no record decides a leaf.

    Parameters
    ----------
    rule : LeafRule
        The leaf.

    Returns
    -------
    bool
        True for questions, approvals and specimens.
    """
    return bool(getattr(LEAF_KINDS[rule.kind], "NEEDS_PERSON", False))


def compiled(
    rule: Rule, answers: Mapping[int, LeafColumns], numbers: Mapping[LeafRule, int]
) -> Branch:
    """Give the columns of a tree.

    Parameters
    ----------
    rule : Rule
        The tree.
    answers : mapping of int to LeafColumns
        By the number of the leaf.
    numbers : mapping of leaf rule to int
        Number of each leaf.

    Returns
    -------
    Branch
        Over `answers`.
    """
    inner = [each for _, each in below(rule)]
    if not inner:
        found = answers[numbers[rule]]  # type: ignore[index]  # only a leaf has nothing below it
        pick = nothing("int16") if found.record is None else found.record
        return Branch(found.verdict, pick)
    return _put_together(rule, [compiled(each, answers, numbers) for each in inner])


def if_people_agree(
    rule: Rule,
    answers: Mapping[int, LeafColumns],
    numbers: Mapping[LeafRule, int],
    *,
    is_good: bool,
) -> Value:
    """Give the verdict on a tree if people answer in the participant's favour.

    What people alone decide is then neither missing nor in the way, and what is left open is what
    a record would decide. Beside a record, as the next to ask, they are left out. Where they say
    which of two rules holds, it is the one that lets the participant in sooner.

    Parameters
    ----------
    rule : Rule
        The tree.
    answers : mapping of int to LeafColumns
        By the number of the leaf.
    numbers : mapping of leaf rule to int
        Number of each leaf.
    is_good : bool
        Whether meeting the rule lets a participant in.

    Returns
    -------
    Value
        As a number.
    """
    inner = [each for _, each in below(rule)]
    if not inner:
        if needs_person(rule):  # type: ignore[arg-type]  # a leaf
            return verdict(MET if is_good else NOT_MET)
        return answers[numbers[rule]].verdict  # type: ignore[index]
    if isinstance(rule, NotRule):
        is_good = not is_good
    if isinstance(rule, FirstRule):
        inner = [each for each in inner if not all(map(needs_person, leaves(each)))] or inner

    def agreed(each: Rule, *, is_good: bool = is_good) -> Branch:
        found = if_people_agree(each, answers, numbers, is_good=is_good)
        return Branch(found, nothing("int16"))

    if isinstance(rule, IfRule) and any(map(needs_person, leaves(rule.condition))):
        then, otherwise = agreed(rule.then), agreed(rule.otherwise)
        conditions = [agreed(rule.condition, is_good=each) for each in (True, False)]
        either = [_if((each, then, otherwise)).verdict for each in conditions]
        return ibis.greatest(*either) if is_good else ibis.least(*either)
    return _put_together(rule, [agreed(each) for each in inner]).verdict


def concerned(criterion: Criterion, sex: Value, answer: Value, other: Value) -> Value:
    """Give an answer for whom a criterion concerns.

    Parameters
    ----------
    criterion : Criterion
        It may concern people of one sex alone.
    sex : Value
        `female`, `male` or null; who may be of that sex is concerned.
    answer, other : Value
        For whom it concerns, and for others.

    Returns
    -------
    Value
        One of the two.
    """
    if criterion.sex is None:
        return answer
    is_other = (sex != criterion.sex).fill_null(False)  # noqa: FBT003
    return choose((is_other, other), otherwise=answer)


def _put_together(rule: Rule, parts: Sequence[Branch]) -> Branch:
    """Give a branch of its parts."""
    answers = [each.verdict for each in parts]
    match rule:
        case NotRule():
            return Branch((MET - answers[0]).cast("int8"), parts[0].pick)
        case AllRule():
            return _combined(answers[0] if len(parts) == 1 else ibis.least(*answers), parts)
        case AnyRule():
            return _combined(answers[0] if len(parts) == 1 else ibis.greatest(*answers), parts)
        case AtLeastRule():
            return _at_least(rule.number, parts)
        case FirstRule():
            return _first(parts)
        case _:  # if
            return _if(parts)


def _combined(answer: Value, parts: Sequence[Branch]) -> Branch:
    """Give a branch whose reason are the parts with its own answer."""
    picked = (
        choose((each.verdict == answer, each.pick), otherwise=nothing("int16")) for each in parts
    )
    return Branch(answer, ibis.coalesce(*picked))


def _at_least(number: int, parts: Sequence[Branch]) -> Branch:
    """Give a branch of which so many parts must be met."""
    met = _count([each.verdict == MET for each in parts])
    may_be = met + _count([each.verdict == UNKNOWN for each in parts])
    answer = choose(
        (met >= number, verdict(MET)),
        (may_be >= number, verdict(UNKNOWN)),
        otherwise=verdict(NOT_MET),
    )
    found = _combined(answer, parts)
    if number <= len(parts):
        return found
    is_deciding = [each.verdict == NOT_MET for each in parts]
    whole = ibis.coalesce(*(each.pick for each in parts))
    return Branch(answer, choose((_count(is_deciding) > 0, found.pick), otherwise=whole))


def _count(truths: Sequence[Value]) -> Value:
    """Count truths."""
    total: Value = ibis.literal(0, "int64")
    for each in truths:
        total = total + choose((each, 1), otherwise=0)
    return total


_NONE = -1
"""Stands for a part that decides without any record."""


def _first(parts: Sequence[Branch]) -> Branch:
    """Give a branch answered by the first part that is decided."""
    none = ibis.literal(_NONE, "int16")
    answers = [each.verdict.nullif(verdict(UNKNOWN)) for each in parts]
    decided = [
        choose(
            (each.verdict != UNKNOWN, ibis.coalesce(each.pick, none)), otherwise=nothing("int16")
        )
        for each in parts
    ]
    pick = ibis.coalesce(*decided, *(each.pick for each in parts)).nullif(none)
    return Branch(ibis.coalesce(*answers, verdict(UNKNOWN)), pick)


def _if(parts: Sequence[Branch]) -> Branch:
    """Give a branch answered by the rule that holds; by both, while it is unknown which."""
    condition, then, otherwise = parts
    is_met, is_not_met = condition.verdict == MET, condition.verdict == NOT_MET
    is_same = (then.verdict == otherwise.verdict) & (then.verdict != UNKNOWN)
    is_open = (then.verdict == UNKNOWN) & (otherwise.verdict == UNKNOWN)
    answer = choose(
        (is_met, then.verdict),
        (is_not_met, otherwise.verdict),
        (is_same, then.verdict),
        otherwise=verdict(UNKNOWN),
    )
    pick = choose(
        (is_met, ibis.coalesce(condition.pick, then.pick)),
        (is_not_met, ibis.coalesce(condition.pick, otherwise.pick)),
        (is_same | is_open, ibis.coalesce(then.pick, otherwise.pick)),
        otherwise=ibis.coalesce(condition.pick, then.pick, otherwise.pick),
    )
    return Branch(answer, pick)
