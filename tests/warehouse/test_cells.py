"""Cells of tables, some of which lack a column or a day."""

import ibis
import pyarrow as pa
import pytest

from trialwright.warehouse.cells import has_no_day, holds, whole
from trialwright.warehouse.recorded import rows_of


def table(**columns):
    """Give rows in DuckDB, in memory."""
    return ibis.duckdb.connect().create_table("held", pa.table(columns))


@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.float64()])
def test_a_concept_is_held_by_the_rows_that_name_it(kind):
    """Not by one that names none, whatever the type of the column."""
    rows = table(row=[1, 2, 3], field=pa.array([7, None, 8], kind))

    assert rows_of(rows.filter(holds(rows, "field", 7)).select("row")) == [{"row": 1}]


def test_a_concept_of_a_column_that_is_not_there_is_held_by_none():
    """Nor is its absence."""
    rows = table(row=[1, 2])

    assert rows_of(rows.filter(holds(rows, "field", 7))) == []
    assert len(rows_of(rows.filter(~holds(rows, "field", 7)))) == 2


def test_a_concept_that_no_table_holds_is_a_whole_number_all_the_same():
    """None is 0, of the type that is said, so that its rows can be read."""
    rows = table(row=[1])

    assert rows_of(rows.select(found=whole(rows, "field"))) == [{"found": 0}]


@pytest.mark.parametrize(
    ("columns", "none"),
    [
        ({"on_date": ["2026-03-02", None, "soon"]}, [2, 3]),
        ({"on_date": [None] * 3, "on_datetime": ["2026-03-02 08:00:00", None, "at 8"]}, [2, 3]),
        ({"on_date": ["2026-03-02", None, None], "on_datetime": [None, "2026-03-02", None]}, [3]),
    ],
    ids=["a day", "an instant", "either"],
)
def test_a_row_has_no_day_where_neither_it_nor_the_instant_can_be_read(columns, none):
    """Text that is no day is none."""
    held = {name: pa.array(each, pa.string()) for name, each in columns.items()}
    rows = table(row=[1, 2, 3], **held)

    found = rows_of(rows.filter(has_no_day(rows, "on_date")).select("row"))
    assert [each["row"] for each in found] == none
