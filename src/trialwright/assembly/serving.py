"""A trial as the pages see it: its folder, its gateway, its accounts, and what is asked of it."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from trialwright.assembly import ledger_care, ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.collecting import collecting_later, set_aside
from trialwright.assembly.files import read_text
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.held_files import let_go
from trialwright.assembly.kept_answers import Kept
from trialwright.assembly.ledger_care import Verified
from trialwright.assembly.protocols import load
from trialwright.assembly.trail import TrailFound
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import REDACTED
from trialwright.conduct.standing import Standing, Watch
from trialwright.conduct.state import TrialState
from trialwright.submission.odm import OdmVersion, odm
from trialwright.terms.errors import refuse

Found = TypeVar("Found")

SECRET, ACCOUNTS = "secret.key", "accounts.sqlite"
"""Names of the files beside the ledger: what signs cookies, and the accounts."""

ACCOUNTS_SCHEMA = "trialwright_accounts"
"""Schema of the accounts in PostgreSQL."""

_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
"""Parts of an address of PostgreSQL, as Django names them."""

DEMO_SOURCE = "demo, invented"
"""Door through which the entries of a demo came; a ledger that has them is shown as a demo."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A trial that is open on pages.

    Attributes
    ----------
    folder : Path
        Of the ledger, the accounts and the secret that signs cookies.
    gateway : Gateway
        The one way to write, and the state.
    secret : str
        Signs cookies and links; never shown.
    is_demo : bool
        Whether its entries are invented.
    held : list of one tuple of Recorded
        What was read of the ledger so far.
    kept : Kept
        Reports made so far.
    worked_out : Kept
        What was asked of the whole trial.
    found : TrailFound
        What stands in the audit trail, as far as it was looked at.
    watch : Watch
        Signatures, followed as far as the ledger was read.
    watching : Lock
        Held by whoever follows them further.
    reading : Lock
        Held by whoever reads what is new of the ledger.
    """

    folder: Path
    gateway: Gateway
    secret: str
    is_demo: bool
    held: list[tuple[Recorded, ...]] = field(default_factory=lambda: [()], compare=False)
    kept: Kept = field(default_factory=Kept, compare=False)
    worked_out: Kept = field(default_factory=Kept, compare=False, repr=False)
    found: TrailFound = field(default_factory=TrailFound, compare=False, repr=False)
    watch: Watch = field(default_factory=Watch, compare=False, repr=False)
    watching: Lock = field(default_factory=Lock, compare=False, repr=False)

    reading: Lock = field(default_factory=Lock, compare=False, repr=False)

    @property
    def accounts(self) -> Path:
        """File of the accounts; another one than the ledger."""
        return self.folder / ACCOUNTS

    @property
    def accounts_database(self) -> dict[str, Any]:
        """Where accounts and sessions are kept, as Django says it: SQLite, or `DATABASE_URL`."""
        address = ledgers.database_address()
        return postgres_accounts(address) if address else file_of_accounts(self.accounts)

    def make_accounts_schema(self) -> None:
        """Make the schema of the accounts in PostgreSQL, apart from that of the ledger."""
        address = ledgers.database_address()
        if address is None:
            return
        import psycopg  # comes with the extra `postgres`

        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {ACCOUNTS_SCHEMA}")
        except psycopg.Error as failed:
            do = "Let the user of the address connect and make a schema"
            found, allowed = type(failed).__name__, "a database that can be written"
            raise refuse("DATABASE_URL", found, allowed, do) from None

    def read_ahead(self) -> None:
        """Read and fold the whole ledger before the first caller is answered.

        Raises
        ------
        Refusal
            If the ledger cannot be read.
        """
        self.gateway.take_up(self.records())

    def records(self) -> Sequence[Recorded]:
        """Give every happening of the trial, reading from the ledger what is new alone.

        Returns
        -------
        sequence of Recorded
            In ledger order; read anew from the beginning after a redaction.
        """
        with self.reading:
            return self._records()

    def _records(self) -> Sequence[Recorded]:
        """Read what is new; one thread at a time, for reading all of it takes seconds."""
        held = self.held[0]
        read = self.gateway.store.records
        with collecting_later():
            new = tuple(read(self.gateway.trial, held[-1].sequence if held else 0))
            if held and any(record.happening.act == REDACTED for record in new):
                held, new = (), tuple(read(self.gateway.trial))
            set_aside(len(new))
        if new:
            self.held[0] = held + new
        return self.held[0]

    def once(
        self, question: Callable[[TrialState, date], Found], state: TrialState, on: date
    ) -> Found:
        """Answer a question about the whole trial once for each entry of the ledger.

        Parameters
        ----------
        question : callable (state, day) -> found
            A function of a module, which looks at nothing else; what it finds is not changed.
        state : TrialState
            As the gateway gave it, with every entry so far.
        on : date
            The day.

        Returns
        -------
        found
            Kept by the question, the last entry in the state, and the day.
        """
        key = (question.__module__, question.__qualname__, state.sequence, on)
        return cast(Found, self.worked_out.answer(key, lambda: question(state, on)))

    def trail(self) -> TrailFound:
        """Give what stands in the audit trail; what is new since the last time is looked at.

        Returns
        -------
        TrailFound
            With every entry so far.
        """
        self.found.take_up(self.records())
        return self.found

    def state_on(self, cutoff: date) -> TrialState:
        """Give the state of the trial with what had happened by a day.

        Parameters
        ----------
        cutoff : date
            The day.

        Returns
        -------
        TrialState
            The one held when nothing on record is later, else folded anew.
        """
        state = self.gateway.state()
        trail = self.trail()  # read after the state, so that it holds what the state does, or more
        if trail.count >= state.sequence and trail.last_day <= cutoff:
            return state
        return self.gateway.state_at(cutoff)

    def standings(self) -> tuple[Standing, ...]:
        """Say of every signature whether it stands; what is new since the last time is looked at.

        Returns
        -------
        tuple of Standing
            In the order of the signatures.
        """
        state = self.gateway.state()
        if not state.oversight.signatures:
            return ()
        with self.watching:
            return self.watch.standings(state.study, self.records())

    def verify(self) -> tuple[Verified, ...]:
        """Verify the ledger, every signature included.

        Returns
        -------
        tuple of Verified
            One for each trial of the ledger.

        Raises
        ------
        Refusal
            If the ledger cannot be opened.
        """
        return ledger_care.verify(self.folder, every_signature=True)

    def export_lines(self) -> Iterator[str]:
        """Give everything stored of the trial, enough to verify it elsewhere.

        Returns
        -------
        iterator of str
            JSON Lines, without their ends.
        """
        return self.gateway.store.export_lines(self.gateway.trial)

    def export_odm(self, version: OdmVersion) -> str:
        """Give the record of the trial as CDISC ODM-XML, with an audit record for each entry.

        Parameters
        ----------
        version : {'1.3.2', '2.0'}
            Of ODM.

        Returns
        -------
        str
            XML in UTF-8, without commitments and signatures of the ledger.
        """
        return odm(self.gateway.trial, self.records(), version, entered_at())


def file_of_accounts(path: Path) -> dict[str, Any]:
    """Give the database of accounts in a file, as Django says it.

    Parameters
    ----------
    path : Path
        Of the file.

    Returns
    -------
    dict of str to object
        Writing takes its turn from the beginning of a transaction.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def postgres_accounts(address: str) -> dict[str, Any]:
    """Give the database of the accounts in PostgreSQL, as Django says it.

    Parameters
    ----------
    address : str
        As `DATABASE_URL` has it.

    Returns
    -------
    dict of str to object
        With a schema of its own, so that neither the ledger's guards nor its copies see it.

    Raises
    ------
    Refusal
        If the driver is not installed, or the address cannot be read; it is not shown.
    """
    ledgers.postgres_store()  # says how the driver is installed where it is not
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        said = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    except ProgrammingError:
        raise refuse("DATABASE_URL", "an address that cannot be read", "postgresql://user@host/name",
                     "Correct it") from None  # fmt: skip
    named = {part: said.pop(name, "") for name, part in _PARTS.items()}
    options = f"{said.pop('options', '')} -c search_path={ACCOUNTS_SCHEMA}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": {**said, "options": options},
        "CONN_HEALTH_CHECKS": True,
    }


def open_desk(folder: Path, protocol: str) -> Desk:
    """Open a trial for the pages; the ledger and the secret are made when there are none.

    Files that somebody sent and did not confirm in time are removed.

    Parameters
    ----------
    folder : Path
        Where everything of the trial is kept.
    protocol : str
        NCT number of a shipped protocol, or a file.

    Returns
    -------
    Desk
        Ready to be asked.

    Raises
    ------
    Refusal
        If the folder or the protocol cannot be used, or the ledger is of another trial.
    """
    read = load(protocol)
    is_new = not (folder / ledgers.KEY).exists()
    store = ledgers.make(folder) if is_new else ledgers.open_to_write(folder)
    trials, trial = store.trials(), read.study.identifiers.nct
    if trials and trial not in trials:
        raise refuse(str(folder), f"the ledger of {', '.join(trials)}", f"the ledger of {trial}",
                     "Choose another folder, or name the protocol of that trial")  # fmt: skip
    let_go(folder)
    first = next(store.records(trial), None)
    is_demo = first is not None and first.source == DEMO_SOURCE
    return Desk(folder, Gateway(store, read, entered_at, "page"), _secret(folder), is_demo)


def _secret(folder: Path) -> str:
    """Give the secret that signs cookies, made once and readable by its owner alone."""
    path = folder / SECRET
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_text(path).strip()
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return read_text(path).strip()


def invented_password() -> str:
    """Give a password that nobody has had before, for an account of a demo.

    Returns
    -------
    str
        16 signs of letters, digits, hyphen and underscore.
    """
    return secrets.token_urlsafe(12)
