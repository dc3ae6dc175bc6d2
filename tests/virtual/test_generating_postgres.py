"""The same population in PostgreSQL, through a connection that the caller opens."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.servers import postgres_server

from trialwright.assembly.generating import Order, omop_batches, write_postgres
from trialwright.virtual.omop_schema import TABLES


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    """Give a connection to an empty database."""
    with postgres_server() as address, psycopg.connect(address) as opened:
        yield opened


def test_postgres_holds_the_rows_that_are_drawn(connection):
    """Table by table and row by row, nulls as nulls, with the vocabulary."""
    order, told = Order(1050, 3, date(2026, 3, 2)), []
    connection.execute("CREATE SCHEMA cdm")

    write_postgres(order, connection, told.append, "cdm")

    (batch,) = omop_batches(order)
    for name, table in batch.items():
        is_event = int(name == "episode_event")  # its rows have no id of their own
        key = "event_id" if is_event else f"{name}_id"
        query = sql.SQL("SELECT * FROM {} ORDER BY {}").format(
            sql.Identifier("cdm", name), sql.Identifier(key)
        )
        found = connection.execute(query).fetchall()
        drawn = [tuple(row.values()) for row in table.to_pylist()]
        drawn.sort(key=lambda row: row[is_event])
        assert found == drawn, name
    assert connection.execute("SELECT count(*) FROM cdm.concept").fetchone()[0] > 200
    assert set(TABLES) == {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'cdm'"
        )
    }
    assert sum(told) == 1050
