"""Results of measurements and observations: what each answers, and the last of each term.

Each result carries the answers of all rules on the latest result of its term as bits of one word,
so that one pass over the results gives the answers of all those rules for every person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.protocol.study import Study
from trialwright.warehouse.answering import LOWEST, Ladder, Latest, aged, ladder
from trialwright.warehouse.bits import of_all, of_any
from trialwright.warehouse.columns import (
    MILLION,
    NO_NUMBER,
    UNKNOWN,
    Shape,
    among,
    choose,
    day_literal,
)
from trialwright.warehouse.numbering import Numbering, days_of
from trialwright.warehouse.recorded import KEYS, Warehouse, results, rows_of, written
from trialwright.warehouse.shapes import Read, read
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


@dataclass(frozen=True, slots=True)
class Measured:
    """Results, as `columns.Staged` describes them.

    Attributes
    ----------
    measurements, newest, divided, daily, words : Table
        Those of terms whose older results count; the last of each term; all of a newest day with
        several; all of the newest day; the answers.
    shapes : tuple of Shape
        By number.
    """

    measurements: Table
    newest: Table
    divided: Table
    daily: Table
    words: Table
    shapes: tuple[Shape, ...]


def measured(
    warehouse: Warehouse, study: Study, day: date, wanted: Wanted, numbers: Mapping[str, int]
) -> Measured:
    """Stage the results that rules ask for.

    Parameters
    ----------
    warehouse : Warehouse
        Tables, concepts and engine.
    study : Study
        Vocabulary.
    day : date
        Later results do not exist.
    wanted : Wanted
        What rules ask.
    numbers : mapping of str to int
        Numbers of terms.

    Returns
    -------
    Measured
        One pass for the combinations that occur, one for the results.
    """
    keep = warehouse.keep
    combinations = rows_of(written(warehouse, study, day, wanted.terms))
    found = read(combinations, study, warehouse.meanings, wanted.terms)
    shapes = tuple(dict.fromkeys(each.shape for each in found))
    rows = results(warehouse, warehouse.tables, study, day, wanted.terms)
    reads = _Reads(found, shapes, numbers, wanted, study, _telling(combinations))
    facts = keep(reads.facts(rows))
    newest = keep(_newest(facts, warehouse.numbering))
    columns = ("person_id", "term", "on", "at", "code", "micro", "shape")
    many = newest.filter(newest.code != newest.first_code).select("person_id", "term", newest="on")
    divided = keep(_of_day(facts, many).select(*columns, "mask"))
    of_day = newest.filter(among(newest.term, [numbers[name] for name in wanted.daily]))
    daily = _of_day(facts, of_day.select("person_id", "term", newest="on"))
    is_older = among(facts.term, [numbers[name] for name in wanted.older])
    older = facts.filter(is_older)
    return Measured(
        keep(older.select(*columns, "about", order=_order(older, warehouse.numbering))),
        newest,
        divided,
        keep(daily.select(*columns)),
        keep(_words(newest, divided, wanted, numbers)),
        shapes,
    )


def _telling(combinations: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Give the columns by which combinations differ; at least one."""
    found = tuple(key for key in KEYS if len({each[key] for each in combinations}) > 1)
    return found or KEYS[:1]


class _Reads:
    """How results are read, as a table: by how they are recorded."""

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
        places = {shape: number for number, shape in enumerate(shapes)}
        self._rows = [self._row(each, ladders[each.shape], places[each.shape]) for each in found]

    def _row(self, each: Read, rungs: Ladder, number: int) -> dict[str, Any]:
        """Give one combination with what it says."""
        term = each.shape.term
        old = aged(self._wanted.latest.get(term, ()))
        last = len(rungs.edges)
        return (
            {f"told_{key}": each.combination[key] for key in self._keys}
            | {
                "term": self._numbers[term],
                "shape": number,
                "score": None if each.score is None else each.score * MILLION,
                "least": rungs.least,
                "greatest": rungs.greatest,
                "unread": rungs.unread,
            }
            | {
                f"edge_{n}": rungs.edges[n] if n < last else FARTHEST
                for n in range(self._rungs - 1)
            }
            | {f"rung_{n}": rungs.rungs[min(n, last)] for n in range(self._rungs)}
            | {f"old_{n}": old.get(day, 0) for n, day in enumerate(self._days)}
        )

    def _table(self) -> Table:
        """Give the rows as a table."""
        names = ["term", "shape", "score", "least", "greatest", "unread"]
        names += [f"edge_{number}" for number in range(self._rungs - 1)]
        names += [f"rung_{number}" for number in range(self._rungs)]
        names += [f"old_{number}" for number in range(len(self._days))]
        kinds = {name: pa.int64() for name in names} | {"term": pa.int16(), "shape": pa.int16()}
        kinds |= {
            f"told_{key}": pa.string() if key in ("unit", "words") else pa.int64()
            for key in self._keys
        }
        columns = {
            name: pa.array([each[name] for each in self._rows], kind)
            for name, kind in kinds.items()
        }
        return ibis.memtable(pa.table(columns))

    def facts(self, rows: Table) -> Table:
        """Give results of terms with the answers of rules.

        Parameters
        ----------
        rows : Table
            As `recorded.results` gives them.

        Returns
        -------
        Table
            person_id, term, shape, on, at, code, micro, about, mask.
        """
        # one match of a few columns takes less than one for each and another for their number
        joined = rows.inner_join(self._table(), [(key, f"told_{key}") for key in self._keys])
        joined = joined.mutate(micro=joined.micro.fill_null(joined.score))
        names = ("person_id", "term", "shape", "on", "at", "code", "micro", "about")
        worded = joined.mutate(
            word=self._along(joined), own=self._own(joined), old=self._old(joined)
        )
        limited = worded.mutate(word=_replaced(worded.word, worded.own))
        return limited.select(
            *names,
            mask=_replaced(limited.word, limited.old).cast("int64"),
        )

    def _along(self, rows: Table) -> Value:
        """Give the answers of a result by its number alone."""
        rungs = [
            (rows.micro < rows[f"edge_{number}"], rows[f"rung_{number}"])
            for number in range(self._rungs - 1)
        ]
        last = rows[f"rung_{self._rungs - 1}"]
        return choose((rows.micro.isnull(), rows.unread), *rungs, otherwise=last)

    def _own(self, rows: Table) -> Value:
        """Give the answers of a result that carries a limit of its own."""
        is_true = (rows.micro >= rows.least) & (rows.micro <= rows.greatest)
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
            is_old = rows.on < day_literal(day)
            word = word | choose((is_old, rows[f"old_{number}"]), otherwise=0).cast("int64")
        return word.cast("int64")


def _replaced(word: Value, other: Value) -> Value:
    """Put answers in a word in place of those that stand there; 0 is none.

    Ibis does not bracket what `~` negates, so that bits are taken out by `^`.
    """
    return (word ^ (word & _taken(other))) | other


def _taken(word: Value) -> Value:
    """Give both bits of every answer that a word holds."""
    low = (word | (word >> 1)) & ibis.literal(LOWEST, "int64")
    return low | (low << 1)


def _order(facts: Table, numbering: Numbering) -> Value:
    """Give the order of results: by day, then as they arrive."""
    return numbering.ordered(days_of(facts.on), facts.code)


def _newest(facts: Table, numbering: Numbering) -> Table:
    """Give the last result of each person and term, and the first of its day."""
    facts = facts.select(
        *("person_id", "term", "code", "on", "micro", "shape", "mask"),
        order=_order(facts, numbering),
        reverse=numbering.ordered(
            days_of(facts.on), ibis.literal(numbering.span - 1, "int64") - facts.code
        ),
    )
    columns = {
        "order": facts.order.max(),
        "reverse": facts.reverse.max(),
        "on": facts.on.max(),
        "micro": facts.micro.fill_null(NO_NUMBER).argmax(facts.order),
        "shape": facts["shape"].argmax(facts.order),
        "mask": facts["mask"].argmax(facts.order),
    }
    if not numbering.is_narrow:
        columns["code"] = facts.code.argmax(facts.order)
        columns["first_code"] = facts.code.argmax(facts.reverse)
    found = facts.group_by("person_id", "term").agg(**columns)
    if numbering.is_narrow:
        last = numbering.span - 1
        codes = {"code": found.order & last, "first_code": last - (found.reverse & last)}
        found = found.mutate(**codes)
    none = ibis.literal(NO_NUMBER, "int64")
    return found.select(
        "person_id",
        "term",
        "on",
        "code",
        "shape",
        "mask",
        "first_code",
        micro=found.micro.nullif(none),
    )


def _of_day(facts: Table, newest: Table) -> Table:
    """Give the results of the newest day."""
    joined = facts.inner_join(newest, ["person_id", "term"])
    return joined.filter(joined.on == joined.newest)


def _words(newest: Table, divided: Table, wanted: Wanted, numbers: Mapping[str, int]) -> Table:
    """Give the answers of every person as words; unknown where results of one day disagree."""
    terms: dict[int, list[int]] = {number: [] for number in range(wanted.words)}
    for name, some in wanted.latest.items():
        terms[some[0].bits.word].append(numbers[name])
    none = ibis.literal(0, "int64")
    last = newest.group_by("person_id").agg(
        **{
            f"last_{number}": of_any(
                choose((among(newest.term, some), newest["mask"]), otherwise=none)
            )
            for number, some in terms.items()
        }
    )
    both = divided.group_by("person_id", "term").agg(
        any=of_any(divided["mask"]), all=of_all(divided["mask"])
    )
    differs = both["any"] ^ both["all"]
    split = (differs | (differs >> 1)) & ibis.literal(LOWEST, "int64")
    settled = _replaced(both["any"], split * (UNKNOWN + 1))
    both = both.select("person_id", "term", split=split, settled=settled)
    mended = both.group_by("person_id").agg(
        **{
            f"{part}_{number}": of_any(choose((among(both.term, some), both[part]), otherwise=none))
            for number, some in terms.items()
            for part in ("split", "settled")
        }
    )
    joined = last.left_join(mended.rename(mended="person_id"), [("person_id", "mended")])
    columns = {}
    for number in terms:
        settled = joined[f"settled_{number}"].fill_null(0)
        columns[f"word_{number}"] = _replaced(joined[f"last_{number}"], settled).cast("int64")
        columns[f"split_{number}"] = joined[f"split_{number}"].fill_null(0).cast("int64")
    return joined.select("person_id", **columns)
