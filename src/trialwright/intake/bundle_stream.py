"""A FHIR bundle, one entry at a time: bounded memory, and no JSON that two readers read apart.

A bundle of moderate size is read at once, as far as it is plain; a larger one, and one with
something wrong in it, goes through a parser that bears any size and knows its place.
Numbers arrive as exact decimals. Nesting, size of an entry and length of a text are bounded while
the text is read; a name that stands twice in one object is noted, for readers differ in which of
the two they take. What the parser says of a broken text is not repeated, as it quotes the record.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

import ijson

from trialwright.intake.plain_text import PlainText
from trialwright.terms.errors import Fault, Refusal, refuse

MOST_DEPTH = 100
"""Deepest nesting read, levels; a FHIR resource has some 15."""

MOST_VALUES = 200_000
"""Most values in one entry."""

MOST_APART = 64 * 1024 * 1024
"""Most bytes between two values: one text, such as an attached scan, may be as long."""

MOST_AT_ONCE = 32 * 1024 * 1024
"""Largest text read at once, bytes."""

_AT_A_TIME = 1024 * 1024
"""Bytes handed to the parser at a time: it copies what it has of a text with each piece."""

MOST_DIGITS = 600
"""Most digits in a row; Python may be set to refuse whole numbers of 640."""

_ELEMENT_NAME = re.compile(r"_?[a-z][A-Za-z0-9]{0,39}")
_DO_EXPORT = "Export the records again as one FHIR R4 bundle in JSON"
_HEADS = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK", "a zip archive"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"<", "XML"),
)
_DIGITS = re.compile(rb"[0-9]{64,}")
_EXPONENT = re.compile(rb"[:,\[\s]-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{10,}")
_MASK = bytes(ord("0") if chr(sign).isdecimal() and sign < 128 else 32 for sign in range(256))
_FEWEST = b"0" * 10
"""Digits in a row, after `_MASK`, without which neither pattern can be found."""

_LOOK_BACK = 4 * MOST_DIGITS  # bytes; longer than any number that is let through
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a bundle as it stands in the text.

    Attributes
    ----------
    place : int
        Its place in `Bundle.entry`, counted from 0.
    content : Any
        What stands there: mappings, lists, text, whole and decimal numbers, true, false, None.
    faults : tuple of Fault
        Names that stand twice in one object.
    """

    place: int
    content: Any
    faults: tuple[Fault, ...] = ()


class BundleStream:
    """The entries of a bundle in the order of the text.

    Attributes
    ----------
    outline : dict of str to Any
        What stands at the top beside the entries; complete when the entries are exhausted.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.outline: dict[str, Any] = {}
        self._stream = stream
        self._tree = _Tree("bundle")

    def __iter__(self) -> Iterator[Entry]:
        """Give the entries, one at a time.

        Raises
        ------
        Refusal
            If the text is no JSON, breaks off, is no bundle, or exceeds a limit.
        """
        most = min(MOST_AT_ONCE, MOST_APART)
        text = _taken(self._stream, most + 1)
        given = 0
        if len(text) <= most:
            plain = PlainText(
                text.removeprefix(BYTE_ORDER_MARK), MOST_DEPTH, MOST_VALUES, MOST_DIGITS
            )
            for given, content in enumerate(plain.members("entry", self.outline), start=1):
                yield Entry(given - 1, content)
            if plain.was_plain:
                self._refuse_other_kind("resourceType")
                self._refuse_no_bundle()
                return
        for entry in self._slowly(_Rejoined(text, self._stream)):
            if entry.place >= given:
                yield entry

    def _slowly(self, stream: "_Rejoined") -> Iterator[Entry]:
        """Give the entries through the parser that bears any size and knows its place."""
        events = self._events(stream)
        if next(events)[0] != "start_map":
            raise refuse("bundle", "no JSON object", "a FHIR R4 bundle in JSON", _DO_EXPORT)
        for event, name in events:
            if event == "end_map":
                break
            if name in self.outline:
                raise refuse(_shown_name(name), "stands twice", "one of each name", _DO_EXPORT)
            if name == "entry":
                self.outline[name] = True
                yield from self._entries(events)
            else:
                self.outline[name] = self._value(events, _Tree(_shown_name(name)))
                self._refuse_other_kind(name)
        for _ in events:  # only white space may follow; the parser refuses the rest
            pass
        self._refuse_no_bundle()

    def _events(self, stream: "_Rejoined") -> Iterator[tuple[str, Any]]:
        """Give the parser's events; turn its errors, which quote the record, into refusals."""
        watched = _Watched(stream)
        try:
            for event in ijson.basic_parse(watched, use_float=False, buf_size=_AT_A_TIME):
                watched.unspent = 0
                yield event
        except (ijson.JSONError, UnicodeDecodeError) as broken:
            raise refuse(
                self._tree.where(), _problem(str(broken)), "one JSON document", _DO_EXPORT
            ) from None

    def _entries(self, events: Iterator[tuple[str, Any]]) -> Iterator[Entry]:
        """Give the members of the list of entries."""
        if next(events)[0] != "start_array":
            raise refuse("entry", "no list", "a list of entries", _DO_EXPORT)
        for place in count():
            event, value = next(events)
            if event == "end_array":
                return
            tree = self._tree = _Tree(f"entry[{place}]")
            while not tree.take(event, value):
                event, value = next(events)
            yield Entry(place, tree.value, tree.faults)

    def _value(self, events: Iterator[tuple[str, Any]], tree: "_Tree") -> Any:
        """Give one value that stands beside the entries."""
        self._tree = tree
        while not tree.take(*next(events)):
            pass
        if tree.faults:
            raise Refusal(tree.faults)
        return tree.value

    def _refuse_other_kind(self, name: str) -> None:
        """Refuse another resource than a bundle as soon as it says so."""
        if name == "resourceType" and self.outline.get(name, "Bundle") != "Bundle":
            raise refuse(
                "resourceType",
                "another resource than a bundle",
                "Bundle",
                "Give one FHIR R4 bundle; put the lines of an NDJSON export into a bundle first",
            )

    def _refuse_no_bundle(self) -> None:
        """Refuse what never said that it is a bundle, and what is no state of a record."""
        if "resourceType" not in self.outline:
            raise refuse("resourceType", "missing", "Bundle", _DO_EXPORT)
        if self.outline.get("type") == "history":
            raise refuse(
                "type",
                "history: several versions of each resource",
                "collection, document, searchset, batch, transaction or message",
                "Export the present version of each resource",
            )


class _Tree:
    """One JSON value, built from the parser's events within limits."""

    __slots__ = ("_names", "_open", "_root", "_values", "faults", "value")

    def __init__(self, root: str) -> None:
        self._root = root
        self._open: list[Any] = []
        self._names: list[str] = []
        self._values = 0
        self.value: Any = None
        self.faults: tuple[Fault, ...] = ()

    def take(self, event: str, value: Any) -> bool:
        """Take an event; say whether the value is complete."""
        if event == "map_key":
            self._names[-1] = value
            if value in self._open[-1]:
                self._note_repeated()
            return False
        if event in ("end_map", "end_array"):
            self._names.pop()
            self.value = self._open.pop()
            return not self._open
        if event == "start_map":
            value = {}
        elif event == "start_array":
            value = []
        self._put(value)
        if event in ("start_map", "start_array"):
            self._enter(value)
        else:
            self.value = value
        return not self._open

    def _put(self, value: Any) -> None:
        """Put a value into what is open."""
        self._values += 1
        if self._values > MOST_VALUES:
            raise refuse(
                self._root, f"more than {MOST_VALUES} values", "fewer in one entry", _DO_EXPORT
            )
        if not self._open:
            return
        inside = self._open[-1]
        if isinstance(inside, dict):
            inside[self._names[-1]] = value
        else:
            inside.append(value)

    def _enter(self, inside: Any) -> None:
        """Open a mapping or list."""
        self._open.append(inside)
        self._names.append("")
        if len(self._open) > MOST_DEPTH:
            raise refuse(
                self._root, f"nested deeper than {MOST_DEPTH} levels", "fewer levels", _DO_EXPORT
            )

    def _note_repeated(self) -> None:
        """Note that a name stands twice in the open mapping, once for an entry."""
        if not self.faults:
            do = "Ask where the record comes from which of the two holds"
            self.faults = (Fault(self.where(), "stands twice", "one of each name", do),)

    def where(self) -> str:
        """Give the path of the value read last."""
        steps = (
            f".{_shown_name(name)}" if isinstance(inside, dict) else f"[{max(len(inside) - 1, 0)}]"
            for inside, name in zip(self._open, self._names, strict=True)
        )
        return (self._root + "".join(steps)).rstrip(".")


class _Rejoined:
    """A stream and what was taken from it already."""

    def __init__(self, taken: bytes, rest: BinaryIO) -> None:
        self._taken = io.BytesIO(taken)
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes."""
        return self._taken.read(size) or self._rest.read(size)


def refuse_other_form(head: bytes) -> None:
    """Refuse what is certainly no JSON in UTF-8.

    Parameters
    ----------
    head : bytes
        The first bytes.

    Raises
    ------
    Refusal
        If there are none, or if they are those of an archive, of XML or of UTF-16.
    """
    for start, what in _HEADS:
        if head.startswith(start):
            raise refuse("bundle", what, "JSON in UTF-8", "Unpack or export it as JSON")
    if not head:
        raise refuse("bundle", "an empty file", "a FHIR R4 bundle in JSON", _DO_EXPORT)


def _taken(stream: BinaryIO, most: int) -> bytes:
    """Read to the end, or as much as is allowed at once."""
    pieces: list[bytes] = []
    size = 0
    while size < most:
        piece = _read(stream, most - size)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _read(stream: "BinaryIO | _Rejoined", size: int) -> bytes:
    """Read a piece of a stream; one that breaks off is refused."""
    try:
        return stream.read(size)
    except (EOFError, OSError, zlib.error):
        raise refuse(
            "bundle", "cannot be read to its end", "a whole file", "Copy or export it again"
        ) from None


class _Watched:
    """A stream that says what else than JSON it holds, and stops what its parser cannot bear.

    The parser in C, given a number that Python cannot hold, goes on with the error pending, which
    then surfaces anywhere: such numbers are refused before it sees them.
    """

    def __init__(self, stream: _Rejoined) -> None:
        self._stream = stream
        self._seen = 0
        self._tail = b""
        self.unspent = 0
        self._head = self._take(4)
        refuse_other_form(self._head)
        self._head = self._head.removeprefix(BYTE_ORDER_MARK)

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, as the parser asks."""
        if self._head and size:
            head, self._head = self._head, b""
            return head
        return self._take(size)

    def _take(self, size: int) -> bytes:
        """Read, counting the bytes since the last value."""
        taken = _read(self._stream, size)
        self.unspent += len(taken)
        if self.unspent > MOST_APART:
            raise refuse(
                "bundle",
                f"one value of more than {MOST_APART} bytes",
                "shorter texts",
                "Export the records without attachments",
            )
        self._refuse_long_numbers(taken)
        return taken

    def _refuse_long_numbers(self, taken: bytes) -> None:
        """Refuse numbers beyond reading, also where they lie across two reads."""
        window = self._tail + taken
        if _FEWEST in window.translate(_MASK) and _has_long_number(window):
            raise refuse(
                "bundle",
                f"a number beyond reading, near byte {self._seen}",
                f"at most {MOST_DIGITS} digits",
                _DO_EXPORT,
            )
        self._seen += len(taken)
        self._tail = window[-_LOOK_BACK:]


def _has_long_number(window: bytes) -> bool:
    """Say whether a piece of text holds a number beyond reading."""
    is_long = any(len(run[0]) > MOST_DIGITS for run in _DIGITS.finditer(window))
    return is_long or _EXPONENT.search(window) is not None


def _problem(message: str) -> str:
    """Say what is wrong with a text, without the words of the text."""
    if "premature EOF" in message or "Incomplete" in message:
        return "breaks off after this place"
    if "trailing garbage" in message or "Additional data" in message:
        return "goes on after the end of the bundle"
    return "no valid JSON after this place"


def _shown_name(name: str) -> str:
    """Show the name of an element, and nothing that is none."""
    return name if _ELEMENT_NAME.fullmatch(name) else "?"
