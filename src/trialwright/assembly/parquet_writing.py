"""Rows written as Parquet, each column as it is smallest."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_DIFFERENCES = {"person_id": "DELTA_BINARY_PACKED", "record": "DELTA_BYTE_ARRAY"}
"""How columns are written whose values each differ little from the one before."""

_TEXTS = ("record", "value")
"""Columns of which nobody asks for the least and the greatest."""


def write_rows(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    """Write rows as Parquet.

    Parameters
    ----------
    path : Path
        The file.
    batches : iterable of RecordBatch
        At least one, all of the same columns.
    """
    with ExitStack() as stack:
        writer = None
        for rows in batches:
            if writer is None:
                names = rows.schema.names
                writer = stack.enter_context(
                    pq.ParquetWriter(
                        path,
                        rows.schema,
                        compression="zstd",
                        use_dictionary=[name for name in names if name not in _DIFFERENCES],
                        write_statistics=[name for name in names if name not in _TEXTS],
                        column_encoding={
                            name: kind for name, kind in _DIFFERENCES.items() if name in names
                        },
                    )
                )
            writer.write_batch(rows)
