"""What stands in JSON: lines of a text, values inside others, and their paths."""

import re
from collections.abc import Iterable, Iterator, Sequence

from trialwright.registry.lines import Line
from trialwright.registry.shapes.strict_json import Json, Path, Written, field_of
from trialwright.registry.spans import Span

_LINE_END = re.compile("\r\n|\r|\n")


def lines_in(text: str, field: str = "") -> tuple[Line, ...]:
    """Cut a text into its lines with words.

    Parameters
    ----------
    text : str
        Any text; lines end with LF, CRLF or a bare CR.
    field : str
        Path of the value that holds it.

    Returns
    -------
    tuple of Line
        Empty for a text without words.
    """
    lines = []
    is_after_blank = True
    for number, whole in enumerate(_LINE_END.split(text), start=1):
        words = whole.strip()
        if words:
            start = len(whole) - len(whole.lstrip())
            lines.append(Line(words, number, start, field, is_after_blank))
        is_after_blank = not words
    return tuple(lines)


def stretch_of(lines: Sequence[Line], kind: str, became: str = "") -> Span:
    """Give the span of lines that stand together.

    Parameters
    ----------
    lines : sequence of Line
        At least one, of one text, in order.
    kind : str
        What they are.
    became : str
        The part of the draft they became; empty: kept as text.

    Returns
    -------
    Span
        From the first word to the last.
    """
    first, last = lines[0], lines[-1]
    return Span(
        first.line,
        first.start,
        last.line,
        last.start + len(last.words),
        kind,
        "understood" if became else "kept",
        became or "kept",
        first.field,
    )


def many_field(kind: Path) -> str:
    """Write the field of parts of one kind.

    Parameters
    ----------
    kind : tuple of str and int
        Their path, each place in a list -1.

    Returns
    -------
    str
        E.g. `locations.*.geoPoint`.
    """
    return ".".join("*" if part == -1 else field_of((part,)) for part in kind)


def kind_of_path(path: Path) -> Path:
    """Give a path without the places in lists.

    Parameters
    ----------
    path : tuple of str and int
        Keys and places.

    Returns
    -------
    tuple of str and int
        Each place as -1.
    """
    return tuple(-1 if isinstance(part, int) else part for part in path)


def inside(value: "dict[str, Json] | list[Json]") -> Iterable[tuple[str | int, Json]]:
    """Give what stands in an object or a list.

    Parameters
    ----------
    value : object
        An object or a list.

    Returns
    -------
    iterable of (str or int, object)
        Each value with its key or place.
    """
    return value.items() if isinstance(value, dict) else enumerate(value)


def words_of(value: Json) -> str:
    """Give a value that holds no others as text.

    Parameters
    ----------
    value : object
        A value of a record.

    Returns
    -------
    str
        A number as the record writes it; empty for null, and for what holds others.
    """
    match value:
        case str():
            return value
        case Written():
            return value.text
        case bool():
            return "true" if value else "false"
        case _:
            return ""


def texts_in(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Give each text with its path.

    Parameters
    ----------
    value : object
        A value of a record.
    path : tuple of str and int
        Where it stands.

    Yields
    ------
    tuple of (tuple, str)
        In the order of the record.
    """
    if isinstance(value, dict | list):
        for key, inner in inside(value):
            yield from texts_in(inner, (*path, key))
    elif isinstance(value, str):
        yield path, value


def paths_in(value: Json, path: Path) -> Iterator[Path]:
    """Give the path of each part.

    Parameters
    ----------
    value : object
        A value of a record.
    path : tuple of str and int
        Where it stands.

    Yields
    ------
    tuple of str and int
        What holds others before them.
    """
    yield path
    if isinstance(value, dict | list):
        for key, inner in inside(value):
            yield from paths_in(inner, (*path, key))
