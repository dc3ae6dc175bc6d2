"""Records that may decide: each by its person and place, with its day and value.

Leaves name a record by its place alone; what stands there is looked up when it is known to decide.
"""

from collections.abc import Mapping, Sequence

import ibis
from ibis.expr.types import Table, Value

from trialwright.warehouse.asking import Held
from trialwright.warehouse.columns import NO_NUMBER, Staged, choose, nothing
from trialwright.warehouse.latest import first_of
from trialwright.warehouse.places import Place, end_of
from trialwright.warehouse.records import OBSERVED, PRESENT, SUSPECTED, TREATED
from trialwright.warehouse.rows import Engine


def recorded(held: Held, engine: Engine) -> tuple[Table, ...]:
    """Give the records at the places that leaves name.

    Parameters
    ----------
    held : Held
        What leaves ask for.
    engine : Engine
        Works tables out.

    Returns
    -------
    tuple of Table
        Each with whose (person_id), place, row (number of the record), since, until (null), micro
        and shape; a person's place occurs once in all.
    """
    gathered, told = [], []
    for source, columns in held.gathered.items():
        mine = [(each, number) for each, number in held.places if f"{each.name}_row" in columns]
        if mine:
            table = engine.keep(
                _gathered(held.table_of(source), columns, [each for each, _ in mine])
            )
            gathered += [_row_each(table, *pair) for pair in mine if not pair[0].kind]
            told += [_named(table, *pair) for pair in mine if pair[0].kind]
    last, first = _ends(held.stage)
    found = [last, _together([first, *gathered])]
    if told:
        found.append(_looked_up(_together(told), held.stage))
    return tuple(engine.keep(each) for each in found)


def _together(tables: Sequence[Table]) -> Table:
    """Put rows of tables together."""
    return ibis.union(*tables, distinct=False)


def _gathered(table: Table, columns: Mapping[str, Value], places: Sequence[Place]) -> Table:
    """Gather the parts of records, one row a person."""
    names = dict.fromkeys(
        name
        for each in places
        for name in (f"{each.name}_row", each.on, f"{each.name}_micro", f"{each.name}_shape")
        if name in columns
    )
    asked = {name: columns[name] for name in names}
    if columns[f"{places[0].name}_row"].op().shape.is_columnar():  # one row a person already
        return table.select("person_id", **asked)
    return table.group_by("person_id").agg(**asked)


def _row_each(table: Table, place: Place, number: int) -> Table:
    """Give the record of every person at a place, all of it gathered."""

    def part(name: str, kind: str) -> Value:
        return table[name].cast(kind) if name in table.columns else nothing(kind)

    rows = table.select(
        whose="person_id",
        place=ibis.literal(number, "int16"),
        row=table[f"{place.name}_row"],
        since=part(place.on, "date"),
        until=nothing("date"),
        micro=part(f"{place.name}_micro", "int64").nullif(NO_NUMBER),
        shape=part(f"{place.name}_shape", "int16"),
    )
    return rows.filter(rows.row.notnull())


def _named(table: Table, place: Place, number: int) -> Table:
    """Give the record of every person at a place by its number."""
    rows = table.select(
        whose="person_id",
        place=ibis.literal(number, "int16"),
        row=table[f"{place.name}_row"],
        kind=ibis.literal(place.kind, "int16"),
    )
    return rows.filter(rows.row.notnull())


def _ends(stage: Staged) -> Sequence[Table]:
    """Give the last result of each person and term, and the first of days with several."""
    newest, divided = stage.newest, stage.divided
    last = newest.select(
        whose="person_id",
        place=_end(newest.term, is_first=False),
        row="code",
        since="on",
        until=nothing("date"),
        micro="micro",
        shape="shape",
    )
    found = divided.group_by("person_id", "term").agg(**first_of(divided, "first"))
    first = found.select(
        whose="person_id",
        place=_end(found.term, is_first=True),
        row="first_row",
        since="first_on",
        until=nothing("date"),
        micro=found.first_micro.nullif(NO_NUMBER),
        shape="first_shape",
    )
    return last, first


def _end(term: Value, *, is_first: bool) -> Value:
    """Give the place of the end of a term, as `places.end_of` does."""
    step = end_of(1, is_first=False)
    return (term.cast("int64") * step + end_of(0, is_first=is_first)).cast("int16")


def _looked_up(named: Table, stage: Staged) -> Table:
    """Give records by what their numbers stand for."""
    conditions, treatments, spans = stage.conditions, stage.treatments, stage.coverage
    day, sure = nothing("date"), choose((conditions.is_confirmed, PRESENT), otherwise=SUSPECTED)
    parts = [
        (conditions, PRESENT, conditions.since, day, sure),
        (treatments, TREATED, treatments.since, treatments.until, ibis.literal(TREATED)),
        (spans, OBSERVED, spans.since, spans.until, ibis.literal(OBSERVED)),
    ]
    rows = _together(
        [
            table.select(
                "code",
                same_kind=ibis.literal(kind, "int16"),
                since=since,
                until=until,
                shape=shape.cast("int16"),
            )
            for table, kind, since, until, shape in parts
        ]
    )
    known = rows.group_by("code", "same_kind").agg(  # one row may speak of two terms
        since=rows.since.max(), until=rows.until.max(), shape=rows["shape"].max()
    )
    both = named.left_join(known, [("row", "code"), ("kind", "same_kind")])
    return both.select(
        "whose", "place", "row", "since", "until", micro=nothing("int64"), shape=both["shape"]
    )
