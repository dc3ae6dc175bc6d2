"""The parts of a USDM file by their id."""

from collections.abc import Iterator
from typing import Any

from trialwright.registry.shapes.usdm_tree import Node, Reading
from trialwright.terms.errors import shorten


def tree_of(value: dict[str, Any], file: str) -> Node:
    """Give a USDM file as a tree.

    Parameters
    ----------
    value : dict of str to Json
        The file, as `strict_json.read_json` gives it.
    file : str
        Name shown in faults.

    Returns
    -------
    Node
        Its root; an id of two parts that differ is noted as a fault.
    """
    root = Node(value, (), Reading(file))
    for each in _parts(root):
        name = each.value.get("id") if isinstance(each.value, dict) else None
        if not isinstance(name, str):
            continue
        known = root.reading.by_id.setdefault(name, each)
        if known.value != each.value:
            each.one("id").fault(f"the id {shorten(name)} of another part", "an id of its own")
    return root


def _parts(node: Node) -> Iterator[Node]:
    """Give every object of the file."""
    if isinstance(node.value, dict):
        yield node
        for name in node.value:
            yield from _parts(Node(node.value[name], (*node.path, name), node.reading))
    elif isinstance(node.value, list):
        for place, each in enumerate(node.value):
            yield from _parts(Node(each, (*node.path, place), node.reading))
