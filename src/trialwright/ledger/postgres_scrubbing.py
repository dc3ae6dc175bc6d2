"""Erased values taken out of the files of PostgreSQL, or a refusal that says what holds them.

Three things keep an erased value in the tables, and each ended without an error [1]_ [2]_:

- `VACUUM FULL` carries over every row version that an older snapshot may still see: that of another
  session, of a prepared transaction, of a standby or of a replication slot;
- it passes over a table that is not the account's own, with no more than a warning;
- `ANALYZE`, which the server runs by itself, puts samples of a column into `pg_statistic`.

So the columns are never sampled, samples of before are dropped, both tables are rewritten, and what
the server says of the rewrite decides: not one old row version may have been carried over.

References
----------
.. [1] PostgreSQL documentation, VACUUM, and "Routine Vacuuming", 24.1.
.. [2] PostgreSQL documentation, `pg_statistic` and ALTER TABLE ... SET STATISTICS.
"""

import re
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import errors

from trialwright.ledger import postgres_tables as tables
from trialwright.ledger.postgres_session import translated
from trialwright.terms.errors import Refusal, refuse

_PAUSES = (0, 0.5, 1, 2, 4, 8)
"""Seconds to wait before each look at what holds old row versions."""

_VALUES = f"{tables.SCHEMA_NAME}.field_values"
_SAMPLES = "pg_catalog.pg_statistic"

_ARE_SAMPLED = """
SELECT attname FROM pg_stats
WHERE schemaname = %s AND tablename = 'field_values' AND attname = ANY(%s)"""

# Whoever is older than a snapshot of this moment may see what was erased before it.
_HOLDERS = """
WITH now AS (SELECT age(pg_snapshot_xmax(pg_current_snapshot())::xid) AS age)
SELECT format('session %s of %s', pid, coalesce(usename, backend_type)) FROM pg_stat_activity, now
WHERE pid <> pg_backend_pid()
  AND (datname = current_database() OR backend_type = 'walsender')
  AND greatest(age(backend_xid), age(backend_xmin)) > now.age
UNION ALL
SELECT format('prepared transaction %L of %s', gid, owner) FROM pg_prepared_xacts, now
WHERE database = current_database() AND age(transaction) > now.age
UNION ALL
SELECT format('replication slot %s', slot_name) FROM pg_replication_slots, now
WHERE greatest(age(xmin), age(catalog_xmin)) > now.age
ORDER BY 1"""


def scrub(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Rewrite what may hold erased values, until nothing of before is left.

    Parameters
    ----------
    connection : psycopg.Connection
        From `postgres_session.connect`, outside of any transaction.

    Raises
    ------
    Refusal
        If something still holds old row versions after about 15 seconds: it is named, and erased
        values are still in the tables. If the account does not own tables and database.
    """
    with translated():
        _drop_samples(connection)
        for table in (_VALUES, _SAMPLES):
            _rewrite(connection, table)


def _drop_samples(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Let the columns never be sampled, and forget what was; a ledger from before had samples."""
    for column in tables.ERASABLE:
        connection.execute(f"ALTER TABLE {_VALUES} ALTER COLUMN {column} SET STATISTICS 0")
    sampled = connection.execute(_ARE_SAMPLED, (tables.SCHEMA_NAME, list(tables.ERASABLE)))
    for (column,) in sampled.fetchall():  # the same type again: rows stay, samples go
        connection.execute(f'ALTER TABLE {_VALUES} ALTER COLUMN {column} TYPE text COLLATE "C"')


def _rewrite(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> None:
    """Rewrite a table, again and again until no old row version is carried over."""
    holders: Sequence[str] = ()
    for place, pause in enumerate(_PAUSES, start=1):
        time.sleep(pause)
        holders = [told for (told,) in connection.execute(_HOLDERS).fetchall()]
        if holders and place < len(_PAUSES):
            continue
        if _carried_over(connection, table) == 0:
            return
    raise _held(holders)


def _carried_over(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> int | None:
    """Rewrite a table once; count old row versions carried over, None: it was not rewritten."""
    counts: list[int] = []

    def listen(told: psycopg.errors.Diagnostic) -> None:
        """Keep the count that opens the detail of what the server says, in any language."""
        found = re.match(r"\D*(\d+)", told.message_detail or "")
        if told.severity_nonlocalized == "INFO" and found is not None:
            counts.append(int(found.group(1)))

    connection.add_notice_handler(listen)
    try:
        connection.execute(f"VACUUM (FULL, VERBOSE) {table}")
    except errors.LockNotAvailable:
        return None
    finally:
        connection.remove_notice_handler(listen)
    if len(counts) != 1:
        raise refuse(
            "ledger",
            "tables that the server did not rewrite for this account",
            "the account that owns the ledger and the database",
            "Scrub as the owner of the database; erased values may still be in it",
        )
    return counts[0]


def _held(holders: Sequence[str]) -> Refusal:
    """Say who may still see what was erased."""
    by = ", ".join(holders) or "a snapshot that ended meanwhile"
    return refuse(
        "ledger",
        f"row versions of before, held by {by}",
        "no older snapshot",
        "Erased values are still in the tables: end what holds them, or wait, and scrub again",
    )
