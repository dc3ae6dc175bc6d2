"""How fast the ledger is, and how large, against a plain INSERT loop in the same run.

    .venv/bin/python benchmarks/ledger.py [--happenings 20000] [--commits 500] [--folder FOLDER]

The plain loop puts one row with the same payload as JSON into one table of a SQLite file with the
same settings: what keeping the record costs with no chain, no salts, no signature and no guard.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from trialwright.conduct.happenings import Happening
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import verify_ledger

TRIAL = "NCT00000001"
ENTRY = {
    "actor": "m.chen",
    "role": "coordinator",
    "site": "site-01",
    "source": "page",
    "protocol": "0" * 64,
    "software": "trialwright 0.1.0",
    "entered_at": "2026-03-14T09:26:53.589Z",
}
PLAIN = "CREATE TABLE happenings (number INTEGER PRIMARY KEY, entry TEXT, payload TEXT)"
INSERT = "INSERT INTO happenings (entry, payload) VALUES (?, ?)"


def observed(number: int) -> Happening:
    """Give a laboratory value: ten leaves, twelve fields with reason and source."""
    payload = {
        "observation": {
            "fact": "hemoglobin",
            "value": f"{90 + number % 60}",
            "unit": "g/L",
            "low": "120",
            "high": "160",
            "on": "2026-03-14",
            "fasting": None,
            "source": {"document": f"lab-{number}", "page": 1, "line": number % 50},
        }
    }
    return Happening("facts_recorded", f"A-{number % 60:03}", date(2026, 3, 14), payload)


def seconds(work: Callable[[], object]) -> float:
    """Time one piece of work."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def plain_table(path: Path) -> sqlite3.Connection:
    """Open a plain table with the ledger's settings of the database."""
    plain = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
        plain.execute(f"PRAGMA {pragma}")
    plain.execute(PLAIN)
    return plain


def row(number: int) -> tuple[str, str]:
    """Write a happening as a plain row."""
    return json.dumps(ENTRY), json.dumps(observed(number).payload)


def insert_each(plain: sqlite3.Connection, count: int) -> None:
    """Insert rows, each in a transaction of its own."""
    for number in range(count):
        plain.execute("BEGIN IMMEDIATE")
        plain.execute(INSERT, row(number))
        plain.execute("COMMIT")


def insert_all(plain: sqlite3.Connection, count: int) -> None:
    """Insert rows in one transaction."""
    plain.execute("BEGIN IMMEDIATE")
    for number in range(count):
        plain.execute(INSERT, row(number))
    plain.execute("COMMIT")


def append_each(ledger: SqliteLedger, count: int) -> None:
    """Append happenings, each in a transaction of its own, with head and checkpoint."""
    for number in range(count):
        with ledger.transaction(TRIAL) as opened:
            opened.append([observed(number)], **ENTRY)


def append_all(ledger: SqliteLedger, count: int) -> None:
    """Append happenings in one transaction, each under a signed head of its own."""
    with ledger.transaction(TRIAL) as opened:
        for number in range(count):
            opened.append([observed(number)], **ENTRY)


def fresh(folder: Path, name: str, key: SigningKey) -> SqliteLedger:
    """Make a ledger."""
    SqliteLedger.create(folder / name)
    checkpoint = CheckpointFile(folder / f"{name}.checkpoint")
    return SqliteLedger.open(folder / name, signing=key, checkpoint=checkpoint)


def rate(what: str, count: int, plain: float, ours: float) -> None:
    """Print happenings a second, beside the plain loop's rows a second."""
    print(f"{what:<44}{count / plain:>9,.0f}/s{count / ours:>9,.0f}/s{ours / plain:>8.1f}")


def reading(ledger: SqliteLedger, plain: sqlite3.Connection, count: int) -> None:
    """Print how long reading, verifying and exporting take, against reading plain rows."""
    select = "SELECT entry, payload FROM happenings ORDER BY number"
    base = seconds(lambda: [[*map(json.loads, one)] for one in plain.execute(select)])
    keys = verify_ledger.public_keys(ledger.keys[0].text)
    lines = list(ledger.export_lines(TRIAL))
    works: dict[str, Callable[[], object]] = {
        "read": lambda: list(ledger.records(TRIAL)),
        "verify, newest signature": lambda: ledger.verify(TRIAL),
        "verify, every signature": lambda: ledger.verify(TRIAL, every_signature=True),
        "export": lambda: list(ledger.export_lines(TRIAL)),
        "verify an export outside": lambda: list(verify_ledger.export_wrong(lines, keys)),
    }
    for name, work in works.items():
        taken = seconds(work)
        print(f"{name + f', {count:,}':<44}{base:>9.2f} s{taken:>9.2f} s{taken / base:>8.1f}")
    exported = sum(len(line.encode()) + 1 for line in lines)
    print(f"{'size of the export, a happening':<44}{'':>11}{exported / count:>9,.0f} B")


def main() -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--happenings", type=int, default=20_000)
    asked.add_argument("--commits", type=int, default=500)
    asked.add_argument("--folder", type=Path, help="on the disk to be measured")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        key = SigningKey.create(folder / "signing.key")
        each, every = fresh(folder, "each.ledger", key), fresh(folder, "all.ledger", key)
        with (
            closing(plain_table(folder / "each.plain")) as plain_each,
            closing(plain_table(folder / "all.plain")) as plain_all,
        ):
            print(f"{'':<44}{'plain':>11}{'ledger':>11}{'ratio':>8}")
            rate(
                f"append, {given.commits:,} commits",
                given.commits,
                seconds(lambda: insert_each(plain_each, given.commits)),
                seconds(lambda: append_each(each, given.commits)),
            )
            rate(
                f"append, {given.happenings:,} in one commit",
                given.happenings,
                seconds(lambda: insert_all(plain_all, given.happenings)),
                seconds(lambda: append_all(every, given.happenings)),
            )
            reading(every, plain_all, given.happenings)
            rate(
                f"append onto {given.happenings:,}, {given.commits:,} commits",
                given.commits,
                seconds(lambda: insert_each(plain_all, given.commits)),
                seconds(lambda: append_each(every, given.commits)),
            )
        count = given.happenings + given.commits
        plain, ours = ((folder / one).stat().st_size / count for one in ("all.plain", "all.ledger"))
        what = "size of the file, a happening"
        print(f"{what:<44}{plain:>9,.0f} B{ours:>9,.0f} B{ours / plain:>8.1f}")


if __name__ == "__main__":
    main()
