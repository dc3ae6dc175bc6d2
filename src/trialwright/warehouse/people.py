"""Tables that an engine worked out, read as arrays with one place a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Column
from trialwright.warehouse.columns import Bits
from trialwright.warehouse.gathering import Packed
from trialwright.warehouse.rows import Rows

_SPREAD = 8
"""Numbers of people lie so close together that a table of them is not much larger than they are."""

_NONE = -1


class People:
    """Places of people.

    Parameters
    ----------
    ids : array of int
        person_id, each once.
    """

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self.ids = ids
        self._least = int(ids.min()) if ids.size else 0
        room = int(ids.max()) - self._least + 1 if ids.size else 0
        self._order: NDArray[np.intp] | None = None
        if room <= _SPREAD * ids.size:
            self._at = np.full(room, _NONE, dtype=np.int32)
            self._at[ids - self._least] = np.arange(ids.size, dtype=np.int32)
        else:
            self._order = np.argsort(ids)

    def __len__(self) -> int:
        """Say how many they are."""
        return int(self.ids.size)

    def places(self, whose: Column) -> NDArray[np.integer]:
        """Give the places of people.

        Parameters
        ----------
        whose : Column
            person_id.

        Returns
        -------
        array of int
            From 0; `-1` for who is not among them, for the tables of a hospital may hold rows of
            somebody who is not in its table of people, or of nobody.
        """
        ids = whose.values
        if not self.ids.size:
            return np.full(ids.size, _NONE, dtype=np.int32)
        found: NDArray[np.integer]
        if self._order is None:
            at = ids - self._least
            is_other = (at < 0) | (at >= self._at.size)
            found = self._at[np.where(is_other, 0, at)] if is_other.any() else self._at[at]
        else:
            at = np.searchsorted(self.ids, ids, sorter=self._order)
            found = self._order[np.minimum(at, self.ids.size - 1)]
            is_other = self.ids[found] != ids
        if whose.known is not None:
            is_other = is_other | ~whose.known
        found[is_other] = _NONE
        return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """Facts of people, one place a person.

    Attributes
    ----------
    people : People
        Who.
    columns : mapping of str to Column
        As gathered; truths and answers in words, 0 where nothing is.
    truths : mapping of str to (str, int)
        Word and bit of each truth.
    answers : mapping of str to (str, Bits)
        By the name of a column: `word` or `split`, and where the answer stands.
    """

    people: People
    columns: Mapping[str, Column]
    truths: Mapping[str, tuple[str, int]]
    answers: Mapping[str, tuple[str, Bits]]

    def column(self, name: str, some: slice) -> Column:
        """Give the facts of some people.

        Parameters
        ----------
        name : str
            Of the fact.
        some : slice
            Their places.

        Returns
        -------
        Column
            One value a person.
        """
        if name in self.truths:
            word, bit = self.truths[name]
            return Column((self.columns[word].values[some] & (1 << bit)) != 0)
        if name in self.answers:
            kind, place = self.answers[name]
            word_of = self.columns[f"{kind}_{place.word}"].values[some] >> place.bit
            if kind == "split":
                return Column((word_of & 1) != 0)
            return Column((word_of & 3).astype(np.int8))
        found = self.columns[name]
        return Column(found.values[some], None if found.known is None else found.known[some])


def plain(persons: Rows) -> Sheet:
    """Read people of whom nothing was gathered.

    Parameters
    ----------
    persons : Rows
        person_id and more, one row a person.

    Returns
    -------
    Sheet
        In the order of `persons`.
    """
    return Sheet(People(persons.columns["person_id"].values), persons.columns, {}, {})


def sheet(
    persons: Rows, gathered: Sequence[tuple[Packed, Rows]], words: Rows, bits: Mapping[str, Bits]
) -> Sheet:
    """Read what was gathered of people.

    Parameters
    ----------
    persons : Rows
        person_id and more, one row a person.
    gathered : sequence of (Packed, Rows)
        Facts by table.
    words : Rows
        As `columns.Staged` describes them.
    bits : mapping of str to Bits
        Where the answers of rules on the latest result stand.

    Returns
    -------
    Sheet
        In the order of `persons`.
    """
    found = plain(persons)
    who, columns = found.people, dict(found.columns)
    of_words = {word for each, _ in gathered for word, _ in each.truths.values()}
    for rows in (*(rows for _, rows in gathered), words):
        are_words = rows is words
        places = who.places(rows.columns["person_id"])
        if places.min(initial=0) < 0:
            known = np.flatnonzero(places >= 0)
            rows, places = rows.some(known), places[known]
        for name, column in rows.columns.items():
            if name != "person_id":
                is_word = name in of_words or are_words
                columns[name] = _placed(column, places, len(who), is_word=is_word)
    answers = {
        f"{name}_{said}": (kind, place)
        for name, place in bits.items()
        for said, kind in (("code", "word"), ("split", "split"))
    }
    truths = {name: place for each, _ in gathered for name, place in each.truths.items()}
    return Sheet(who, columns, truths, answers)


def _placed(column: Column, places: NDArray[np.integer], people: int, *, is_word: bool) -> Column:
    """Give a column with one place a person."""
    values = np.zeros(people, dtype=column.values.dtype)
    values[places] = column.values
    if is_word:
        return Column(values)
    known = np.zeros(people, dtype=bool)
    known[places] = True if column.known is None else column.known
    return Column(values, known)
