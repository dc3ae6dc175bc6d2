"""JSON that is plain: read at once, and an entry at a time, by the parser of the language.

Plain is what needs no precise refusal: shallow, with each name once, with numbers that are ones.
Everything else is left to the slower reader, which names the place of what is wrong.
"""

import json
import re
from collections.abc import Generator, Iterator
from decimal import Decimal
from typing import Any

MOST_EXPONENT_DIGITS = 9
"""Most digits of an exponent; `Decimal` bears no more."""

MOST_SIGNS = 2_000_000
"""Most commas and opening brackets of a text read at once: each may stand for a value."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_FOLLOWS = re.compile(r"[ \t\n\r]*([,\]])[ \t\n\r]*")
_PLAIN_SIGNS = bytes(set(range(256)) - set(b'[]{}"'))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_TEXT = re.compile(rb'"[^"]*"')
_AFTER_E = re.compile(r"[eE][+-]?")


class _NotPlain(ValueError):
    """What stands here is for the slower reader."""


class PlainText:
    """JSON text in memory, within limits.

    Attributes
    ----------
    was_plain : bool
        Whether it was read to its end; otherwise what follows is for the slower reader.

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
        self.was_plain = False
        self._raw = raw
        self._depth = depth
        self._values = values
        self._digits = digits
        self._names = 0
        self._blanks_before_colon: tuple[str, ...] = ()
        numbers: Any = {
            "parse_float": self._decimal,
            "parse_int": self._whole,
            "parse_constant": _no_number,
        }
        self._quick = json.JSONDecoder(object_hook=self._counted, **numbers)
        self._careful = json.JSONDecoder(object_pairs_hook=_once, **numbers)

    def value(self) -> Any:
        """Give the one value that the text holds.

        Returns
        -------
        Any
            As read; None when the text is not plain, which `was_plain` tells.
        """
        if not self._is_bearable():
            return None
        try:
            text = self._text()
            value, end = self._read(text, _after_blanks(text, 0))
        except (ValueError, RecursionError):
            return None
        is_large = len(text) > 2 * self._values and _values_in(value) > self._values
        self.was_plain = not is_large and _after_blanks(text, end) == len(text)
        return value if self.was_plain else None

    def members(self, listed: str, outline: dict[str, Any]) -> Iterator[Any]:
        """Give the members of one list of an object, and what stands beside it.

        Parameters
        ----------
        listed : str
            Name of the list.
        outline : dict of str to Any
            Filled with the other values; empty again when the text is not plain.

        Yields
        ------
        Any
            Members in the order of the text, as far as it is plain; `was_plain` tells in the end.
        """
        if self._is_bearable():
            try:
                yield from self._members(self._text(), listed, outline)
                self.was_plain = True
                return
            except (ValueError, RecursionError):
                pass
        outline.clear()

    def _is_bearable(self) -> bool:
        """Say whether the text can be read without filling memory or stack."""
        signs = len(self._raw) - len(self._raw.translate(None, b",[{"))
        return signs <= MOST_SIGNS and is_shallow(self._raw, self._depth)

    def _members(self, text: str, listed: str, outline: dict[str, Any]) -> Iterator[Any]:
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
        while True:
            member, end = self._read(text, at)
            if end - at > 2 * self._values and _values_in(member) > self._values:
                raise _NotPlain
            yield member
            follows = _FOLLOWS.match(text, end)
            if not follows:
                raise _NotPlain
            at = follows.end()
            if follows[1] == "]":
                return at

    def _read(self, text: str, at: int) -> tuple[Any, int]:
        """Read one value; give the place behind it.

        An object drops a name that stands twice. Where the text has no more names than its
        objects, none does; where that is not certain, each object is looked at.
        """
        self._names = 0
        value, end = self._quick.raw_decode(text, at)
        if text.count('":', at, end) == self._names and not any(
            text.find(f"{blank}:", at, end) >= 0 for blank in self._blanks_before_colon
        ):
            return value, end
        return self._careful.raw_decode(text, at)

    def _text(self) -> str:
        """Decode the text, and note which white space stands before colons, if any."""
        text = self._raw.decode("utf-8")
        self._blanks_before_colon = tuple(
            each for each in " \t\n\r" if each in text and f"{each}:" in text
        )
        return text

    def _counted(self, made: dict[str, Any]) -> dict[str, Any]:
        """Count the names of an object."""
        self._names += len(made)
        return made

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
        False also when one is left over; brackets of two kinds count as one.
    """
    bare = raw.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in raw else raw
    left = bare.translate(_ONE_KIND, _PLAIN_SIGNS).replace(b'""', b"")
    if b'"' in left:
        left = _TEXT.sub(b"", left)
    if b"[" * (depth + 1) in left:
        return False
    before = -1
    for _ in range(depth):
        if len(left) in (0, before):
            break
        before = len(left)
        left = left.replace(b"[]", b"")
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
