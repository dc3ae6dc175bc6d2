"""The parts of a record that only the public record needs, each checked before it is taken."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from trialwright.protocol.publication import Publication
from trialwright.registry.shapes.house_words import paragraphs
from trialwright.registry.shapes.spots import Spot
from trialwright.registry.shapes.strict_json import Written

_DATE = re.compile(
    r"(?P<date>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?"
)
_DATE_TYPES = frozenset({"ACTUAL", "ESTIMATED"})


class Published:
    """Gathers the fields of a `Publication`; what one cannot hold is kept as text."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}

    def note(self, name: str, value: object, *spots: Spot) -> None:
        """Take a field.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        value : object
            Its value; empty text and None are passed over.
        *spots : Spot
            Where it stands.
        """
        if value in ("", None, ()):
            return
        if self._fields.get(name, value) != value:
            for spot in spots:
                spot.keep("the record says it differently before")
            return
        self._take(name, value, spots)

    def note_one_more(self, name: str, value: object, *spots: Spot) -> None:
        """Take one more value of a field that holds several; one that it has already is kept.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        value : object
            One value; empty text and None are passed over.
        *spots : Spot
            Where it stands.
        """
        if value in ("", None):
            return
        before = self._fields.get(name, ())
        if value in before:
            for spot in spots:
                spot.keep(f"it is the same as another of the {name.replace('_', ' ')}")
            return
        self._take(name, (*before, value), spots)

    def _take(self, name: str, value: object, spots: Sequence[Spot]) -> None:
        """Take a value that the field can hold; keep another."""
        try:
            Publication.model_validate({name: value})
        except ValidationError as invalid:
            why = invalid.errors(include_url=False)[0]["msg"]
            for spot in spots:
                spot.keep(f"a protocol cannot hold it: {why}")
            return
        self._fields[name] = value
        for spot in spots:
            spot.understood("value", f"publication.{name}")

    def note_words(self, name: str, spot: Spot) -> None:
        """Take a field of one line.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        spot : Spot
            Where it stands.
        """
        self.note(name, spot.words, spot)

    def note_text(self, name: str, spot: Spot) -> None:
        """Take a field of several paragraphs.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        spot : Spot
            Where it stands.
        """
        self.note(name, paragraphs(spot.text), spot)

    def note_list(self, name: str, spot: Spot) -> None:
        """Take a field of several texts.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        spot : Spot
            Where the list stands.
        """
        for each in spot.each():
            self.note_one_more(name, each.words, each)

    def note_date(self, name: str, day: Spot, kind: Spot | None = None) -> None:
        """Take a date; one with a time of day gives its day.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        day : Spot
            Where it stands.
        kind : Spot or None
            Where it stands whether it has come.
        """
        words = day.words
        found = _DATE.fullmatch(words)
        if words and found is None:
            day.keep("it is no date of the form year, year-month or year-month-day")
        if found is None:
            return
        type_ = kind.words if kind is not None and kind.value is not None else ""
        spots = [day]
        if kind is not None and type_ in _DATE_TYPES:
            spots.append(kind)
        known = type_ if type_ in _DATE_TYPES else ""
        self.note(name, {"date": found["date"], "type": known}, *spots)

    def note_count(self, name: str, spot: Spot) -> None:
        """Take a whole number from 0 up.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        spot : Spot
            Where it stands.
        """
        whole = spot.value.whole if isinstance(spot.value, Written) else None
        if whole is not None:
            self.note(name, whole, spot)
        elif spot.value is not None:
            spot.keep("a whole number is expected here")

    def note_yes_no(self, name: str, spot: Spot) -> None:
        """Take a truth value.

        Parameters
        ----------
        name : str
            Field of `Publication`.
        spot : Spot
            Where it stands.
        """
        if isinstance(spot.value, bool):
            self.note(name, spot.value, spot)
        elif spot.value is not None:
            spot.keep("true or false is expected here")

    def finish(self) -> Publication:
        """Give the fields.

        Returns
        -------
        Publication
            With what was taken.
        """
        return Publication.model_validate(self._fields)
