"""Results by how they are recorded: a number for each way, and what results of a number answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.protocol.study import Study
from trialwright.warehouse.answering import Ladder, Latest, aged, ladder, replaced
from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.columns import MILLION, Shape, choose, day_literal, nothing
from trialwright.warehouse.recorded import in_millionths
from trialwright.warehouse.shapes import Read
from trialwright.warehouse.thresholds import FARTHEST


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rules ask of results.

    Attributes
    ----------
    terms : frozenset of str
        Whose results are read.
    older : frozenset of str
        Of which older results than the newest count too.
    daily : frozenset of str
        Of which all results of the newest day make one answer.
    latest : mapping of str to sequence of Latest
        By term, the rules on its latest result; those of a term share a word.
    """

    terms: frozenset[str]
    older: frozenset[str]
    daily: frozenset[str]
    latest: Mapping[str, Sequence[Latest]]

    @property
    def words(self) -> int:
        """How many words hold the answers."""
        each = (each.bits.word for some in self.latest.values() for each in some)
        return max(each, default=0) + 1


_MANY = 2**15
"""So many numbers fit in 16 bits."""


class Reads:
    """How results are read, by how they are recorded.

    Parameters
    ----------
    found : sequence of Read
        What combinations of columns say.
    shapes : sequence of Shape
        By number.
    numbers : mapping of str to int
        Of terms.
    wanted : Wanted
        What rules ask of results.
    study : Study
        Vocabulary.
    keys : sequence of str
        Columns by which combinations differ.
    """

    def __init__(
        self,
        found: Sequence[Read],
        shapes: Sequence[Shape],
        numbers: Mapping[str, int],
        wanted: Wanted,
        study: Study,
        keys: Sequence[str],
    ) -> None:
        self._wanted, self._shapes, self._numbers = wanted, shapes, numbers
        self._study, self._keys = study, keys
        ladders = {
            each: ladder(each, study.terms[each.term], wanted.latest.get(each.term, ()))
            for each in shapes
        }
        self._rungs = max((len(each.rungs) for each in ladders.values()), default=1)
        self._days = sorted({day for some in wanted.latest.values() for day in aged(some)})
        self._said: dict[tuple[Any, ...], list[tuple[Shape, int | None]]] = {}
        for each in found:
            combination = tuple(each.combination[key] for key in keys)
            self._said.setdefault(combination, []).append((each.shape, each.score))
        alike = dict.fromkeys(tuple(each) for each in self._said.values())
        self._numbers_of = {each: number for number, each in enumerate(alike)}
        places = {shape: number for number, shape in enumerate(shapes)}
        self._rows = [
            {"number": number} | self._row(shape, score, ladders[shape], places[shape])
            for each, number in self._numbers_of.items()
            for shape, score in each
        ]

    def _row(self, shape: Shape, score: int | None, rungs: Ladder, place: int) -> dict[str, Any]:
        """Give what a result says of a term."""
        old = aged(self._wanted.latest.get(shape.term, ()))
        last = len(rungs.edges)
        return (
            {
                "term": self._numbers[shape.term],
                "shape": place,
                "is_word": int(bool(shape.word)),
                "score": None if score is None else score * MILLION,
                "least": rungs.least,
                "greatest": rungs.greatest,
                "or_zero": int(rungs.or_zero),
                "unread": rungs.unread,
                "rungs": last,
            }
            | {
                f"edge_{n}": rungs.edges[n] if n < last else FARTHEST
                for n in range(self._rungs - 1)
            }
            | {f"rung_{n}": rungs.rungs[min(n, last)] for n in range(self._rungs)}
            | {f"old_{n}": old.get(day, 0) for n, day in enumerate(self._days)}
        )

    def _told(self) -> Table:
        """Give what results of each number say, as a table."""
        names = ["number", "term", "shape", "is_word", "score", "least", "greatest", "or_zero"]
        names += ["unread", "rungs"]
        names += [f"edge_{number}" for number in range(self._rungs - 1)]
        names += [f"rung_{number}" for number in range(self._rungs)]
        names += [f"old_{number}" for number in range(len(self._days))]
        kinds = {name: pa.int64() for name in names} | {"term": pa.int16(), "shape": pa.int16()}
        kinds["number"] = self._narrow
        columns = {
            name: column_of([each[name] for each in self._rows], kind)
            for name, kind in kinds.items()
        }
        return table_of(columns)

    @property
    def _narrow(self) -> pa.DataType:
        """The narrowest type that holds all numbers: such numbers are put in order fastest."""
        return pa.int16() if len(self._numbers_of) < _MANY else pa.int32()

    def _recorded(self) -> Table:
        """Give the number of each combination, as a table."""
        columns = {
            key: column_of(
                [each[place] for each in self._said],
                pa.string() if key in ("unit", "words") else pa.int64(),
            )
            for place, key in enumerate(self._keys)
        }
        numbers = [self._numbers_of[tuple(each)] for each in self._said.values()]
        table = {f"told_{key}": each for key, each in columns.items()}
        return table_of(table | {"number": column_of(numbers, self._narrow)})

    def numbered(self, rows: Table) -> Table:
        """Give results of terms with a number that says how they are recorded.

        Parameters
        ----------
        rows : Table
            As `recorded.results` gives them.

        Returns
        -------
        Table
            person_id, on, at, code, micro, low, high, about, number.
        """
        # one match of a few columns takes less than one for each and another for their number
        joined = rows.inner_join(self._recorded(), [(key, f"told_{key}") for key in self._keys])
        names = ("person_id", "on", "at", "code", "micro", "low", "high", "about", "number")
        return joined.select(*names)

    def facts(self, rows: Table) -> Table:
        """Give results of terms with the answers of rules.

        Parameters
        ----------
        rows : Table
            As `numbered` gives them.

        Returns
        -------
        Table
            person_id, term, shape, on, at, code, micro, about, mask.
        """
        joined = in_millionths(rows.inner_join(self._told(), "number"), ("micro", "low", "high"))
        # a number beside a coded answer says nothing of it: results of one answer agree
        micro = choose((joined.is_word == 1, nothing("int64")), otherwise=joined.micro)
        is_no_range = joined.low > joined.high
        low, high = (
            choose((is_no_range, nothing("int64")), otherwise=end)
            for end in (joined.low, joined.high)
        )
        joined = joined.mutate(micro=micro.fill_null(joined.score), low=low, high=high)
        names = ("person_id", "term", "shape", "on", "at", "code", "micro", "about")
        worded = joined.mutate(
            word=self._along(joined), own=self._own(joined), old=self._old(joined)
        )
        limited = worded.mutate(word=replaced(worded.word, worded.own))
        return limited.select(
            *names,
            mask=replaced(limited.word, limited.old).cast("int64"),
        )

    def _along(self, rows: Table) -> Value:
        """Give the answers of a result by its number alone."""
        rungs = [
            (is_its, rows[f"rung_{number}"])
            for number in range(self._rungs - 1)
            for is_its in (rows.rungs == number, rows.micro < rows[f"edge_{number}"])
        ]
        last = rows[f"rung_{self._rungs - 1}"]
        return choose((rows.micro.isnull(), rows.unread), *rungs, otherwise=last)

    def _own(self, rows: Table) -> Value:
        """Give the answers of a result that carries a limit of its own."""
        is_true = (rows.micro >= rows.least) & (rows.micro <= rows.greatest)
        is_true |= (rows.or_zero == 1) & (rows.micro == 0)
        word: Value = ibis.literal(0, "int64")
        for name, some in self._wanted.latest.items():
            owning = [each for each in some if hasattr(each.kind, "own_limits")]
            if not owning:
                continue
            shapes = [pair for pair in enumerate(self._shapes) if pair[1].term == name]
            mine: Value = ibis.literal(0, "int64")
            for each in owning:
                has_own, answer = each.kind.own_limits(
                    each.leaf.rule, rows, self._study.terms[name], shapes
                )
                bits = (answer + 1).cast("int64") << each.bits.bit
                mine = mine | choose((has_own, bits), otherwise=0).cast("int64")
            is_its = (rows.term == self._numbers[name]) & is_true
            word = choose((is_its, mine), otherwise=word)
        return word.cast("int64")

    def _old(self, rows: Table) -> Value:
        """Give the answers that a result is too old for."""
        word: Value = ibis.literal(0, "int64")
        for number, day in enumerate(self._days):
            some = rows[f"old_{number}"]
            is_old = (some != 0) & (rows.on < day_literal(day))
            word = word | choose((is_old, some), otherwise=0).cast("int64")
        return word.cast("int64")
