"""JSON one value on a line: each line alone, within the limits of a bundle."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from trialwright.intake import bundle_stream
from trialwright.intake.bundle_stream import BYTE_ORDER_MARK, BundleStream, refuse_other_form
from trialwright.intake.plain_text import PlainText
from trialwright.terms.errors import Fault, Refusal, refuse

_BEFORE, _AFTER = b'{"resourceType": "Bundle", "entry": [{"resource": ', b"}]}"
_INSIDE = "entry[0].resource"
_DO_EXPORT = "Export the records again as FHIR R4 in JSON, one resource on a line"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty.

    Attributes
    ----------
    number : int
        Its number, counted from 1.
    content : Any
        The value that stands there.
    faults : tuple of Fault
        Names that stand twice in one object.
    """

    number: int
    content: Any
    faults: tuple[Fault, ...] = ()


def lines_of(stream: BinaryIO, *, may_be_empty: bool = False) -> Iterator[Line]:
    """Give the lines, one at a time.

    Parameters
    ----------
    stream : BinaryIO
        JSON in UTF-8, one value on a line.
    may_be_empty : bool
        Whether it is one file of several, which may hold nothing.

    Yields
    ------
    Line
        In order; empty lines are left out.

    Raises
    ------
    Refusal
        If a line is no JSON, breaks off, or exceeds a limit, or if the whole is of another form.
    """
    text, number = _next(stream), 1
    if text or not may_be_empty:
        refuse_other_form(text)
    text = text.removeprefix(BYTE_ORDER_MARK)
    while text:
        if text.strip():
            yield _line(text, number)
        text, number = _next(stream), number + 1


def _next(stream: BinaryIO) -> bytes:
    """Read the next line; one without an end is stopped."""
    try:
        text = stream.readline(bundle_stream.MOST_APART + 1)
    except (EOFError, OSError, zlib.error):
        do = "Copy or export it again"
        raise refuse("lines", "cannot be read to its end", "a whole file", do) from None
    if len(text) > bundle_stream.MOST_APART:
        found = f"one line of more than {bundle_stream.MOST_APART} bytes"
        raise refuse("lines", found, "shorter lines", "Export the records without attachments")
    return text


def _line(text: bytes, number: int) -> Line:
    """Read one line; what is not plain goes through the parser that knows its place."""
    limits = (bundle_stream.MOST_DEPTH, bundle_stream.MOST_VALUES, bundle_stream.MOST_DIGITS)
    plain = PlainText(text, *limits)
    content = plain.value()
    if plain.was_plain:
        return Line(number, content)
    alone = BundleStream(io.BytesIO(_BEFORE + text + _AFTER))
    try:
        entries = list(alone)
    except Refusal as refused:
        placed = (_placed(fault, number) for fault in refused.faults)
        raise Refusal(replace(fault, do=_DO_EXPORT) for fault in placed) from None
    is_one = len(entries) == 1 and alone.outline.keys() == {"resourceType", "entry"}
    if not is_one or entries[0].content.keys() != {"resource"}:
        raise refuse(f"line[{number}]", "no valid JSON", "one JSON value on a line", _DO_EXPORT)
    faults = tuple(_placed(fault, number) for fault in entries[0].faults)
    return Line(number, entries[0].content["resource"], faults)


def _placed(fault: Fault, number: int) -> Fault:
    """Give the place of a fault by its line."""
    inside = fault.where.removeprefix(_INSIDE) if fault.where.startswith(_INSIDE) else ""
    found = fault.found.replace("the bundle", "the line")
    return replace(fault, where=f"line[{number}]{inside}", found=found)
