"""JSON of a trial record, read strictly: what two readers could take differently is refused."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from trialwright.terms.errors import Fault, Refusal, shorten

MOST_CHARACTERS = 20_000_000
"""Longest record read, characters; a complete ClinicalTrials.gov record with results has 3 million
at most."""

MOST_DEPTH = 200
"""Deepest nesting read."""

MOST_DIGITS = 300
"""Longest number read, digits and exponent written out."""

_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_text = json.JSONEncoder(ensure_ascii=False).encode
_SPECIAL = re.compile(r"[.*\\]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?P<whole>[0-9]+)(?:\.[0-9]*)?(?:[eE](?P<exponent>[+-]?[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Written:
    """A number, as the record writes it; no value is rounded.

    Attributes
    ----------
    text : str
        Its JSON text.
    """

    text: str

    @property
    def whole(self) -> int | None:
        """The number if it is a whole one without point and exponent."""
        return int(self.text) if re.fullmatch(r"-?[0-9]{1,18}", self.text) else None


Json: TypeAlias = "dict[str, Json] | list[Json] | str | Written | bool | None"
"""A value of a record."""

Path: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands: keys and places, from the record down."""


class _Repeated(dict[str, Json]):
    """An object that names keys twice."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """NaN or an infinity."""

    word: str


def field_of(path: Path) -> str:
    """Write a path as the field of a span.

    Parameters
    ----------
    path : tuple of str and int
        Keys and places.

    Returns
    -------
    str
        Joined by points, e.g. `arms.0.label`; a point, an asterisk or a backslash inside a key has
        a backslash before it.
    """
    return ".".join([_step(part) for part in path])


@lru_cache(maxsize=4096)
def _step(part: str | int) -> str:
    """Write one step of a path."""
    return _SPECIAL.sub(r"\\\g<0>", part) if isinstance(part, str) else str(part)


def read_json(text: str, file: str = "") -> dict[str, Json]:
    """Read a record kept as JSON.

    Parameters
    ----------
    text : str
        One JSON object; a byte order mark before it is passed over.
    file : str
        Name shown in faults.

    Returns
    -------
    dict of str to object
        Numbers as they are written.

    Raises
    ------
    Refusal
        If it is no JSON object, is too long or too deep, names a key twice, or holds a value that
        is no JSON: NaN, an infinity, a number that no machine holds, half a surrogate pair.
    """
    plain = text.removeprefix("\ufeff")
    if len(plain) > MOST_CHARACTERS:
        raise Refusal([_too_long(len(plain), file)])
    _refuse_depth(plain, file)
    try:
        value = json.loads(
            plain,
            parse_float=Written,
            parse_int=Written,
            parse_constant=_NoNumber,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as broken:
        raise Refusal([_no_json(broken, file)]) from None
    faults = tuple(_faults(value, (), file))
    if faults:
        raise Refusal(faults)
    if not isinstance(value, dict):
        found = f"{kind_said(value)} in JSON"
        do = "Give the file as the registry sends it"
        raise Refusal([Fault("record", found, "a JSON object", do, file, 1)])
    return value


def kind_of(value: object) -> str:
    """Say which kind of value stands somewhere.

    Parameters
    ----------
    value : object
        A value of a record.

    Returns
    -------
    str
        `object`, `list`, `text`, `number`, `truth value` or `null`.
    """
    match value:
        case dict():
            return "object"
        case list():
            return "list"
        case str():
            return "text"
        case bool():
            return "truth value"
        case None:
            return "null"
        case _:
            return "number"


def kind_said(value: object) -> str:
    """Say which kind of value stands somewhere, with its article.

    Parameters
    ----------
    value : object
        A value of a record.

    Returns
    -------
    str
        E.g. `an object`, `text`.
    """
    kind = kind_of(value)
    if kind in ("text", "null"):
        return kind
    return f"an {kind}" if kind == "object" else f"a {kind}"


def compact(value: Json) -> str:
    """Write a value as compact JSON.

    Parameters
    ----------
    value : object
        A value of a record.

    Returns
    -------
    str
        On one line, without white space between values, numbers as the record writes them.
    """
    return "".join(_written(value))


def _written(value: Json) -> Iterator[str]:
    """Write a value piece by piece."""
    match value:
        case dict():
            yield "{"
            for place, (key, inner) in enumerate(value.items()):
                yield f"{',' if place else ''}{_text(key)}:"
                yield from _written(inner)
            yield "}"
        case list():
            yield "["
            for place, inner in enumerate(value):
                yield "," if place else ""
                yield from _written(inner)
            yield "]"
        case Written():
            yield value.text
        case _:
            yield _text(value)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Give an object, marked when it names a key twice."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = _Repeated(plain)
    seen: set[str] = set()
    repeated.twice = tuple(
        dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    )
    return repeated


def _faults(value: object, path: Path, file: str) -> Iterator[Fault]:
    """Find what JSON does not allow, or allows and no two readers take alike."""
    match value:
        case dict():
            if isinstance(value, _Repeated):
                yield from (_twice((*path, key), file) for key in value.twice)
            for key, inner in value.items():
                yield from _no_unicode(key, (*path, key), file)
                yield from _faults(inner, (*path, key), file)
        case list():
            for place, inner in enumerate(value):
                yield from _faults(inner, (*path, place), file)
        case str():
            yield from _no_unicode(value, path, file)
        case Written():
            yield from _no_machine_number(value, path, file)
        case _NoNumber():
            yield _fault(path, file, value.word, "a JSON number", "Correct the number")


def _fault(path: Path, file: str, found: str, allowed: str, do: str) -> Fault:
    """Give a fault at a path."""
    return Fault(field_of(path) or "record", found, allowed, do, file)


def _twice(path: Path, file: str) -> Fault:
    """Say that a key stands twice."""
    return _fault(path, file, "a key that stands twice", "each key once", "Keep one of the two")


def _no_unicode(text: str, path: Path, file: str) -> Iterator[Fault]:
    """Say that a text cannot be written in UTF-8."""
    if _SURROGATE.search(text):
        yield _fault(path, file, "half a surrogate pair", "Unicode text", "Correct the text")


def _no_machine_number(number: Written, path: Path, file: str) -> Iterator[Fault]:
    """Say that a number is longer than machines hold."""
    parts = _NUMBER.fullmatch(number.text)
    exponent = parts["exponent"] if parts and parts["exponent"] else "0"
    is_moderate = len(exponent) < 6 and abs(int(exponent)) + len(number.text) <= MOST_DIGITS
    if not is_moderate:
        found, allowed = shorten(number.text, 30), f"numbers of up to {MOST_DIGITS} digits"
        yield _fault(path, file, f"the number {found}", allowed, "Correct the number")


def _refuse_depth(text: str, file: str) -> None:
    """Refuse nesting that would exhaust a reader, before reading it."""
    depth = 0
    for sign in _SIGNS.finditer(text):
        if sign[0] in "[{":
            depth += 1
        elif sign[0] in "]}":
            depth -= 1
        if depth > MOST_DEPTH:
            line = text.count("\n", 0, sign.start()) + 1
            found, allowed = f"more than {MOST_DEPTH} levels", f"up to {MOST_DEPTH} levels"
            do = "Give the file as the registry sends it"
            raise Refusal([Fault("record", found, allowed, do, file, line)])


def _too_long(length: int, file: str) -> Fault:
    """Say that a record is too long."""
    found, allowed = f"{length} characters", f"up to {MOST_CHARACTERS} characters"
    return Fault("record", found, allowed, "Give the record of one trial", file, 1)


def _no_json(broken: json.JSONDecodeError, file: str) -> Fault:
    """Say where a text stops being JSON."""
    found = f"no JSON from column {broken.colno} on: {broken.msg}"
    do = "Give the file as the registry sends it"
    return Fault("record", found, "one JSON object", do, file, broken.lineno)
