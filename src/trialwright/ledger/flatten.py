"""A payload as its leaves, and back: each leaf is committed to, and redacted, by itself.

A path is the keys on the way, with `/` between them. A place in a list is written `#0`, so that
`["x"]` and `{"0": "x"}` have different paths and every payload re-assembles exactly. Keys stand in
the clear and cannot be redacted: they are codes given by software, never text typed by people, and
hold none of the signs that a path is made with.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from trialwright.ledger.envelope import LARGEST
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse

ROOT = "payload"
"""First part of the path of every leaf of a payload."""

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_DEEPEST = 32
_LONGEST = 1000  # signs; an index of PostgreSQL takes no entry above 2,704 bytes
_SHOWN = 60  # signs of a path that is too long


class _Branch(dict[str, object]):
    """What stands on the way to leaves; a leaf may itself be an empty mapping."""


def flatten(payload: Mapping[str, Json], root: str = ROOT) -> dict[str, Json]:
    """Take a payload apart into its leaves.

    Parameters
    ----------
    payload : mapping of str to Json
        Keys are codes: a letter, digit or `_`, then up to 63 of these and `.-` (ASCII); at most
        32 levels, and no path longer than 1,000 signs.
    root : str
        First part of every path.

    Returns
    -------
    dict of str to Json
        Path, e.g. `payload/lesions/#0/diameter_mm`, to text, whole number, boolean, null, or an
        empty list or mapping. An empty payload is the one leaf `payload`.

    Raises
    ------
    Refusal
        If a value has no exact and portable JSON form, naming every place by its path.
    """
    if not isinstance(payload, Mapping):
        raise refuse(root, "no mapping", "a mapping of names to values", "Name each value")
    faults: list[Fault] = []
    leaves = dict(_walk(payload, root, 0, faults))
    if faults:
        raise Refusal(faults)
    return leaves


def assemble(leaves: Mapping[str, Json], root: str = ROOT) -> dict[str, Json]:
    """Put a payload together from its leaves.

    Parameters
    ----------
    leaves : mapping of str to Json
        As `flatten` gives them; null in place of a redacted leaf.
    root : str
        First part of every path.

    Returns
    -------
    dict of str to Json
        The payload; tuples come back as lists. Empty when the leaf `payload` was redacted.

    Raises
    ------
    Refusal
        If the paths contradict one another, which no ledger written by this software holds.
    """
    tree = _Branch()
    for path, leaf in leaves.items():
        *way, last = path.split("/")
        place = tree
        for part in way:
            inner = place[part] if part in place else place.setdefault(part, _Branch())
            if not isinstance(inner, _Branch):
                raise _torn(path)
            place = inner
        if last in place:
            raise _torn(path)
        place[last] = leaf
    grown = _grow(tree.get(root), root)
    if grown is None:
        return {}
    if len(tree) != 1 or not isinstance(grown, dict):
        raise _torn(root)
    return grown


def _walk(value: object, path: str, depth: int, faults: list[Fault]) -> Iterator[tuple[str, Json]]:
    """Give each leaf with its path, gathering what may not be recorded."""
    if depth > _DEEPEST:
        faults.append(_fault(path, "more than 32 levels", "at most 32 levels", "Nest it less"))
        return
    if len(path) > _LONGEST:
        start = f"{path[:_SHOWN]}..."
        faults.append(_fault(start, "a path of over 1,000 signs", "a shorter path", "Nest it less"))
        return
    match value:
        case Mapping() if value:
            for key, inner in value.items():
                if isinstance(key, str) and _KEY.fullmatch(key):
                    yield from _walk(inner, f"{path}/{key}", depth + 1, faults)
                else:
                    faults.append(_bad_key(path))
        case list() | tuple() if value:
            for place, inner in enumerate(value):
                yield from _walk(inner, f"{path}/#{place}", depth + 1, faults)
        case Mapping():
            yield path, {}
        case list() | tuple():
            yield path, []
        case _:
            yield path, _scalar(value, path, faults)


def _scalar(value: object, path: str, faults: list[Fault]) -> Json:
    """Give a plain value, gathering the fault of one that is not portable."""
    match value:
        case None | bool():
            return value
        case int() if abs(value) <= LARGEST:
            return value
        case int():
            faults.append(
                _fault(
                    path,
                    "a whole number of more than 15 to 16 digits",
                    "numbers that every JSON reader keeps exactly (RFC 7493), up to 2^53 - 1",
                    "Write it as text",
                )
            )
        case str():
            if any("\ud800" <= sign <= "\udfff" for sign in value):
                faults.append(_fault(path, "half a sign", "Unicode text", "Correct the text"))
            return value
        case _:
            faults.append(
                _fault(
                    path,
                    f"a value of type {type(value).__name__}",
                    "text, whole numbers, true, false, null, lists and mappings",
                    "Write decimal numbers and dates as text",
                )
            )
    return None


def _grow(place: object, path: str) -> Json:
    """Turn the tree of one path into a value."""
    if not isinstance(place, _Branch):
        return cast(Json, place)
    grown = {part: _grow(inner, f"{path}/{part}") for part, inner in place.items()}
    if not any(part.startswith("#") for part in grown):
        return grown
    if {f"#{number}" for number in range(len(grown))} != grown.keys():
        raise _torn(path)
    return [grown[f"#{number}"] for number in range(len(grown))]


def _bad_key(path: str) -> Fault:
    """Say that a key cannot stand in the clear, without showing it."""
    return _fault(
        path,
        "a key of another form",
        "a letter, digit or _, then up to 63 of these and .- (ASCII)",
        "Name it by a code; what people type is a value, never a key",
    )


def _fault(path: str, found: str, allowed: str, do: str) -> Fault:
    """Name a leaf by its path."""
    return Fault(path, found, allowed, do)


def _torn(path: str) -> Refusal:
    """Say that stored leaves make no payload."""
    return refuse(
        path, "leaves that make no payload", "the leaves as recorded", "Verify the ledger"
    )
