"""One text for one value: canonical JSON, and digests over it.

Numbers other than whole ones travel as text, so that no binary float ever decides a digest.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from trialwright.terms.errors import refuse, shorten

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""What a recorded value may be made of. No floats: 0.1 has no exact binary form."""

_DEEPEST = 100  # levels; far from Python's recursion limit, far beyond any happening
_LARGEST = 10**300
_SHOWN = 60  # characters of the place of a value that is too deep


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Json) -> str:
    """Write a value as canonical JSON: sorted keys, no spaces, UTF-8 signs as they are.

    Parameters
    ----------
    value : Json
        Nested lists and mappings of text, whole numbers, booleans and null.

    Returns
    -------
    str
        Equal for equal values, whatever the order of keys.

    Raises
    ------
    Refusal
        If the value holds a float or another type that has no canonical text, text that is no
        Unicode, a whole number beyond 300 digits, or more than 100 levels.
    """
    plain = value if _is_plain(value, 0) else _plain(value, "value", 0)
    text = _ENCODER.encode(plain)
    try:
        text.encode()
    except UnicodeEncodeError:
        _plain(value, "value", 0)  # it refuses, and names the place
        raise
    return text


def digest(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The digest.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_plain(value: object, depth: int) -> bool:
    """Say whether a value can be written as it is; if not, it is looked at place by place."""
    if depth > _DEEPEST:
        return False
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if isinstance(value, int):
        return kind is int and abs(value) < _LARGEST
    if isinstance(value, dict):
        return all(type(key) is str for key in value) and all(
            _is_plain(inner, depth + 1) for inner in value.values()
        )
    return kind in (list, tuple) and all(
        _is_plain(inner, depth + 1) for inner in cast("tuple[object, ...]", value)
    )


def _plain(value: object, where: str, depth: int) -> object:
    """Give the value in lists and dictionaries; refuse what has no text, naming its place."""
    if depth > _DEEPEST:
        raise refuse(
            where[:_SHOWN], "a value inside itself or very deep", "100 levels", "Flatten it"
        )
    match value:
        case None | bool():
            return value
        case int():
            return _moderate(value, where)
        case str():
            return _unicode(value, where)
        case Mapping():
            return {
                _named(key, where): _plain(inner, f"{where}.{shorten(key)}", depth + 1)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [
                _plain(inner, f"{where}.{place}", depth + 1) for place, inner in enumerate(value)
            ]
        case _:
            raise refuse(
                where,
                f"a value of type {type(value).__name__}",
                "text, whole numbers, true, false, null, lists and mappings",
                "Write decimal numbers as text",
            )


def _moderate(number: int, where: str) -> int:
    """Refuse a whole number that other readers of JSON cannot read."""
    if abs(number) >= _LARGEST:
        raise refuse(where, "a whole number beyond 300 digits", "fewer digits", "Write it as text")
    return number


def _unicode(text: str, where: str) -> str:
    """Refuse text that cannot be written in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse(
            where, "text with half a surrogate pair", "Unicode text", "Correct the text"
        ) from None
    return text


def _named(key: object, where: str) -> str:
    """Refuse a key that is no text."""
    if not isinstance(key, str):
        raise refuse(where, f"a key of type {type(key).__name__}", "text", "Name the key in text")
    return _unicode(key, where)
