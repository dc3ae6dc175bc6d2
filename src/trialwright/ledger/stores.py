"""What every ledger store offers, whatever database is under it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.ledger.findings import Report
from trialwright.ledger.receipts import Receipt
from trialwright.terms.canonical import Json


class LedgerTransaction(Protocol):
    """The lock on one trial's chain: what is read inside stays true until the end."""

    def records(self, after: int = 0) -> Iterator[Recorded]:
        """Give the happenings in order.

        Parameters
        ----------
        after : int
            Sequence after which to begin; 0 for all.

        Yields
        ------
        Recorded
            With the payload put together; a redacted leaf reads as null.
        """
        ...

    def head_over(self, sequence: int) -> Receipt:
        """Give the signed head of the append that a happening came with.

        Parameters
        ----------
        sequence : int
            The happening.

        Returns
        -------
        Receipt
            As it was handed out then.

        Raises
        ------
        Refusal
            If no head stands over it.
        """
        ...

    def append(
        self,
        happenings: Sequence[Happening],
        *,
        actor: str,
        role: str,
        site: str,
        source: str | Mapping[str, Json],
        protocol: str,
        software: str,
        entered_at: str,
    ) -> Receipt:
        """Append happenings, carry out redactions among them, and sign the new head.

        Parameters
        ----------
        happenings : sequence of Happening
            At least one. The act `redacted` erases the field that its payload names by
            `sequence` and `field`.
        actor, role, site : str
            Account that acts, its role now, its site: codes of ASCII signs.
        source : str or mapping of str to Json
            Through which door, as a text or with more by name; may be redacted later.
        protocol : str
            SHA-256 of the protocol text in force.
        software : str
            Version of the software that decided.
        entered_at : str
            Clock reading in UTC, `2026-03-14T09:26:53.589Z`.

        Returns
        -------
        Receipt
            Good once the transaction has ended without an exception; to be thrown away
            otherwise.

        Raises
        ------
        Refusal
            If something cannot be recorded exactly; nothing is appended.
        """
        ...


class LedgerStore(Protocol):
    """An append-only chain of happenings for each trial."""

    def trials(self) -> tuple[str, ...]:
        """Name the trials that have happenings.

        Returns
        -------
        tuple of str
            In order.
        """
        ...

    def records(self, trial: str, after: int = 0) -> Iterator[Recorded]:
        """Give the happenings of a trial in order, without holding a lock meanwhile.

        Parameters
        ----------
        trial : str
            The trial.
        after : int
            Sequence after which to begin; 0 for all.

        Yields
        ------
        Recorded
            With the payload put together; a redacted leaf reads as null.
        """
        ...

    def head(self, trial: str) -> Receipt | None:
        """Give the newest signed head, e.g. to print it on a document.

        Parameters
        ----------
        trial : str
            The trial.

        Returns
        -------
        Receipt or None
            None when the trial has no happening yet.
        """
        ...

    def transaction(self, trial: str) -> AbstractContextManager[LedgerTransaction]:
        """Lock a trial's chain; commit at the end, or roll back on any exception.

        Parameters
        ----------
        trial : str
            The trial; its chain begins with the first append.

        Returns
        -------
        context manager of LedgerTransaction
            The lock is taken on entering. Entering is refused when the newest head does not
            verify or the chain is behind its checkpoint: nothing is built on broken ground.
        """
        ...

    def verify(
        self, trial: str, *, receipts: Sequence[Receipt] = (), every_signature: bool = False
    ) -> Report:
        """Check a trial's chain against itself, its signatures, the checkpoint and receipts.

        Parameters
        ----------
        trial : str
            The trial.
        receipts : sequence of Receipt
            That people kept.
        every_signature : bool
            Check every signature, not that of the newest head alone.

        Returns
        -------
        Report
            What was found, where, why, and what to do.
        """
        ...

    def export_lines(self, trial: str) -> Iterator[str]:
        """Give everything stored of a trial as JSON Lines, enough to verify it elsewhere.

        Parameters
        ----------
        trial : str
            The trial.

        Yields
        ------
        str
            One line without its end.
        """
        ...
