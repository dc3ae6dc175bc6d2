"""Tampering with a ledger behind its back, so that the demo and the tests can show it is found."""

import sqlite3
from pathlib import Path


def change_a_grade(file: Path) -> str:
    """Lower a recorded grade as an owner of the database could: guards off, change, guards on.

    Parameters
    ----------
    file : Path
        The ledger of a demo.

    Returns
    -------
    str
        What was changed.
    """
    connection = sqlite3.connect(file)
    try:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = guards.fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        sequence, path = connection.execute(
            "SELECT sequence, path FROM field_values "
            "WHERE path LIKE '%grade' AND value = '3' LIMIT 1"
        ).fetchone()
        connection.execute(
            "UPDATE field_values SET value = '2' WHERE sequence = ? AND path = ?", (sequence, path)
        )
        for _, made_by in kept:
            connection.execute(made_by)
        connection.commit()
    finally:
        connection.close()
    return f"{path} of happening {sequence} set from 3 to 2 by raw SQL"
