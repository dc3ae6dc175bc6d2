"""Payloads that are put together from their stored leaves when somebody looks at them.

Most of what a fold of a whole ledger reads nobody looks at soon. Until then a payload is one text:
its leaves as they were stored, joined by line ends, of which canonical JSON has none.
"""

import json
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from typing import cast

from trialwright.ledger.commitments import SOURCE, is_source
from trialwright.ledger.flatten import ROOT, assemble
from trialwright.ledger.statements import LINE
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal, refuse

_OPENING_SIGNS = "[{ \t\r\n"
"""How a value begins that may not be read once for several fields: a list or mapping of its own."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the fields of a happening go; each number is the place of a field.

    Attributes
    ----------
    number : int
        How many fields there are.
    reason : int or None
        None where none is stored.
    source : tuple of (str, int)
        Paths of the source.
    payload : Json
        The payload with numbers for leaves.
    whole : int or None
        The one leaf of an empty payload.
    after : int
        How many fields stand behind those of the payload; -1 where some stand before or between.
    is_usual : bool
        Whether reason and source are a field each, the last two in this order.
    """

    number: int
    reason: int | None
    source: tuple[tuple[str, int], ...]
    payload: Json
    whole: int | None
    after: int
    is_usual: bool

    def filled(self, leaves: Sequence[Json]) -> dict[str, Json]:
        """Put a payload together.

        Parameters
        ----------
        leaves : sequence of Json
            By place; those behind the payload may be missing.

        Returns
        -------
        dict of str to Json
            The payload.

        Raises
        ------
        Refusal
            If the one leaf of an empty payload is something else.
        """
        if self.whole is not None:
            return assemble({ROOT: leaves[self.whole]})
        return cast("dict[str, Json]", _filled(self.payload, leaves))


def shape_of(paths: Sequence[str]) -> Shape:
    """Find out where fields go.

    Parameters
    ----------
    paths : sequence of str
        Of the fields of a happening, in any order.

    Returns
    -------
    Shape
        Names of a payload stand in the order of their paths.

    Raises
    ------
    Refusal
        If the paths contradict one another.
    """
    places = {path: place for place, path in sorted(enumerate(paths), key=lambda one: one[1])}
    reason = places.pop("reason", None)
    source = tuple((path, places.pop(path)) for path in list(places) if is_source(path))
    is_first = sorted(places.values()) == [*range(len(places))]
    after = len(paths) - len(places) if is_first else -1
    is_usual = is_first and tuple(paths[-2:]) == ("reason", SOURCE) and after == 2
    if places.keys() == {ROOT}:
        return Shape(len(paths), reason, source, {}, places[ROOT], after, is_usual)
    return Shape(len(paths), reason, source, assemble(places), None, after, is_usual)


def leaf(text: str | None, known: dict[str, Json]) -> Json:
    """Read the value of a field.

    Parameters
    ----------
    text : str or None
        Canonical JSON; none of a field that was redacted.
    known : dict of str to Json
        What was read before, so that it is not read again; added to.

    Returns
    -------
    Json
        Null of a field that was redacted.
    """
    if text is None:
        return None
    if text == "[]":
        return []
    if text in known:
        return known[text]
    inside = text[1:-1]
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    if is_quoted and '"' not in inside and "\\" not in inside and inside.isprintable():
        known[text] = inside  # most are texts in which nothing is escaped
        return inside
    found = cast(Json, json.loads(text))
    if text[0] not in _OPENING_SIGNS:
        known[text] = found
    return found


class LaterPayload(Mapping[str, Json]):
    """A payload that is put together at the first look; equal to the mapping that it then is.

    Parameters
    ----------
    text : str
        Its leaves as stored, joined; `null` of a redacted field.
    shape : Shape
        Where they go.
    sequence : int
        The happening, to be named where a leaf cannot be read.
    known : dict of str to Json
        As `leaf` takes it; shared with other payloads.
    """

    __slots__ = ("_known", "_read", "_sequence", "_shape", "_text")

    def __init__(self, text: str, shape: Shape, sequence: int, known: dict[str, Json]) -> None:
        self._text, self._shape, self._sequence, self._known = text, shape, sequence, known
        self._read: dict[str, Json] | None = None

    def __getitem__(self, key: str) -> Json:
        """Give what stands under a name."""
        return self._whole()[key]

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._whole())

    def __len__(self) -> int:
        """Say how many names there are."""
        return len(self._whole())

    def __contains__(self, key: object) -> bool:
        """Say whether something stands under a name."""
        return key in self._whole()

    def __repr__(self) -> str:
        """Show the mapping."""
        return repr(self._whole())

    def keys(self) -> KeysView[str]:
        """Give the names.

        Returns
        -------
        KeysView of str
            As of a dict.
        """
        return self._whole().keys()

    def items(self) -> ItemsView[str, Json]:
        """Give names with what stands under them.

        Returns
        -------
        ItemsView of (str, Json)
            As of a dict.
        """
        return self._whole().items()

    def values(self) -> ValuesView[Json]:
        """Give what stands under the names.

        Returns
        -------
        ValuesView of Json
            As of a dict.
        """
        return self._whole().values()

    def _whole(self) -> dict[str, Json]:
        """Put it together once; two threads that do so at a time come to equal mappings."""
        read = self._read
        if read is None:
            text, known = self._text, self._known
            if self._read is not None:  # another thread was done before `text` was taken
                return self._read
            try:
                read = self._shape.filled(
                    [
                        known[each] if each in known else leaf(each, known)
                        for each in text.split(LINE)
                    ]
                )
            except Refusal:
                raise
            except (TypeError, ValueError, RecursionError):
                raise unreadable(self._sequence) from None
            self._read = read
            self._text, self._known = "", {}
        return read


_blank = object.__new__


def later_payload(text: str, shape: Shape, sequence: int, known: dict[str, Json]) -> LaterPayload:
    """Give a later payload, filled without a call of its class: they come by the hundred thousand.

    Parameters
    ----------
    text : str
        Its leaves as stored, joined.
    shape : Shape
        Where they go.
    sequence : int
        The happening.
    known : dict of str to Json
        What was read before.

    Returns
    -------
    LaterPayload
        As its class makes it.
    """
    made = _blank(LaterPayload)
    made._text, made._shape, made._sequence, made._known = text, shape, sequence, known
    made._read = None
    return made


def unreadable(sequence: int) -> Refusal:
    """Say that a field of a happening cannot be read.

    Parameters
    ----------
    sequence : int
        The happening.

    Returns
    -------
    Refusal
        To be raised by the caller.
    """
    return refuse(
        f"happening {sequence}",
        "a field that cannot be read",
        "fields as recorded",
        "Verify the ledger",
    )


def _filled(place: Json, leaves: Sequence[Json]) -> Json:
    """Put leaves where their numbers stand."""
    if type(place) is int:
        return leaves[place]
    if isinstance(place, dict):
        return {
            part: leaves[inner] if type(inner) is int else _filled(inner, leaves)
            for part, inner in place.items()
        }
    return [_filled(inner, leaves) for inner in cast("list[Json]", place)]
