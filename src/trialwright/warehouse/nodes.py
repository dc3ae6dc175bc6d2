"""Nodes of expressions by the columns of the tables that they are worked out of."""

from collections.abc import Sequence
from functools import lru_cache

import ibis.expr.operations as ops


def named(field: ops.Field) -> str:
    """Give the name under which a column is asked.

    Parameters
    ----------
    field : Field
        Of any table.

    Returns
    -------
    str
        Its own, but among tables that are joined, which may share names.
    """
    if isinstance(field.rel, ops.JoinReference):
        return f"{field.rel.identifier} {field.name}"
    return str(field.name)


def selected(node: ops.Node) -> ops.Node:
    """Give a node by the columns of the table below the selections it is written over.

    Parameters
    ----------
    node : Node
        A value.

    Returns
    -------
    Node
        No column of a selection, of a filter or of what leaves columns out.
    """
    while True:
        if isinstance(node, ops.Alias):
            node = node.arg
        elif isinstance(node, ops.Field) and isinstance(node.rel, ops.Project):
            if has_window(node.rel):
                return node
            node = node.rel.values[node.name]
        elif isinstance(node, ops.Field) and isinstance(node.rel, ops.Filter | ops.DropColumns):
            node = ops.Field(node.rel.parent, node.name)
        else:
            return node


@lru_cache(maxsize=1024)
def has_window(relation: ops.Project) -> bool:
    """Say whether a selection works something out over many rows.

    Parameters
    ----------
    relation : Project
        The selection.

    Returns
    -------
    bool
        Then it is worked out by itself.
    """
    return any(windows_in(each) for each in relation.values.values())


def windows_in(node: ops.Value) -> Sequence[ops.WindowFunction]:
    """Give what a value holds that is worked out over many rows.

    Parameters
    ----------
    node : Value
        Of one selection.

    Returns
    -------
    sequence of WindowFunction
        Mostly none.
    """
    found: Sequence[ops.WindowFunction] = node.find(ops.WindowFunction, filter=ops.Value)
    return found
