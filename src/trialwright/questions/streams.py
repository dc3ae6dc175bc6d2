"""Cases in a stream: one JSON object written over many lines, or one object on each line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from trialwright.questions.reading import MOST_CHARACTERS
from trialwright.terms.errors import Fault, Refusal, refuse

MOST_BYTES = MOST_CHARACTERS
"""Longest case read from a stream, bytes."""

MOST_PASSED = 20 * MOST_BYTES
"""How far a line goes on that is too long, bytes; after a longer one nothing more is read."""


class ByteLines(Protocol):
    """A stream that gives bytes line by line, such as an open file."""

    def readline(self, size: int = -1, /) -> bytes:
        """Give the next line with its end.

        Parameters
        ----------
        size : int, bytes
            Most that is given; negative: the whole line.

        Returns
        -------
        bytes
            Empty at the end of the stream.
        """
        ...


@dataclass(frozen=True, slots=True)
class GivenCase:
    """The text of one case.

    Attributes
    ----------
    line : int
        Line on which it begins, counted from 1.
    content : bytes
        As it came, without a byte order mark; longer than `MOST_BYTES` when it was cut.
    """

    line: int
    content: bytes

    @property
    def text(self) -> str:
        """The case as text.

        Raises
        ------
        Refusal
            If it is too long or no UTF-8.
        """
        if len(self.content) > MOST_BYTES:
            raise refuse("case", "a longer text", f"up to {MOST_BYTES} bytes", "Shorten it")
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as wrong:
            found = f"the byte 0x{self.content[wrong.start]:02x}"
            raise Refusal(
                [Fault(f"byte {wrong.start + 1}", found, "UTF-8 text", "Save the file as UTF-8")]
            ) from None


def given_cases(stream: ByteLines) -> Iterator[GivenCase]:
    """Give the cases of a stream.

    When the first line is a JSON value by itself, every line is a case. When it is not, and all
    the lines together are one JSON value, that is the case. Otherwise each line is a case if any
    of them, not indented, is a JSON object by itself; else all of them are one broken case. A
    line is read at most as far as the longest case.

    Parameters
    ----------
    stream : ByteLines
        UTF-8; a byte order mark is passed over, lines end in LF or CRLF.

    Yields
    ------
    GivenCase
        Lines without content are passed over.

    Raises
    ------
    Refusal
        If there is no case at all.
    """
    lines = _lines(stream)
    first = next(lines, None)
    if first is None:
        raise refuse("input", "nothing", "a JSON object, or one on each line", "Give a case")
    if _opens_only(first.content):
        yield from _one_or_many(first, lines)
    else:
        yield from chain([first], lines)


def _one_or_many(first: GivenCase, lines: Iterator[GivenCase]) -> Iterator[GivenCase]:
    """Decide by all lines, as far as the longest case, whether they are one case."""
    held, size = [first], len(first.content)
    for line in lines:
        held.append(line)
        size += len(line.content)
        if size > MOST_BYTES:
            break
    whole = b"\n".join(line.content for line in held)
    has_case = any(_is_object(line.content) for line in held)
    if size <= MOST_BYTES and (_is_json(whole) or not has_case):
        yield GivenCase(first.line, whole)
    elif has_case:
        yield from chain(held, lines)
    else:
        yield GivenCase(first.line, whole)


def _lines(stream: ByteLines) -> Iterator[GivenCase]:
    """Give each line that has content, cut where it is longer than the longest case."""
    for number, line in enumerate(_cut_lines(stream), start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if content.strip():
            yield GivenCase(number, content.rstrip(b"\r\n"))


def _cut_lines(stream: ByteLines) -> Iterator[bytes]:
    """Read lines; what lies beyond the longest case is passed over, as far as `MOST_PASSED`."""
    most = MOST_BYTES + 2
    while line := stream.readline(most):
        rest, passed = line, 0
        while len(rest) == most and not rest.endswith(b"\n"):
            rest = stream.readline(most)
            passed += len(rest)
            if passed > MOST_PASSED:
                yield line
                return
        yield line


def _opens_only(content: bytes) -> bool:
    """Say whether a line opens an object or a list and is no JSON value by itself."""
    return content.lstrip()[:1] in (b"{", b"[") and not _is_json(content)


def _is_object(content: bytes) -> bool:
    """Say whether a line is a JSON object by itself and stands at the margin."""
    return content.startswith(b"{") and _is_json(content)


def _is_json(content: bytes) -> bool:
    """Say whether bytes are a JSON value; how strictly is asked when the case is read."""
    try:
        json.loads(content)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def lines_of(texts: Iterable[str]) -> Iterator[GivenCase]:
    """Give one case for each text that has content.

    Parameters
    ----------
    texts : iterable of str
        JSON Lines.

    Yields
    ------
    GivenCase
        With the number of its line.
    """
    for number, text in enumerate(texts, start=1):
        if text.strip():
            yield GivenCase(number, text.encode("utf-8", "surrogatepass"))
