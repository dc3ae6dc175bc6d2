"""The operations of expressions over columns of rows, as a database has them.

Null, true and false follow SQL. Whole numbers stay exact, however large their products.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import ibis.expr.operations as ops
import numpy as np

from trialwright.warehouse.arrays import Array, Column
from trialwright.warehouse.picking import picked

_EPOCH = date(1970, 1, 1)

_FITS = 2**62
"""Products below it are whole numbers of a machine."""


Work = Callable[[Sequence[Column]], Column]
"""Works a column out of others."""


def work_of(node: ops.Node) -> tuple[Work, tuple[ops.Node, ...]]:
    """Give how a node is worked out of others.

    Parameters
    ----------
    node : Node
        A value, but no column.

    Returns
    -------
    tuple of (Work, tuple of Node)
        The work, and what it needs, in order. That of a choice takes its conditions, their results
        and what is given when none holds.

    Raises
    ------
    TypeError
        If no rule has asked for it so far.
    """
    kind = type(node)
    if kind in _BINARY:
        return _both(_BINARY[kind]), (node.left, node.right)
    if kind in _SIMPLE:
        step, names = _SIMPLE[kind]
        inner = [getattr(node, name) for name in names]
        flat = [each if isinstance(each, tuple) else (each,) for each in inner]
        return step, tuple(each for some in flat for each in some)
    match node:
        case ops.Literal():
            value = _constant(node)
            return (lambda _: value), ()
        case ops.SearchedCase():
            of_type = _kind(node.dtype)
            needs = (*node.cases, *node.results, node.default)
            return (lambda given: _case(given, of_type)), needs
        case ops.Cast():
            if node.arg.dtype.is_floating() and not node.to.is_floating():
                raise TypeError(f"a cast to {node.to} is not worked out over arrays")
            to = _kind(node.to)
            return (lambda given: Column(_typed(given[0].values, to), given[0].known)), (node.arg,)
        case _:
            raise TypeError(f"{kind.__name__} is not worked out over arrays")


def _kind(dtype: Any) -> Any:
    """Give the type of an array for one of Ibis."""
    if dtype.is_decimal() or dtype.is_string() or dtype.is_null():
        return None
    if dtype.is_date():
        return np.int32
    return np.dtype(str(dtype).removeprefix("!").replace("boolean", "bool"))


def _typed(values: Array, kind: Any) -> Array:
    """Give values as a type; None: as they are."""
    return values if kind is None or values.dtype == kind else values.astype(kind)


def _constant(node: ops.Literal) -> Column:
    """Give a constant."""
    value, kind = node.value, _kind(node.dtype)
    if value is None:
        return Column(np.zeros((), kind or np.int8), np.False_)  # type: ignore[arg-type]
    if isinstance(value, date):
        value = (value - _EPOCH).days
    if node.dtype.is_decimal():
        value = int(value)
    return Column(np.asarray(value, kind if kind is not None else None))


def _both(work: Callable[[Array, Array], Array]) -> Work:
    """Work out of two columns what is null where one is."""

    def step(given: Sequence[Column]) -> Column:
        left, right = given
        known = _known_of(left.known, right.known)
        return Column(_array(work(left.values, right.values)), known)

    return step


def _array(found: Array | int) -> Array:
    """Give a large number back its array: NumPy takes it out of one without a dimension."""
    return np.asarray(found, dtype=object) if isinstance(found, int) else found


def _known_of(left: Array | None, right: Array | None) -> Array | None:
    """Say which of two are both known."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


def _and(given: Sequence[Column]) -> Column:
    """Give whether both hold, as a database does: false beside a null is false."""
    left, right = given
    if left.known is None and right.known is None:
        return Column(left.values & right.values)
    yes = left.holds() & right.holds()
    no = (left.known_all() & ~left.values) | (right.known_all() & ~right.values)
    return Column(yes, yes | no)


def _or(given: Sequence[Column]) -> Column:
    """Give whether one holds, as a database does: true beside a null is true."""
    left, right = given
    if left.known is None and right.known is None:
        return Column(left.values | right.values)
    yes = left.holds() | right.holds()
    return Column(yes, yes | (left.known_all() & right.known_all()))


def _case(given: Sequence[Column], kind: Any) -> Column:
    """Give the result of the first condition that holds: conditions, results, and the default."""
    many, default = len(given) // 2, given[-1]
    values, known = _typed(default.values, kind), default.known
    for condition, result in zip(
        reversed(given[:many]), reversed(given[many : 2 * many]), strict=True
    ):
        holds = condition.holds()
        values = picked(holds, _typed(result.values, kind), values)
        if known is not None or result.known is not None:
            known = picked(holds, result.known_all(), np.True_ if known is None else known)
    return Column(values, known)


def _coalesced(given: Sequence[Column]) -> Column:
    """Give the first that is not null."""
    values, known = given[-1].values, given[-1].known
    for each in reversed(given[:-1]):
        if each.known is None:
            values, known = each.values, None
            continue
        values = picked(each.known, each.values, values)
        known = None if known is None else each.known | known
    return Column(values, known)


def _known_of_any(left: Column, right: Column) -> Array | None:
    """Say of which rows one of two is known."""
    if left.known is None or right.known is None:
        return None
    found: Array = left.known | right.known
    return found


def _extreme(work: Callable[[Array, Array], Array]) -> Work:
    """Give the least or the greatest of those that are not null, as databases do."""

    def step(given: Sequence[Column]) -> Column:
        found = given[0]
        for each in given[1:]:
            values = _array(work(found.values, each.values))
            if found.known is not None:
                values = np.where(found.known, values, each.values)
            if each.known is not None:
                values = np.where(each.known, values, found.values)
            found = Column(values, _known_of_any(found, each))
        return found

    return step


def _null_if(given: Sequence[Column]) -> Column:
    """Give null for one value."""
    column, value = given
    is_other = column.values != value.values
    if value.known is not None:
        is_other = is_other | ~value.known
    return Column(column.values, _known_of(column.known, is_other))


def _among(given: Sequence[Column]) -> Column:
    """Say whether a value is one of some."""
    found = given[0].values == given[1].values
    for each in given[2:]:
        found = found | (given[0].values == each.values)
    return Column(found, given[0].known)


def _product(left: Array, right: Array) -> Array:
    """Multiply whole numbers exactly, however large."""
    if "f" in (left.dtype.kind, right.dtype.kind):
        return np.multiply(left, right)
    if "O" not in (left.dtype.kind, right.dtype.kind) and _most(left) * _most(right) < _FITS:
        return np.multiply(left, right, dtype=np.int64)
    found: Array = left.astype(object) * right.astype(object)
    return found


def _most(values: Array) -> int:
    """Give how far from 0 numbers are."""
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def _wide(work: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """Work with whole numbers of 64 bits where a narrower type might overflow."""

    def widened(left: Array, right: Array) -> Array:
        if left.dtype.kind == "i" and right.dtype.kind == "i":
            return work(left.astype(np.int64, copy=False), right.astype(np.int64, copy=False))
        return work(left, right)

    return widened


def _whole(work: Callable[[Array], Array]) -> Work:
    """Give numbers as whole ones; null for what fits in none."""

    def step(given: Sequence[Column]) -> Column:
        values, known = work(given[0].values), given[0].known
        if values.size and values.min() > -_FITS and values.max() < _FITS:
            return Column(values.astype(np.int64), known)
        is_one = np.abs(values) < _FITS
        return Column(np.where(is_one, values, 0).astype(np.int64), _known_of(known, is_one))

    return step


def _rounded(values: Array) -> Array:
    """Round numbers, halves away from 0."""
    whole = np.trunc(values)
    found: Array = whole + (np.abs(values - whole) >= _HALF) * np.sign(values)
    return found


_HALF = 0.5

_BINARY: Mapping[type, Callable[[Array, Array], Array]] = {
    ops.Equals: np.equal,
    ops.NotEquals: np.not_equal,
    ops.Less: np.less,
    ops.LessEqual: np.less_equal,
    ops.Greater: np.greater,
    ops.GreaterEqual: np.greater_equal,
    ops.Add: _wide(np.add),
    ops.Subtract: _wide(np.subtract),
    ops.Multiply: _product,
    ops.FloorDivide: _wide(np.floor_divide),
    ops.Modulus: _wide(np.mod),
    ops.Divide: np.true_divide,
    ops.Power: np.power,
    ops.DateDelta: _wide(np.subtract),
    ops.BitwiseAnd: np.bitwise_and,
    ops.BitwiseOr: np.bitwise_or,
    ops.BitwiseXor: np.bitwise_xor,
    ops.BitwiseRightShift: np.right_shift,
    ops.BitwiseLeftShift: np.left_shift,
}

_SIMPLE: Mapping[type, tuple[Work, tuple[str, ...]]] = {
    ops.And: (_and, ("left", "right")),
    ops.Or: (_or, ("left", "right")),
    ops.Not: (lambda given: Column(~given[0].values, given[0].known), ("arg",)),
    ops.IsNull: (lambda given: Column(~given[0].known_all()), ("arg",)),
    ops.NotNull: (lambda given: Column(given[0].known_all()), ("arg",)),
    ops.Coalesce: (_coalesced, ("arg",)),
    ops.NullIf: (_null_if, ("arg", "null_if_expr")),
    ops.Least: (_extreme(np.minimum), ("arg",)),
    ops.Greatest: (_extreme(np.maximum), ("arg",)),
    ops.Round: (_whole(_rounded), ("arg",)),
    ops.Floor: (_whole(np.floor), ("arg",)),
    ops.Abs: (lambda given: Column(np.abs(given[0].values), given[0].known), ("arg",)),
    ops.InValues: (_among, ("value", "options")),
}
