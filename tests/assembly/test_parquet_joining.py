"""Parquet files joined: any reader finds the rows of all of them, in order."""

from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trialwright.assembly.parquet_joining import joined
from trialwright.assembly.parquet_writing import write_rows


def rows(first, many):
    """Give some rows with every kind of column that is written, and nulls."""
    numbers = range(first, first + many)
    return pa.record_batch(
        {
            "person_id": pa.array(numbers, pa.int64()),
            "criterion": pa.array(["I01"] * many),
            "verdict": pa.array([each % 4 for each in numbers], pa.int8()),
            "record": pa.array(
                [None if each % 3 else f"measurement/{each}" for each in numbers], pa.string()
            ),
            "on": pa.array([date.fromordinal(730_000 + each) for each in numbers]),
        }
    )


@pytest.fixture
def pieces(tmp_path):
    """Give three files: of two groups of rows, of one, and of more than fifteen."""
    parts = [[rows(0, 5), rows(5, 7)], [rows(12, 1)], [rows(13 + each, 1) for each in range(20)]]
    for number, batches in enumerate(parts):
        with pq.ParquetWriter(tmp_path / f"{number}", batches[0].schema) as writer:
            for each in batches:
                writer.write_table(pa.Table.from_batches([each]))
    return [tmp_path / f"{number}" for number, _ in enumerate(parts)]


def test_every_reader_finds_all_rows(pieces, tmp_path):
    """Arrow and DuckDB, which read footers each by code of their own."""
    whole = tmp_path / "whole.parquet"

    joined(pieces, whole)

    expected = pa.concat_tables([pq.read_table(each) for each in pieces])
    assert pq.read_table(whole) == expected
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{whole}'").fetchall()  # noqa: S608
    assert found == [tuple(each.values()) for each in expected.to_pylist()]


def test_the_footer_tells_the_groups_of_all(pieces, tmp_path):
    """With their statistics, by which readers pass groups over."""
    whole = tmp_path / "whole.parquet"

    joined(pieces, whole)

    told = pq.ParquetFile(whole).metadata
    assert (told.num_rows, told.num_row_groups) == (33, 23)
    assert told.row_group(2).column(0).statistics.min == 12
    assert pq.read_table(whole, filters=[("person_id", "=", 12)]).num_rows == 1


def test_one_file_joined_to_none_is_itself(tmp_path):
    """Rows, kinds of columns, places and statistics."""
    piece, whole = tmp_path / "piece", tmp_path / "whole"
    write_rows(piece, [rows(0, 1000)])

    joined([piece], whole)

    before, after = pq.ParquetFile(piece), pq.ParquetFile(whole)
    assert after.schema_arrow == before.schema_arrow
    assert after.metadata.row_group(0).to_dict() == before.metadata.row_group(0).to_dict()
    assert after.read() == before.read()


def test_a_file_that_exists_is_left_alone(pieces, tmp_path):
    """Nothing is overwritten."""
    with pytest.raises(FileExistsError):
        joined(pieces, pieces[0])
