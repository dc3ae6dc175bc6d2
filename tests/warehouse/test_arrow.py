"""Arrays pass to Arrow and back as they are, and to DuckDB as tables, without pandas."""

import subprocess
import sys

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parity.people import AS_OF, write

from trialwright.assembly.warehouses import write_table
from trialwright.warehouse.arrow import array_of, column_of, known_of, numbers_of, table_of

VALUES = {
    "int8": (pa.int8(), st.integers(-(2**7), 2**7 - 1)),
    "int64": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "bool": (pa.bool_(), st.booleans()),
    "string": (pa.string(), st.text(max_size=9)),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_column_holds_what_arrow_would(kind, data):
    """Nulls, and texts beyond ASCII, included."""
    of_arrow, value = VALUES[kind]
    values = data.draw(st.lists(st.none() | value, max_size=20))

    assert column_of(values, of_arrow).equals(pa.array(values, of_arrow))


@pytest.mark.parametrize("kind", ["int8", "int64", "bool"])
@given(data=st.data())
def test_numbers_are_read_from_pieces(kind, data):
    """From the middle of each, whatever stands where there is none."""
    of_arrow, value = VALUES[kind]
    values = data.draw(st.lists(st.none() | value, max_size=40))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=3)))
    whole = pa.array(values, of_arrow)
    ends = [*cuts, len(values)]
    pieces = [whole.slice(a, b - a) for a, b in zip([0, *cuts], ends, strict=True)]
    column = pa.chunked_array(pieces, of_arrow)

    known = known_of(column)
    found = numbers_of(column, known)

    told = np.ones(len(values), dtype=bool) if known is None else known
    assert told.tolist() == [each is not None for each in values]
    assert found.tolist() == [each or 0 for each in values]


def test_numbers_pass_without_a_copy():
    """What is changed in one is changed in the other."""
    values = np.arange(5, dtype=np.int16)
    told = array_of(values)

    values[0] = 7
    assert told.to_pylist() == [7, 1, 2, 3, 4]
    assert told.type == pa.int16()
    assert array_of(np.broadcast_to(np.int8(3), 2)).to_pylist() == [3, 3]


def test_tables_are_written_as_they_are():
    """Signs of a statement in texts, nulls, and nothing at all; written twice they stay one."""
    columns = {
        "word": column_of(["a'; DROP TABLE b --", None, "ß\n\\"], pa.string()),
        "number": column_of([-(2**63) + 1, 2**63 - 1, None], pa.int64()),
        "place": column_of([1, None, 3], pa.int16()),
    }
    connection = ibis.duckdb.connect()
    for table in (table_of(columns), table_of({name: each[:0] for name, each in columns.items()})):
        write_table(connection, table.op())
        write_table(connection, table.op())

        wanted = table.op().data.to_pyarrow(table.schema()).to_pylist()
        assert connection.con.table(table.op().name).to_arrow_table().to_pylist() == wanted
    assert wanted == []


COUNTS = """
import sys
from datetime import date
from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.hospital_parts import Job, judge_parts
from trialwright.assembly.protocols import shipped

day = date.fromisoformat(sys.argv[2])
judge_parts(Job(Order(sys.argv[1], ("A",), day, day), shipped("nct03959891").study), processes=1)
print("pandas" in sys.modules)
"""


def test_counts_need_no_pandas(tmp_path):
    """It takes a third of a second to import."""
    path = tmp_path / "people.duckdb"
    write(path, 12)
    told = [f"duckdb://{path}", AS_OF.isoformat()]
    found = subprocess.run(
        [sys.executable, "-c", COUNTS, *told], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "False"
