"""Results of measurements and observations: what each answers, and the last of each term.

Each result carries the answers of all rules on the latest result of its term as bits of one word,
so that one pass over the results gives the answers of all those rules for every person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.study import Study
from trialwright.warehouse.answering import LOWEST, replaced
from trialwright.warehouse.bits import of_all, of_any
from trialwright.warehouse.columns import NO_NUMBER, UNKNOWN, Shape, among, choose
from trialwright.warehouse.numbering import Numbering, days_of
from trialwright.warehouse.reads import Reads, Wanted
from trialwright.warehouse.recorded import KEYS, Warehouse, results
from trialwright.warehouse.shapes import Combination, read


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
    warehouse: Warehouse,
    study: Study,
    day: date,
    wanted: Wanted,
    numbers: Mapping[str, int],
    combinations: Sequence[Combination],
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
    combinations : sequence of Combination
        How results are recorded: those of these people, and perhaps more.

    Returns
    -------
    Measured
        In one pass.
    """
    keep = warehouse.keep
    found = read(combinations, study, warehouse.meanings, wanted.terms)
    shapes = tuple(dict.fromkeys(each.shape for each in found))
    keys = _telling(combinations)
    concepts = frozenset(each["concept"] for each in combinations) if "concept" in keys else None
    rows = results(warehouse, study, day, wanted.terms, concepts)
    reads = Reads(found, shapes, numbers, wanted, study, keys)
    numbered = keep(reads.numbered(rows))
    facts = keep(reads.facts(numbered))
    warehouse.let_go(numbered)
    newest = keep(_newest(facts, warehouse.numbering))
    columns = ("person_id", "term", "on", "at", "code", "micro", "shape")
    many = newest.filter(newest.code != newest.first_code).select("person_id", "term", newest="on")
    divided = keep(_of_day(facts, many).select(*columns, "mask"))
    is_daily = [numbers[name] for name in wanted.daily]
    of_day = newest.filter(among(newest.term, is_daily))
    daily = facts.filter(among(facts.term, is_daily))
    daily = _of_day(daily, of_day.select("person_id", "term", newest="on"))
    is_older = among(facts.term, [numbers[name] for name in wanted.older])
    older = facts.filter(is_older)
    staged = Measured(
        keep(older.select(*columns, "about", order=_order(older, warehouse.numbering))),
        newest,
        divided,
        keep(daily.select(*columns)),
        keep(_words(newest, divided, wanted, numbers)),
        shapes,
    )
    warehouse.let_go(facts)
    return staged


def _telling(combinations: Sequence[Combination]) -> tuple[str, ...]:
    """Give the columns by which combinations differ; at least one."""
    found = tuple(key for key in KEYS if len({each[key] for each in combinations}) > 1)
    return found or KEYS[:1]


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
    settled = replaced(both["any"], split * (UNKNOWN + 1))
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
        columns[f"word_{number}"] = replaced(joined[f"last_{number}"], settled).cast("int64")
        columns[f"split_{number}"] = joined[f"split_{number}"].fill_null(0).cast("int64")
    return joined.select("person_id", **columns)
