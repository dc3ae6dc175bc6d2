"""A small ledger with a fixed clock, fixed salts and a fixed key."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trialwright.conduct.happenings import Happening
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.envelope import instant
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger

TRIAL = "NCT00000001"
PROTOCOL = hashlib.sha256(b"protocol").hexdigest()


@dataclass
class CountedSalts:
    """A generator of salts that are the same in every run."""

    drawn: int = 0

    def __call__(self, length: int) -> bytes:
        """Draw the next one."""
        self.drawn += 1
        return hashlib.sha256(f"salt {self.drawn}".encode()).digest()[:length]


@dataclass
class Bench:
    """A ledger on the bench, with what stands outside it."""

    folder: Path
    key: SigningKey = field(default_factory=lambda: SigningKey(bytes(range(32))))
    receipts: list[Receipt] = field(default_factory=list)
    salts: CountedSalts = field(default_factory=CountedSalts)
    entries: int = 0

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "trial.ledger"

    @property
    def checkpoint(self) -> CheckpointFile:
        """The checkpoint outside it."""
        return CheckpointFile(self.folder / "outside" / "checkpoint.json")

    @property
    def ledger(self) -> SqliteLedger:
        """The ledger, with key and checkpoint."""
        return SqliteLedger.open(
            self.path, signing=self.key, checkpoint=self.checkpoint, salts=self.salts
        )

    @property
    def reader(self) -> SqliteLedger:
        """The ledger without its checkpoint and signing key."""
        return SqliteLedger.open(self.path, keys=[self.key.verifying])

    def append(
        self, *happenings: Happening, ledger: SqliteLedger | None = None, **written: str
    ) -> Receipt:
        """Append in one transaction, a minute after the entry before."""
        at = datetime(2026, 3, 14, 9, tzinfo=UTC) + timedelta(minutes=self.entries)
        self.entries += 1
        entry = {
            "actor": "m.chen",
            "role": "coordinator",
            "site": "site-01",
            "source": "page",
            "protocol": PROTOCOL,
            "software": "trialwright 0.1.0",
            "entered_at": instant(at),
            **written,
        }
        with (ledger or self.ledger).transaction(TRIAL) as opened:
            receipt = opened.append(happenings, **entry)
        self.receipts.append(receipt)
        return receipt

    def fill(self, appends: Sequence[int] = (1, 1, 1, 1, 3, 1, 1, 1)) -> None:
        """Append ten happenings; the fifth to seventh in one transaction."""
        for count in appends:
            ahead = self.receipts[-1].sequence if self.receipts else 0
            self.append(*(observed(ahead + place) for place in range(1, count + 1)))

    def as_owner(self, *statements: str | tuple[str, Sequence[Any]]) -> None:
        """Change the database behind the ledger's back, then put its guards back."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as raw:
            guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = guards.fetchall()
            raw.execute("PRAGMA ignore_check_constraints = ON")
            raw.execute("PRAGMA synchronous = OFF")
            for name, _ in kept:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                sql, values = (statement, ()) if isinstance(statement, str) else statement
                raw.execute(sql, values)
            for _, sql in kept:
                raw.execute(sql)


def observed(number: int) -> Happening:
    """Give a happening with several kinds of leaves."""
    return Happening(
        act="observed",
        subject=f"A-{number:03}",
        on=date(2026, 3, 1) + timedelta(days=number),
        payload={
            "fact": "hemoglobin",
            "value": f"{90 + number}",
            "unit": "g/L",
            "fasting": None,
            "flags": [],
            "days": [number, {"more": True}],
        },
        reason="" if number % 2 else "typing error",
    )


def redaction(sequence: int, path: str, reason: str = "a name was entered") -> Happening:
    """Give the happening that erases a field."""
    return Happening(
        "redacted",
        "A-001",
        date(2026, 4, 1),
        {"sequence": sequence, "field": path},
        reason,
    )


@pytest.fixture(scope="session")
def say_observed() -> Callable[[int], Happening]:
    """Give the maker of ordinary happenings."""
    return observed


@pytest.fixture(scope="session")
def say_redaction() -> Callable[..., Happening]:
    """Give the maker of redactions."""
    return redaction


def set_up(folder: Path) -> Bench:
    """Make an empty ledger on the bench."""
    (folder / "outside").mkdir()
    made = Bench(folder)
    SqliteLedger.create(made.path)
    return made


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give an empty ledger on the bench."""
    return set_up(tmp_path)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Give the ledger of ten happenings in eight appends that each test gets a copy of."""
    made = set_up(tmp_path_factory.mktemp("model"))
    made.fill()
    return made


@pytest.fixture
def filled(model: Bench, tmp_path: Path) -> Bench:
    """Give a ledger of ten happenings in eight appends."""
    shutil.copytree(model.folder, tmp_path, dirs_exist_ok=True)
    salts = CountedSalts(model.salts.drawn)
    return Bench(tmp_path, receipts=list(model.receipts), salts=salts, entries=model.entries)
