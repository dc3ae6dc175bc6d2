"""A JSON record under reading: every value knows whether it was read, and none can be forgotten.

A reader asks for values by name and says what each became. When it is done, `keep_unread` keeps all
that nobody asked for, the largest parts first, so that a value can be left out of a draft and never
out of sight.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from trialwright.registry.lines import Line
from trialwright.registry.shapes.json_values import (
    inside,
    kind_of_path,
    lines_in,
    many_field,
    paths_in,
    stretch_of,
    texts_in,
    words_of,
)
from trialwright.registry.shapes.strict_json import Json, Path, compact, field_of, kind_said
from trialwright.registry.sheet import Sheet
from trialwright.registry.spans import Kept, Span

MOST_KEPT = 200_000
"""Longest part kept as one text, characters (`protocol.publication.KeptText`); a longer one is kept
in its parts."""

FEWEST_TOGETHER = 4
"""Fewest parts of one kind, such as the coordinates of each site, that are kept as one text."""

NO_PART = "it is no part of a draft"
"""Why a value is kept that no reader asks for."""


class MarkedRecord:
    """A record with what was read of it.

    Attributes
    ----------
    root : dict of str to object
        The record, as `read_json` gives it.
    sheet : Sheet
        Spans, kept text and remarks.
    """

    def __init__(self, root: dict[str, Json]) -> None:
        self.root = root
        self.sheet = Sheet()
        self._read: dict[str, list[Span]] = {}
        self._outside: set[str] = set()
        self._places = {field_of(path): place for place, path in enumerate(paths_in(root, ()))}

    @property
    def top(self) -> "Spot":
        """The record itself."""
        return Spot(self, (), self.root)

    def understand(self, span: Span) -> None:
        """Note words that became a part of the draft.

        Parameters
        ----------
        span : Span
            Understood, with its field.
        """
        self._read.setdefault(span.field, []).append(span)
        self.sheet.understand(span)

    def take(self, kept: Kept) -> None:
        """Take kept text with its span.

        Parameters
        ----------
        kept : Kept
            Words of one value.
        """
        self._read.setdefault(kept.span.field, []).append(kept.span)
        self.sheet.take(kept)

    def unread(self, lines: Iterable[Line]) -> list[Line]:
        """Give the lines of a value that are in no span yet.

        Parameters
        ----------
        lines : iterable of Line
            Of one value.

        Returns
        -------
        list of Line
            Neither read nor kept.
        """
        given = list(lines)
        spans = self._read.get(given[0].field, ()) if given else ()
        held = {line for span in spans for line in range(span.first_line, span.last_line + 1)}
        return [line for line in given if line.line not in held]

    def is_settled_above(self, path: Path) -> bool:
        """Say whether a part that holds a value was kept whole, or belongs to another record.

        Parameters
        ----------
        path : tuple of str and int
            Of the value.

        Returns
        -------
        bool
            True: the value itself is neither to be read nor to be kept.
        """
        above = [field_of(path[:deep]) for deep in range(1, len(path))]
        return any(field in self._read or field in self._outside for field in above)

    def leave_out(self, spot: "Spot") -> None:
        """Note that a part belongs to another record: it is neither read nor kept.

        Parameters
        ----------
        spot : Spot
            The part.
        """
        self._outside.add(spot.field)

    def keep_below(self, spot: "Spot", because: str, kind: str = "value") -> None:
        """Keep all of a part that is not yet read, in the largest pieces.

        Parameters
        ----------
        spot : Spot
            The part.
        because : str
            Why it is kept.
        kind : str
            What it is.
        """
        if not self.is_settled_above(spot.path):
            for path, value in self._pieces(spot.value, spot.path)[0]:
                self._keep(path, value, because, kind)

    def keep_unread(self) -> None:
        """Keep everything that no reader asked for; many parts of one kind are kept together."""
        kinds: dict[Path, list[tuple[Path, Json]]] = {}
        for key, inner in self.root.items():
            for path, value in self._pieces(inner, (key,))[0]:
                kinds.setdefault(kind_of_path(path), []).append((path, value))
        for kind, pieces in kinds.items():
            if len(pieces) < FEWEST_TOGETHER:
                for path, value in pieces:
                    self._keep(path, value, NO_PART, "value")
            else:
                self._keep_together(kind, pieces)
        for path, text in texts_in(self.root, ()):
            field = field_of(path)
            for line in self.unread(lines_in(text, field)) if field in self._read else ():
                self.take(Kept(line.span("words"), line.words, NO_PART))

    def in_order(self, span: Span) -> tuple[int, int, int]:
        """Give the place of a span in the record, for sorting.

        Parameters
        ----------
        span : Span
            Of this record.

        Returns
        -------
        tuple of int
            Place of its value, line, character.
        """
        return self._places[span.field], span.first_line, span.start

    def _pieces(self, value: Json, path: Path) -> tuple[list[tuple[Path, Json]], int]:
        """Find the largest parts of which nothing is read, and their length; -1 when some is."""
        field = field_of(path)
        if field in self._read or field in self._outside:
            return [], -1
        if not isinstance(value, dict | list):
            words = words_of(value)
            return ([(path, value)] if words.strip() else []), len(words) + 2
        pieces: list[tuple[Path, Json]] = []
        length = 2
        for key, inner in inside(value):
            below, length_below = self._pieces(inner, (*path, key))
            pieces.extend(below)
            is_unread = length >= 0 and length_below >= 0
            length = length + length_below + len(str(key)) + 4 if is_unread else -1
        if 0 <= length <= MOST_KEPT and pieces:
            pieces = [(path, value)]
        return pieces, length

    def _keep_together(self, kind: Path, pieces: list[tuple[Path, Json]]) -> None:
        """Keep parts of one kind as an object whose keys are their places."""
        field = many_field(kind)
        self._places.setdefault(field, self._places[field_of(pieces[0][0])])
        gathered: dict[str, Json] = {}
        length = 0
        for path, value in pieces:
            place = ".".join(str(part) for part in path if isinstance(part, int))
            size = len(compact(value)) + len(place) + 4
            if gathered and length + size > MOST_KEPT:
                self._keep_as(field, gathered)
                gathered, length = {}, 0
            gathered[place] = value
            length += size
        self._keep_as(field, gathered)

    def _keep_as(
        self, field: str, value: Json, because: str = NO_PART, kind: str = "value"
    ) -> None:
        """Keep a container as compact JSON."""
        words = compact(value)
        self.take(Kept(Span(1, 0, 1, len(words), kind, "kept", "kept", field), words, because))

    def _keep(self, path: Path, value: Json, because: str, kind: str) -> None:
        """Keep one part: a container as compact JSON, a value as its lines."""
        field = field_of(path)
        if isinstance(value, dict | list):
            self._keep_as(field, value, because, kind)
            return
        lines = lines_in(words_of(value), field)
        self.take(Kept(stretch_of(lines, kind), "\n".join(each.words for each in lines), because))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a record, and the value that stands there.

    Attributes
    ----------
    record : MarkedRecord
        The record.
    path : tuple of str and int
        The place.
    value : object
        What stands there; None also where nothing does.
    """

    record: MarkedRecord
    path: Path
    value: Json

    @property
    def field(self) -> str:
        """The place as a span's field."""
        return field_of(self.path)

    def __getitem__(self, key: str) -> "Spot":
        """Go to a key of an object; what is no object is kept, and nothing stands below it."""
        if isinstance(self.value, dict):
            return Spot(self.record, (*self.path, key), self.value.get(key))
        self._expected("an object")
        return Spot(self.record, (*self.path, key), None)

    def each(self) -> tuple["Spot", ...]:
        """Go to each place of a list; what is no list is kept.

        Returns
        -------
        tuple of Spot
            Without nulls.
        """
        if not isinstance(self.value, list):
            self._expected("a list")
            return ()
        return tuple(
            Spot(self.record, (*self.path, place), inner)
            for place, inner in enumerate(self.value)
            if inner is not None
        )

    @property
    def text(self) -> str:
        """The text as it stands; what is no text is kept, and its text is empty."""
        if isinstance(self.value, str):
            return self.value
        self._expected("text")
        return ""

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text that have words."""
        return lines_in(self.text, self.field)

    def understood(self, kind: str, became: str) -> None:
        """Note that a value became a part of the draft; what holds others is kept.

        Parameters
        ----------
        kind : str
            What it is.
        became : str
            The part of the draft.
        """
        if isinstance(self.value, dict | list):
            self._expected("one value")
        lines = lines_in(words_of(self.value), self.field)
        if not lines or self.record.is_settled_above(self.path):
            return
        for line in self.record.unread(lines):
            self.record.understand(line.span(kind, became))

    def read(self, kind: str, became: str) -> str:
        """Give the words, and note what they became.

        Parameters
        ----------
        kind : str
            What they are.
        became : str
            The part of the draft.

        Returns
        -------
        str
            With single spaces; empty where no text stands.
        """
        words = self.words
        if words:
            self.understood(kind, became)
        return words

    def keep(self, because: str, kind: str = "value") -> None:
        """Keep all of this part that is not yet read.

        Parameters
        ----------
        because : str
            Why it is kept.
        kind : str
            What it is.
        """
        self.record.keep_below(self, because, kind)

    def _expected(self, what: str) -> None:
        """Keep a value of another kind than the shape has here."""
        if self.value is not None:
            self.keep(f"{what} is expected here, and {kind_said(self.value)} stands here")
