"""The file of a SQLite ledger: making it, opening it safely, and refusing what is none."""

import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from trialwright.ledger import sqlite_tables as tables
from trialwright.ledger.durable import publish
from trialwright.ledger.sqlite_session import SqliteSession, translated
from trialwright.terms.errors import Refusal, refuse

SHARED = "mode=rw"
"""How a ledger in use is opened: locks are taken, a journal left by a crash is rolled back."""

FROZEN = "immutable=1"
"""How a copy that nobody writes is opened: nothing is locked and nothing is written."""

_MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">16s44xI4xI")
"""Magic, `user_version` at byte 60, `application_id` at byte 68 (sqlite.org/fileformat2.html)."""

_WAIT_SECONDS = 20.0
_UPGRADES: dict[int, tuple[str, ...]] = {}
"""Statements that lead from a schema version to the next; none yet."""

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    # FULL, and the folder is synced after the journal is unlinked: with FULL alone a power loss
    # right after a commit can bring the journal back, and with it roll the commit back
    # (sqlite.org/pragma.html#pragma_synchronous).
    "PRAGMA synchronous = EXTRA",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
)


def connect(path: Path, access: str, *, is_writing: bool = False) -> sqlite3.Connection:
    """Open a connection to a ledger, with the settings that its promises rest on.

    Parameters
    ----------
    path : Path
        The file.
    access : str
        `SHARED` or `FROZEN`.
    is_writing : bool
        Whether anything may be written through it.

    Returns
    -------
    sqlite3.Connection
        Without implicit transactions; to be closed by the caller.

    Raises
    ------
    Refusal
        If the file cannot be opened, or is in write-ahead mode.
    """
    where = f"file:{quote(str(path))}?{access}"
    with translated():
        connection = sqlite3.connect(where, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            connection.execute("PRAGMA user_version").fetchone()
            if access == SHARED and _is_write_ahead(connection):
                raise refuse(
                    "ledger",
                    "a file in write-ahead mode",
                    "the rollback journal (SQLite before 3.51.3 may corrupt a write-ahead log)",
                    "Ask who changed it; then set PRAGMA journal_mode = DELETE",
                )
            if not is_writing:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def create(path: Path, fill: Callable[[SqliteSession], None] | None = None) -> None:
    """Make a ledger, whole or not at all.

    Parameters
    ----------
    path : Path
        Absolute; there must be no such file.
    fill : callable or None
        Writes the rows of another ledger before the tables are guarded; None: it is empty.

    Raises
    ------
    Refusal
        If there is such a file, the folder cannot be written, or SQLite is too old.
    """
    if sqlite3.sqlite_version_info < (3, 37):
        raise refuse(
            "ledger", f"SQLite {sqlite3.sqlite_version}", "SQLite 3.37 or newer", "Update Python"
        )
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(connect(fresh, SHARED, is_writing=True)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in tables.TABLES:
                    connection.execute(statement)
                if fill is not None:
                    fill(SqliteSession(connection))
                for statement in tables.GUARDS:
                    connection.execute(statement)
                connection.execute("COMMIT")
            publish(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except FileExistsError:
        raise refuse(
            "ledger", "a file of that name exists", "a new file", "Open it, or choose another name"
        ) from None
    except OSError as failed:
        raise _unusable(failed) from None


def schema_version(path: Path) -> int:
    """Look at a file without changing it and give the schema version of its ledger.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    int
        Number of the tables' form.

    Raises
    ------
    Refusal
        If there is no such file or it is no ledger.
    """
    if not path.is_file():
        raise refuse("ledger", "no such file", "an existing ledger", "Create it first")
    magic, version, application = _marks(path)
    if magic != _MAGIC or application != tables.APPLICATION_ID:
        raise refuse(
            "ledger", "a file that is no ledger", "a ledger of this software", "Check the path"
        )
    return int(version)


def _marks(path: Path) -> tuple[bytes, int, int]:
    """Read magic, `user_version` and `application_id` from the header, without SQLite.

    A crash may leave a file that SQLite refuses to read before its journal is rolled back, which
    nobody may do who only looks; the marks are the same before and after every append.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
    except OSError:
        head = b""
    if len(head) < _HEADER.size:
        return b"", 0, 0
    magic, version, application = _HEADER.unpack(head)
    return magic, version, application


def check_version(path: Path) -> None:
    """Refuse a file whose tables are not of the form that this software reads.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    Refusal
        If it is no ledger, or of another schema version.
    """
    version = schema_version(path)
    if version == tables.SCHEMA_VERSION:
        return
    found, allowed = f"schema version {version}", f"schema version {tables.SCHEMA_VERSION}"
    if version > tables.SCHEMA_VERSION:
        raise refuse("ledger", found, allowed, "Use the software that wrote it, or a newer one")
    raise refuse("ledger", found, allowed, "Back it up, then upgrade the ledger")


def upgrade(path: Path) -> tuple[int, int]:
    """Bring the tables of a ledger to the form that this software reads.

    Parameters
    ----------
    path : Path
        The file; back it up first. Record format and hashes never change by this.

    Returns
    -------
    tuple of int
        Schema version before and after; equal when there was nothing to do.

    Raises
    ------
    Refusal
        If it is no ledger, or written by newer software.
    """
    before = schema_version(path)
    if before > tables.SCHEMA_VERSION:
        check_version(path)
    if before == tables.SCHEMA_VERSION:
        return before, before
    with closing(connect(path, SHARED, is_writing=True)) as connection, translated():
        connection.execute("BEGIN EXCLUSIVE")
        for version in range(before, tables.SCHEMA_VERSION):
            for statement in _UPGRADES.get(version, ()):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {tables.SCHEMA_VERSION}")
        connection.execute("COMMIT")
    return before, tables.SCHEMA_VERSION


def _is_write_ahead(connection: sqlite3.Connection) -> bool:
    """Say whether the file is in write-ahead mode."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return str(mode) == "wal"


def _unusable(failed: OSError) -> Refusal:
    """Say that a file cannot be made."""
    return refuse(
        "ledger",
        f"a path that cannot be used ({failed.strerror})",
        "a folder that exists and that this account may write",
        "Check the path and its permissions",
    )
