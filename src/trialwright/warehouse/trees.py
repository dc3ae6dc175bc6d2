"""Rule trees compiled: leaves in their own files, branches here, as `eligibility.trees` judges."""

from collections.abc import Iterator, Sequence
from typing import Any

import ibis

from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
    below,
)
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN
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
"""One row a kind of leaf: the file that compiles it."""

BY_PEOPLE = frozenset({"attested", "approval", "specimen"})
"""Kinds of leaf that no table of OMOP decides."""


def numbered(rule: Rule, name: str) -> Iterator[tuple[str, Rule]]:
    """Give the leaves of a tree with a name for each.

    Parameters
    ----------
    rule : Rule
        The tree.
    name : str
        Name of the tree, e.g. `I01`.

    Yields
    ------
    str
        E.g. `I01_of_0_rule`.
    Rule
        The leaf.
    """
    inner = below(rule)
    if not inner:
        yield name, rule
    for path, each in inner:
        yield from numbered(each, f"{name}_{path.replace('.', '_')}")


def gather(rule: Rule, name: str, context: Context) -> Iterator[Gathered]:
    """Gather what the leaves of a tree need.

    Parameters
    ----------
    rule : Rule
        The tree.
    name : str
        Its name.
    context : Context
        The facts.

    Yields
    ------
    Gathered
        Reductions over one staged table.
    """
    for leaf_name, leaf in numbered(rule, name):
        yield from LEAF_KINDS[leaf.kind].gather(leaf, leaf_name, context)


NO_ROW = 63
"""Place of a leaf without a deciding row: greater than that of any leaf."""

_WIDTH = NO_ROW + 1


def coded(answer: Any, key: Any, place: int) -> tuple[Any, Any]:
    """Code the answer of a leaf together with its place, as it is and turned around.

    The least of several codes is the least answer, with the first leaf that has a row among those
    that gave it: what a branch needs in one comparison.

    Parameters
    ----------
    answer : ibis value
        0, 1 or 2.
    key : ibis value
        Its deciding row, perhaps null.
    place : int
        Its number among the leaves of the criterion, below `NO_ROW`.

    Returns
    -------
    tuple of ibis value
        For `all`, and for `any`.
    """
    leaf, found = ibis.ifelse(key.isnull(), NO_ROW, place), answer.cast("int16")
    return (
        (found * _WIDTH + leaf).cast("int16"),
        ((MET - found) * _WIDTH + leaf).cast("int16"),
    )


def decoded(code: Any) -> tuple[Any, Any]:
    """Give the answer and the place of the deciding leaf of a code.

    Parameters
    ----------
    code : ibis value
        As `coded` gives it for `all`.

    Returns
    -------
    tuple of ibis value
        0, 1 or 2; and the place, `NO_ROW` for none.
    """
    return (code // _WIDTH).cast("int16"), (code % _WIDTH).cast("int16")


def turn(code: Any) -> Any:
    """Turn met and not met of a code around.

    Parameters
    ----------
    code : ibis value
        For `all` or for `any`.

    Returns
    -------
    ibis value
        The other of the two.
    """
    return MET * _WIDTH - code + 2 * (code % _WIDTH)


def branches(rule: Rule, name: str) -> dict[int, dict[str, tuple[Rule, list[str]]]]:
    """Give the branches of a tree by their height, for their codes to be worked out upwards.

    Parameters
    ----------
    rule : Rule
        The tree.
    name : str
        Its name.

    Returns
    -------
    dict of int to dict of str to tuple
        By height above the leaves: name of each branch, its rule, and the names of the nodes
        directly below it.
    """
    levels: dict[int, dict[str, tuple[Rule, list[str]]]] = {}
    _add_levels(rule, name, levels)
    return levels


def _add_levels(rule: Rule, name: str, levels: dict[int, dict[str, tuple[Rule, list[str]]]]) -> int:
    """Note a node and those below it by height; give its height."""
    inner = [(_below(name, path), each) for path, each in below(rule)]
    if not inner:
        return 0
    height = 1 + max(_add_levels(each, inner_name, levels) for inner_name, each in inner)
    levels.setdefault(height, {})[name] = (rule, [inner_name for inner_name, _ in inner])
    return height


def code_of(rule: Rule, inner: Sequence[str], wide: Any) -> Any:
    """Give the code of a branch from those of the nodes directly below it.

    Parameters
    ----------
    rule : Rule
        The branch.
    inner : sequence of str
        Names of the nodes below it.
    wide : ibis table
        One row a person, with both codes of each of them.

    Returns
    -------
    ibis value
        The code for `all`, as `eligibility.trees` judges.
    """
    plain = [wide[f"{each}_plain"] for each in inner]
    match rule:
        case NotRule():
            return wide[f"{inner[0]}_turned"]
        case AllRule():
            return _least(plain)
        case AnyRule():
            return turn(_least([wide[f"{each}_turned"] for each in inner]))
        case AtLeastRule():
            return _at_least(rule.number, plain)
        case FirstRule():
            return _first(plain)
        case IfRule():
            return _if(*plain)
        case _:
            raise TypeError(f"a rule of kind {rule.kind} has nothing below it")


def _below(name: str, path: str) -> str:
    """Name a node below another."""
    return f"{name}_{path.replace('.', '_')}"


def _least(codes: Sequence[Any]) -> Any:
    """Give the least of codes."""
    return codes[0] if len(codes) == 1 else ibis.least(*codes)


def _at_least(number: int, codes: Sequence[Any]) -> Any:
    """Say whether so many parts are met; those with that answer decide, else all."""
    answers = [decoded(each)[0] for each in codes]
    met, may_be = _count(answers, MET), _count(answers, MET) + _count(answers, UNKNOWN)
    found = ibis.cases((met >= number, MET), (may_be >= number, UNKNOWN), else_=NOT_MET)
    leaves = [
        ibis.ifelse(answer == found, decoded(each)[1], _WIDTH)
        for answer, each in zip(answers, codes, strict=True)
    ]
    deciding = _least(leaves)
    every = _least([decoded(each)[1] for each in codes])
    return found * _WIDTH + ibis.ifelse(deciding == _WIDTH, every, deciding)


def _count(answers: Sequence[Any], number: int) -> Any:
    """Count answers of one kind."""
    total = ibis.literal(0)
    for each in answers:
        total = total + ibis.ifelse(each == number, 1, 0)
    return total


def _first(codes: Sequence[Any]) -> Any:
    """Give the first part that is decided; else unknown, with the first row of any."""
    return ibis.cases(*((decoded(each)[0] != UNKNOWN, each) for each in codes), else_=_least(codes))


def _if(condition: Any, then: Any, otherwise: Any) -> Any:
    """Give the rule that holds; while it is unknown which, what both say."""
    is_met, is_open = decoded(condition)[0] == MET, decoded(condition)[0] == UNKNOWN
    mine, other, asked = decoded(then), decoded(otherwise), decoded(condition)
    is_one = mine[0] == other[0]
    of_both = _least([then, otherwise])
    of_all = UNKNOWN * _WIDTH + _least([asked[1], mine[1], other[1]])
    return ibis.cases(
        (is_met, mine[0] * _WIDTH + _least([asked[1], mine[1]])),
        (~is_open, other[0] * _WIDTH + _least([asked[1], other[1]])),
        (is_one, of_both),
        else_=of_all,
    )


def if_people_agree(rule: Rule, name: str, wide: Any, *, is_good: bool) -> Any:
    """Give the verdict on a tree if people answer in the participant's favour.

    What people alone decide is then neither missing nor in the way, and what is left open is what
    a record would decide. Beside a record, as the next to ask, they are left out.

    Parameters
    ----------
    rule : Rule
        The tree.
    name : str
        Its name.
    wide : ibis table
        One row a person, with both codes of each leaf.
    is_good : bool
        Whether meeting the rule lets a participant in.

    Returns
    -------
    ibis value
        0, 1 or 2.
    """
    if isinstance(rule, NotRule):
        inner = if_people_agree(rule.rule, f"{name}_rule", wide, is_good=not is_good)
        return MET - inner
    inner = below(rule)
    if isinstance(rule, FirstRule):
        of_record = tuple(each for each in inner if not _is_of_people(each[1]))
        inner = of_record or inner
    parts = [
        if_people_agree(each, _below(name, path), wide, is_good=is_good) for path, each in inner
    ]
    match rule:
        case AllRule():
            return _least(parts)
        case AnyRule():
            return parts[0] if len(parts) == 1 else ibis.greatest(*parts)
        case AtLeastRule():
            return decoded(_at_least(rule.number, [each * _WIDTH for each in parts]))[0]
        case FirstRule():
            return ibis.cases(*((each != UNKNOWN, each) for each in parts), else_=UNKNOWN)
        case IfRule():
            return decoded(_if(*(each * _WIDTH for each in parts)))[0]
        case _ if rule.kind in BY_PEOPLE:
            return ibis.literal(MET if is_good else NOT_MET)
        case _:
            return decoded(wide[f"{name}_plain"])[0]


def _is_of_people(rule: Rule) -> bool:
    """Say whether people alone decide a tree."""
    return all(leaf.kind in BY_PEOPLE for _, leaf in numbered(rule, ""))


def prepare(rule: Rule, name: str, context: Context) -> Iterator[Prepared]:
    """Prepare what the leaves of a tree need of each row.

    Parameters
    ----------
    rule : Rule
        The tree.
    name : str
        Its name.
    context : Context
        The facts.

    Yields
    ------
    Prepared
        Columns of a staged table.
    """
    for leaf_name, leaf in numbered(rule, name):
        kind = LEAF_KINDS[leaf.kind]
        if hasattr(kind, "prepare"):
            yield from kind.prepare(leaf, leaf_name, context)


def columns_of(rule: Rule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of a leaf.

    Parameters
    ----------
    rule : Rule
        A leaf.
    name : str
        Its name.
    wide : ibis table
        One row a person, with what was gathered.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        Verdict, row, day and value.
    """
    found: LeafColumns = LEAF_KINDS[rule.kind].compile_leaf(rule, name, wide, context)
    return found
