"""JSON with exact numbers: a decimal is written digit by digit, never through a binary float."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal


def exact_json(value: object, indent: int = 0) -> str:
    """Write a value as JSON.

    Parameters
    ----------
    value : object
        Mappings with text as keys, lists, tuples, text, numbers, dates, booleans and None.
    indent : int
        Blanks a level; 0: everything on one line.

    Returns
    -------
    str
        Decimals as numbers with every digit, dates in ISO 8601.

    Raises
    ------
    TypeError
        If a value has no JSON form.
    """
    return "".join(_written(value, indent, 0))


def _written(value: object, indent: int, depth: int) -> Iterator[str]:
    """Write a value piece by piece."""
    match value:
        case Mapping():
            named = [(f"{_text(name)}: ", inner) for name, inner in value.items()]
            yield from _joined("{}", named, indent, depth)
        case list() | tuple():
            yield from _joined("[]", [("", inner) for inner in value], indent, depth)
        case Decimal():
            yield f"{value:f}"
        case date():
            yield f'"{value.isoformat()}"'
        case _:
            yield _text(value)


def _joined(signs: str, parts: list[tuple[str, object]], indent: int, depth: int) -> Iterator[str]:
    """Write what stands between two brackets."""
    before, between, after = "", ", ", ""
    if indent and parts:
        before, after = (f"\n{' ' * indent * each}" for each in (depth + 1, depth))
        between = f",{before}"
    yield signs[0] + before
    for place, (name, inner) in enumerate(parts):
        yield f"{between if place else ''}{name}"
        yield from _written(inner, indent, depth + 1)
    yield after + signs[1]


def _text(value: object) -> str:
    """Write a plain value."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
