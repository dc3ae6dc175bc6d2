"""JSON that is plain: read at once, and an entry at a time, by the parser of the language.

Plain is what needs no precise refusal: shallow, with each name once, with numbers that are ones.
Everything else is left to the slower reader, which names the place of what is wrong.
"""

import json
import re
from collections.abc import Generator
from decimal import Decimal
from itertools import count
from typing import Any

MOST_EXPONENT_DIGITS = 9
"""Most digits of an exponent; `Decimal` bears no more."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_BRACKETS = b"[]{}"
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))
_AFTER_E = re.compile(r"[eE][+-]?")


class _NotPlain(ValueError):
    """What stands here is for the slower reader."""


class PlainText:
    """JSON text in memory, within limits.

    Parameters
    ----------
    raw : bytes
        The text, in UTF-8.
    depth : int, levels
        Deepest nesting of plain text.
    values : int
        Most values in one entry.
    digits : int
        Most digits of a number.
    """

    def __init__(self, raw: bytes, depth: int, values: int, digits: int) -> None:
        self._raw = raw
        self._depth = depth
        self._values = values
        self._digits = digits
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_once,
            parse_float=self._decimal,
            parse_int=self._whole,
            parse_constant=_no_number,
        )

    def value(self) -> Any:
        """Give the one value that the text holds.

        Returns
        -------
        Any
            As read; an empty tuple, which no JSON gives, when the text is not plain.
        """
        if not is_shallow(self._raw, self._depth):
            return ()
        try:
            text = self._raw.decode("utf-8")
            value, end = self._read(text, _after_blanks(text, 0))
            return value if _after_blanks(text, end) == len(text) else ()
        except (ValueError, RecursionError):
            return ()

    def members(self, listed: str, outline: dict[str, Any]) -> Generator[Any, None, bool]:
        """Give the members of one list of an object, and what stands beside it.

        Parameters
        ----------
        listed : str
            Name of the list.
        outline : dict of str to Any
            Filled with the other values.

        Yields
        ------
        Any
            Members in the order of the text.

        Returns
        -------
        bool
            Whether all was plain; otherwise what follows the members given is for the slower
            reader, and `outline` is empty again.
        """
        if is_shallow(self._raw, self._depth):
            try:
                text = self._raw.decode("utf-8")
                yield from self._members(text, listed, outline)
                return True
            except (ValueError, RecursionError):
                pass
        outline.clear()
        return False

    def _members(
        self, text: str, listed: str, outline: dict[str, Any]
    ) -> Generator[Any, None, None]:
        """Walk through the object at the top."""
        at = _past(text, 0, "{")
        if text[at : at + 1] == "}":
            raise _NotPlain
        while True:
            name, at = self._read(text, at)
            if not isinstance(name, str) or name in outline:
                raise _NotPlain
            at = _past(text, at, ":")
            if name == listed:
                outline[name] = True
                at = yield from self._list(text, at)
            else:
                outline[name], at = self._read(text, at)
            at = _after_blanks(text, at)
            if text[at : at + 1] == "}":
                break
            at = _past(text, at, ",")
        if _after_blanks(text, at + 1) != len(text):
            raise _NotPlain

    def _list(self, text: str, at: int) -> Generator[Any, None, int]:
        """Give the members of a list; give the place behind it in the end."""
        at = _past(text, at, "[")
        if text[at : at + 1] == "]":
            return at + 1
        for _ in count():
            member, end = self._read(text, at)
            if end - at > 2 * self._values and _values_in(member) > self._values:
                raise _NotPlain
            yield member
            at = _after_blanks(text, end)
            if text[at : at + 1] == "]":
                break
            at = _past(text, at, ",")
        return at + 1

    def _read(self, text: str, at: int) -> tuple[Any, int]:
        """Read one value; give the place behind it."""
        return self._decoder.raw_decode(text, at)

    def _whole(self, written: str) -> int:
        """Read a whole number that is not too long."""
        if len(written) > self._digits:
            raise _NotPlain
        return int(written)

    def _decimal(self, written: str) -> Decimal:
        """Read a decimal number that is not too long, exactly."""
        if len(written) > MOST_EXPONENT_DIGITS:
            exponent = _AFTER_E.split(written)[1:]
            is_large = bool(exponent) and len(exponent[0]) > MOST_EXPONENT_DIGITS
            if is_large or len(written) > self._digits:
                raise _NotPlain
        return Decimal(written)


def is_shallow(raw: bytes, depth: int) -> bool:
    """Say whether brackets close each other within a depth.

    Parameters
    ----------
    raw : bytes
        JSON text; brackets inside its texts do not count.
    depth : int, levels
        Deepest nesting.

    Returns
    -------
    bool
        False also when they do not match.
    """
    bare = raw.replace(rb"\\", b"").replace(rb"\"", b"")
    between = b"".join(bare.split(b'"')[::2])
    left = between.translate(None, _NO_BRACKETS)
    for _ in range(depth):
        if not left:
            return True
        left = left.replace(b"{}", b"").replace(b"[]", b"")
    return not left


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of names that stand once."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _NotPlain
    return made


def _no_number(_: str) -> Any:
    """Refuse NaN and infinities, which are no JSON."""
    raise _NotPlain


def _after_blanks(text: str, at: int) -> int:
    """Give the place of what follows white space."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _past(text: str, at: int, sign: str) -> int:
    """Pass a sign and the white space around it."""
    at = _after_blanks(text, at)
    if text[at : at + 1] != sign:
        raise _NotPlain
    return _after_blanks(text, at + 1)


def _values_in(value: Any) -> int:
    """Count the values in a value, itself too."""
    found, left = 0, [value]
    while left:
        inside = left.pop()
        found += 1
        if isinstance(inside, dict):
            left.extend(inside.values())
        elif isinstance(inside, list):
            left.extend(inside)
    return found
